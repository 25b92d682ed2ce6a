//! One call to the administration, read: who calls, with which parameters and body.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::{FromRequestParts, OriginalUri};
use axum::response::Response;
use http::HeaderMap;
use http::request::Parts;
use serde_json::Value;
use vakt::Scope;
use vakt::json::Object;
use web::layers::RequestId;
use web::path::PathParams;
use web::query::Query;

use super::adgang::Innlogget;
use super::svar::Nei;
use super::{Api, svar};
use crate::Maskinporten;
use crate::admin::{Aktor, Avvist};
use crate::modell::Orgnr;

/// Everything a handler may look at.
pub struct Kall {
    pub api: Arc<Api>,
    pub hoder: HeaderMap,
    pub query: Query,
    pub stiverdier: PathParams,
    pub spor: String,
}

impl FromRequestParts<Arc<Api>> for Kall {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, api: &Arc<Api>) -> Result<Self, Infallible> {
        let stiverdier = PathParams::from_request_parts(parts, api).await?;
        let query = match OriginalUri::from_request_parts(parts, api).await {
            Ok(OriginalUri(uri)) => Query::parse(uri.query().unwrap_or("")),
            Err(umulig) => match umulig {},
        };
        let spor = parts.extensions.get::<RequestId>().map(svar::spor).unwrap_or_default();
        Ok(Self { api: api.clone(), hoder: parts.headers.clone(), query, stiverdier, spor })
    }
}

/// What handlers return.
pub type Svar = Result<Response, Nei>;

impl Kall {
    /// The server.
    pub fn mp(&self) -> &Arc<Maskinporten> {
        &self.api.mp
    }

    /// Who calls.
    pub async fn innlogget(&self) -> Result<Innlogget, Nei> {
        Innlogget::av(self.mp(), &self.hoder).await
    }

    /// The actor, if the token has one of these scopes.
    pub async fn aktor(&self, en_av: &[&str]) -> Result<Aktor, Nei> {
        self.innlogget().await?.aktor(en_av, &self.spor)
    }

    /// A handler's answer in the form of the self-service API.
    pub fn selvbetjening(&self, svar: Svar) -> Response {
        svar.unwrap_or_else(|nei| nei.som_selvbetjening(self.mp(), &self.spor))
    }

    /// A handler's answer in Altinn's form.
    pub fn altinn(&self, svar: Svar) -> Response {
        svar.unwrap_or_else(|nei| nei.som_problem(&self.spor))
    }

    /// The scope in the query. Names may hold slashes, so they are never in the path.
    pub fn scope(&self) -> Result<Scope, Nei> {
        let tekst = self.query.first("scope").unwrap_or_default();
        Scope::parse(tekst).map_err(|_| Avvist::ugyldig("scope", "scope mangler eller er ugyldig").into())
    }

    /// A parameter that is an organisation number; `None` if it is not given.
    pub fn orgnr(&self, navn: &'static str) -> Result<Option<Orgnr>, Nei> {
        self.query.first(navn).map(|tekst| orgnr(navn, tekst)).transpose()
    }

    /// Whether a parameter says `true`.
    pub fn sann(&self, navn: &str) -> bool {
        self.query.first(navn).is_some_and(|tekst| tekst.eq_ignore_ascii_case("true"))
    }
}

/// An organisation number.
pub fn orgnr(navn: &'static str, tekst: &str) -> Result<Orgnr, Nei> {
    let feil = |_| Avvist::ugyldig(navn, format!("{navn} er ikke et gyldig organisasjonsnummer"));
    Ok(Orgnr::parse_strengt(tekst).map_err(feil)?)
}

/// A JSON object in which no name stands twice.
pub fn objekt(kropp: &[u8]) -> Result<Object, Nei> {
    let feil = |_| Avvist::ugyldig("", "innholdet er ikke et JSON-objekt, eller et felt står to ganger");
    Ok(vakt::json::object(kropp).map_err(feil)?)
}

/// A document of a known type.
pub fn lest<T: serde::de::DeserializeOwned>(objekt: Object) -> Result<T, Nei> {
    serde_json::from_value(Value::Object(objekt)).map_err(|feil| {
        // serde's own text repeats what was sent only as the name or the kind of a value.
        Avvist::ugyldig("", format!("innholdet kan ikke leses: {feil}")).into()
    })
}
