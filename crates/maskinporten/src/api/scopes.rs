//! `/scopes`, `/delegationsources` and `/prefix/all` (sheet 11.5).

use axum::response::Response;
use bytes::Bytes;
use http::StatusCode;
use serde_json::{Value, json};
use vakt::Scope;
use vakt::json::Object;

use super::kall::{Kall, lest, objekt};
use super::svar::{self, Nei};
use crate::admin::{Avvist, Scopefelt};
use crate::modell::{Scopepost, tidstekst};

/// The scope that lets its holder administer scopes and access.
pub const SKRIVE: &[&str] = &["idporten:scopes.write"];

pub async fn alle(kall: Kall) -> Response {
    let svar = async {
        let bare_apne = kall.sann("accessible_for_all");
        let scopes = kall.mp().scopes(None).await?;
        let synlig = |post: &&Scopepost| {
            post.active && post.visibility == "PUBLIC" && (!bare_apne || post.accessible_for_all)
        };
        let vist: Vec<Value> = scopes.iter().filter(synlig).map(vis).collect();
        Ok(svar::json(StatusCode::OK, &vist))
    };
    kall.selvbetjening(svar.await)
}

pub async fn mine(kall: Kall) -> Response {
    let svar = async {
        let aktor = kall.aktor(SKRIVE).await?;
        if kall.query.has("scope") {
            let post = kall.mp().scope(&kall.scope()?).await?;
            if !aktor.eier(post.owner_orgno) {
                return Err(Avvist::Ukjent("scopet").into());
            }
            return Ok(svar::json(StatusCode::OK, &vis(&post)));
        }
        let ogsaa_inaktive = kall.sann("inactive");
        let scopes = kall.mp().scopes(aktor.orgnr).await?;
        let synlig = |post: &&Scopepost| ogsaa_inaktive || post.active;
        let vist: Vec<Value> = scopes.iter().filter(synlig).map(vis).collect();
        Ok(svar::json(StatusCode::OK, &vist))
    };
    kall.selvbetjening(svar.await)
}

pub async fn ny(kall: Kall, kropp: Bytes) -> Response {
    let svar = async {
        let aktor = kall.aktor(SKRIVE).await?;
        let felt = objekt(&kropp)?;
        let navn = navn(&felt)?;
        let post = kall.mp().ny_scope(&aktor, &navn, les(felt)?).await?;
        Ok(svar::json(StatusCode::OK, &vis(&post)))
    };
    kall.selvbetjening(svar.await)
}

pub async fn endre(kall: Kall, kropp: Bytes) -> Response {
    let svar = async {
        let aktor = kall.aktor(SKRIVE).await?;
        let post = kall.mp().endre_scope(&aktor, &kall.scope()?, les(objekt(&kropp)?)?).await?;
        Ok(svar::json(StatusCode::OK, &vis(&post)))
    };
    kall.selvbetjening(svar.await)
}

pub async fn slett(kall: Kall) -> Response {
    let svar = async {
        let aktor = kall.aktor(SKRIVE).await?;
        let post = kall.mp().slett_scope(&aktor, &kall.scope()?).await?;
        Ok(svar::json(StatusCode::OK, &vis(&post)))
    };
    kall.selvbetjening(svar.await)
}

pub async fn kilder(kall: Kall) -> Response {
    let tid = tidstekst(tid::Timestamp::default());
    let kilder = json!([{
        "name": "Altinn",
        "issuer": kall.mp().oppsett().delegeringskilde,
        "created": tid,
        "last_updated": tid,
    }]);
    svar::json(StatusCode::OK, &kilder)
}

pub async fn prefikser(kall: Kall) -> Response {
    let svar = async {
        let prefikser = kall.mp().prefikser().await?;
        let vist: Vec<Value> = prefikser
            .iter()
            .map(|post| json!({ "prefix": post.prefix, "owner_orgno": post.owner_orgno }))
            .collect();
        Ok(svar::json(StatusCode::OK, &vist))
    };
    kall.selvbetjening(svar.await)
}

fn navn(felt: &Object) -> Result<Scope, Nei> {
    let del = |navn: &'static str| {
        let tekst = felt.get(navn).and_then(Value::as_str).filter(|tekst| !tekst.is_empty());
        tekst.ok_or_else(|| Avvist::ugyldig(navn, format!("{navn} mangler")))
    };
    let (prefix, subscope) = (del("prefix")?, del("subscope")?);
    let feil = |_| Avvist::ugyldig("subscope", "prefix eller subscope har ugyldige tegn");
    if prefix.contains(':') {
        return Err(Avvist::ugyldig("prefix", "prefix kan ikke ha kolon").into());
    }
    Ok(Scope::parse(&format!("{prefix}:{subscope}")).map_err(feil)?)
}

/// Reads a scope as it is sent. Members that are `null` count as not sent.
fn les(mut felt: Object) -> Result<Scopefelt, Nei> {
    felt.retain(|_, verdi| !verdi.is_null());
    lest(felt)
}

/// A scope as it is shown.
pub fn vis(post: &Scopepost) -> Value {
    json!({
        "name": post.name,
        "prefix": post.name.prefix(),
        "subscope": post.name.subscope(),
        "description": post.description,
        "long_description": post.long_description,
        "visibility": post.visibility,
        "accessible_for_all": post.accessible_for_all,
        "allowed_integration_types": post.allowed_integration_types,
        "delegation_source": post.delegation_source,
        "at_max_age": post.at_max_age,
        "authorization_max_lifetime": post.authorization_max_lifetime,
        "requires_user_consent": post.requires_user_consent,
        "requires_user_authentication": post.requires_user_authentication,
        "requires_pseudonymous_tokens": post.requires_pseudonymous_tokens,
        "token_type": post.token_type,
        "enforced_aud_for_introspection": post.enforced_aud_for_introspection,
        "active": post.active,
        "owner_orgno": post.owner_orgno,
        "created": tidstekst(post.created),
        "last_updated": tidstekst(post.last_updated),
    })
}
