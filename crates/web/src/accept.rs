//! Content negotiation (sheet 5.2).
//!
//! The rules are those of the real services, which are kinder than RFC 9110: parameters other than `q` are
//! ignored, a malformed parameter (`application/json;utf+8`) does no harm, the client's order decides between
//! equal weights, and a wildcard means *the newest version*, that is, the caller's default offer.

use std::borrow::Cow;

use http::HeaderValue;

/// A representation that can be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer<T> {
    /// The `Content-Type` to emit, e.g.
    /// `application/vnd.brreg.enhetsregisteret.enhet.v2+json;charset=UTF-8`. Matching looks at the part
    /// before the first `;` only.
    pub media_type: &'static str,
    /// What the register makes of it: a version, a format.
    pub tag: T,
}

/// The caller accepts none of the offers: 406.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("ingen av representasjonene er akseptable for klienten")]
pub struct NotAcceptable;

/// Chooses an offer. `accept` is every `Accept` line of the request (`headers.get_all(ACCEPT)`); `default` is
/// the index in `offers` of what is sent to a caller without preference.
///
/// Ranges are tried by weight, then in the caller's order. `*/*` and `type/*` choose the default offer (or the
/// first that fits, if the default does not). An offer whose most specific range has `q=0` is never chosen.
///
/// # Errors
/// [`NotAcceptable`] when nothing fits, or when `offers` has no element `default`.
pub fn negotiate<'h, 'o, T>(
    accept: impl IntoIterator<Item = &'h HeaderValue>,
    offers: &'o [Offer<T>],
    default: usize,
) -> Result<&'o Offer<T>, NotAcceptable> {
    let default = offers.get(default).ok_or(NotAcceptable)?;
    let lines: Vec<Cow<'_, str>> =
        accept.into_iter().map(|line| String::from_utf8_lossy(line.as_bytes())).collect();
    let mut ranges: Vec<Range<'_>> =
        lines.iter().flat_map(|line| elements(line)).filter_map(Range::parse).collect();
    if ranges.is_empty() {
        return Ok(default);
    }
    ranges.sort_by_key(|range| std::cmp::Reverse(range.thousandths));
    let allowed: Vec<&Offer<T>> =
        std::iter::once(default).chain(offers).filter(|offer| !refused(&ranges, offer.media_type)).collect();
    ranges
        .iter()
        .filter(|range| range.thousandths > 0)
        .find_map(|range| allowed.iter().find(|offer| range.specificity(offer.media_type).is_some()))
        .copied()
        .ok_or(NotAcceptable)
}

/// One element of an `Accept` header.
struct Range<'a> {
    kind: &'a str,
    subtype: &'a str,
    thousandths: u16,
}

impl<'a> Range<'a> {
    /// `None` for an empty element. A lone `*`, which old Java clients send, is `*/*`.
    fn parse(element: &'a str) -> Option<Self> {
        let mut parts = element.split(';').map(str::trim);
        let essence = parts.next().filter(|text| !text.is_empty())?;
        let (kind, subtype) = match essence.split_once('/') {
            Some((kind, subtype)) => (kind.trim(), subtype.trim()),
            None if essence == "*" => ("*", "*"),
            None => (essence, ""),
        };
        let weight = parts.find_map(|p| p.strip_prefix("q=").or_else(|| p.strip_prefix("Q=")));
        Some(Self { kind, subtype, thousandths: weight.map_or(1000, thousandths) })
    }

    /// How closely the range fits: 2 exactly, 1 `type/*`, 0 `*/*`.
    fn specificity(&self, media_type: &str) -> Option<u8> {
        let (kind, subtype) = essence(media_type);
        match (self.kind, self.subtype) {
            ("*", "*") => Some(0),
            (k, "*") if k.eq_ignore_ascii_case(kind) => Some(1),
            (k, s) if k.eq_ignore_ascii_case(kind) && s.eq_ignore_ascii_case(subtype) => Some(2),
            _ => None,
        }
    }
}

fn essence(media_type: &str) -> (&str, &str) {
    let essence = media_type.split(';').next().unwrap_or("").trim();
    essence.split_once('/').unwrap_or((essence, ""))
}

