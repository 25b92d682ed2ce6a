//! `/maskinporten-api/delegationSchemes`: bundles of scopes that can be delegated (sheet 12.2). The real service has
//! moved this to its resource registry; the older form is kept, because it is small and says all there is.

use axum::response::Response;
use bytes::Bytes;
use http::StatusCode;
use serde_json::{Value, json};
use vakt::json::Object;

use super::kall::{Kall, Svar, lest, objekt};
use super::svar::{self, Nei};
use crate::admin::{Avvist, NyRessurs};
use crate::modell::{Ressurs, tidstekst};

const LESE: &[&str] = &[
    "altinn:maskinporten/delegationschemes.read",
    "altinn:maskinporten/delegationschemes.write",
    "altinn:maskinporten/delegationschemes.edit",
];
const LAGE: &[&str] = &["altinn:maskinporten/delegationschemes.write"];
const ENDRE: &[&str] =
    &["altinn:maskinporten/delegationschemes.edit", "altinn:maskinporten/delegationschemes.write"];
const SLETTE: &[&str] = &["altinn:maskinporten/delegationschemes.delete"];

pub async fn liste(kall: Kall) -> Response {
    let svar = async {
        let aktor = kall.aktor(LESE).await?;
        let ressurser = kall.mp().ressurser(aktor.orgnr).await?;
        Ok(svar::json(StatusCode::OK, &ressurser.iter().map(vis).collect::<Vec<_>>()))
    };
    kall.altinn(svar.await)
}

pub async fn hent(kall: Kall) -> Response {
    let svar = async {
        let aktor = kall.aktor(LESE).await?;
        let ressurs = egen(&kall, aktor.orgnr).await?;
        Ok(svar::json(StatusCode::OK, &vis(&ressurs)))
    };
    kall.altinn(svar.await)
}

/// Answers the GUID, as a JSON string.
pub async fn ny(kall: Kall, kropp: Bytes) -> Response {
    let svar = async {
        let aktor = kall.aktor(LAGE).await?;
        let ny = NyRessurs { resourceid: None, ..les(objekt(&kropp)?)? };
        let ressurs = kall.mp().sett_ressurs(&aktor, ny).await?;
        Ok(svar::json(StatusCode::OK, &ressurs.delegation_scheme_id))
    };
    kall.altinn(svar.await)
}

pub async fn endre(kall: Kall, kropp: Bytes) -> Response {
    let svar = async {
        let aktor = kall.aktor(ENDRE).await?;
        let der = egen(&kall, aktor.orgnr).await?;
        let ny = NyRessurs { resourceid: Some(der.resourceid), ..les(objekt(&kropp)?)? };
        let ressurs = kall.mp().sett_ressurs(&aktor, ny).await?;
        Ok(svar::json(StatusCode::OK, &vis(&ressurs)))
    };
    kall.altinn(svar.await)
}

pub async fn slett(kall: Kall) -> Response {
    let svar: Svar = async {
        let aktor = kall.aktor(SLETTE).await?;
        let der = egen(&kall, aktor.orgnr).await?;
        kall.mp().slett_ressurs(&aktor, &der.resourceid, kall.sann("deleteDelegations")).await?;
        Ok(svar::json(StatusCode::OK, &json!({})))
    }
    .await;
    kall.altinn(svar)
}

/// The caller's bundle in the path, by GUID or resource identifier.
async fn egen(kall: &Kall, orgnr: Option<crate::modell::Orgnr>) -> Result<Ressurs, Nei> {
    let id = kall.stiverdier.get("id");
    let mut mine = kall.mp().ressurser(orgnr).await?.into_iter();
    let er = |ressurs: &Ressurs| ressurs.delegation_scheme_id == id || ressurs.resourceid == id;
    Ok(mine.find(er).ok_or(Avvist::Ukjent("ordningen"))?)
}

/// The older form has the level in an object of its own.
fn les(mut felt: Object) -> Result<NyRessurs, Nei> {
    let oppsett = felt.shift_remove("delegation_source_config");
    let nivaa = oppsett.and_then(|oppsett| oppsett.get("required_security_level").cloned());
    felt.extend(nivaa.map(|nivaa| ("required_security_level".to_owned(), nivaa)));
    lest(felt)
}

fn vis(ressurs: &Ressurs) -> Value {
    json!({
        "id": ressurs.delegation_scheme_id,
        "resourceid": ressurs.resourceid,
        "owner_org": ressurs.owner_org,
        "scopes": ressurs.scopes,
        "title": ressurs.title,
        "description": ressurs.description,
        "default_language": ressurs.default_language,
        "delegation_source_config": { "required_security_level": ressurs.required_security_level },
        "created": tidstekst(ressurs.created),
        "last_updated": tidstekst(ressurs.last_updated),
    })
}
