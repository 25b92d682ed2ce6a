//! The service around every route.

use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::HttpBody;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, Uri, header};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower::{Layer, Service};
use tracing::Instrument;

use super::body_limit::{self, Reading};
use super::compression::Compressed;
use super::log_line::LogLine;
use super::request_id::{self, RequestId};
use super::{Settings, compression, cors};
use crate::fault::{Call, Fault};

/// Makes [`Shell`]s that share one set of limits.
#[derive(Clone)]
pub(super) struct ShellLayer(Arc<Shared>);

struct Shared {
    settings: Settings,
    in_flight: Arc<Semaphore>,
}

impl ShellLayer {
    pub(super) fn new(settings: Settings) -> Self {
        let in_flight = Arc::new(Semaphore::new(settings.max_in_flight.min(Semaphore::MAX_PERMITS)));
        Self(Arc::new(Shared { settings, in_flight }))
    }
}

impl<S> Layer<S> for ShellLayer {
    type Service = Shell<S>;

    fn layer(&self, inner: S) -> Shell<S> {
        Shell { inner: compression::around(inner), shared: self.0.clone() }
    }
}

/// A route with everything around it.
#[derive(Clone)]
pub(super) struct Shell<S> {
    inner: Compressed<S>,
    shared: Arc<Shared>,
}

impl<S> Service<Request> for Shell<S>
where
    S: Service<Request, Response = Response, Error = Infallible>,
    S::Future: Send + 'static,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let shared = self.shared.clone();
        let (head, body) = request.into_parts();
        let id = RequestId::of(&head.headers, &*shared.settings.random);
        let line = LogLine::begin(&head, id, shared.settings.observer.clone());
        let (uri, accept) = (head.uri.clone(), head.headers.get(header::ACCEPT).cloned());
        let has_body = !body.is_end_stream();
        match shared.admit(Request::from_parts(head, body), line.request_id()) {
            Err(refusal) => {
                let refusal = if has_body { last(refusal) } else { refusal };
                Box::pin(async move { Ok(shared.finish((&uri, accept.as_ref()), line, refusal)) })
            }
            Ok(Admitted { request, reading, permit }) => {
                let compressed = compression::is_asked(request.headers());
                let span = line.span().clone();
                let end = move |shared: &Shared, response| {
                    drop(permit);
                    Ok(shared.finish((&uri, accept.as_ref()), line, blame(response, reading.as_ref())))
                };
                if compressed {
                    let work = span.in_scope(|| self.inner.call(request)).instrument(span);
                    Box::pin(async move { end(&shared, shared.answer(work).await) })
                } else {
                    let work = span.in_scope(|| self.inner.get_mut().call(request)).instrument(span);
                    Box::pin(async move {
                        let mut response = shared.answer(work).await;
                        compression::vary(&mut response);
                        end(&shared, response)
                    })
                }
            }
        }
    }
}

/// An answer after which the connection is not used: nobody reads what is left of the request.
fn last(mut response: Response) -> Response {
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

/// A request that may go in.
struct Admitted {
    request: Request,
    /// Set if the request has a body.
    reading: Option<Reading>,
    /// Not held by what is always let in.
    permit: Option<OwnedSemaphorePermit>,
}

impl Shared {
    #[expect(clippy::result_large_err, reason = "the refusal is the answer, and is sent at once")]
    fn admit(&self, request: Request, id: &RequestId) -> Result<Admitted, Response> {
        let (mut head, mut body) = request.into_parts();
        if let Some(answer) = cors::preflight(&head) {
            return Err(answer);
        }
        if url_length(&head.uri) > self.settings.max_url {
            return Err(Fault::UrlTooLong.into_response());
        }
        let max_body = self.settings.max_body(head.uri.path());
        if body.size_hint().lower() > max_body as u64 {
            return Err(Fault::BodyTooLarge.into_response());
        }
        let permit = self.permit(head.uri.path())?;
        let mut reading = None;
        if !body.is_end_stream() {
            let (limited, flag) = body_limit::limit(body, max_body);
            (body, reading) = (limited, Some(flag));
        }
        compression::forgive(&mut head.headers);
        head.extensions.insert(id.clone());
        Ok(Admitted { request: Request::from_parts(head, body), reading, permit })
    }

    #[expect(clippy::result_large_err, reason = "as for `admit`")]
    fn permit(&self, path: &str) -> Result<Option<OwnedSemaphorePermit>, Response> {
        let below = |prefix| path.strip_prefix(prefix).is_some_and(|rest: &str| rest.starts_with('/'));
        if self.settings.always_admitted.is_some_and(below) {
            return Ok(None);
        }
        let permit = Arc::clone(&self.in_flight).try_acquire_owned();
        permit.map(Some).map_err(|_| Fault::Overloaded.into_response())
    }

    /// Runs the handler within its time, and survives its panics.
    async fn answer<F, R>(&self, work: F) -> Response
    where
        F: Future<Output = Result<R, Infallible>>,
        R: IntoResponse,
    {
        let mut work = pin!(work);
        // The handler's future is dropped after a panic and never polled again.
        let mut caught = poll_fn(|cx| match catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(cx))) {
            Ok(polled) => polled.map(Ok),
            Err(_) => Poll::Ready(Err(Fault::Internal)),
        });
        // Most answers are there at once; only the others need a clock.
        let first = poll_fn(|cx| Poll::Ready(Pin::new(&mut caught).poll(cx))).await;
        let done = match first {
            Poll::Ready(done) => Ok(done),
            Poll::Pending => tokio::time::timeout(self.settings.timeout, caught).await,
        };
        match done {
            Ok(Ok(Ok(response))) => response.into_response(),
            Ok(Err(fault)) => fault.into_response(),
            Err(_) => Fault::Timeout.into_response(),
        }
    }

    fn finish(
        &self,
        (uri, accept): (&Uri, Option<&HeaderValue>),
        line: LogLine,
        response: Response,
    ) -> Response {
        let call = Call { path: uri.path(), trace: line.request_id().as_str(), accept };
        let mut response = self.settings.forms.dress(response, call);
        let headers = response.headers_mut();
        headers.extend(line.request_id().header().map(|value| (request_id::HEADER, value)));
        cors::mark(headers);
        line.follow(response)
    }
}

/// The answer, or what the body's sender must be told instead: that it is too large, or has not come in time.
fn blame(response: Response, reading: Option<&Reading>) -> Response {
    let Some(reading) = reading else { return response };
    let timed_out = response.extensions().get::<Fault>() == Some(&Fault::Timeout);
    let answer = if reading.too_large() {
        Fault::BodyTooLarge.into_response()
    } else if timed_out && !reading.whole() {
        Fault::SlowBody.into_response()
    } else {
        response
    };
    if reading.whole() { answer } else { last(answer) }
}

fn url_length(uri: &Uri) -> usize {
    uri.path_and_query().map_or(0, |text| text.as_str().len())
}
