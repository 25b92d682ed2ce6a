//! One call, read.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, OriginalUri, Request};
use axum::response::{IntoResponse, Response};
use bytes::{Bytes, BytesMut};
use http::request::Parts;
use http::{HeaderMap, Method, header};
use http_body_util::BodyExt;
use identifikator::Organisasjonsnummer;
use tokio::sync::OwnedSemaphorePermit;
use vakt::{Caller, CertificateHolder};
use web::fault::Fault;
use web::path::PathParams;
use web::query::Query;

use super::{Api, STOR};
use crate::Produsent;

/// Everything a handler may look at.
pub struct Kall {
    api: Arc<Api>,
    pub(super) avsender: Organisasjonsnummer,
    pub(super) metode: Method,
    pub(super) hoder: HeaderMap,
    pub(super) query: Query,
    pub(super) stiverdier: PathParams,
}

/// A call with its body, which is not read yet.
pub struct Innsendt {
    pub(super) kall: Kall,
    kropp: Body,
}

/// A request body that has been read, and its turn if it is a large one.
pub struct Kropp {
    pub(super) bytes: Bytes,
    _tur: Option<OwnedSemaphorePermit>,
}

impl FromRequest<Arc<Api>> for Innsendt {
    type Rejection = Response;

    async fn from_request(request: Request, api: &Arc<Api>) -> Result<Self, Response> {
        let (mut parts, kropp) = request.into_parts();
        Ok(Self { kall: Kall::from_request_parts(&mut parts, api).await?, kropp })
    }
}

impl Innsendt {
    /// Reads the body. A large one waits for its turn, so that however many come, they do not fill memory.
    ///
    /// # Errors
    /// The answer, when it is too large or too slow; which it was, is said by the layer that found it so.
    pub(super) async fn les(mut self) -> Result<(Kall, Kropp), Response> {
        let (mut bytes, mut tur) = (BytesMut::new(), None);
        while let Some(bit) = self.kropp.frame().await {
            let bit = bit.map_err(|_| Fault::BodyTooLarge.into_response())?;
            let Ok(data) = bit.into_data() else { continue };
            if tur.is_none() && bytes.len() + data.len() > STOR {
                tur = self.kall.api.store.clone().acquire_owned().await.ok();
            }
            bytes.extend_from_slice(&data);
        }
        Ok((self.kall, Kropp { bytes: bytes.freeze(), _tur: tur }))
    }
}

impl FromRequestParts<Arc<Api>> for Kall {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, api: &Arc<Api>) -> Result<Self, Response> {
        let avsender = avsender(parts, api).await?;
        let stiverdier =
            PathParams::from_request_parts(parts, api).await.unwrap_or_else(|umulig| match umulig {});
        let uri = match OriginalUri::from_request_parts(parts, api).await {
            Ok(OriginalUri(uri)) => uri,
            Err(umulig) => match umulig {},
        };
        Ok(Self {
            api: api.clone(),
            avsender,
            query: Query::parse(uri.query().unwrap_or("")),
            stiverdier,
            metode: parts.method.clone(),
            hoder: std::mem::take(&mut parts.headers),
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
    // Were there two, one of them could be the caller's own.
    let mut verdier = parts.headers.get_all(hode).iter();
    let verdi = verdier.next().filter(|_| verdier.next().is_none()).and_then(|verdi| verdi.to_str().ok());
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

    /// The caller, as it is kept with what is done.
    pub(super) fn aktoer(&self) -> String {
        format!("organisasjon {}", self.avsender)
    }

    /// What the body is, as the sender says.
    pub(super) fn innholdstype(&self) -> &str {
        self.hoder.get(header::CONTENT_TYPE).and_then(|verdi| verdi.to_str().ok()).unwrap_or("")
    }
}
