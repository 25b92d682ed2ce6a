//! Answers: a body with its type, and conditional requests (RFC 9110 section 13).

use std::time::{Duration, UNIX_EPOCH};

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use tid::Timestamp;

/// A 200 with these bytes. HEAD requests get the same head; the router drops the body.
pub fn represent(body: impl Into<Bytes>, content_type: &'static str) -> Response {
    let mut response = Response::new(Body::from(body.into()));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

/// An entity tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ETag {
    /// As it is sent.
    value: HeaderValue,
    weak: bool,
}

impl ETag {
    /// For bytes that are always sent as they are: files. Characters that a tag cannot hold are dropped.
    pub fn strong(tag: &str) -> Self {
        Self::new(tag, false)
    }

    /// For representations that may be compressed on the way: API bodies.
    pub fn weak(tag: &str) -> Self {
        Self::new(tag, true)
    }

    fn new(tag: &str, weak: bool) -> Self {
        let fits = |c: &char| c.is_ascii_graphic() && *c != '"';
        let tag: String = tag.chars().filter(fits).collect();
        let text = format!("{}\"{tag}\"", if weak { "W/" } else { "" });
        let value = HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static("\"\""));
        Self { value, weak }
    }

    /// As it is sent, without the mark of weakness.
    fn quoted(&self) -> &[u8] {
        let value = self.value.as_bytes();
        value.strip_prefix(b"W/").unwrap_or(value)
    }

    /// Whether a tag in a header is this one. Strong comparison fails when either is weak.
    fn is(&self, text: &str, strongly: bool) -> bool {
        let (text, weak) = match text.strip_prefix("W/") {
            Some(rest) => (rest, true),
            None => (text, false),
        };
        text.as_bytes() == self.quoted() && !(strongly && (weak || self.weak))
    }
}

/// What tells two versions of a resource apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Validators {
    /// Sent as `ETag`.
    pub etag: Option<ETag>,
    /// Sent as `Last-Modified`, in whole seconds.
    pub last_modified: Option<Timestamp>,
}

impl Validators {
    /// Whether the caller's copy is good: `If-None-Match` if given, else `If-Modified-Since`. `*` means any
    /// version. Headers that cannot be read do not count.
    pub fn not_modified(&self, request: &HeaderMap) -> bool {
        if request.contains_key(header::IF_NONE_MATCH) {
            let lines = request.get_all(header::IF_NONE_MATCH).iter().filter_map(|line| line.to_str().ok());
            let mut tags = lines.flat_map(|line| line.split(',')).map(str::trim);
            return tags.any(|tag| tag == "*" || self.etag.as_ref().is_some_and(|own| own.is(tag, false)));
        }
        let since = request.get(header::IF_MODIFIED_SINCE).and_then(http_seconds);
        since.is_some_and(|since| self.last_modified.is_some_and(|own| seconds(own) <= since))
    }

    /// Whether a range may be cut from this version: no `If-Range`, or one that names exactly it.
    pub(crate) fn range_applies(&self, request: &HeaderMap) -> bool {
        let Some(condition) = request.get(header::IF_RANGE) else { return true };
        let text = condition.to_str().unwrap_or("");
        let tag_fits = self.etag.as_ref().is_some_and(|own| own.is(text, true));
        tag_fits || http_seconds(condition).is_some_and(|at| self.last_modified.map(seconds) == Some(at))
    }

    /// Sets `ETag` and `Last-Modified`.
    pub fn write(&self, headers: &mut HeaderMap) {
        if let Some(etag) = &self.etag {
            headers.insert(header::ETAG, etag.value.clone());
        }
        if let Some(at) = self.last_modified {
            headers.extend(HeaderValue::try_from(at.http_date()).map(|value| (header::LAST_MODIFIED, value)));
        }
    }
}

/// Answers 304 if the caller's copy is good, else what `respond` makes; both carry the validators.
pub fn conditional(
    request: &HeaderMap,
    validators: &Validators,
    respond: impl FnOnce() -> Response,
) -> Response {
    let good = validators.not_modified(request);
    let mut response = if good { StatusCode::NOT_MODIFIED.into_response() } else { respond() };
    validators.write(response.headers_mut());
    response
}

/// Seconds since 1970.
fn seconds(at: Timestamp) -> i64 {
    at.as_millis().div_euclid(1000)
}

/// An HTTP date in any of its three forms, in seconds since 1970.
fn http_seconds(value: &HeaderValue) -> Option<i64> {
    let at = httpdate::parse_http_date(value.to_str().ok()?).ok()?;
    let since = at.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    i64::try_from(since.as_secs()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(lines: &[(&'static str, &str)]) -> HeaderMap {
        lines.iter().map(|(n, v)| (n.parse().unwrap(), HeaderValue::from_str(v).unwrap())).collect()
    }

    fn validators(etag: ETag) -> Validators {
        Validators { etag: Some(etag), last_modified: Some(Timestamp::from_millis(1_785_897_057_544)) }
    }

    #[test]
    fn if_none_match() {
        let v = validators(ETag::weak("a1"));
        for good in ["W/\"a1\"", "\"a1\"", "*", "\"x\", W/\"a1\"", "\"x\" ,\"a1\""] {
            assert!(v.not_modified(&request(&[("if-none-match", good)])), "{good}");
        }
        for bad in ["\"a2\"", "a1", "W/a1", "", "\"a1", "w/\"a1\""] {
            assert!(!v.not_modified(&request(&[("if-none-match", bad)])), "{bad}");
        }
        let later = "Wed, 05 Aug 2027 02:30:57 GMT";
        assert!(!v.not_modified(&request(&[("if-none-match", "\"x\""), ("if-modified-since", later)])));
    }

    #[test]
    fn if_modified_since_counts_in_whole_seconds() {
        let v = validators(ETag::strong("a1"));
        let at = |text| v.not_modified(&request(&[("if-modified-since", text)]));
        assert!(at("Wed, 05 Aug 2026 02:30:57 GMT"));
        assert!(at("Wednesday, 05-Aug-26 02:30:58 GMT"));
        assert!(!at("Wed, 05 Aug 2026 02:30:56 GMT"));
        assert!(!at("i går"));
        assert!(!v.not_modified(&HeaderMap::new()));
    }

    #[test]
    fn if_range_compares_strongly() {
        let v = validators(ETag::strong("a1"));
        let applies = |v: &Validators, text| v.range_applies(&request(&[("if-range", text)]));
        assert!(applies(&v, "\"a1\"") && applies(&v, "Wed, 05 Aug 2026 02:30:57 GMT"));
        assert!(!applies(&v, "W/\"a1\"") && !applies(&v, "\"a2\"") && !applies(&v, "tull"));
        assert!(!applies(&validators(ETag::weak("a1")), "\"a1\""));
        assert!(v.range_applies(&HeaderMap::new()));
    }

    #[test]
    fn both_answers_carry_the_validators() {
        let v = validators(ETag::weak("a\"1\u{f8}"));
        let fresh = conditional(&HeaderMap::new(), &v, || represent("{}", "application/json"));
        assert_eq!(fresh.status(), StatusCode::OK);
        assert_eq!(fresh.headers()[header::CONTENT_TYPE], "application/json");
        let known = request(&[("if-none-match", fresh.headers()[header::ETAG].to_str().unwrap())]);
        let again = conditional(&known, &v, || panic!("must not be made"));
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        for response in [fresh, again] {
            assert_eq!(response.headers()[header::ETAG], "W/\"a1\"");
            assert_eq!(response.headers()[header::LAST_MODIFIED], "Wed, 05 Aug 2026 02:30:57 GMT");
        }
    }
}
