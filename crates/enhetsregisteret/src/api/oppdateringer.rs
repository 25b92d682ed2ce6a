//! The update feeds (fact sheet section 11).

use axum::response::Response;
use journal::Event;
use serde_json::json;
use web::hal::{Envelope, Links};
use web::respond::represent;

use super::kall::{Kall, Svar};
use super::medietyper;
use crate::endring::Endringstype;
use crate::modell::Enhetstype;
use crate::oppdateringer::{Enhetsoppdatering, Oppdateringssok, Rollesok};
use crate::sporring::les::STANDARD_STORRELSE;
use crate::sporring::regler::{self, Feilliste};
use crate::sporring::{Retning, Sortering};

/// Events of the role feed when the call does not say how many.
const STANDARD_ROLLER: u64 = 100;

/// `GET /oppdateringer/{enheter,underenheter}`.
pub async fn enheter(kall: Kall, kind: Enhetstype) -> Response {
    let svar = svar_enheter(&kall, kind).await;
    kall.svar(svar)
}

async fn svar_enheter(kall: &Kall, kind: Enhetstype) -> Svar {
    let tilbud = kall.forhandle(match kind {
        Enhetstype::Enhet => &medietyper::OPPDATERING_ENHET,
        Enhetstype::Underenhet => &medietyper::OPPDATERING_UNDERENHET,
    })?;
    let mut feil = Feilliste::default();
    let sok = les(kall, &mut feil);
    let sortering = sorter(kall, &mut feil);
    let side = regler::side(&kall.query, STANDARD_STORRELSE, &mut feil);
    feil.ferdig()?;
    let synkende = sortering.first().is_some_and(|s| s.retning == Retning::Synkende);
    let sok = Oppdateringssok { synkende, ..sok };
    let (totalt, liste) = kall.register().oppdateringer(kind, &sok, side.offset(), side.size).await?;
    let base = kall.base();
    let (nokkel, ressurs) = match kind {
        Enhetstype::Enhet => ("oppdaterteEnheter", "oppdateringer/enheter"),
        Enhetstype::Underenhet => ("oppdaterteUnderenheter", "oppdateringer/underenheter"),
    };
    let mut konvolutt = Envelope::new(nokkel);
    for oppdatering in &liste {
        let orgnr = oppdatering.hendelse.subject;
        let href = format!("{base}/{}/{orgnr:09}", kind.flertall());
        konvolutt.linked_item(&element(oppdatering), &Links::new().with(kind.entall(), href));
    }
    Ok(represent(kall.side(konvolutt, ressurs, side.of(totalt), &sortering), tilbud.media_type))
}

fn element(Enhetsoppdatering { hendelse, endringer }: &Enhetsoppdatering) -> Vec<u8> {
    let Event { number, at, subject, kind, .. } = hendelse;
    let hva = Endringstype::fra_kode(*kind).ord();
    let mut ut = format!(
        r#"{{"oppdateringsid":{number},"dato":"{at}","organisasjonsnummer":"{subject:09}","endringstype":"{hva}""#
    );
    if let Some(endringer) = endringer {
        ut.push_str(",\"endringer\":");
        ut.push_str(&json!(endringer).to_string());
    }
    ut.push('}');
    ut.into_bytes()
}

fn les(kall: &Kall, feil: &mut Feilliste) -> Oppdateringssok {
    let utvidet = kall.register().oppsett().utvidede_felter;
    let verdi = |navn: &str| kall.query.first(navn).filter(|v| !v.is_empty());
    Oppdateringssok {
        dato: verdi("dato").and_then(|v| regler::tidspunkt("dato", v, feil)),
        oppdateringsid: verdi("oppdateringsid").and_then(|v| regler::tall("oppdateringsid", v, 1, feil)),
        foer: verdi("updatedBefore")
            .filter(|_| utvidet)
            .and_then(|v| regler::tidspunkt("updatedBefore", v, feil)),
        organisasjonsnummer: enhetene(kall, feil),
        synkende: false,
        med_endringer: verdi("includeChanges")
            .filter(|_| utvidet)
            .and_then(|v| regler::boolsk("includeChanges", v, feil))
            .unwrap_or(false),
    }
}

fn enhetene(kall: &Kall, feil: &mut Feilliste) -> Vec<u32> {
    let mut liste = kall.query.list("organisasjonsnummer");
    liste.retain(|v| !v.is_empty());
    regler::orgnumre("organisasjonsnummer", &liste, feil)
}

/// The only order is by id.
fn sorter(kall: &Kall, feil: &mut Feilliste) -> Vec<Sortering> {
    let Some(verdi) = kall.query.first("sort").filter(|v| !v.is_empty()) else { return Vec::new() };
    let (felt, ord) = verdi.split_once(',').unwrap_or((verdi, "asc"));
    let retning = match ord.trim().to_ascii_lowercase().as_str() {
        "asc" => Some(Retning::Stigende),
        "desc" => Some(Retning::Synkende),
        _ => None,
    };
    match (felt.trim(), retning) {
        ("id", Some(retning)) => vec![Sortering { felt: "id", retning }],
        (annet, _) => {
            feil.legg_til("sort", format!("{annet} er ikke et gyldig sorteringsfelt"), Some(verdi));
            Vec::new()
        }
    }
}

/// `GET /oppdateringer/roller`: a batch of CloudEvents.
pub async fn roller(kall: Kall) -> Response {
    let svar = svar_roller(&kall).await;
    kall.svar(svar)
}

async fn svar_roller(kall: &Kall) -> Svar {
    let tilbud = kall.forhandle(&medietyper::CLOUDEVENTS)?;
    let mut feil = Feilliste::default();
    let verdi = |navn: &str| kall.query.first(navn).filter(|v| !v.is_empty());
    let sok = Rollesok {
        etter_tid: verdi("afterTime").and_then(|v| regler::tidspunkt("afterTime", v, &mut feil)),
        etter_id: verdi("afterId").and_then(|v| regler::tall("afterId", v, 1, &mut feil)),
        organisasjonsnummer: enhetene(kall, &mut feil),
    };
    let antall = verdi("size").map_or(Some(STANDARD_ROLLER), |v| regler::antall(v, &mut feil));
    feil.ferdig()?;
    let hendelser = kall.register().rolleoppdateringer(&sok, antall.unwrap_or(STANDARD_ROLLER)).await?;
    let base = kall.base();
    let mut kompakt = b"[".to_vec();
    for (i, Event { number, at, subject, .. }) in hendelser.iter().enumerate() {
        let skille = if i == 0 { "" } else { "," };
        let source = json!(format!("{base}/enheter/{subject:09}/roller"));
        kompakt.extend_from_slice(
            format!(
                r#"{skille}{{"specversion":"1.0","id":"{number}","source":{source},"type":"no.brreg.enhetsregisteret.rolle.oppdatert","time":"{at}","data":{{"organisasjonsnummer":"{subject:09}"}}}}"#
            )
            .as_bytes(),
        );
    }
    kompakt.push(b']');
    let mut kropp = Vec::with_capacity(kompakt.len() * 2);
    web::json::pretty_into(&mut kropp, &kompakt, 0);
    Ok(represent(kropp, tilbud.media_type))
}
