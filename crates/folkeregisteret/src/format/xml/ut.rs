//! Writing XML.

use std::fmt::Display;
use std::io::Write;

use crate::format::Skriver;

/// The declaration at the top of every document.
const DEKLARASJON: &[u8] = br#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;

/// Writes elements to the end of a buffer, all in one namespace, under a prefix if there is one.
pub(crate) struct Xml<'a> {
    ut: &'a mut Vec<u8>,
    prefiks: &'a str,
}

impl<'a> Xml<'a> {
    /// The inside of an element of the default namespace.
    pub(crate) fn til(ut: &'a mut Vec<u8>) -> Self {
        Self::med_prefiks(ut, "")
    }

    /// The inside of an element where the namespace has a prefix, given with its colon: `p:`.
    pub(crate) fn med_prefiks(ut: &'a mut Vec<u8>, prefiks: &'a str) -> Self {
        Self { ut, prefiks }
    }

    /// A whole document: declaration, root element with its namespace, content.
    pub(crate) fn dokument(ut: &mut Vec<u8>, rot: &str, navnerom: &str, innhold: impl FnOnce(&mut Xml<'_>)) {
        ut.extend_from_slice(DEKLARASJON);
        // Writing to memory does not fail.
        let _ = write!(ut, r#"<{rot} xmlns="{navnerom}">"#);
        innhold(&mut Xml::til(ut));
        let _ = write!(ut, "</{rot}>");
    }

    fn merke(&mut self, aapning: &[u8], navn: &str) {
        self.ut.extend_from_slice(aapning);
        self.ut.extend_from_slice(self.prefiks.as_bytes());
        self.ut.extend_from_slice(navn.as_bytes());
        self.ut.push(b'>');
    }
}

impl Skriver for Xml<'_> {
    fn tekst(&mut self, tekst: &str) {
        let mut fra = 0;
        for (i, b) in tekst.bytes().enumerate() {
            let flukt: &[u8] = match b {
                b'&' => b"&amp;",
                b'<' => b"&lt;",
                b'>' => b"&gt;",
                // A reader would turn it into a line feed.
                b'\r' => b"&#13;",
                _ => continue,
            };
            self.ut.extend_from_slice(&tekst.as_bytes()[fra..i]);
            self.ut.extend_from_slice(flukt);
            fra = i + 1;
        }
        self.ut.extend_from_slice(&tekst.as_bytes()[fra..]);
    }

    fn kode(&mut self, verdi: &dyn Display) {
        let _ = write!(self.ut, "{verdi}");
    }

    fn tall(&mut self, tall: i64) {
        self.kode(&tall);
    }

    fn boolsk(&mut self, verdi: bool) {
        self.kode(&verdi);
    }

    fn objekt(&mut self, innhold: impl FnOnce(&mut Self)) {
        innhold(self);
    }

    fn felt(&mut self, navn: &'static str, verdi: impl FnOnce(&mut Self)) {
        self.merke(b"<", navn);
        verdi(self);
        self.merke(b"</", navn);
    }

    fn liste<T>(&mut self, navn: &'static str, verdier: &[T], mut verdi: impl FnMut(&mut Self, &T)) {
        for v in verdier {
            self.felt(navn, |ut| verdi(ut, v));
        }
    }
}
