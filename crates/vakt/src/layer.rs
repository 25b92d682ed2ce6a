//! The guard around routes.

use std::net::{IpAddr, Ipv4Addr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::Router;
use axum::body::{Body, HttpBody};
use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::HeaderMap;
use http::request::Parts;
use hyper::body::{Frame, SizeHint};
use identifikator::Organisasjonsnummer;
use tid::Clock;
use web::fault::Fault;
use web::peer;

use crate::access::Access;
use crate::denied::Denied;
use crate::guard::Guard;
use crate::konsument::Konsument;
use crate::limit::{Concurrency, Permit, Rate};
use crate::tally::{Outcome, Tally};

/// How long a caller with too many calls under way is asked to wait: about as long as a call takes.
const BUSY_WAIT_MS: u32 = 1_000;

/// An organisation and an API, by numbers.
type Calls = (u32, u16);

/// What stands before some routes.
#[derive(Clone)]
pub struct Gate {
    /// Who verifies.
    pub guard: Arc<Guard>,
    /// What the routes ask of a token.
    pub access: Arc<Access>,
    /// Simultaneous calls of an organisation, and the API's number in that count; `None` counts nothing.
    pub calls: Option<(Arc<Concurrency<Calls>>, u16)>,
}

impl Gate {
    /// Puts the gate before the routes there are; routes added later, and unknown paths, are outside. Handlers take
    /// the caller as the argument [`Caller`].
    pub fn before<S: Clone + Send + Sync + 'static>(self, routes: Router<S>) -> Router<S> {
        routes.route_layer(from_fn_with_state(self, pass))
    }

    async fn admit(
        &self,
        headers: &HeaderMap,
        holder: Option<CertificateHolder>,
    ) -> Result<(Option<Caller>, Option<Permit<Calls>>), Denied> {
        let (caller, orgnr) =
            if let Some(CertificateHolder(orgnr)) = holder.filter(|_| self.access.certificates) {
                (None, orgnr)
            } else {
                let konsument = self.guard.caller(headers).await?;
                self.access.check(&konsument)?;
                let orgnr = konsument.consumer;
                (Some(Caller(konsument)), orgnr)
            };
        let Some((calls, api)) = &self.calls else { return Ok((caller, None)) };
        let permit = calls.begin((orgnr.verdi(), *api));
        let permit = permit.ok_or(Denied::TooMany { wait_ms: BUSY_WAIT_MS })?;
        Ok((caller, Some(permit)))
    }
}

async fn pass(State(gate): State<Gate>, mut request: Request, next: Next) -> Response {
    let holder = request.extensions().get::<CertificateHolder>().copied();
    let (caller, permit) = match gate.admit(request.headers(), holder).await {
        Ok(admitted) => admitted,
        Err(denied) => {
            gate.guard.tally().count(Outcome::from(&denied));
            return denied.into_response();
        }
    };
    if let Some(caller) = caller {
        request.extensions_mut().insert(caller);
    }
    let response = next.run(request).await;
    match permit {
        None => response,
        Some(permit) => response.map(|body| Body::new(UnderWay { body, _permit: permit })),
    }
}

/// An answer that is being sent; the call is over when the caller has it.
struct UnderWay {
    body: Body,
    _permit: Permit<Calls>,
}

impl HttpBody for UnderWay {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// The organisation whose certificate the connection was made with. Who accepts connections verifies the certificate and puts
/// this among the extensions of every request on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CertificateHolder(pub Organisasjonsnummer);

/// The verified caller, for handlers behind a [`Gate`].
#[derive(Debug, Clone)]
pub struct Caller(pub Arc<Konsument>);

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Response;

    /// A route that was left outside the gate answers 500, never without asking.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| {
            tracing::error!("a route that wants a caller stands outside the gate");
            Fault::Internal.into_response()
        })
    }
}

/// The limit on requests a minute from an address.
#[derive(Clone)]
pub struct AddressLimit {
    /// The count; shared by all that are to be counted together.
    pub rate: Arc<Rate>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Whether forwarded addresses are believed, see [`web::peer::address`].
    pub trust_forwarded: bool,
    /// Where refusals are counted.
    pub tally: Arc<Tally>,
}

impl AddressLimit {
    /// Puts the limit before the routes there are.
    pub fn before<S: Clone + Send + Sync + 'static>(self, routes: Router<S>) -> Router<S> {
        routes.route_layer(from_fn_with_state(self, admit))
    }
}

async fn admit(State(limit): State<AddressLimit>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let address = peer::address(&parts, limit.trust_forwarded).unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    match limit.rate.admit(peer::network(address), limit.clock.now().as_millis()) {
        Ok(()) => next.run(Request::from_parts(parts, body)).await,
        Err(wait_ms) => {
            limit.tally.count(Outcome::TooMany);
            Denied::TooMany { wait_ms }.into_response()
        }
    }
}

#[cfg(test)]
mod tests;
