//! `/scopes/access` (sheet 11.6).

use axum::response::Response;
use bytes::Bytes;
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use vakt::Scope;

use super::kall::{Kall, Svar, lest, objekt, orgnr};
use super::klienter::LESE;
use super::scopes::SKRIVE;
use super::svar;
use crate::modell::{Orgnr, Tilgang, Tilgangstilstand, tidstekst};

#[derive(Deserialize)]
struct Kropp {
    scope: Scope,
    consumer_orgno: String,
}

pub async fn liste(kall: Kall) -> Response {
    let svar = async {
        let aktor = kall.aktor(SKRIVE).await?;
        let bare = kall.orgnr("consumer_orgno")?;
        let tilganger = kall.mp().tilganger_til(&aktor, &kall.scope()?).await?;
        let valgt = tilganger.iter().filter(|t| bare.is_none_or(|orgnr| orgnr == t.consumer_orgno));
        Ok(svar::json(StatusCode::OK, &valgt.map(vis).collect::<Vec<_>>()))
    };
    kall.selvbetjening(svar.await)
}

pub async fn mine(kall: Kall) -> Response {
    let svar = async {
        let innlogget = kall.innlogget().await?;
        innlogget.aktor(&[LESE, SKRIVE].concat(), &kall.spor)?;
        let tilganger = kall.mp().tilganger_av(innlogget.orgnr()).await?;
        Ok(svar::json(StatusCode::OK, &tilganger.iter().map(vis).collect::<Vec<_>>()))
    };
    kall.selvbetjening(svar.await)
}

pub async fn gi(kall: Kall) -> Response {
    kall.selvbetjening(sett(&kall, Tilgangstilstand::Approved).await)
}

pub async fn trekk(kall: Kall) -> Response {
    kall.selvbetjening(sett(&kall, Tilgangstilstand::Denied).await)
}

pub async fn gi_med_kropp(kall: Kall, kropp: Bytes) -> Response {
    let svar = async {
        kall.aktor(SKRIVE).await?;
        let Kropp { scope, consumer_orgno } = lest(objekt(&kropp)?)?;
        let orgnr = orgnr("consumer_orgno", &consumer_orgno)?;
        satt(&kall, &scope, orgnr, Tilgangstilstand::Approved).await
    };
    kall.selvbetjening(svar.await)
}

async fn sett(kall: &Kall, tilstand: Tilgangstilstand) -> Svar {
    kall.aktor(SKRIVE).await?;
    let orgnr = orgnr("consumer_orgno", kall.stiverdier.get("consumer_orgno"))?;
    satt(kall, &kall.scope()?, orgnr, tilstand).await
}

async fn satt(kall: &Kall, scope: &Scope, orgnr: Orgnr, tilstand: Tilgangstilstand) -> Svar {
    let aktor = kall.aktor(SKRIVE).await?;
    let tilgang = kall.mp().sett_tilgang(&aktor, scope, orgnr, tilstand).await?;
    Ok(svar::json(StatusCode::OK, &vis(&tilgang)))
}

fn vis(tilgang: &Tilgang) -> Value {
    json!({
        "scope": tilgang.scope,
        "state": tilgang.state,
        "prefix": null,
        "consumer_orgno": tilgang.consumer_orgno,
        "owner_orgno": tilgang.owner_orgno,
        "created": tidstekst(tilgang.created),
        "last_updated": tidstekst(tilgang.last_updated),
    })
}
