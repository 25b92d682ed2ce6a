//! Calls to a configured issuer. Nothing that a caller sends decides whom we call (sheet section 20.1).

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, StatusCode, Uri, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::{ClientConfig, RootCertStore};

use super::Unavailable;

/// The largest answer; a set of keys with certificates is some 20 kB.
const ANSWER_BYTES_MAX: usize = 256 * 1024;
/// How long one call may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// An address that may be called: `https`, or plain `http` to this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address(Uri);

/// The text is not such an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an address that begins with https:// (or http:// on this machine)")]
pub struct InvalidAddress;

impl Address {
    /// Reads an address.
    pub fn parse(text: &str) -> Result<Self, InvalidAddress> {
        let uri: Uri = text.parse().map_err(|_| InvalidAddress)?;
        let host = uri.host().ok_or(InvalidAddress)?.trim_matches(['[', ']']);
        let here = host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
        match uri.scheme_str() {
            Some("https") => Ok(Self(uri)),
            Some("http") if here => Ok(Self(uri)),
            _ => Err(InvalidAddress),
        }
    }
}

/// A client with limits on everything, which follows no redirects.
#[derive(Clone)]
pub(super) struct Fetch(Client<HttpsConnector<HttpConnector>, Full<Bytes>>);

impl Fetch {
    pub(super) fn new() -> Result<Self, Unavailable> {
        let mut roots = RootCertStore::empty();
        // A machine without a list of roots can still call an issuer on this machine.
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let tls = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let tls = tls.map_err(|_| Unavailable)?.with_root_certificates(roots).with_no_client_auth();
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_connect_timeout(Some(PATIENCE));
        tcp.set_nodelay(true);
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls)
            .https_or_http()
            .enable_http1()
            .wrap_connector(tcp);
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_max_idle_per_host(4)
            .build(connector);
        Ok(Self(client))
    }

    pub(super) async fn get(&self, address: &Address) -> Result<Bytes, Unavailable> {
        self.call(Method::GET, address, None).await
    }

    /// Sends a form.
    pub(super) async fn post(&self, address: &Address, form: String) -> Result<Bytes, Unavailable> {
        self.call(Method::POST, address, Some(form)).await
    }

    async fn call(&self, method: Method, to: &Address, form: Option<String>) -> Result<Bytes, Unavailable> {
        let agent = concat!("grunndata/", env!("CARGO_PKG_VERSION"));
        let mut request = Request::builder()
            .method(method)
            .uri(to.0.clone())
            .header(header::ACCEPT, "application/json")
            .header(header::USER_AGENT, agent);
        if form.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        let body = Full::new(Bytes::from(form.unwrap_or_default()));
        let request = request.body(body).map_err(|_| Unavailable)?;
        let work = async {
            let answer = self.0.request(request).await.map_err(|error| said(to, &error))?;
            if answer.status() != StatusCode::OK {
                return Err(said(to, &answer.status()));
            }
            let body = Limited::new(answer.into_body(), ANSWER_BYTES_MAX).collect().await;
            body.map(http_body_util::Collected::to_bytes).map_err(|error| said(to, &error))
        };
        tokio::time::timeout(PATIENCE, work).await.unwrap_or_else(|_| Err(said(to, &"no answer in time")))
    }
}

fn said(to: &Address, why: &dyn std::fmt::Display) -> Unavailable {
    tracing::warn!(host = to.0.host().unwrap_or("-"), %why, "an issuer did not answer as it should");
    Unavailable
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for good in [
            "https://as.example.no/jwk",
            "http://127.0.0.1:8080/jwk",
            "http://localhost/jwk",
            "http://[::1]:1/",
        ] {
            assert!(Address::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "/jwk",
            "http://as.example.no/jwk",
            "ftp://localhost/",
            "file:///etc/passwd",
            "http://127.evil.no/",
        ] {
            assert_eq!(Address::parse(bad), Err(InvalidAddress), "{bad}");
        }
    }
}
