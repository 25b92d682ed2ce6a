//! One call, read; and the answers that every handler gives in the same way.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::{FromRequestParts, OriginalUri};
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use journal::JournalError;
use web::accept::{Offer, negotiate};
use web::fault::Fault;
use web::path::PathParams;
use web::query::Query;

use super::Api;
use crate::{Enhetsregister, Feil, Valideringsfeil};

/// Everything a handler may look at.
pub struct Kall {
    pub api: Arc<Api>,
    pub metode: Method,
    pub hoder: HeaderMap,
    /// The path as the caller wrote it, without query.
    pub sti: String,
    pub query: Query,
    pub stiverdier: PathParams,
}

impl FromRequestParts<Arc<Api>> for Kall {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, api: &Arc<Api>) -> Result<Self, Infallible> {
        let stiverdier = PathParams::from_request_parts(parts, api).await?;
        let uri = match OriginalUri::from_request_parts(parts, api).await {
            Ok(OriginalUri(uri)) => uri,
            Err(umulig) => match umulig {},
        };
        Ok(Self {
            api: api.clone(),
            metode: parts.method.clone(),
            hoder: std::mem::take(&mut parts.headers),
            sti: uri.path().to_owned(),
            query: Query::parse(uri.query().unwrap_or("")),
            stiverdier,
        })
    }
}

/// What a handler answers instead of a result.
pub enum Avslag {
    /// Something failed; [`Feil::Ugyldig`] is the caller's doing.
    Feil(Feil),
    /// None of the offered representations is acceptable.
    UgyldigAccept,
    /// There is no such thing: 404 without a body (seed 001).
    IkkeFunnet,
}

impl<E: Into<Feil>> From<E> for Avslag {
    fn from(feil: E) -> Self {
        Self::Feil(feil.into())
    }
}

/// What handlers return.
pub type Svar = Result<Response, Avslag>;

impl Kall {
    /// The register.
    pub fn register(&self) -> &Arc<Enhetsregister> {
        &self.api.register
    }

    /// What links begin with, without a slash at the end.
    pub fn base(&self) -> String {
        web::base_url::public_base(&self.hoder, &self.api.offentlig) + &self.api.prefiks
    }

    /// What links into the imitated surface begin with, without a slash at the end.
    pub fn api_base(&self) -> String {
        web::base_url::public_base(&self.hoder, &self.api.offentlig) + &self.api.lenkebase
    }

    /// Chooses among representations; the first is the default.
    pub fn forhandle<'o, T>(&self, tilbud: &'o [Offer<T>]) -> Result<&'o Offer<T>, Avslag> {
        negotiate(self.hoder.get_all(header::ACCEPT), tilbud, 0).map_err(|_| Avslag::UgyldigAccept)
    }

    /// Turns a handler's result into an answer.
    pub fn svar(&self, svar: Svar) -> Response {
        match svar {
            Ok(svar) => svar,
            Err(Avslag::IkkeFunnet) => StatusCode::NOT_FOUND.into_response(),
            Err(Avslag::UgyldigAccept) => StatusCode::NOT_ACCEPTABLE.into_response(),
            Err(Avslag::Feil(Feil::Ugyldig(feil))) => self.ugyldig(&feil),
            Err(Avslag::Feil(
                Feil::Sok(
                    sok::SearchError::NotReady | sok::SearchError::Journal(JournalError::Unavailable(_)),
                )
                | Feil::Journal(JournalError::Unavailable(_)),
            )) => Fault::Overloaded.into_response(),
            Err(Avslag::Feil(feil)) => {
                tracing::error!(%feil, "et kall feilet");
                Fault::Internal.into_response()
            }
        }
    }

    /// The 400 body of sheet section 14.1.
    fn ugyldig(&self, feil: &[Valideringsfeil]) -> Response {
        #[derive(serde::Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Kropp<'a> {
            tidsstempel: i64,
            status: u16,
            feilmelding: &'a str,
            sti: &'a str,
            antall_feil: usize,
            valideringsfeil: &'a [Valideringsfeil],
        }
        let kropp = Kropp {
            tidsstempel: self.register().naa().as_millis(),
            status: 400,
            feilmelding: "Feilaktig forespørsel",
            sti: &self.sti,
            antall_feil: feil.len(),
            valideringsfeil: feil,
        };
        json(StatusCode::BAD_REQUEST, &kropp)
    }
}

/// An answer with a JSON body in the service's layout.
pub fn json(status: StatusCode, kropp: &impl serde::Serialize) -> Response {
    let kropp = web::json::to_vec(kropp).unwrap_or_default();
    (status, [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], kropp).into_response()
}
