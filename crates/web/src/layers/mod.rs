//! What surrounds every route: request id, limits, error forms, CORS, compression and one log line.
//!
//! [`stack`] puts it all around a finished router. In the order a request meets it:
//!
//! 1. **Request id.** A sane incoming `X-Request-Id` is kept, else a UUID is made. It comes back as a header, is
//!    the `trace` of error bodies, and is there for handlers as the extension [`RequestId`].
//! 2. **CORS.** Preflights are answered at once. Every answer carries `Access-Control-Allow-Origin: *` and three
//!    `Vary` lines (sheet section 3).
//! 3. **Limits.** Address length, body size, requests being worked on, time until an answer begins. Sending the
//!    answer counts for none of them: bodies stream in constant memory, and [`serve`](mod@crate::serve) cuts
//!    callers that stop reading.
//! 4. **Compression** (gzip, br) of JSON, XML and text of some size; never of files, nor of anything that is
//!    compressed already. Compressed answers get a fourth `Vary` line.
//! 5. **Panics** of handlers become [`Fault::Internal`].
//! 6. **Error forms.** Every [`Fault`] on the way out gets the form of its path.
//!
//! # The log line
//!
//! One `tracing` event per request, level info, target `foresporsel`, written when the answer has been handed
//! over or the caller has gone. Fields:
//!
//! | field | meaning |
//! |---|---|
//! | `method` | the method; `OTHER` if it is not a standard one |
//! | `route` | the route's template, e.g. `/enheter/{orgnr}`; `-` if none matched. Never the caller's path, which can carry a person number |
//! | `status` | the status; 499 if the caller left before there was one |
//! | `ms` | milliseconds until the answer began, with decimals |
//! | `bytes` | body bytes handed to the connection, after compression |
//! | `request_id` | the request id |
//! | `trace_id` | the trace that the request belongs to (see [`trace`](crate::trace)); not there if it belongs to none |
//!
//! The same moment ends the request's span and is told to the [`Observer`].

mod body_limit;
mod compression;
mod cors;
mod log_line;
mod request_id;
mod shell;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use tid::Random;
use tower::ServiceBuilder;

use crate::fault::{Fault, Forms};
use crate::observe::{Deaf, Observer};
pub use request_id::RequestId;

/// What [`stack`] is told. [`Settings::new`] has the defaults.
#[derive(Clone)]
pub struct Settings {
    /// The error forms.
    pub forms: Forms,
    /// Where request ids come from.
    pub random: Arc<dyn Random>,
    /// Longest path and query, in bytes. Default 24 000 (sheet section 3).
    pub max_url: usize,
    /// Largest request body, in bytes. Default 1 MiB.
    pub max_body: usize,
    /// Where requests may be larger. Default nowhere.
    pub roomy: Option<Roomy>,
    /// Most requests worked on at once; more are told 503 and to come back. Default 1 024.
    pub max_in_flight: usize,
    /// Longest time until an answer begins. Default 30 seconds.
    pub timeout: Duration,
    /// Paths under this one are let in however many requests are being worked on: whoever restarts a process that does
    /// not answer must not do so because it is busy. Default none.
    pub always_admitted: Option<&'static str>,
    /// Who hears of requests. Default nobody.
    pub observer: Arc<dyn Observer>,
}

/// Paths whose request bodies may be larger than others'.
#[derive(Debug, Clone)]
pub struct Roomy {
    /// They lie under this one.
    pub below: String,
    /// The largest body, in bytes.
    pub max_body: usize,
}

impl Settings {
    /// The largest body that a path takes.
    pub(crate) fn max_body(&self, path: &str) -> usize {
        let below =
            |roomy: &&Roomy| path.strip_prefix(&*roomy.below).is_some_and(|rest| rest.starts_with('/'));
        self.roomy.as_ref().filter(below).map_or(self.max_body, |roomy| roomy.max_body)
    }

    /// The defaults.
    pub fn new(forms: Forms, random: Arc<dyn Random>) -> Self {
        Self {
            forms,
            random,
            max_url: 24_000,
            max_body: 1024 * 1024,
            roomy: None,
            max_in_flight: 1024,
            timeout: Duration::from_secs(30),
            always_admitted: None,
            observer: Arc::new(Deaf),
        }
    }
}

/// Puts the layers around a finished router. Routes added afterwards are outside them.
pub fn stack(router: Router, settings: Settings) -> Router {
    let layers = ServiceBuilder::new()
        .layer(shell::ShellLayer::new(settings))
        // The limit here is ours; axum's own would answer in its own words.
        .layer(DefaultBodyLimit::disable());
    router
        .fallback(|| async { Fault::NotFound })
        .method_not_allowed_fallback(|| async { Fault::MethodNotAllowed })
        .layer(layers)
}

#[cfg(test)]
mod tests;
