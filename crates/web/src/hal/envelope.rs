//! The envelope, written as it is sent.

use super::links::text;
use super::{Links, PageInfo};
use crate::json::pretty_into;

/// Writes `{ "_embedded" : { key : [ … ] }, "_links" : …, "page" : … }`, item by item.
///
/// Without items there is no `_embedded` (sheet 6).
#[derive(Debug)]
pub struct Envelope<'a> {
    key: &'a str,
    out: Vec<u8>,
    scratch: Vec<u8>,
    items: usize,
}

/// How deep items stand: inside the envelope and `_embedded`.
const ITEM_LEVEL: usize = 2;

impl<'a> Envelope<'a> {
    /// An envelope whose items stand under `_embedded.key`.
    pub fn new(key: &'a str) -> Self {
        Self { key, out: Vec::with_capacity(32 * 1024), scratch: Vec::new(), items: 0 }
    }

    /// Adds an item, a JSON object.
    pub fn item(&mut self, compact: &[u8]) {
        self.begin_item();
        pretty_into(&mut self.out, compact, ITEM_LEVEL);
    }

    /// Adds an item with `_links` as its last member.
    pub fn linked_item(&mut self, compact: &[u8], links: &Links) {
        self.begin_item();
        self.scratch.clear();
        link(&mut self.scratch, compact, links);
        pretty_into(&mut self.out, &self.scratch, ITEM_LEVEL);
    }

    /// Ends the envelope. Code lists have no `page`.
    pub fn finish(mut self, links: &Links, page: Option<&PageInfo>) -> Vec<u8> {
        self.out.extend_from_slice(if self.items == 0 { b"{" } else { b" ]\n  }," });
        self.out.extend_from_slice(b"\n  \"_links\" : ");
        self.scratch.clear();
        links.write(&mut self.scratch);
        pretty_into(&mut self.out, &self.scratch, 1);
        if let Some(page) = page {
            let PageInfo { size, total_elements, total_pages, number } = page;
            let page = format!(
                r#"{{"size":{size},"totalElements":{total_elements},"totalPages":{total_pages},"number":{number}}}"#
            );
            self.out.extend_from_slice(b",\n  \"page\" : ");
            pretty_into(&mut self.out, page.as_bytes(), 1);
        }
        self.out.extend_from_slice(b"\n}");
        self.out
    }

    fn begin_item(&mut self) {
        if self.items == 0 {
            self.out.extend_from_slice(b"{\n  \"_embedded\" : {\n    ");
            text(&mut self.out, self.key);
            self.out.extend_from_slice(b" : [ ");
        } else {
            self.out.extend_from_slice(b", ");
        }
        self.items += 1;
    }
}

/// A single resource: the document in the services' layout, with `_links` as its last member.
pub fn resource(compact: &[u8], links: &Links) -> Vec<u8> {
    let mut linked = Vec::with_capacity(compact.len() + 128);
    link(&mut linked, compact, links);
    let mut out = Vec::new();
    pretty_into(&mut out, &linked, 0);
    out
}

/// Appends the object with `_links` before its closing brace.
fn link(out: &mut Vec<u8>, compact: &[u8], links: &Links) {
    let body = compact.trim_ascii_end();
    let body = body.strip_suffix(b"}").unwrap_or(body).trim_ascii_end();
    out.extend_from_slice(body);
    if body.trim_ascii_start() != b"{" {
        out.push(b',');
    }
    out.extend_from_slice(br#""_links":"#);
    links.write(out);
    out.push(b'}');
}

#[cfg(test)]
mod tests {
    use super::super::PageRequest;
    use super::*;

    fn shown(bytes: Vec<u8>) -> String {
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn items_links_and_page() {
        let mut envelope = Envelope::new("enheter");
        envelope.linked_item(br#"{"navn":"A"}"#, &Links::to_self("https://h/1"));
        envelope.item(br#"{"l":["x","y"]}"#);
        let links = Links::to_self("https://h").with("oppdateringer/enheter", "https://h/o\"");
        let body = shown(envelope.finish(&links, Some(&PageRequest { page: 1, size: 2 }.of(9))));
        let expected = r#"{
  "_embedded" : {
    "enheter" : [ {
      "navn" : "A",
      "_links" : {
        "self" : {
          "href" : "https://h/1"
        }
      }
    }, {
      "l" : [ "x", "y" ]
    } ]
  },
  "_links" : {
    "self" : {
      "href" : "https://h"
    },
    "oppdateringer/enheter" : {
      "href" : "https://h/o\""
    }
  },
  "page" : {
    "size" : 2,
    "totalElements" : 9,
    "totalPages" : 5,
    "number" : 1
  }
}"#;
        assert_eq!(body, expected);
    }

    #[test]
    fn no_hits_no_embedded() {
        let body = shown(Envelope::new("enheter").finish(&Links::to_self("u"), None));
        assert_eq!(body, "{\n  \"_links\" : {\n    \"self\" : {\n      \"href\" : \"u\"\n    }\n  }\n}");
    }

    #[test]
    fn a_resource_may_be_empty_or_spacious() {
        let links = Links::to_self("u");
        let tail = "\"_links\" : {\n    \"self\" : {\n      \"href\" : \"u\"\n    }\n  }\n}";
        assert_eq!(shown(resource(b"{}", &links)), format!("{{\n  {tail}"));
        assert_eq!(shown(resource(b"{ \"a\" : 1 }\n", &links)), format!("{{\n  \"a\" : 1,\n  {tail}"));
    }
}
