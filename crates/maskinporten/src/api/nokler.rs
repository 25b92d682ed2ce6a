//! `/clients/{client_id}/jwks` (sheet 11.3).

use axum::response::Response;
use bytes::Bytes;
use http::StatusCode;
use serde_json::{Value, json};

use super::kall::{Kall, Svar, objekt};
use super::klienter::{LESE, endrer};
use super::svar;
use crate::modell::{Lagretklient, tidstekst};

pub async fn hent(kall: Kall) -> Response {
    let svar = async {
        let aktor = kall.aktor(LESE).await?;
        let lagret = kall.mp().klient(&aktor, kall.stiverdier.get("client_id")).await?;
        Ok(svar::json(StatusCode::OK, &vis(&lagret)))
    };
    kall.selvbetjening(svar.await)
}

pub async fn sett(kall: Kall, kropp: Bytes) -> Response {
    let svar = async {
        let (aktor, client_id) = (endrer(&kall).await?, kall.stiverdier.get("client_id"));
        let sett = objekt(&kropp)?;
        let lagret = kall.mp().sett_nokler(&aktor, client_id, &sett, kall.api.use_paakrevd).await?;
        Ok(svar::json(StatusCode::OK, &vis(&lagret)))
    };
    kall.selvbetjening(svar.await)
}

pub async fn slett(kall: Kall) -> Response {
    let svar: Svar = async {
        let (aktor, client_id) = (endrer(&kall).await?, kall.stiverdier.get("client_id"));
        kall.mp().slett_nokler(&aktor, client_id).await?;
        Ok(svar::json(StatusCode::OK, &json!({})))
    }
    .await;
    kall.selvbetjening(svar)
}

/// The keys as they are shown; none if none are registered.
fn vis(lagret: &Lagretklient) -> Value {
    match &lagret.jwks {
        None => json!({ "keys": [] }),
        Some(sett) => json!({
            "keys": sett.keys,
            "created": tidstekst(sett.created),
            "last_updated": tidstekst(sett.last_updated),
        }),
    }
}
