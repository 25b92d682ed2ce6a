//! The desk: `utvidet/saksbehandling`, our own surface for case workers' tools.

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use web::fault::Fault;
use web::respond::represent;

use super::feilform::med_kropp;
use super::kall::Kall;
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
pub async fn avgjoer(kall: Kall) -> Response {
    let Ok(Avgjoerelse { beslutning, kode, merknad }) = serde_json::from_slice(&kall.kropp) else {
        return feil(StatusCode::BAD_REQUEST, "beslutning mangler eller er ugyldig");
    };
    let referanse = kall.stiverdier.get("referanse").to_owned();
    svar(&kall, Kommando::Avgjoer { referanse, beslutning, kode, merknad }).await
}

async fn svar(kall: &Kall, kommando: Kommando) -> Response {
    match kall.produsent().utfor(kommando).await {
        Ok(verdi) => represent(verdi.to_string(), JSON),
        Err(Avslag::Ukjent(hva)) => feil(StatusCode::NOT_FOUND, hva),
        Err(Avslag::Umulig(hvorfor)) => feil(StatusCode::CONFLICT, &hvorfor),
        Err(Avslag::Feil(feil)) => {
            tracing::error!(%feil, "saksbehandlingen feilet");
            Fault::Internal.into_response()
        }
    }
}

fn feil(status: StatusCode, melding: &str) -> Response {
    let kropp: Value = json!({ "kode": format!("FREG-{}", status.as_u16()), "melding": melding });
    med_kropp(status, kropp.to_string(), JSON)
}
