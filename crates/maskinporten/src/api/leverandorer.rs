//! Altinn's end-user API for suppliers and delegations (sheet 12.3). In Altinn a person acts for the organisation;
//! here the organisation's own token does, and `party` is its organisation number, or left out.

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::{Value, json};

use super::kall::{Kall, Svar};
use super::svar::{self, Nei};
use crate::admin::{Aktor, Avvist, Sokedelegering};
use crate::modell::Orgnr;

const LESE: &[&str] = &[
    "altinn:accessmanagement/enduser:maskinportensuppliers.read",
    "altinn:accessmanagement/enduser:maskinportensuppliers.write",
];
const SKRIVE: &[&str] = &["altinn:accessmanagement/enduser:maskinportensuppliers.write"];
const MOTTATT_LESE: &[&str] = &[
    "altinn:accessmanagement/enduser:maskinportenconsumers.read",
    "altinn:accessmanagement/enduser:maskinportenconsumers.write",
];
const MOTTATT_SKRIVE: &[&str] = &["altinn:accessmanagement/enduser:maskinportenconsumers.write"];

pub async fn liste(kall: Kall) -> Response {
    let svar = async {
        let (_, egen) = part(&kall, LESE).await?;
        let bare = orgnr(&kall, "supplier")?;
        let leverandorer = kall.mp().leverandorer(egen).await?;
        let valgt = leverandorer.iter().filter(|l| bare.is_none_or(|bare| bare == l.supplier_org));
        let vist: Vec<Value> = valgt
            .map(|l| json!({ "supplier": l.supplier_org, "created": crate::modell::tidstekst(l.created) }))
            .collect();
        Ok(svar::json(StatusCode::OK, &vist))
    };
    kall.altinn(svar.await)
}

pub async fn ny(kall: Kall) -> Response {
    let svar = async {
        let (aktor, egen) = part(&kall, SKRIVE).await?;
        kall.mp().ny_leverandor(&aktor, egen, maa(&kall, "supplier")?).await?;
        Ok(svar::json(StatusCode::OK, &true))
    };
    kall.altinn(svar.await)
}

pub async fn slett(kall: Kall) -> Response {
    let svar: Svar = async {
        let (aktor, egen) = part(&kall, SKRIVE).await?;
        let leverandor = maa(&kall, "supplier")?;
        kall.mp().slett_leverandor(&aktor, egen, leverandor, kall.sann("cascade")).await?;
        Ok(StatusCode::NO_CONTENT.into_response())
    }
    .await;
    kall.altinn(svar)
}

pub async fn ressurser(kall: Kall) -> Response {
    let svar = async {
        let (_, egen) = part(&kall, LESE).await?;
        let sok = Sokedelegering { consumer: Some(egen), supplier: orgnr(&kall, "supplier")?, scope: None };
        Ok(svar::json(StatusCode::OK, &kall.mp().sok_delegeringer(&sok).await?))
    };
    kall.altinn(svar.await)
}

pub async fn deleger(kall: Kall) -> Response {
    let svar = async {
        let (aktor, egen) = part(&kall, SKRIVE).await?;
        kall.mp().deleger(&aktor, egen, maa(&kall, "supplier")?, ressurs(&kall)?).await?;
        Ok(svar::json(StatusCode::OK, &true))
    };
    kall.altinn(svar.await)
}

pub async fn trekk(kall: Kall) -> Response {
    let svar: Svar = async {
        let (aktor, egen) = part(&kall, SKRIVE).await?;
        kall.mp().trekk_delegering(&aktor, egen, maa(&kall, "supplier")?, ressurs(&kall)?).await?;
        Ok(StatusCode::NO_CONTENT.into_response())
    }
    .await;
    kall.altinn(svar)
}

pub async fn kan_delegeres(kall: Kall) -> Response {
    let svar = async {
        part(&kall, LESE).await?;
        let kan = kall.mp().ressurs(ressurs(&kall)?).await.is_ok();
        Ok(svar::json(StatusCode::OK, &json!({ "resource": ressurs(&kall)?, "delegable": kan })))
    };
    kall.altinn(svar.await)
}

pub async fn konsumenter(kall: Kall) -> Response {
    let svar = async {
        let (_, egen) = part(&kall, MOTTATT_LESE).await?;
        let bare = orgnr(&kall, "consumer")?;
        let konsumenter = kall.mp().konsumenter(egen).await?;
        let valgt = konsumenter.iter().filter(|l| bare.is_none_or(|bare| bare == l.consumer_org));
        let vist: Vec<Value> = valgt
            .map(|l| json!({ "consumer": l.consumer_org, "created": crate::modell::tidstekst(l.created) }))
            .collect();
        Ok(svar::json(StatusCode::OK, &vist))
    };
    kall.altinn(svar.await)
}

pub async fn forlat(kall: Kall) -> Response {
    let svar: Svar = async {
        let (aktor, egen) = part(&kall, MOTTATT_SKRIVE).await?;
        let konsument = maa(&kall, "consumer")?;
        kall.mp().slett_leverandor(&aktor, konsument, egen, kall.sann("cascade")).await?;
        Ok(StatusCode::NO_CONTENT.into_response())
    }
    .await;
    kall.altinn(svar)
}

pub async fn mottatte(kall: Kall) -> Response {
    let svar = async {
        let (_, egen) = part(&kall, MOTTATT_LESE).await?;
        let sok = Sokedelegering { supplier: Some(egen), consumer: orgnr(&kall, "consumer")?, scope: None };
        Ok(svar::json(StatusCode::OK, &kall.mp().sok_delegeringer(&sok).await?))
    };
    kall.altinn(svar.await)
}

pub async fn si_fra_seg(kall: Kall) -> Response {
    let svar: Svar = async {
        let (aktor, egen) = part(&kall, MOTTATT_SKRIVE).await?;
        kall.mp().trekk_delegering(&aktor, maa(&kall, "consumer")?, egen, ressurs(&kall)?).await?;
        Ok(StatusCode::NO_CONTENT.into_response())
    }
    .await;
    kall.altinn(svar)
}

/// The organisation that acts: the token's, which `party` may name but not replace.
async fn part(kall: &Kall, scopes: &[&str]) -> Result<(Aktor, Orgnr), Nei> {
    let innlogget = kall.innlogget().await?;
    let aktor = innlogget.aktor(scopes, &kall.spor)?;
    match kall.query.first("party") {
        Some(part) if part != innlogget.orgnr().to_string() => {
            Err(Avvist::Forbudt("party er en annen virksomhet enn tokenets".to_owned()).into())
        }
        _ => Ok((aktor, innlogget.orgnr())),
    }
}

fn orgnr(kall: &Kall, navn: &'static str) -> Result<Option<Orgnr>, Nei> {
    kall.orgnr(navn)
}

fn maa(kall: &Kall, navn: &'static str) -> Result<Orgnr, Nei> {
    Ok(kall.orgnr(navn)?.ok_or_else(|| Avvist::ugyldig(navn, format!("{navn} mangler")))?)
}

fn ressurs(kall: &Kall) -> Result<&str, Nei> {
    let ressurs = kall.query.first("resource").filter(|ressurs| !ressurs.is_empty());
    let styretegn = |r: &str| r.chars().any(char::is_control);
    let god = ressurs.filter(|ressurs| ressurs.len() <= 200 && !styretegn(ressurs));
    Ok(god.ok_or_else(|| Avvist::ugyldig("resource", "resource mangler eller er ugyldig"))?)
}
