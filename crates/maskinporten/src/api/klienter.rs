//! `/clients` (sheet 11.2).

use axum::response::Response;
use bytes::Bytes;
use http::StatusCode;
use serde_json::{Map, Value, json};
use vakt::Scope;
use vakt::json::Object;

use super::kall::{Kall, Svar, objekt};
use super::svar::{self, Nei};
use crate::admin::{Aktor, Avvist, Klientfelt};
use crate::bevis::GRANT;
use crate::modell::{Lagretklient, tidstekst};

/// Scopes that let their holder read clients; the rights are a ladder (sheet 11.1).
pub const LESE: &[&str] = &["idporten:dcr.read", "idporten:dcr.modify", "idporten:dcr.write", LEVERANDOR];
/// Scopes that let their holder change clients.
pub const ENDRE: &[&str] = &["idporten:dcr.modify", "idporten:dcr.write", LEVERANDOR];
/// Scopes that let their holder make clients.
const LAGE: &[&str] = &["idporten:dcr.write", LEVERANDOR];
/// The scope for clients of other organisations, which the holder runs.
pub const LEVERANDOR: &str = "idporten:dcr.supplier";
/// The short name of the grant type in registrations.
const KORTNAVN: &str = "jwt_bearer_token";

/// Members that the server sets, or that have a field of their own: never among the others.
const EGNE: &[&str] = &[
    "client_id",
    "integration_type",
    "client_name",
    "description",
    "client_uri",
    "scopes",
    "access_token_lifetime",
    "client_orgno",
    "supplier_orgno",
    "active",
    "created",
    "last_updated",
    "onbehalfof",
    "jwks_uri",
    "token_endpoint_auth_method",
    "grant_types",
    "application_type",
];

pub async fn liste(kall: Kall) -> Response {
    let svar = async {
        let aktor = kall.aktor(LESE).await?;
        let klienter = kall.mp().klienter(&aktor, false).await?;
        let vist: Vec<Value> = klienter.iter().map(|lagret| vis(&kall, lagret)).collect();
        Ok(svar::json(StatusCode::OK, &vist))
    };
    kall.selvbetjening(svar.await)
}

pub async fn ny(kall: Kall, kropp: Bytes) -> Response {
    let svar = async {
        let innlogget = kall.innlogget().await?;
        let aktor = innlogget.aktor(LAGE, &kall.spor)?;
        let leverandor = innlogget.har(&[LEVERANDOR]);
        let mut felt = les(objekt(&kropp)?)?;
        felt.som_leverandor = leverandor && felt.client_orgno.is_some_and(|orgnr| orgnr != innlogget.orgnr());
        if !felt.som_leverandor && !innlogget.har(&["idporten:dcr.write"]) {
            return Err(Avvist::ugyldig("client_orgno", "client_orgno må være en annen virksomhet").into());
        }
        let lagret = kall.mp().ny_klient(&aktor, felt).await?;
        Ok(svar::json(StatusCode::OK, &vis(&kall, &lagret)))
    };
    kall.selvbetjening(svar.await)
}

pub async fn hent(kall: Kall) -> Response {
    let svar = async {
        let aktor = kall.aktor(LESE).await?;
        let lagret = kall.mp().klient(&aktor, kall.stiverdier.get("client_id")).await?;
        Ok(svar::json(StatusCode::OK, &vis(&kall, &lagret)))
    };
    kall.selvbetjening(svar.await)
}

pub async fn endre(kall: Kall, kropp: Bytes) -> Response {
    let svar = async {
        let (aktor, client_id) = (endrer(&kall).await?, kall.stiverdier.get("client_id"));
        let lagret = kall.mp().endre_klient(&aktor, client_id, les(objekt(&kropp)?)?).await?;
        Ok(svar::json(StatusCode::OK, &vis(&kall, &lagret)))
    };
    kall.selvbetjening(svar.await)
}

pub async fn slett(kall: Kall) -> Response {
    let svar: Svar = async {
        let (aktor, client_id) = (endrer(&kall).await?, kall.stiverdier.get("client_id"));
        kall.mp().slett_klient(&aktor, client_id).await?;
        Ok(svar::json(StatusCode::OK, &json!({})))
    }
    .await;
    kall.selvbetjening(svar)
}

