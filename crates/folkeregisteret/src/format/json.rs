//! Compact JSON.

use std::fmt::Display;
use std::io::Write;

use super::Skriver;

/// Writes JSON to the end of a buffer.
pub(crate) struct Json<'a> {
    ut: &'a mut Vec<u8>,
    /// Something stands before in the same object or list.
    skille: bool,
    /// A field that is left out wherever it stands.
    utelat: &'static str,
}

impl<'a> Json<'a> {
    pub(crate) fn til(ut: &'a mut Vec<u8>) -> Self {
        Self { ut, skille: false, utelat: "" }
    }

    /// The same, leaving out a field.
    pub(crate) fn uten(ut: &'a mut Vec<u8>, utelat: &'static str) -> Self {
        Self { ut, skille: false, utelat }
    }

    fn komma(&mut self) {
        if self.skille {
            self.ut.push(b',');
        }
        self.skille = true;
    }
}

impl Skriver for Json<'_> {
    fn tekst(&mut self, tekst: &str) {
        self.ut.push(b'"');
        let mut fra = 0;
        for (i, b) in tekst.bytes().enumerate() {
            let flukt: &[u8] = match b {
                b'"' => b"\\\"",
                b'\\' => b"\\\\",
                b'\n' => b"\\n",
                b'\r' => b"\\r",
                b'\t' => b"\\t",
                0..0x20 => b"\\ufffd",
                _ => continue,
            };
            self.ut.extend_from_slice(&tekst.as_bytes()[fra..i]);
            self.ut.extend_from_slice(flukt);
            fra = i + 1;
        }
        self.ut.extend_from_slice(&tekst.as_bytes()[fra..]);
        self.ut.push(b'"');
    }

    fn kode(&mut self, verdi: &dyn Display) {
        // Writing to memory does not fail.
        let _ = write!(self.ut, "\"{verdi}\"");
    }

    fn tall(&mut self, tall: i64) {
        let _ = write!(self.ut, "{tall}");
    }

    fn boolsk(&mut self, verdi: bool) {
        self.ut.extend_from_slice(if verdi { b"true" } else { b"false" });
    }

    fn objekt(&mut self, innhold: impl FnOnce(&mut Self)) {
        self.ut.push(b'{');
        self.skille = false;
        innhold(self);
        self.ut.push(b'}');
        self.skille = true;
    }

    fn felt(&mut self, navn: &'static str, verdi: impl FnOnce(&mut Self)) {
        if navn == self.utelat {
            return;
        }
        self.komma();
        self.ut.push(b'"');
        self.ut.extend_from_slice(navn.as_bytes());
        self.ut.extend_from_slice(b"\":");
        verdi(self);
    }

    fn liste<T>(&mut self, navn: &'static str, verdier: &[T], mut verdi: impl FnMut(&mut Self, &T)) {
        self.felt(navn, |ut| {
            ut.ut.push(b'[');
            ut.skille = false;
            for v in verdier {
                ut.komma();
                verdi(ut, v);
            }
            ut.ut.push(b']');
            ut.skille = true;
        });
    }
}
