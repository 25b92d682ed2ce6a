//! What the identifier types have in common, written once.

/// The number that a text of exactly so many ASCII digits spells; `None` for any other text.
pub(crate) fn les_sifre(tekst: &str, antall: usize) -> Option<u32> {
    let bytes = tekst.as_bytes();
    let bare_sifre = bytes.len() == antall && bytes.iter().all(u8::is_ascii_digit);
    bare_sifre.then(|| tekst.parse().ok()).flatten()
}

/// `FromStr`, `TryFrom<&str>` and serde for a type with a `parse`; `$vis` yields what is serialised.
macro_rules! tekstform {
    ($navn:ident, $forventet:literal, $vis:expr) => {
        impl std::str::FromStr for $navn {
            type Err = crate::UgyldigIdentifikator;

            fn from_str(tekst: &str) -> Result<Self, Self::Err> {
                Self::parse(tekst)
            }
        }

        impl TryFrom<&str> for $navn {
            type Error = crate::UgyldigIdentifikator;

            fn try_from(tekst: &str) -> Result<Self, Self::Error> {
                Self::parse(tekst)
            }
        }

        #[cfg(feature = "serde")]
        impl serde::Serialize for $navn {
            fn serialize<S: serde::Serializer>(&self, ut: S) -> Result<S::Ok, S::Error> {
                let vis: fn(&Self) -> _ = $vis;
                ut.collect_str(&vis(self))
            }
        }

        #[cfg(feature = "serde")]
        impl<'de> serde::Deserialize<'de> for $navn {
            fn deserialize<D: serde::Deserializer<'de>>(inn: D) -> Result<Self, D::Error> {
                struct Leser;

                impl serde::de::Visitor<'_> for Leser {
                    type Value = $navn;

                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str($forventet)
                    }

                    fn visit_str<E: serde::de::Error>(self, tekst: &str) -> Result<$navn, E> {
                        $navn::parse(tekst).map_err(E::custom)
                    }

                    // serde's own message for an unquoted number would repeat the number.
                    fn visit_u64<E: serde::de::Error>(self, _: u64) -> Result<$navn, E> {
                        Err(E::custom(concat!("må være en tekststreng: ", $forventet)))
                    }

                    fn visit_i64<E: serde::de::Error>(self, _: i64) -> Result<$navn, E> {
                        self.visit_u64(0)
                    }

                    fn visit_f64<E: serde::de::Error>(self, _: f64) -> Result<$navn, E> {
                        self.visit_u64(0)
                    }
                }

                // Asked for a string, a JSON reader refuses a number itself, and repeats it.
                if inn.is_human_readable() { inn.deserialize_any(Leser) } else { inn.deserialize_str(Leser) }
            }
        }
    };
}

/// A code of a fixed number of digits, kept as the number it spells.
macro_rules! sifferkode {
    ($(#[$doc:meta])* $navn:ident($tall:ty), $antall:literal, $forventet:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $navn($tall);

        impl $navn {
            #[doc = concat!("Reads exactly ", $antall, " ASCII digits, nothing around them.")]
            pub fn parse(tekst: &str) -> Result<Self, crate::UgyldigIdentifikator> {
                crate::makro::les_sifre(tekst, $antall)
                    .and_then(|verdi| <$tall>::try_from(verdi).ok())
                    .map(Self)
                    .ok_or(crate::UgyldigIdentifikator::$navn)
            }

            /// The number that the digits spell, for compact storage.
            pub const fn verdi(self) -> $tall {
                self.0
            }

            /// The inverse of [`Self::verdi`]; `None` when the number has too many digits.
            pub const fn fra_verdi(verdi: $tall) -> Option<Self> {
                const GRENSE: u64 = 10u64.pow($antall);
                if (verdi as u64) < GRENSE { Some(Self(verdi)) } else { None }
            }
        }

        impl std::fmt::Display for $navn {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!("{:0", $antall, "}"), self.0)
            }
        }

        impl std::fmt::Debug for $navn {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($navn), "({})"), self)
            }
        }

        tekstform!($navn, $forventet, |kode| *kode);
    };
}
