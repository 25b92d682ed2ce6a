//! Cursors: where the next page of a search begins, and at which moment the search looks.

use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash, Hasher};

use journal::Seq;
use sok::Place;

use crate::modell::Enhetstype;
use crate::sporring::Sporring;

const UTGAVE: u8 = 1;

/// A cursor, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Markoer {
    /// Which search it belongs to ([`fingeravtrykk`]).
    pub sok: u64,
    /// Units are shown as they were after this change.
    pub seq: Seq,
    /// The feed position of the view of the index.
    pub posisjon: u64,
    /// How many units the pages before have had.
    pub sett: u64,
    /// Whether names with typing errors are among the hits.
    pub naer: bool,
    /// After which unit the page begins.
    pub sted: Place,
}

/// What a search is known by: the same for every page of it, and not for another.
pub fn fingeravtrykk(kind: Enhetstype, sporring: &Sporring) -> u64 {
    let mut hasher = DefaultHasher::new();
    (kind, format!("{sporring:?}")).hash(&mut hasher);
    hasher.finish()
}

impl Markoer {
    /// As it is sent: hexadecimal, and nothing for callers to look into.
    pub fn skriv(&self) -> String {
        let mut bytes = vec![UTGAVE, u8::from(self.naer)];
        for tall in [self.sok, self.seq.0, self.posisjon, self.sett] {
            bytes.extend_from_slice(&tall.to_be_bytes());
        }
        bytes.extend_from_slice(&self.sted.to_bytes());
        bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut ut, byte| {
            // Writing to a String cannot fail.
            let _ = write!(ut, "{byte:02x}");
            ut
        })
    }

    /// From what was sent; `None` when it is not a cursor.
    pub fn les(tekst: &str) -> Option<Self> {
        if !tekst.is_ascii() || !tekst.len().is_multiple_of(2) {
            return None;
        }
        let par = (0..tekst.len()).step_by(2);
        let bytes: Vec<u8> =
            par.map(|i| u8::from_str_radix(&tekst[i..i + 2], 16).ok()).collect::<Option<_>>()?;
        let (&[UTGAVE, naer], resten) = bytes.split_first_chunk()? else { return None };
        let (tall, sted) = resten.split_at_checked(32)?;
        let tall = |i: usize| Some(u64::from_be_bytes(tall[i * 8..i * 8 + 8].try_into().ok()?));
        Some(Self {
            naer: naer == 1,
            sok: tall(0)?,
            seq: Seq(tall(1)?),
            posisjon: tall(2)?,
            sett: tall(3)?,
            sted: Place::from_bytes(sted)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_written_is_read(tall in any::<[u64; 5]>(), naer in any::<bool>()) {
            let sted = Place::from_bytes(&tall[4].to_be_bytes()).unwrap();
            let markoer =
                Markoer { sok: tall[0], seq: Seq(tall[1]), posisjon: tall[2], sett: tall[3], naer, sted };
            prop_assert_eq!(Markoer::les(&markoer.skriv()), Some(markoer));
        }

        #[test]
        fn anything_else_is_refused_without_panic(tekst in ".*", hex in "[0-9a-f]{0,120}") {
            for tekst in [tekst, hex] {
                if let Some(markoer) = Markoer::les(&tekst) {
                    prop_assert_eq!(markoer.skriv().len(), tekst.len());
                }
            }
        }
    }
}
