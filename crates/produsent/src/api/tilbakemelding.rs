//! `tilbakemelding/api/v2/hendelser` (producer sheet, chapter 7).

use std::fmt::Write;

use aws_lc_rs::digest::{SHA256, digest};
use axum::response::Response;
use http::{StatusCode, header};
use serde_json::{Value, json};
use web::accept::{Offer, negotiate};
use web::respond::{ETag, Validators, conditional, represent};

use super::feilform::tilbakemeldingsfeil;
use super::kall::Kall;
use crate::drift;
use crate::tilbakemelding::{self, Post, Retning, SIDE_MAKS};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Json,
    Xml,
    Atom,
}

const JSON: &str = "application/json";
const XML: &str = "application/xml";
const ATOM: &str = "application/atom+xml";
const TILBUD: [Offer<Form>; 3] = [
    Offer { media_type: JSON, tag: Form::Json },
    Offer { media_type: XML, tag: Form::Xml },
    Offer { media_type: ATOM, tag: Form::Atom },
];
/// What every entry is called.
const TITTEL: &str = "Hendelse i sak";

/// What is asked for.
struct Sporring {
    seq: u64,
    retning: Retning,
    antall: usize,
}

/// `GET`.
pub async fn side(kall: Kall) -> Response {
    let Ok(valgt) = negotiate(kall.hoder.get_all(header::ACCEPT), &TILBUD, 0) else {
        let melding = "Accept må tillate application/json, application/xml eller application/atom+xml";
        return tilbakemeldingsfeil(StatusCode::NOT_ACCEPTABLE, melding, false);
    };
    let form = valgt.tag;
    let sporring = match sporring(&kall) {
        Ok(sporring) => sporring,
        Err(melding) => return tilbakemeldingsfeil(StatusCode::BAD_REQUEST, &melding, form != Form::Json),
    };
    match innhold(&kall, form, &sporring).await {
        Ok(Some(kropp)) => {
            let sum = digest(&SHA256, &kropp);
            let sum = sum.as_ref().first_chunk::<16>().map_or(0, |bytes| u128::from_be_bytes(*bytes));
            let etag = Some(ETag::strong(&format!("{sum:032x}")));
            let validators = Validators { etag, last_modified: None };
            let type_ = match form {
                Form::Json => JSON,
                Form::Xml => XML,
                Form::Atom => ATOM,
            };
            conditional(&kall.hoder, &validators, || represent(kropp, type_))
        }
        Ok(None) => tilbakemeldingsfeil(StatusCode::INTERNAL_SERVER_ERROR, "", form != Form::Json),
        Err(feil) => {
            tracing::error!(%feil, "tilbakemeldinger ble ikke lest");
            tilbakemeldingsfeil(StatusCode::INTERNAL_SERVER_ERROR, "", form != Form::Json)
        }
    }
}

fn sporring(kall: &Kall) -> Result<Sporring, String> {
    let tall = |navn: &str, ellers: u64| match kall.query.first(navn).filter(|verdi| !verdi.is_empty()) {
        None => Ok(ellers),
        Some(verdi) => verdi
            .parse::<i64>()
            .ok()
            .and_then(|tall| u64::try_from(tall).ok())
            .ok_or_else(|| format!("{navn} må være et heltall som ikke er negativt")),
    };
    let retning = match kall.query.first("direction") {
        None | Some("" | "nyere") => Retning::Nyere,
        Some("eldre") => Retning::Eldre,
        Some(_) => return Err("direction må være nyere eller eldre".to_owned()),
    };
    let antall = usize::try_from(tall("pageSize", SIDE_MAKS as u64)?).unwrap_or(SIDE_MAKS);
    if antall == 0 {
        return Err("pageSize må være minst 1".to_owned());
    }
    Ok(Sporring { seq: tall("seq", 0)?, retning, antall: antall.min(SIDE_MAKS) })
}

