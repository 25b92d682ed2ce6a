//! What the machinery itself must answer, in the form of the register concerned.
//!
//! Code that finds a fault answers [`Fault`]; [`layers::stack`](crate::layers::stack) replaces that answer with
//! the one that the [`ErrorForm`] of the path makes. No caller ever sees the framework's own texts.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

/// Why a request was answered by the machinery instead of a handler.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    /// No such route: 404.
    NotFound,
    /// The route exists, the method does not: 405. The `Allow` header is set by the router.
    MethodNotAllowed,
    /// The address is longer than the limit: 400, as the real front proxy says (sheet section 3).
    UrlTooLong,
    /// The body is larger than the limit: 413.
    BodyTooLarge,
    /// The body did not come in time: 408.
    SlowBody,
    /// The handler used too much time: 503.
    Timeout,
    /// Too many requests at once: 503.
    Overloaded,
    /// A handler panicked: 500.
    Internal,
    /// No access token, or one that does not hold: 401. The challenge stands in `WWW-Authenticate`.
    Unauthenticated,
    /// An access token that holds and gives no access here: 403.
    Forbidden,
    /// The caller has sent more than the limits allow: 429.
    TooManyRequests {
        /// Milliseconds after which there is room again.
        wait_ms: u32,
    },
    /// Something that the answer needs cannot be reached: 503.
    Unavailable,
}

impl Fault {
    /// The status to answer with.
    pub fn status(self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::UrlTooLong => StatusCode::BAD_REQUEST,
            Self::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::SlowBody => StatusCode::REQUEST_TIMEOUT,
            Self::Timeout | Self::Overloaded | Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Unauthenticated => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::TooManyRequests { .. } => StatusCode::TOO_MANY_REQUESTS,
        }
    }

    /// A sentence for the caller, in Norwegian.
    pub fn text(self) -> &'static str {
        match self {
            Self::NotFound => "Ressursen finnes ikke.",
            Self::MethodNotAllowed => "Metoden er ikke tillatt for denne ressursen.",
            Self::UrlTooLong => "Adressen er for lang.",
            Self::BodyTooLarge => "Innholdet i forespørselen er for stort.",
            Self::SlowBody => "Innholdet i forespørselen kom ikke innen fristen.",
            Self::Timeout => "Forespørselen tok for lang tid. Prøv igjen senere.",
            Self::Overloaded => "Tjenesten har for mange samtidige forespørsler. Prøv igjen om litt.",
            Self::Internal => "Det oppstod en uventet feil.",
            Self::Unauthenticated => "Tilgangstoken mangler, er utløpt eller er ugyldig.",
            Self::Forbidden => "Tilgangstokenet gir ikke tilgang til denne ressursen.",
            Self::TooManyRequests { .. } => "Det er sendt for mange forespørsler. Prøv igjen senere.",
            Self::Unavailable => "Tjenesten kan ikke svare nå. Prøv igjen senere.",
        }
    }

    /// After how long it makes sense to try again.
    pub fn retry_after(self) -> Option<Duration> {
        match self {
            Self::Overloaded => Some(Duration::from_secs(1)),
            Self::Timeout | Self::Unavailable => Some(Duration::from_secs(10)),
            Self::TooManyRequests { wait_ms } => Some(Duration::from_millis(wait_ms.into())),
            _ => None,
        }
    }
}

impl IntoResponse for Fault {
    /// An empty answer that carries the fault to where it gets its form.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// What a form may want to know of the call.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// The caller's path without query.
    pub path: &'a str,
    /// The request id that the caller may quote.
    pub trace: &'a str,
    /// What the caller accepts; of several lines the first.
    pub accept: Option<&'a HeaderValue>,
}

/// How a register words faults. Handlers' own errors are the register's own business.
pub trait ErrorForm: Send + Sync + 'static {
    /// The answer, normally with status [`Fault::status`].
    fn render(&self, fault: Fault, call: Call<'_>) -> Response;

    /// The value of `Retry-After`: whole seconds, as the standard has it. Folkeregisteret means milliseconds.
    fn retry_after(&self, wait: Duration) -> HeaderValue {
        HeaderValue::from(wait.as_millis().div_ceil(1000) as u64)
    }
}

/// The error forms of a server, by path prefix.
#[derive(Clone)]
pub struct Forms {
    fallback: Arc<dyn ErrorForm>,
    by_prefix: Vec<(String, Arc<dyn ErrorForm>)>,
}

impl Forms {
    /// One form for everything.
    pub fn new(fallback: impl ErrorForm) -> Self {
        Self { fallback: Arc::new(fallback), by_prefix: Vec::new() }
    }

    /// Another form for a prefix and what lies below it. The longest prefix that fits wins.
    #[must_use]
    pub fn with(mut self, prefix: &str, form: impl ErrorForm) -> Self {
        self.by_prefix.push((prefix.trim_end_matches('/').to_owned(), Arc::new(form)));
        self.by_prefix.sort_by_key(|(prefix, _)| std::cmp::Reverse(prefix.len()));
        self
    }

