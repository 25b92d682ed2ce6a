//! Query strings, in the caller's own order.

use std::convert::Infallible;
use std::fmt;

use axum::extract::FromRequestParts;
use http::request::Parts;
use percent_encoding::percent_decode_str;

/// A decoded query string: names and values in the order the caller wrote them, repeats kept.
///
/// Names are case-sensitive. `+` is a space. Bytes that are not UTF-8 become `U+FFFD` and are told about by
/// [`is_utf8`](Self::is_utf8). `Debug` shows names only, because values can be person numbers.
///
/// It is an extractor that cannot fail.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Query {
    pairs: Vec<(String, String)>,
    utf8: bool,
}

impl Query {
    /// Reads a raw query string, without its leading `?`. Empty parts (`a=1&&b=2`) are skipped, and a name
    /// without `=` has the empty value.
    pub fn parse(raw: &str) -> Self {
        Self {
            pairs: form_urlencoded::parse(raw.as_bytes()).into_owned().collect(),
            utf8: percent_decode_str(raw).decode_utf8().is_ok(),
        }
    }

    /// Whether the percent-decoded text was UTF-8 all through.
    pub fn is_utf8(&self) -> bool {
        self.utf8
    }

    /// Whether there are no parameters.
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// All parameters in the caller's order.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether a parameter of this name was given, empty or not.
    pub fn has(&self, name: &str) -> bool {
        self.first(name).is_some()
    }

    /// The first value of a parameter.
    pub fn first(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// Every value of a repeated parameter.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.pairs().filter(move |(n, _)| *n == name).map(|(_, value)| value)
    }

    /// The same query without the parameters of these names.
    #[must_use]
    pub fn without(&self, names: &[&str]) -> Self {
        let pairs = self.pairs.iter().filter(|(name, _)| !names.contains(&name.as_str())).cloned().collect();
        Self { pairs, utf8: self.utf8 }
    }

    /// The elements of a list parameter: comma-separated (`%2C` is a comma too), repeated, or both (sheet 3).
    /// Elements are trimmed and empty ones dropped.
    pub fn list(&self, name: &str) -> Vec<&str> {
        self.all(name)
            .flat_map(|value| value.split(','))
            .map(str::trim)
            .filter(|element| !element.is_empty())
            .collect()
    }
}

impl fmt::Debug for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.pairs().map(|(name, _)| name)).finish()
    }
}

impl<S: Sync> FromRequestParts<S> for Query {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::parse(parts.uri.query().unwrap_or("")))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn order_repeats_and_decoding_are_kept() {
        let q = Query::parse("navn=b%C3%B8lge+AS&&a=1&a=2&tom&Navn=x");
        let pairs: Vec<_> = q.pairs().collect();
        assert_eq!(pairs, [("navn", "bølge AS"), ("a", "1"), ("a", "2"), ("tom", ""), ("Navn", "x")]);
        assert_eq!(q.first("a"), Some("1"));
        assert_eq!(q.all("a").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(
            q.without(&["a", "tom"]).pairs().collect::<Vec<_>>(),
            [("navn", "bølge AS"), ("Navn", "x")]
        );
        assert!(q.has("tom") && !q.has("mangler") && q.is_utf8());
    }

    #[test]
    fn lists_take_commas_encoded_commas_and_repeats() {
        let q = Query::parse("k=1,2%2C3&k=%204%20&k=&k=,,5");
        assert_eq!(q.list("k"), ["1", "2", "3", "4", "5"]);
        assert!(q.list("mangler").is_empty());
    }

    #[test]
    fn bytes_that_are_not_utf8_are_flagged() {
        let q = Query::parse("navn=%F8l&x=1");
        assert!(!q.is_utf8());
        assert_eq!(q.first("navn"), Some("\u{fffd}l"));
        assert_eq!(q.first("x"), Some("1"));
        assert!(Query::parse("navn=ø").is_utf8());
    }

    #[test]
    fn debug_hides_values() {
        let shown = format!("{:?}", Query::parse("personidentifikator=17912099997"));
        assert!(shown.contains("personidentifikator") && !shown.contains("17912099997"), "{shown}");
    }

    proptest! {
        #[test]
        fn anything_is_read(raw in ".*") {
            let q = Query::parse(&raw);
            prop_assert!(q.pairs().count() <= raw.len());
        }
    }
}
