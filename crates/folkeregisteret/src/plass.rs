//! Where an event is told: what the feed says of it besides its type.

/// The place of an event in the books: the number that the event names, the version of that person's document, and the
/// event's place among those of the version.
///
/// It is a document number on the feed (61 bits), so that a page of the feed is read without reading any book.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hendelsesplass {
    /// The number that the event names.
    pub nummer: u64,
    /// The version.
    pub k: u16,
    /// The place in the version.
    pub plass: u8,
}

/// Bits of a number of eleven digits.
const NUMMER_BITS: u32 = 37;

impl Hendelsesplass {
    /// As the feed has it.
    pub const fn subjekt(self) -> u64 {
        (self.nummer & ((1 << NUMMER_BITS) - 1)) << 24 | (self.k as u64) << 8 | self.plass as u64
    }

    /// From what the feed has.
    pub const fn av(subjekt: u64) -> Self {
        Self {
            nummer: (subjekt >> 24) & ((1 << NUMMER_BITS) - 1),
            k: (subjekt >> 8) as u16,
            plass: subjekt as u8,
        }
    }
}

impl std::fmt::Debug for Hendelsesplass {
    /// Without the number: it is personal data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Hendelsesplass(.., {}, {})", self.k, self.plass)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn comes_out_as_it_went_in(nummer in 0..=99_999_999_999u64, k: u16, plass: u8) {
            let her = Hendelsesplass { nummer, k, plass };
            prop_assert_eq!(Hendelsesplass::av(her.subjekt()), her);
            prop_assert!(i64::try_from(her.subjekt()).is_ok());
        }
    }
}
