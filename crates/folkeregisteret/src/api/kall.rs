//! One call, read; and the answers that every handler gives in the same way.

use std::sync::Arc;

use axum::extract::{FromRequest, FromRequestParts, OriginalUri, Request};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode, header};
use http_body_util::BodyExt;
use journal::JournalError;
use sok::SearchError;
use vakt::Caller;
use web::accept::{Offer, negotiate};
use web::fault::Fault;
use web::path::PathParams;
use web::query::Query;

use super::Api;
use super::feilform::{egen_feil, generell, med_kropp};
use super::medietyper::{Form, VANLIGE};
use crate::logg::Bruker;
use crate::rettighetspakke::{Deler, Rettighetspakke};
use crate::{Feil, Folkeregister};

/// The declaration at the top of messages in XML.
pub(super) const XML_DEKLARASJON: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;

/// Everything a handler may look at.
pub struct Kall {
    api: Arc<Api>,
    pub(super) bruker: Bruker,
    pub(super) hoder: HeaderMap,
    pub(super) query: Query,
    pub(super) stiverdier: PathParams,
    pub(super) kropp: Bytes,
    er_post: bool,
    /// Only the head of the answer is wanted.
    pub(super) er_hode: bool,
}

impl FromRequest<Arc<Api>> for Kall {
    type Rejection = Response;

    async fn from_request(request: Request, api: &Arc<Api>) -> Result<Self, Response> {
        let (mut parts, kropp) = request.into_parts();
        let Caller(konsument) = Caller::from_request_parts(&mut parts, api).await?;
        let bruker = Bruker { konsument: konsument.consumer, leverandoer: konsument.supplier };
        let stiverdier =
            PathParams::from_request_parts(&mut parts, api).await.unwrap_or_else(|umulig| match umulig {});
        let uri = match OriginalUri::from_request_parts(&mut parts, api).await {
            Ok(OriginalUri(uri)) => uri,
            Err(umulig) => match umulig {},
        };
        // What is too large or too slow is answered by the layer that found it so.
        let kropp = kropp.collect().await.map_err(|_| Fault::BodyTooLarge.into_response())?.to_bytes();
        Ok(Self {
            api: api.clone(),
            bruker,
            query: Query::parse(uri.query().unwrap_or("")),
            stiverdier,
            kropp,
            er_post: parts.method == Method::POST,
            er_hode: parts.method == Method::HEAD,
            hoder: parts.headers,
        })
    }
}

/// What a handler answers instead of a result.
pub(super) enum Avslag {
    /// Status and text of the general error body.
    Sagt(StatusCode, String),
    /// An answer with a body of its own.
    Svar(Box<Response>),
    /// Something failed.
    Feil(Feil),
}

impl<E: Into<Feil>> From<E> for Avslag {
    fn from(feil: E) -> Self {
        Self::Feil(feil.into())
    }
}

impl Avslag {
    /// 400, with what is wrong.
    pub(super) fn ugyldig(melding: impl Into<String>) -> Self {
        Self::Sagt(StatusCode::BAD_REQUEST, melding.into())
    }

    /// 404, with what there is none of.
    pub(super) fn ukjent(melding: &str) -> Self {
        Self::Sagt(StatusCode::NOT_FOUND, melding.to_owned())
    }
}

/// What handlers return.
pub(super) type Svar = Result<Response, Avslag>;

impl Kall {
    /// The register.
    pub(super) fn register(&self) -> &Arc<Folkeregister> {
        &self.api.register
    }

    /// The package that is answered for.
    pub(super) fn pakke(&self) -> Rettighetspakke {
        self.api.pakke
    }

    /// The address of the surface, without a slash at the end.
    pub(super) fn base(&self) -> String {
        web::base_url::public_base(&self.hoder, &self.api.offentlig) + &self.api.prefiks
    }

    /// The parts that are asked for.
    pub(super) fn deler(&self) -> Result<Deler, Avslag> {
        Deler::les(self.query.all("part").filter(|verdi| !verdi.is_empty()))
            .map_err(|feil| Avslag::ugyldig(feil.to_string()))
    }

    /// A value of the query that is true or false; false if it is not there.
    pub(super) fn boolsk(&self, navn: &str) -> Result<bool, Avslag> {
        match self.query.first(navn) {
            None | Some("" | "false") => Ok(false),
            Some("true") => Ok(true),
            Some(_) => Err(Avslag::ugyldig(format!("{navn} må være true eller false"))),
        }
    }

    /// Chooses the form of the answer. A body that comes without a word of what is accepted is answered in its own form.
    pub(super) fn forhandle(&self, tilbud: &[Offer<Form>]) -> Result<Form, Avslag> {
        let godtar =
            self.hoder.get_all(header::ACCEPT).iter().any(|verdi| !verdi.as_bytes().trim_ascii().is_empty());
        if self.er_post && !godtar {
            return Ok(self.innholdsform());
        }
        let valgt = negotiate(self.hoder.get_all(header::ACCEPT), tilbud, 0);
        valgt.map(|tilbud| tilbud.tag).map_err(|_| {
            let melding =
                "Ingen av formatene i Accept kan leveres. Bruk application/json eller application/xml";
            Avslag::Sagt(StatusCode::NOT_ACCEPTABLE, melding.to_owned())
        })
    }

    /// The form of the body: as `Content-Type` says, or else as it looks (section 4.1).
    pub(super) fn innholdsform(&self) -> Form {
        let type_ = self.hoder.get(header::CONTENT_TYPE).and_then(|verdi| verdi.to_str().ok()).unwrap_or("");
        let type_ = type_.split(';').next().unwrap_or("").trim();
        if type_.eq_ignore_ascii_case("application/json") {
            Form::Json
        } else if type_.eq_ignore_ascii_case("application/xml") || type_.eq_ignore_ascii_case("text/xml") {
            Form::Xml
        } else if self.kropp.trim_ascii_start().starts_with(b"{") {
            Form::Json
        } else {
            Form::Xml
        }
    }

    /// Turns a handler's result into an answer.
    pub(super) fn svar(&self, svar: Svar) -> Response {
        let form = || {
            let valgt = negotiate(self.hoder.get_all(header::ACCEPT), &VANLIGE, 0);
            valgt.map_or(Form::Json, |tilbud| tilbud.tag)
        };
        match svar {
            Ok(svar) => svar,
            Err(Avslag::Svar(svar)) => *svar,
            Err(Avslag::Sagt(status, melding)) => generell(status, &melding, form()),
            Err(Avslag::Feil(
                Feil::Journal(JournalError::Unavailable(_)) | Feil::Sok(SearchError::NotReady),
            )) => Fault::Overloaded.into_response(),
            Err(Avslag::Feil(feil)) => {
                tracing::error!(%feil, "et kall feilet");
                egen_feil(form())
            }
        }
    }
}

/// An answer of 200.
pub(super) fn ok(kropp: Vec<u8>, form: Form) -> Response {
    let type_ = match form {
        Form::Json => super::medietyper::JSON,
        Form::Xml => super::medietyper::XML,
        Form::Atom => super::medietyper::ATOM,
        Form::Tekst => super::medietyper::TEKST,
    };
    med_kropp(StatusCode::OK, kropp, type_)
}
