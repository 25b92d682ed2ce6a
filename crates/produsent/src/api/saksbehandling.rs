//! The desk: `utvidet/saksbehandling`, our own surface for case workers' tools.

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::Deserialize;
use web::fault::Fault;
use web::respond::represent;

use super::feilform::tilbakemeldingsfeil;
use super::kall::{Innsendt, Kall};
use crate::kommando::{Avslag, Kommando};
use crate::sak::Beslutning;

const JSON: &str = "application/json";

/// What a case worker sends.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Avgjoerelse {
    beslutning: Beslutning,
    kode: Option<String>,
    merknad: Option<String>,
}

/// `GET saker`.
pub async fn liste(kall: Kall) -> Response {
    let etter = kall.query.first("etter").map(str::to_owned);
    svar(&kall, Kommando::Saker { etter }).await
}

/// `GET saker/{referanse}`.
pub async fn sak(kall: Kall) -> Response {
    let referanse = kall.stiverdier.get("referanse").to_owned();
    svar(&kall, Kommando::Sak { referanse }).await
}

/// `POST saker/{referanse}/beslutning`.
pub async fn avgjoer(innsendt: Innsendt) -> Response {
    let (kall, kropp) = match innsendt.les().await {
        Ok(lest) => lest,
        Err(svar) => return svar,
    };
    let Ok(Avgjoerelse { beslutning, kode, merknad }) = serde_json::from_slice(&kropp.bytes) else {
        return feil(StatusCode::BAD_REQUEST, "beslutning mangler eller er ugyldig");
    };
    let referanse = kall.stiverdier.get("referanse").to_owned();
    svar(&kall, Kommando::Avgjoer { referanse, beslutning, kode, merknad }).await
}

/// `GET saker/{referanse}/vedlegg/{plass}`.
pub async fn vedlegg(kall: Kall) -> Response {
    let (referanse, plass) = (kall.stiverdier.get("referanse"), kall.stiverdier.get("plass"));
    let Ok(plass) = plass.parse() else { return feil(StatusCode::NOT_FOUND, "vedlegget finnes ikke") };
    match kall.produsent().vedlegg(&kall.aktoer(), referanse, plass).await {
        Ok(innhold) => represent(innhold, "application/octet-stream"),
        Err(avslag) => nei(avslag),
    }
}

async fn svar(kall: &Kall, kommando: Kommando) -> Response {
    match kall.produsent().utfor(&kall.aktoer(), kommando).await {
        Ok(verdi) => represent(verdi.to_string(), JSON),
        Err(avslag) => nei(avslag),
    }
}

fn nei(avslag: Avslag) -> Response {
    match avslag {
        Avslag::Ukjent(hva) => feil(StatusCode::NOT_FOUND, hva),
        Avslag::Umulig(hvorfor) => feil(StatusCode::CONFLICT, &hvorfor),
        Avslag::Feil(feil) => {
            tracing::error!(%feil, "saksbehandlingen feilet");
            Fault::Internal.into_response()
        }
    }
}

fn feil(status: StatusCode, melding: &str) -> Response {
    tilbakemeldingsfeil(status, melding, false)
}
