//! Links and how their addresses are spelt.

use std::borrow::Cow;
use std::fmt::Write as _;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::PageInfo;
use crate::query::Query;

/// What stands raw in a query: letters, digits, `-._~`, and the comma and colon that the real services leave
/// (`sort=id,desc`, `dato=2024-01-17T00:00:00.000Z`). The rest is percent-encoded UTF-8.
const IN_QUERY: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b',').remove(b':');

/// The parameters that page links set themselves.
const PAGING: [&str; 3] = ["page", "size", "sort"];

/// `_links`: names and absolute addresses, in the order they are sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Links(Vec<(Cow<'static, str>, String)>);

impl Links {
    /// No links yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Only `self`.
    pub fn to_self(href: impl Into<String>) -> Self {
        Self::new().with("self", href)
    }

    /// With one more link at the end.
    #[must_use]
    pub fn with(mut self, name: impl Into<Cow<'static, str>>, href: impl Into<String>) -> Self {
        self.0.push((name.into(), href.into()));
        self
    }

    /// Names and addresses in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, href)| (name.as_ref(), href.as_str()))
    }

    /// Appends the compact JSON object `{"self":{"href":"…"},…}`.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        out.push(b'{');
        for (i, (name, href)) in self.iter().enumerate() {
            if i > 0 {
                out.push(b',');
            }
            text(out, name);
            out.extend_from_slice(br#":{"href":"#);
            text(out, href);
            out.push(b'}');
        }
        out.push(b'}');
    }
}

/// Appends a JSON string.
pub(super) fn text(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(serde_json::Value::from(text).to_string().as_bytes());
}

/// An address with a query in the services' spelling; without parameters there is no `?`.
pub fn url<'a>(address: &str, parameters: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut out = address.to_owned();
    let mut mark = '?';
    for (name, value) in parameters {
        let (name, value) = (utf8_percent_encode(name, IN_QUERY), utf8_percent_encode(value, IN_QUERY));
        // Writing to a String cannot fail.
        let _ = write!(out, "{mark}{name}={value}");
        mark = '&';
    }
    out
}

/// Everything the links of one page are made from.
#[derive(Debug, Clone, Copy)]
pub struct Paging<'a> {
    /// The absolute address of the resource, without query.
    pub address: &'a str,
    /// The caller's query.
    pub query: &'a Query,
    /// The page and the totals.
    pub page: PageInfo,
    /// The sort as the links shall say it, each key `field,direction` with the direction in lower case; empty if
    /// the caller gave none.
    pub sort: &'a [String],
}

impl Paging<'_> {
    /// `first`, `prev`, `self`, `next`, `last`, as far as they exist.
    ///
    /// `self` repeats the caller's query in the caller's order. The others keep the rest of it and end in
    /// `page`, `size` and `sort`. A result of one page, and one without hits, has only `self`.
    pub fn links(&self) -> Links {
        let PageInfo { number, total_pages, .. } = self.page;
        let this = url(self.address, self.query.pairs());
        let has_next = number.saturating_add(1) < total_pages;
        let navigable = total_pages > 0 && (number > 0 || has_next);
        if !navigable {
            return Links::to_self(this);
        }
        let mut links = Links::new().with("first", self.at(0));
        if number > 0 {
            links = links.with("prev", self.at(number - 1));
        }
        links = links.with("self", this);
        if has_next {
            links = links.with("next", self.at(number + 1));
        }
        links.with("last", self.at(total_pages - 1))
    }

    fn at(&self, page: u64) -> String {
        let (page, size) = (page.to_string(), self.page.size.to_string());
        let kept = self.query.pairs().filter(|(name, _)| !PAGING.contains(name));
        let own = [("page", page.as_str()), ("size", size.as_str())];
        url(self.address, kept.chain(own).chain(self.sort.iter().map(|sort| ("sort", sort.as_str()))))
    }
}

#[cfg(test)]
mod tests {
    use super::super::PageRequest;
    use super::*;

    const HOST: &str = "https://host/enhetsregisteret/api/enheter";

    fn links(query: &str, page: u64, size: u64, total: u64, sort: Option<&str>) -> Vec<(String, String)> {
        let query = Query::parse(query);
        let page = PageRequest { page, size }.of(total);
        let sort: Vec<String> = sort.into_iter().map(str::to_owned).collect();
        let links = Paging { address: HOST, query: &query, page, sort: &sort }.links();
        links.iter().map(|(name, href)| (name.to_owned(), href.replace(HOST, ""))).collect()
    }

    fn expect(actual: &[(String, String)], expected: &[(&str, &str)]) {
        let actual: Vec<_> = actual.iter().map(|(n, h)| (n.as_str(), h.as_str())).collect();
        assert_eq!(actual, expected);
    }

    #[test]
    fn a_page_in_the_middle() {
        expect(
            &links("navn=fjord&size=2&page=1", 1, 2, 9, None),
            &[
                ("first", "?navn=fjord&page=0&size=2"),
                ("prev", "?navn=fjord&page=0&size=2"),
                ("self", "?navn=fjord&size=2&page=1"),
                ("next", "?navn=fjord&page=2&size=2"),
                ("last", "?navn=fjord&page=4&size=2"),
            ],
        );
    }

    #[test]
    fn the_first_page_has_no_prev_and_the_last_no_next() {
        expect(
            &links("", 0, 20, 357, None),
            &[
                ("first", "?page=0&size=20"),
                ("self", ""),
                ("next", "?page=1&size=20"),
                ("last", "?page=17&size=20"),
            ],
        );
        let names: Vec<_> = links("page=17", 17, 20, 357, None).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["first", "prev", "self", "last"]);
    }

    #[test]
    fn sort_comes_last_and_in_the_form_given() {
        expect(
            &links("sort=id,DESC&dato=2024-01-17T00:00:00.000Z", 0, 20, 30, Some("id,desc")),
            &[
                ("first", "?dato=2024-01-17T00:00:00.000Z&page=0&size=20&sort=id,desc"),
                ("self", "?sort=id,DESC&dato=2024-01-17T00:00:00.000Z"),
                ("next", "?dato=2024-01-17T00:00:00.000Z&page=1&size=20&sort=id,desc"),
                ("last", "?dato=2024-01-17T00:00:00.000Z&page=1&size=20&sort=id,desc"),
            ],
        );
    }

    #[test]
    fn one_page_no_hits_and_past_the_end() {
        expect(&links("navn=x", 0, 20, 20, None), &[("self", "?navn=x")]);
        expect(&links("navn=xyzzyq&page=3", 3, 20, 0, None), &[("self", "?navn=xyzzyq&page=3")]);
        expect(
            &links("page=7", 7, 20, 9, None),
            &[
                ("first", "?page=0&size=20"),
                ("prev", "?page=6&size=20"),
                ("self", "?page=7"),
                ("last", "?page=0&size=20"),
            ],
        );
    }

    #[test]
    fn commas_are_decoded_and_the_rest_is_encoded() {
        expect(
            &links("organisasjonsform=AS%2CASA&navn=s%C3%B8r+%26+n%2Bd&x=a%3Db%23%22%3C", 0, 20, 1, None),
            &[("self", "?organisasjonsform=AS,ASA&navn=s%C3%B8r%20%26%20n%2Bd&x=a%3Db%23%22%3C")],
        );
    }
}
