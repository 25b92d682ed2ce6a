//! The layout as a `serde_json` formatter.

use std::io;

use serde::Serialize;
use serde_json::ser::Formatter;

use super::reformat::{line, pretty_into};

/// Serialises a value in the services' layout.
///
/// # Errors
/// Only what the value's own `Serialize` says; writing to memory does not fail.
pub fn to_vec<T: Serialize + ?Sized>(value: &T) -> serde_json::Result<Vec<u8>> {
    let mut out = Vec::with_capacity(1024);
    value.serialize(&mut serde_json::Serializer::with_formatter(&mut out, Layout::default()))?;
    Ok(out)
}

/// The services' layout, for a `serde_json::Serializer` of one's own.
#[derive(Debug, Clone, Default)]
pub struct Layout {
    level: usize,
    has_members: bool,
}

impl Formatter for Layout {
    fn begin_array_value<W: io::Write + ?Sized>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        writer.write_all(if first { b" " } else { b", " })
    }

    fn end_array<W: io::Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b" ]")
    }

    fn begin_object<W: io::Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.level += 1;
        self.has_members = false;
        writer.write_all(b"{")
    }

    fn begin_object_key<W: io::Write + ?Sized>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if !first {
            writer.write_all(b",")?;
        }
        writer.write_all(&line(self.level))
    }

    fn begin_object_value<W: io::Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b" : ")
    }

    fn end_object_value<W: io::Write + ?Sized>(&mut self, _: &mut W) -> io::Result<()> {
        self.has_members = true;
        Ok(())
    }

    fn end_object<W: io::Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.level = self.level.saturating_sub(1);
        if self.has_members {
            writer.write_all(&line(self.level))?;
            writer.write_all(b"}")
        } else {
            writer.write_all(b" }")
        }
    }

    /// A stored document inside a serialised value gets the same layout as its surroundings.
    fn write_raw_fragment<W: io::Write + ?Sized>(&mut self, writer: &mut W, raw: &str) -> io::Result<()> {
        let mut out = Vec::with_capacity(raw.len() * 2);
        pretty_into(&mut out, raw.as_bytes(), self.level);
        writer.write_all(&out)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use serde_json::value::RawValue;

    use super::*;

    #[test]
    fn the_error_body_of_the_sheet() {
        // Section 14.1; a struct, because the key order is part of the answer.
        #[derive(Serialize)]
        struct Body {
            status: u16,
            feilmelding: &'static str,
            valideringsfeil: Vec<Error>,
            tom: [u8; 0],
            intet: std::collections::BTreeMap<u8, u8>,
        }
        #[derive(Serialize)]
        struct Error {
            parametere: Vec<&'static str>,
        }
        let body = Body {
            status: 400,
            feilmelding: "Feilaktig forespørsel",
            valideringsfeil: vec![Error { parametere: vec!["size", "page"] }, Error { parametere: vec![] }],
            tom: [],
            intet: std::collections::BTreeMap::new(),
        };
        let expected = r#"{
  "status" : 400,
  "feilmelding" : "Feilaktig forespørsel",
  "valideringsfeil" : [ {
    "parametere" : [ "size", "page" ]
  }, {
    "parametere" : [ ]
  } ],
  "tom" : [ ],
  "intet" : { }
}"#;
        assert_eq!(String::from_utf8(to_vec(&body).unwrap()).unwrap(), expected);
    }

    #[test]
    fn a_raw_document_is_laid_out_at_its_own_depth() {
        let raw = RawValue::from_string(r#"{"a":[{"b":1}]}"#.to_owned()).unwrap();
        let wrapped = std::collections::BTreeMap::from([("x", &raw)]);
        let plain = json!({"x": {"a": [{"b": 1}]}});
        assert_eq!(to_vec(&wrapped).unwrap(), to_vec(&plain).unwrap());
    }
}