/// The page; `None` while feedback is taken down for maintenance.
async fn innhold(kall: &Kall, form: Form, s: &Sporring) -> Result<Option<Vec<u8>>, crate::Feil> {
    let journal = kall.produsent().journal();
    if drift::hent(journal).await?.tilbakemelding_nede {
        return Ok(None);
    }
    let orgnr = u64::from(kall.avsender.verdi());
    let (poster, mer) = tilbakemelding::side(journal, orgnr, s.seq, s.retning, s.antall).await?;
    Ok(Some(match form {
        Form::Json => json(&poster).into_bytes(),
        Form::Xml | Form::Atom => atom(kall, s, &poster, mer).into_bytes(),
    }))
}

fn json(poster: &[Post]) -> String {
    let poster = poster.iter().map(|post| {
        json!({
            "title": TITTEL,
            "id": post.id.to_string(),
            "updated": post.updated,
            "hendelseinfo": post.hendelseinfo,
        })
    });
    Value::Array(poster.collect()).to_string()
}

/// Entries come before `updated` and the links (section 7.5).
fn atom(kall: &Kall, s: &Sporring, poster: &[Post], mer: bool) -> String {
    let sti = format!("{}/tilbakemelding/api/v2/hendelser", kall.prefiks());
    let mut ut = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\"><id>{sti}</id><title>Privat hendelsesliste for {}</title>",
        kall.avsender
    );
    for post in poster {
        let kontrakt = kall.produsent().kontrakt(&post.kontrakt);
        let (rot, navnerom) = kontrakt.map_or(("", ""), |kontrakt| (kontrakt.rot.navn, kontrakt.navnerom));
        // Writing to memory does not fail.
        let _ = write!(
            ut,
            "<entry><title>{TITTEL}</title><id>{}</id><updated>{}</updated><content type=\"application/xml\"><{} xmlns=\"{}\">",
            post.id, post.updated, rot, navnerom
        );
        felter(&mut ut, &post.hendelseinfo);
        let _ = write!(ut, "</{rot}></content></entry>");
    }
    let oppdatert = poster.last().map_or("1970-01-01T00:00:00.000Z", |post| post.updated.as_str());
    let _ = write!(ut, "<updated>{oppdatert}</updated>");
    let lenke = |seq: u64, retning: Retning| {
        let retning = if retning == Retning::Nyere { "nyere" } else { "eldre" };
        format!("{sti}?seq={seq}&amp;direction={retning}&amp;pageSize={}", s.antall)
    };
    let neste = poster.last().and_then(|siste| match s.retning {
        Retning::Nyere => Some(lenke(siste.id + 1, Retning::Nyere)),
        Retning::Eldre => siste.id.checked_sub(1).map(|seq| lenke(seq, Retning::Eldre)),
    });
    let full = mer || poster.len() == s.antall;
    let lenker = [
        Some(("self", lenke(s.seq, s.retning))),
        Some(("first", lenke(0, Retning::Nyere))),
        Some(("last", lenke(i64::MAX.unsigned_abs(), Retning::Eldre))),
        neste.filter(|_| full).map(|neste| ("next", neste)),
    ];
    for (rel, href) in lenker.into_iter().flatten() {
        let _ = write!(ut, "<link rel=\"{rel}\" href=\"{href}\"/>");
    }
    ut.push_str("</feed>");
    ut
}

/// The fields of an event as elements, in their order; a list is an element repeated.
fn felter(ut: &mut String, verdi: &Value) {
    let Some(objekt) = verdi.as_object() else { return };
    for (navn, verdi) in objekt {
        match verdi {
            Value::Array(verdier) => verdier.iter().for_each(|verdi| felt(ut, navn, verdi)),
            verdi => felt(ut, navn, verdi),
        }
    }
}

fn felt(ut: &mut String, navn: &str, verdi: &Value) {
    let _ = write!(ut, "<{navn}>");
    match verdi {
        Value::Object(_) => felter(ut, verdi),
        Value::String(tekst) => ut.push_str(&quick_xml::escape::escape(tekst.as_str())),
        annet => drop(write!(ut, "{annet}")),
    }
    let _ = write!(ut, "</{navn}>");
}
