//! Which answers are compressed.

use axum::response::Response;
use http::{Extensions, HeaderMap, HeaderValue, StatusCode, Version, header};
use tower_http::CompressionLevel;
use tower_http::compression::Compression;
use tower_http::compression::predicate::{And, Predicate, SizeAbove};

type Rule = fn(StatusCode, Version, &HeaderMap, &Extensions) -> bool;

/// Below this many bytes compression costs more than it saves: the answer fits in one packet.
const SMALLEST: u64 = 1024;

/// A service whose answers are compressed.
pub(super) type Compressed<S> = Compression<S, And<SizeAbove, Rule>>;

pub(super) fn around<S>(inner: S) -> Compressed<S> {
    Compression::new(inner).quality(CompressionLevel::Precise(4)).compress_when(worth_it())
}

fn worth_it() -> And<SizeAbove, Rule> {
    let rule: Rule = |_, _, headers, _| compressible(headers);
    SizeAbove::new(SMALLEST).and(rule)
}

/// Whether the caller says anything of compression. One who does not need not go through [`Compression`], which costs
/// as much as a look-up, but must get the same head: [`vary`].
pub(super) fn is_asked(headers: &HeaderMap) -> bool {
    headers.contains_key(header::ACCEPT_ENCODING)
}

/// Tells caches that the answer would be another for who asks for compression.
pub(super) fn vary(response: &mut Response) {
    let headers = response.headers();
    let never = headers.contains_key(header::CONTENT_ENCODING) || headers.contains_key(header::CONTENT_RANGE);
    if !never && worth_it().should_compress(response) {
        let name = HeaderValue::from_static("accept-encoding");
        response.headers_mut().append(header::VARY, name);
    }
}

/// Forgets that a caller refuses answers that are not compressed (`identity;q=0`, `*;q=0`). Some clients say so
/// without meaning it, and a 406 would help nobody.
pub(super) fn forgive(headers: &mut HeaderMap) {
    let refusal = |coding: &str| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        matches!(name.trim(), "identity" | "*") && weight.trim_start().starts_with("q=0")
    };
    let lines = || headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|line| line.to_str().ok());
    let mut codings = lines().flat_map(|line| line.split(',')).map(str::trim);
    if codings.any(refusal) {
        let codings = lines().flat_map(|line| line.split(',')).map(str::trim);
        let rest = codings.filter(|coding| !refusal(coding)).collect::<Vec<_>>().join(",");
        headers.remove(header::ACCEPT_ENCODING);
        headers.extend(HeaderValue::try_from(rest).map(|value| (header::ACCEPT_ENCODING, value)));
    }
}

/// Text, and not a file: clients of downloads unpack the raw body themselves (sheet 12.1).
fn compressible(headers: &HeaderMap) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let Some(content_type) = content_type.map(str::to_ascii_lowercase) else { return false };
    let names = |words: &[&str]| words.iter().any(|word| content_type.contains(word));
    !headers.contains_key(header::ACCEPT_RANGES)
        && !names(&["gzip", "spreadsheetml", "octet-stream"])
        && (content_type.starts_with("text/") || names(&["json", "xml", "javascript"]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_and_files_are_not() {
        let vendor = "application/vnd.brreg.enhetsregisteret.enhet.v2";
        for (content_type, expected) in [
            ("application/json", true),
            (&*format!("{vendor}+json;charset=UTF-8"), true),
            ("text/html; charset=utf-8", true),
            ("text/css", true),
            ("text/javascript", true),
            ("application/soap+xml", true),
            (&*format!("{vendor}+gzip;charset=UTF-8"), false),
            ("application/gzip", false),
            (&*format!("{vendor}+vnd.openxmlformats-officedocument.spreadsheetml.sheet"), false),
            ("application/octet-stream", false),
            ("image/png", false),
        ] {
            let value = HeaderValue::from_str(content_type).unwrap();
            let mut headers = HeaderMap::from_iter([(header::CONTENT_TYPE, value)]);
            assert_eq!(compressible(&headers), expected, "{content_type}");
            headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
            assert!(!compressible(&headers));
        }
        assert!(!compressible(&HeaderMap::new()));
    }
}
