//! Calls to a server: plain HTTP or TLS, one at a time, for commands.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, StatusCode, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper_rustls::HttpsConnectorBuilder;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use rustls::{ClientConfig, RootCertStore};

use crate::failure::{Failure, chain};

/// How long a call may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// The largest answer.
const ANSWER_BYTES_MAX: usize = 1 << 20;

/// Asks, with a form if there is one; answers status and body.
///
/// # Errors
/// When no whole answer comes.
pub(crate) async fn call(url: &str, form: Option<String>) -> Result<(StatusCode, Bytes), Failure> {
    let unreachable = |why: String| {
        Failure::failed(
            format!("{url} does not answer: {why}"),
            "start a server with `grunndata demo`, or name another with --url BASE",
        )
    };
    let method = if form.is_some() { Method::POST } else { Method::GET };
    let request = Request::builder()
        .method(method)
        .uri(url)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Full::new(Bytes::from(form.unwrap_or_default())))
        .map_err(|error| unreachable(error.to_string()))?;
    let tls = tls().map_err(|error| unreachable(error.to_string()))?;
    let connector = HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http().enable_http1().build();
    let client = Client::builder(TokioExecutor::new()).build(connector);
    let asked = async {
        let answer = client.request(request).await.map_err(|error| chain(&error))?;
        let status = answer.status();
        let body = Limited::new(answer.into_body(), ANSWER_BYTES_MAX).collect().await;
        Ok((status, body.map_err(|error| error.to_string())?.to_bytes()))
    };
    match tokio::time::timeout(PATIENCE, asked).await {
        Ok(answered) => answered.map_err(unreachable),
        Err(_) => Err(unreachable("the time is up".to_owned())),
    }
}

fn tls() -> Result<ClientConfig, rustls::Error> {
    let mut roots = RootCertStore::empty();
    // A machine without a list of roots can still call over plain HTTP.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}
