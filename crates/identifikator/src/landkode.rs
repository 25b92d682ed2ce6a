//! Country codes.

use std::fmt;

use crate::UgyldigIdentifikator;

/// A country code of two capital letters (the form of ISO 3166-1 alpha-2, which the registers also use for
/// `XK` Kosovo and `XX` stateless). Lower case is refused, not corrected.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Landkode([u8; 2]);

impl Landkode {
    /// Norway, `NO`.
    pub const NORGE: Self = Self(*b"NO");

    /// Reads exactly two letters A–Z.
    pub fn parse(tekst: &str) -> Result<Self, UgyldigIdentifikator> {
        match *tekst.as_bytes() {
            [a @ b'A'..=b'Z', b @ b'A'..=b'Z'] => Ok(Self([a, b])),
            _ => Err(UgyldigIdentifikator::Landkode),
        }
    }

    /// The code as text.
    pub fn as_str(&self) -> &str {
        // ASCII letters are always UTF-8.
        str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for Landkode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Landkode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Landkode({self})")
    }
}

tekstform!(Landkode, "en landkode med to store bokstaver", |kode| *kode);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_capital_letters_and_nothing_else() {
        assert_eq!(Landkode::parse("NO"), Ok(Landkode::NORGE));
        assert_eq!(Landkode::NORGE.as_str(), "NO");
        for tekst in ["", "N", "no", "No", "NOR", "N1", "Ø", "ÅL"] {
            assert_eq!(Landkode::parse(tekst), Err(UgyldigIdentifikator::Landkode), "{tekst}");
        }
    }
}
