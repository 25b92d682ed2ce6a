//! Request ids.

use std::sync::Arc;

use http::{HeaderMap, HeaderName, HeaderValue};
use tid::Random;

pub(super) const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The id of a request, as a request extension: 1–128 letters, digits and `-._:`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(Arc<str>);

impl RequestId {
    /// The caller's id if it is sane, else a new UUID.
    pub(super) fn of(headers: &HeaderMap, random: &dyn Random) -> Self {
        let given = headers.get(HEADER).and_then(|value| value.to_str().ok()).filter(|id| sane(id));
        Self(given.map_or_else(|| tid::uuid(random).into(), Into::into))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn header(&self) -> Option<HeaderValue> {
        HeaderValue::from_str(&self.0).ok()
    }
}

/// Ids land in logs, so they must be plain, short, and hold no word of eleven digits: that could be a person
/// number.
fn sane(id: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b':');
    let person = |word: &str| word.len() == 11 && word.bytes().all(|b| b.is_ascii_digit());
    (1..=128).contains(&id.len())
        && id.bytes().all(plain)
        && !id.split(|c: char| !c.is_ascii_alphanumeric()).any(person)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_sane_ids_are_kept() {
        for good in ["a", "01890a5d-ac96-774b-bcce-b302099a8057", "svc:1.2_3", "123456789012"] {
            assert!(sane(good), "{good}");
        }
        let long = "a".repeat(129);
        for bad in ["", "a b", "a\"b", "ø", "17912099997", "req-17912099997", "a/b", &long] {
            assert!(!sane(bad), "{bad}");
        }
    }
}
