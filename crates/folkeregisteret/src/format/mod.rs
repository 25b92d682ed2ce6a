//! The two forms of a document, JSON and XML, written from one description.

mod json;
mod xml;

use std::fmt::Display;

pub(crate) use json::Json;
pub(crate) use xml::{Xml, les as les_xml};

/// A form that is being written. The model says what there is, in order; the form how it looks.
pub(crate) trait Skriver {
    /// A string.
    fn tekst(&mut self, tekst: &str);

    /// A string that holds nothing that needs escaping: digits, dates, codes.
    fn kode(&mut self, verdi: &dyn Display);

    /// A number.
    fn tall(&mut self, tall: i64);

    /// Yes or no.
    fn boolsk(&mut self, verdi: bool);

    /// What consists of fields.
    fn objekt(&mut self, innhold: impl FnOnce(&mut Self));

    /// A field with one value.
    fn felt(&mut self, navn: &'static str, verdi: impl FnOnce(&mut Self));

    /// A field with a list of values, at least one.
    fn liste<T>(&mut self, navn: &'static str, verdier: &[T], verdi: impl FnMut(&mut Self, &T));
}
