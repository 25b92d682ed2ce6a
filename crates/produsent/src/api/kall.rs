//! One call, read.

use std::sync::Arc;

use axum::extract::{FromRequest, FromRequestParts, OriginalUri, Request};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, Method, header};
use http_body_util::BodyExt;
use identifikator::Organisasjonsnummer;
use vakt::{Caller, CertificateHolder};
use web::fault::Fault;
use web::path::PathParams;
use web::query::Query;

use super::Api;
use crate::Produsent;

/// Everything a handler may look at.
pub struct Kall {
    api: Arc<Api>,
    pub(super) avsender: Organisasjonsnummer,
    pub(super) metode: Method,
    pub(super) hoder: HeaderMap,
    pub(super) query: Query,
    pub(super) stiverdier: PathParams,
    pub(super) kropp: Bytes,
}

impl FromRequest<Arc<Api>> for Kall {
    type Rejection = Response;

    async fn from_request(request: Request, api: &Arc<Api>) -> Result<Self, Response> {
        let (mut parts, kropp) = request.into_parts();
        let avsender = avsender(&mut parts, api).await?;
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
            avsender,
            query: Query::parse(uri.query().unwrap_or("")),
            stiverdier,
            metode: parts.method,
            hoder: parts.headers,
            kropp,
        })
    }
}

/// The organisation that calls: as the certificate of its connection says, or the guard, or, where a terminator of TLS is
/// trusted, as that one says.
async fn avsender(parts: &mut Parts, api: &Arc<Api>) -> Result<Organisasjonsnummer, Response> {
    if let Some(CertificateHolder(orgnr)) = parts.extensions.get() {
        return Ok(*orgnr);
    }
    let Some(hode) = &api.orgnr_hode else {
        let Caller(konsument) = Caller::from_request_parts(parts, api).await?;
        return Ok(konsument.consumer);
    };
    let verdi = parts.headers.get(hode).and_then(|verdi| verdi.to_str().ok());
    let orgnr = verdi.and_then(|verdi| Organisasjonsnummer::parse(verdi.trim()).ok());
    orgnr.ok_or_else(|| Fault::Unauthenticated.into_response())
}

impl Kall {
    /// The register's side for producers.
    pub(super) fn produsent(&self) -> &Arc<Produsent> {
        &self.api.produsent
    }

    /// Where the surface begins.
    pub(super) fn prefiks(&self) -> &str {
        &self.api.prefiks
    }

    /// What the body is, as the sender says.
    pub(super) fn innholdstype(&self) -> &str {
        self.hoder.get(header::CONTENT_TYPE).and_then(|verdi| verdi.to_str().ok()).unwrap_or("")
    }
}