    fn of(&self, path: &str) -> &dyn ErrorForm {
        let below =
            |prefix: &str| path.strip_prefix(prefix).is_some_and(|r| r.is_empty() || r.starts_with('/'));
        let found = self.by_prefix.iter().find(|(prefix, _)| below(prefix));
        found.map_or(&*self.fallback, |(_, form)| &**form)
    }

    /// Gives the answer its form if it is a fault. The hint to come back is set here, whatever the form says.
    pub(crate) fn dress(&self, response: Response, call: Call<'_>) -> Response {
        let Some(&fault) = response.extensions().get::<Fault>() else { return response };
        let form = self.of(call.path);
        let mut dressed = form.render(fault, call);
        if let Some(wait) = fault.retry_after() {
            dressed.headers_mut().insert(header::RETRY_AFTER, form.retry_after(wait));
        }
        // The challenge is the guard's, and the same whatever the body looks like.
        if let Some(challenge) = response.headers().get(header::WWW_AUTHENTICATE) {
            dressed.headers_mut().insert(header::WWW_AUTHENTICATE, challenge.clone());
        }
        dressed
    }
}

/// Problem details (RFC 9457), the form for paths that belong to no register with a form of its own.
#[derive(Debug, Clone, Copy, Default)]
pub struct Problem;

impl ErrorForm for Problem {
    fn render(&self, fault: Fault, Call { path, trace, .. }: Call<'_>) -> Response {
        #[derive(Serialize)]
        struct Details<'a> {
            title: &'a str,
            status: u16,
            detail: &'a str,
            instance: &'a str,
            #[serde(rename = "traceId")]
            trace: &'a str,
        }
        let status = fault.status();
        let title = status.canonical_reason().unwrap_or("");
        let body = Details { title, status: status.as_u16(), detail: fault.text(), instance: path, trace };
        let mut response = Response::new(Body::from(crate::json::to_vec(&body).unwrap_or_default()));
        *response.status_mut() = status;
        let content_type = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, content_type);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Named(&'static str);

    impl ErrorForm for Named {
        fn render(&self, fault: Fault, _: Call<'_>) -> Response {
            (fault.status(), self.0).into_response()
        }
    }

    fn of(path: &str) -> Call<'_> {
        Call { path, trace: "id", accept: None }
    }

    async fn body(response: Response) -> String {
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    #[tokio::test]
    async fn the_longest_prefix_wins_at_whole_segments() {
        let forms = Forms::new(Named("rot")).with("/a", Named("a")).with("/a/b/", Named("ab"));
        for (path, expected) in [("/a", "a"), ("/a/x", "a"), ("/a/b", "ab"), ("/a/b/c", "ab"), ("/ab", "rot")]
        {
            let dressed = forms.dress(Fault::NotFound.into_response(), of(path));
            assert_eq!(body(dressed).await, expected, "{path}");
        }
        let own = forms.dress((StatusCode::NOT_FOUND, "min egen").into_response(), of("/a"));
        assert_eq!(body(own).await, "min egen");
    }

    /// As Folkeregisteret counts.
    struct Milliseconds;

    impl ErrorForm for Milliseconds {
        fn render(&self, fault: Fault, _: Call<'_>) -> Response {
            fault.status().into_response()
        }

        fn retry_after(&self, wait: Duration) -> HeaderValue {
            HeaderValue::from(wait.as_millis() as u64)
        }
    }

    #[tokio::test]
    async fn the_wait_has_the_forms_unit_and_the_challenge_is_kept() {
        let forms = Forms::new(Named("rot")).with("/ms", Milliseconds);
        for (path, wait_ms, shown) in [("/", 1, "1"), ("/", 1001, "2"), ("/ms", 1001, "1001")] {
            let dressed = forms.dress(Fault::TooManyRequests { wait_ms }.into_response(), of(path));
            assert_eq!(dressed.headers()[header::RETRY_AFTER], shown, "{path}");
        }
        let mut refusal = Fault::Unauthenticated.into_response();
        refusal.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        let dressed = forms.dress(refusal, of("/ms"));
        assert_eq!(dressed.headers()[header::WWW_AUTHENTICATE], "Bearer");
        assert_eq!(dressed.status(), StatusCode::UNAUTHORIZED);
    }

    #[tokio::test]
    async fn problem_details() {
        let dressed = Forms::new(Problem).dress(Fault::Overloaded.into_response(), of("/x\"y"));
        assert_eq!(dressed.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(dressed.headers()[header::RETRY_AFTER], "1");
        let json: serde_json::Value = serde_json::from_str(&body(dressed).await).unwrap();
        assert_eq!(
            (&json["instance"], &json["traceId"], &json["status"]),
            (&"/x\"y".into(), &"id".into(), &503.into())
        );
    }
}
