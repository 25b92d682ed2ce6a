//! Country codes.

use std::fmt;

use crate::UgyldigIdentifikator;

/// A code of a fixed number of capital letters.
macro_rules! bokstavkode {
    ($(#[$doc:meta])* $navn:ident, $antall:literal, $forventet:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $navn([u8; $antall]);

        impl $navn {
            #[doc = concat!("Reads exactly ", $antall, " letters A–Z.")]
            pub fn parse(tekst: &str) -> Result<Self, UgyldigIdentifikator> {
                let bokstaver = tekst.as_bytes().try_into().map_err(|_| UgyldigIdentifikator::$navn)?;
                let kode = Self(bokstaver);
                if kode.0.iter().all(u8::is_ascii_uppercase) { Ok(kode) } else { Err(UgyldigIdentifikator::$navn) }
            }

            /// The code as text.
            pub fn as_str(&self) -> &str {
                // ASCII letters are always UTF-8.
                str::from_utf8(&self.0).unwrap_or_default()
            }
        }

        impl fmt::Display for $navn {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl fmt::Debug for $navn {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($navn), "({})"), self)
            }
        }

        tekstform!($navn, $forventet, |kode| *kode);
    };
}

bokstavkode! {
    /// A country code of two capital letters (the form of ISO 3166-1 alpha-2, which the registers also use for
    /// `XK` Kosovo and `XX` stateless). Lower case is refused, not corrected.
    Landkode, 2, "en landkode med to store bokstaver"
}

bokstavkode! {
    /// A country code of three capital letters (the form of ISO 3166-1 alpha-3, which Folkeregisteret also uses
    /// for `XXK` Kosovo, `XXX` stateless and `XUK` unknown). Lower case is refused, not corrected.
    LandkodeAlfa3, 3, "en landkode med tre store bokstaver"
}

impl Landkode {
    /// Norway, `NO`.
    pub const NORGE: Self = Self(*b"NO");
}

impl LandkodeAlfa3 {
    /// Norway, `NOR`.
    pub const NORGE: Self = Self(*b"NOR");
    /// No citizenship.
    pub const STATSLOES: Self = Self(*b"XXX");
    /// Unknown country (consumer sheet, section 7.4).
    pub const UKJENT: Self = Self(*b"XUK");
}

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

    #[test]
    fn three_capital_letters_and_nothing_else() {
        assert_eq!(LandkodeAlfa3::parse("NOR"), Ok(LandkodeAlfa3::NORGE));
        for tekst in ["", "NO", "nor", "NORG", "N1R", "ØR", "ÅLA"] {
            assert_eq!(LandkodeAlfa3::parse(tekst), Err(UgyldigIdentifikator::LandkodeAlfa3), "{tekst}");
        }
    }
}
