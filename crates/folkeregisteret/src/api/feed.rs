//! `hendelser/feed` and `hendelser/siste/sekvensnummer` (consumer sheet, sections 8.1 and 8.2).

use std::fmt::Write;

use axum::response::Response;
use http::StatusCode;
use tid::Timestamp;
use web::respond::{ETag, Validators, conditional};

use super::kall::{Avslag, Kall, Svar, XML_DEKLARASJON, ok};
use super::medietyper::{FEED, Form, SISTE};
use crate::Feil;
use crate::hendelser::{Feedside, Synlig};
use crate::modell::NAVNEROM_HENDELSE;

/// Word for word as the service says it.
const FOR_GAMMEL: &str =
    "Det er oppgitt ulovlig sekvensnummer. Sekvensnummer kan ikke være mere enn 36 måneder gammelt";
/// What the id of an entry begins with.
const TAG: &str = "tag:skatteetaten.no,2017-10-10:folkeregisteret:tilgjengeliggjoering:hendelse:v1:";

/// `GET hendelser/feed`.
pub async fn side(kall: Kall) -> Response {
    let svar = svar_side(&kall).await;
    kall.svar(svar)
}

async fn svar_side(kall: &Kall) -> Svar {
    let form = kall.forhandle(&FEED)?;
    let ugyldig = || Avslag::ugyldig("seq må være et heltall som ikke er negativt");
    let seq = kall.query.first("seq").filter(|seq| !seq.is_empty());
    let seq = seq.ok_or_else(|| Avslag::ugyldig("seq mangler"))?;
    let seq = seq.parse::<i64>().ok().and_then(|seq| u64::try_from(seq).ok()).ok_or_else(ugyldig)?;
    let Feedside::Side(hendelser) = kall.register().feed(kall.pakke(), seq).await? else {
        return Err(Avslag::Sagt(StatusCode::NOT_ACCEPTABLE, FOR_GAMMEL.to_owned()));
    };
    // A page never changes but by what comes after its last event.
    let siste = hendelser.last().map_or(0, Synlig::sekvensnummer);
    let tag = format!("{}-{form:?}-{seq}-{siste}", kall.pakke().kortnavn());
    let validators = Validators { etag: Some(ETag::weak(&tag)), last_modified: None };
    if validators.not_modified(&kall.hoder) {
        return Ok(conditional(&kall.hoder, &validators, Response::default));
    }
    let kropp =
        if form.er_xml() { atom(kall, seq, &hendelser).await? } else { json(kall, &hendelser).await? };
    Ok(conditional(&kall.hoder, &validators, || ok(kropp, form)))
}

async fn json(kall: &Kall, hendelser: &[Synlig]) -> Result<Vec<u8>, Feil> {
    let mut ut = Vec::with_capacity(2 + hendelser.len() * 320);
    ut.push(b'[');
    for hendelse in hendelser {
        if let Some(utlevert) = kall.register().utlever_hendelse(kall.pakke(), hendelse).await? {
            if ut.len() > 1 {
                ut.push(b',');
            }
            utlevert.skriv_json(&mut ut);
        }
    }
    ut.push(b']');
    Ok(ut)
}

async fn atom(kall: &Kall, seq: u64, hendelser: &[Synlig]) -> Result<Vec<u8>, Feil> {
    let feed = format!("{}/hendelser/feed", kall.base());
    let mut hode = format!(
        r#"{XML_DEKLARASJON}<feed xmlns="http://www.w3.org/2005/Atom"><id>{feed}</id><title>Offentlig hendelsesliste</title><author><name>Skatteetaten</name></author>"#
    );
    let neste = hendelser.last().map(|siste| ("next", siste.sekvensnummer() + 1));
    for (rel, seq) in [("self", seq), ("first", 0)].into_iter().chain(neste) {
        // Writing to memory does not fail.
        let _ = write!(hode, r#"<link rel="{rel}" type="application/atom+xml" href="{feed}?seq={seq}"/>"#);
    }
    let oppdatert = hendelser.last().map_or_else(Timestamp::default, Synlig::at);
    let _ = write!(hode, "<updated>{oppdatert}</updated>");
    let mut ut = hode.into_bytes();
    for hendelse in hendelser {
        if let Some(utlevert) = kall.register().utlever_hendelse(kall.pakke(), hendelse).await? {
            let (nummer, at) = (hendelse.sekvensnummer(), hendelse.at());
            let start = format!(
                r#"<entry xmlns:ns2="{NAVNEROM_HENDELSE}"><title>Hendelse</title><id>{TAG}{nummer}</id><updated>{at}</updated><content>"#
            );
            ut.extend_from_slice(start.as_bytes());
            utlevert.skriv_xml(&mut ut, "ns2:");
            ut.extend_from_slice(b"</content></entry>");
        }
    }
    ut.extend_from_slice(b"</feed>");
    Ok(ut)
}

/// `GET hendelser/siste/sekvensnummer`.
pub async fn siste(kall: Kall) -> Response {
    let svar = svar_siste(&kall).await;
    kall.svar(svar)
}

async fn svar_siste(kall: &Kall) -> Svar {
    let form = kall.forhandle(&SISTE)?;
    let siste = kall.register().siste_sekvensnummer(kall.pakke()).await?;
    let kropp = if form == Form::Xml {
        format!("{XML_DEKLARASJON}<sekvensnummer><sekvensnummer>{siste}</sekvensnummer></sekvensnummer>")
    } else {
        siste.to_string()
    };
    Ok(ok(kropp.into_bytes(), form))
}
