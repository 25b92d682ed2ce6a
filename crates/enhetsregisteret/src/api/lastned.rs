//! Downloads (fact sheet section 12).

use std::io::{ErrorKind, Write};

use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use http::{HeaderValue, header};
use web::file::{Described, attachment, serve};
use web::respond::{ETag, represent};

use super::kall::{Kall, Svar};
use super::medietyper::{self, Filtype};
use crate::lastned::Fil;
use crate::lastned::json::Liste;
use crate::modell::{Enhetstype, Versjon};
use crate::sporring::les::Lest;
use crate::sporring::regler::MAKS_DYBDE;
use crate::{representasjon, sporring};

/// `GET /{enheter,underenheter}/lastned`.
pub async fn json(kall: Kall, kind: Enhetstype) -> Response {
    let svar = svar_json(&kall, kind).await;
    kall.svar(svar)
}

async fn svar_json(kall: &Kall, kind: Enhetstype) -> Svar {
    let type_ = kall.forhandle(medietyper::fil(kind, kall.register().oppsett().versjon1))?.tag;
    let lest = sporring::les(&kall.query, kall.lesemaate(kind, type_.versjon))?;
    let fil = Fil::Json(kind, type_.versjon);
    if lest.er_alt() { hel_fil(kall, fil, type_).await } else { utvalg(kall, kind, &lest, type_).await }
}

/// A filtered download: at most 10 000 units, made on the spot.
async fn utvalg(kall: &Kall, kind: Enhetstype, lest: &Lest, type_: Filtype) -> Svar {
    let (fra, antall) = if lest.har_side { (lest.side.offset(), lest.side.size) } else { (0, MAKS_DYBDE) };
    let treff = kall.register().sok(kind, &lest.sporring, fra, antall).await?;
    let form = kall.form(type_.versjon);
    let pakket = tokio::task::spawn_blocking(move || -> Result<Vec<u8>, crate::Feil> {
        let mut liste = Liste::new(GzEncoder::new(Vec::new(), Compression::fast()));
        let mut buffer = Vec::new();
        for enhet in &treff.enheter {
            buffer.clear();
            representasjon::enhet_i_fil(&mut buffer, &enhet.body, kind, form)?;
            liste.skriv(&buffer)?;
        }
        let mut gz = liste.ferdig()?;
        gz.flush()?;
        Ok(gz.finish()?)
    });
    let pakket = pakket.await.map_err(|_| crate::Feil::Avbrutt)??;
    let mut svar = represent(pakket, type_.sendes_som);
    svar.headers_mut()
        .insert(header::CONTENT_DISPOSITION, filnavn(&Fil::Json(kind, type_.versjon).navn(), type_));
    Ok(svar)
}

/// `GET /{enheter,underenheter}/lastned/csv`.
pub async fn csv(kall: Kall, kind: Enhetstype) -> Response {
    let svar = match kall.forhandle(medietyper::csv(kind)) {
        Ok(tilbud) => hel_fil(&kall, Fil::Csv(kind), tilbud.tag).await,
        Err(avslag) => Err(avslag),
    };
    kall.svar(svar)
}

/// `GET /{enheter,underenheter}/lastned/regneark`.
pub async fn regneark(kall: Kall, kind: Enhetstype) -> Response {
    let svar = match kall.forhandle(medietyper::regneark(kind, kall.register().oppsett().versjon1)) {
        Ok(tilbud) => hel_fil(&kall, Fil::Regneark(kind, tilbud.tag.versjon), tilbud.tag).await,
        Err(avslag) => Err(avslag),
    };
    kall.svar(svar)
}

/// `GET /roller/totalbestand`.
pub async fn roller(kall: Kall) -> Response {
    let svar = match kall.forhandle(&medietyper::ROLLEFIL) {
        Ok(tilbud) => hel_fil(&kall, Fil::Roller, tilbud.tag).await,
        Err(avslag) => Err(avslag),
    };
    kall.svar(svar)
}

/// `GET {extended prefix}/lastned/parquet/{enheter,underenheter,roller}`.
pub async fn parquet(kall: Kall, fil: Fil) -> Response {
    let svar = match kall.forhandle(&medietyper::PARQUETFIL) {
        Ok(tilbud) => hel_fil(&kall, fil, tilbud.tag).await,
        Err(avslag) => Err(avslag),
    };
    kall.svar(svar)
}

/// How many times in a row a file may be replaced by a newer one before it has been opened.
const FORSOK: u32 = 5;

async fn hel_fil(kall: &Kall, fil: Fil, type_: Filtype) -> Svar {
    let mut forsok = 1;
    loop {
        let ferdig = kall.register().nedlastinger().hent(fil).await?;
        let beskrevet = Described {
            content_type: type_.sendes_som,
            disposition: Some(filnavn(&ferdig.navn, type_)),
            etag: Some(ETag::strong(&ferdig.merke)),
        };
        match serve(&kall.metode, &kall.hoder, &ferdig.sti, &beskrevet).await {
            Err(feil) if feil.kind() == ErrorKind::NotFound && forsok < FORSOK => forsok += 1,
            svar => return Ok(svar?.into_response()),
        }
    }
}

/// Version 1 has the name without quotes (seed 001, change log of 2023-09-13).
fn filnavn(navn: &str, type_: Filtype) -> HeaderValue {
    match type_.versjon {
        Versjon::V2 => attachment(navn),
        Versjon::V1 => {
            HeaderValue::try_from(format!("attachment; filename={navn}")).unwrap_or(attachment(navn))
        }
    }
}