/// The actor of a change to the client in the path: who has only the suppliers' scope changes only what it runs.
pub async fn endrer(kall: &Kall) -> Result<Aktor, Nei> {
    let innlogget = kall.innlogget().await?;
    let aktor = innlogget.aktor(ENDRE, &kall.spor)?;
    if !innlogget.har(&ENDRE[..2]) {
        let lagret = kall.mp().klient(&aktor, kall.stiverdier.get("client_id")).await?;
        if lagret.klient.supplier_orgno != Some(innlogget.orgnr()) {
            return Err(Avvist::Ukjent("klienten").into());
        }
    }
    Ok(aktor)
}

/// Reads a client as it is sent. What the server sets is passed over.
fn les(mut felt: Object) -> Result<Klientfelt, Nei> {
    if felt.get("token_endpoint_auth_method").is_some_and(|m| !m.is_null() && m != "private_key_jwt") {
        return Err(Avvist::ugyldig("token_endpoint_auth_method", "må være private_key_jwt").into());
    }
    let typer = felt.get("grant_types").and_then(Value::as_array);
    if typer.is_some_and(|typer| typer.iter().any(|type_| type_ != GRANT && type_ != KORTNAVN)) {
        return Err(Avvist::ugyldig("grant_types", format!("må være {GRANT}")).into());
    }
    let mut egne = Map::new();
    for navn in EGNE {
        egne.extend(felt.shift_remove(*navn).map(|verdi| ((*navn).to_owned(), verdi)));
    }
    let tekst = |navn: &'static str| match egne.get(navn) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(tekst)) => Ok(Some(tekst.clone())),
        Some(_) => Err(Avvist::ugyldig(navn, format!("{navn} må være tekst"))),
    };
    let orgnr = tekst("client_orgno")?.map(|t| super::kall::orgnr("client_orgno", &t)).transpose()?;
    Ok(Klientfelt {
        client_id: None,
        integration_type: tekst("integration_type")?,
        client_name: tekst("client_name")?.unwrap_or_default(),
        description: tekst("description")?.unwrap_or_default(),
        client_uri: tekst("client_uri")?,
        scopes: scopes(egne.get("scopes"))?,
        access_token_lifetime: levetid(egne.get("access_token_lifetime"))?,
        client_orgno: orgnr,
        som_leverandor: false,
        ovrige: felt,
    })
}

fn scopes(verdi: Option<&Value>) -> Result<Vec<Scope>, Nei> {
    let feil = |tekst: &str| Avvist::ugyldig("scopes", tekst);
    match verdi {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(liste)) => {
            let scope = |v: &Value| Scope::parse(v.as_str()?).ok();
            let lest = liste.iter().map(|v| scope(v).ok_or_else(|| feil("et scope er ugyldig").into()));
            lest.collect()
        }
        Some(_) => Err(feil("scopes må være en liste").into()),
    }
}

fn levetid(verdi: Option<&Value>) -> Result<Option<u64>, Nei> {
    match verdi {
        None | Some(Value::Null) => Ok(None),
        Some(tall) => match tall.as_u64() {
            Some(levetid) => Ok(Some(levetid)),
            None => Err(Avvist::ugyldig("access_token_lifetime", "må være et antall sekunder").into()),
        },
    }
}

/// A client as it is shown.
pub fn vis(kall: &Kall, lagret: &Lagretklient) -> Value {
    let klient = &lagret.klient;
    let mut vist = Map::new();
    vist.extend(klient.ovrige.clone());
    let egne = json!({
        "client_id": klient.client_id,
        "client_name": klient.client_name,
        "description": klient.description,
        "client_uri": klient.client_uri,
        "client_orgno": klient.client_orgno,
        "supplier_orgno": klient.supplier_orgno,
        "integration_type": klient.integration_type,
        "application_type": "web",
        "scopes": klient.scopes,
        "grant_types": [GRANT],
        "token_endpoint_auth_method": "private_key_jwt",
        "access_token_lifetime": klient.access_token_lifetime,
        "authorization_lifetime": klient.ovrige.get("authorization_lifetime").cloned().unwrap_or(7200.into()),
        "refresh_token_lifetime": klient.ovrige.get("refresh_token_lifetime").cloned().unwrap_or(600.into()),
        "refresh_token_usage": klient.ovrige.get("refresh_token_usage").cloned().unwrap_or("ONETIME".into()),
        "jwks_uri": format!("{}/clients/{}/jwks", kall.api.prefiks, klient.client_id),
        "onbehalfof": lagret.onbehalfof,
        "active": klient.active,
        "created": tidstekst(klient.created),
        "last_updated": tidstekst(klient.last_updated),
    });
    if let Value::Object(egne) = egne {
        vist.extend(egne);
    }
    Value::Object(vist)
}
