//! The log line, written exactly once per request: when its last owner lets go of it.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use axum::extract::MatchedPath;
use axum::response::Response;
use bytes::Bytes;
use http::request::Parts;
use http::{Method, StatusCode};
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use opentelemetry::trace::TraceId;
use tokio::time::Instant;
use tracing::Span;

use super::RequestId;
use crate::observe::{Done, Observer};
use crate::trace;

/// The client closed the request: nginx's number, for lines of requests that were never answered.
const CLIENT_LEFT: u16 = 499;

/// What is known about a request so far.
pub(super) struct LogLine {
    method: Method,
    route: Option<MatchedPath>,
    request_id: RequestId,
    begun: Instant,
    answered: Option<(StatusCode, Duration)>,
    bytes: u64,
    span: Span,
    trace: Option<TraceId>,
    observer: Arc<dyn Observer>,
}

impl LogLine {
    pub(super) fn begin(request: &Parts, request_id: RequestId, observer: Arc<dyn Observer>) -> Self {
        observer.arrived();
        let begun = Instant::now();
        let route = request.extensions.get::<MatchedPath>().cloned();
        let (span, trace) =
            trace::of_request(&request.headers, method_name(&request.method), template(route.as_ref()));
        let method = request.method.clone();
        Self { method, route, request_id, begun, answered: None, bytes: 0, span, trace, observer }
    }

    /// The span that the work is done in.
    pub(super) fn span(&self) -> &Span {
        &self.span
    }

    pub(super) fn request_id(&self) -> &RequestId {
        &self.request_id
    }

    /// The answer begins; the line goes along with its body.
    pub(super) fn follow(mut self, response: Response) -> Response {
        self.answered = Some((response.status(), self.begun.elapsed()));
        response.map(|body| Body::new(Counted { body, line: self }))
    }
}

impl Drop for LogLine {
    fn drop(&mut self) {
        let (status, time) = match self.answered {
            Some((status, time)) => (status.as_u16(), time),
            None => (CLIENT_LEFT, self.begun.elapsed()),
        };
        let (method, route) = (method_name(&self.method), template(self.route.as_ref()));
        self.observer.done(&Done { method, route, status, time });
        self.span.record("http.response.status_code", status);
        if status >= 500 {
            self.span.record("otel.status_code", "ERROR");
        }
        tracing::info!(
            target: "foresporsel",
            method,
            route,
            status,
            ms = (time.as_secs_f64() * 1e6).round() / 1e3,
            bytes = self.bytes,
            request_id = self.request_id.as_str(),
            trace_id = self.trace.map(tracing::field::display),
        );
    }
}

/// A route's template, which is the same with and without a slash at the end; `-` for none.
fn template(route: Option<&MatchedPath>) -> &str {
    let path = route.map_or("-", MatchedPath::as_str);
    if path.len() > 1 { path.trim_end_matches('/') } else { path }
}

/// A method of the caller's own making could hold anything, so it is not written down.
fn method_name(method: &Method) -> &str {
    let known = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "CONNECT", "TRACE"];
    if known.contains(&method.as_str()) { method.as_str() } else { "OTHER" }
}

/// A body that counts what is taken out of it.
struct Counted {
    body: Body,
    line: LogLine,
}

impl HttpBody for Counted {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        if let Poll::Ready(Some(Ok(frame))) = &polled {
            self.line.bytes += frame.data_ref().map_or(0, |data| data.len() as u64);
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