/// Whether the ranges that fit most closely all have weight 0.
fn refused(ranges: &[Range<'_>], media_type: &str) -> bool {
    let closest = ranges.iter().filter_map(|r| r.specificity(media_type).map(|s| (s, r.thousandths))).max();
    matches!(closest, Some((_, 0)))
}

/// A weight in thousandths; what is not a number counts as 1.
fn thousandths(text: &str) -> u16 {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(decimals) || (whole.is_empty() && decimals.is_empty()) {
        return 1000;
    }
    if whole.bytes().any(|b| b != b'0') {
        return 1000;
    }
    decimals.bytes().chain(*b"000").take(3).fold(0, |sum, b| sum * 10 + u16::from(b - b'0'))
}

/// Splits at commas that are not inside a quoted string.
fn elements(line: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    line.split(move |c| {
        quoted ^= c == '"';
        c == ',' && !quoted
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const V1: &str = "application/vnd.brreg.enhetsregisteret.enhet.v1+json;charset=UTF-8";
    const V2: &str = "application/vnd.brreg.enhetsregisteret.enhet.v2+json;charset=UTF-8";
    const OFFERS: [Offer<u8>; 4] = [
        Offer { media_type: V1, tag: 1 },
        Offer { media_type: V2, tag: 2 },
        Offer { media_type: "application/json", tag: 3 },
        Offer { media_type: "application/hal+json", tag: 4 },
    ];

    fn choose(lines: &[&str]) -> Result<u8, NotAcceptable> {
        let lines: Vec<_> = lines.iter().map(|l| HeaderValue::from_bytes(l.as_bytes()).unwrap()).collect();
        negotiate(&lines, &OFFERS, 2).map(|offer| offer.tag)
    }

    #[test]
    fn the_table_of_the_sheet() {
        let vendor = "application/vnd.brreg.enhetsregisteret.enhet";
        let table: [(&str, Result<u8, NotAcceptable>); 22] = [
            ("", Ok(3)),
            ("*/*", Ok(3)),
            ("*", Ok(3)),
            ("application/*", Ok(3)),
            ("application/json", Ok(3)),
            ("APPLICATION/JSON", Ok(3)),
            ("application/json;charset=UTF-8", Ok(3)),
            ("application/json;utf+8", Ok(3)),
            ("application/hal+json;utf+8", Ok(4)),
            (&format!("{vendor}.v1+json"), Ok(1)),
            (&format!("{vendor}.v2+json;charset=utf-8"), Ok(2)),
            (&format!("{vendor}.v2+json, application/json"), Ok(2)),
            (&format!("application/json;q=0.5, {vendor}.v1+json ; q=0.9"), Ok(1)),
            (&format!("{vendor}.v9+json, application/json"), Ok(3)),
            ("text/html, image/gif, *; q=.2, */*; q=.2", Ok(3)),
            ("application/json;profile=\"a,b\";q=0, application/hal+json", Ok(4)),
            ("application/json;q=0, */*", Ok(1)),
            ("text/html", Err(NotAcceptable)),
            ("application/xml", Err(NotAcceptable)),
            (&format!("{vendor}.v9+json"), Err(NotAcceptable)),
            ("json", Err(NotAcceptable)),
            ("*/*;q=0", Err(NotAcceptable)),
        ];
        for (accept, expected) in table {
            assert_eq!(choose(&[accept]), expected, "{accept}");
        }
    }

    #[test]
    fn several_lines_are_one_list_and_no_line_is_no_preference() {
        assert_eq!(choose(&["text/html", "application/hal+json"]), Ok(4));
        assert_eq!(choose(&["application/json;q=0.1", "application/hal+json;q=0.2"]), Ok(4));
        assert_eq!(choose(&[]), Ok(3));
        assert_eq!(choose(&["application/*;q=0", V2]), Ok(2));
    }

    #[test]
    fn weights() {
        let table =
            [("1", 1000), ("0", 0), (".25", 250), ("0.1239", 123), ("1.5", 1000), ("NaN", 1000), ("", 1000)];
        for (text, expected) in table {
            assert_eq!(thousandths(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn garbage_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            if let Ok(line) = HeaderValue::from_bytes(&bytes) {
                let _ = negotiate([&line], &OFFERS, 2);
            }
        }
    }
}
