//! Organisation numbers.

use crate::UgyldigIdentifikator;

sifferkode! {
    /// An organisation number: nine digits.
    ///
    /// The register's interfaces ask for exactly nine digits and do not look at the control digit (sheet of
    /// Enhetsregisteret, section 3), so [`Self::parse`] does the same; a well-formed number that nobody has is
    /// an ordinary value. [`Self::parse_strengt`] also demands the control digit.
    Organisasjonsnummer(u32), 9, "et organisasjonsnummer med 9 siffer"
}

/// Weights of the first eight digits in the MOD-11 sum.
const VEKTER: [u32; 8] = [3, 2, 7, 6, 5, 4, 3, 2];

/// The series of synthetic organisation numbers, named by their first digit. Real numbers begin with 8 or 9.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Serie {
    /// Numbers that begin with 2.
    To,
    /// Numbers that begin with 3.
    Tre,
}

impl Organisasjonsnummer {
    /// How many slots each series has, see [`Self::syntetisk`].
    pub const PLASSER: u32 = 5_000_000;

    /// Reads nine digits of which the last is the control digit of the others.
    pub fn parse_strengt(tekst: &str) -> Result<Self, UgyldigIdentifikator> {
        let nummer = Self::parse(tekst)?;
        if nummer.har_gyldig_kontrollsiffer() {
            Ok(nummer)
        } else {
            Err(UgyldigIdentifikator::Organisasjonskontrollsiffer)
        }
    }

    /// Whether the ninth digit is the MOD-11 control digit of the first eight.
    pub fn har_gyldig_kontrollsiffer(self) -> bool {
        kontrollsiffer(self.0 / 10) == Some(self.0 % 10)
    }

    /// Whether the number belongs to the series of the test environments (first digit 2 or 3).
    pub const fn er_syntetisk(self) -> bool {
        matches!(self.0 / 100_000_000, 2 | 3)
    }

    /// The number of slot `plass` (0 up to [`Self::PLASSER`]) in a synthetic series, with a valid control
    /// digit; `None` beyond the last slot.
    ///
    /// The map is increasing and never repeats a number. A slot covers two neighbouring eight-digit prefixes
    /// and takes the first that has a control digit. One always has: the eighth digit weighs 2, so the two
    /// sums differ by 2 and cannot both leave the remainder 1, the only one without a control digit.
    pub fn syntetisk(serie: Serie, plass: u32) -> Option<Self> {
        if plass >= Self::PLASSER {
            return None;
        }
        let start = match serie {
            Serie::To => 20_000_000,
            Serie::Tre => 30_000_000,
        };
        let prefiks = start + 2 * plass;
        (prefiks..prefiks + 2).find_map(|p| kontrollsiffer(p).map(|k| Self(p * 10 + k)))
    }
}

/// The control digit of eight digits; `None` where it would have to be 10.
fn kontrollsiffer(prefiks: u32) -> Option<u32> {
    let (sum, _) =
        VEKTER.iter().rev().fold((0, prefiks), |(sum, rest), vekt| (sum + vekt * (rest % 10), rest / 10));
    match 11 - sum % 11 {
        11 => Some(0),
        10 => None,
        siffer => Some(siffer),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_register_accepts_nine_digits_whatever_the_last_is() {
        for tekst in ["310100005", "310100006", "000000000", "999999999"] {
            assert_eq!(Organisasjonsnummer::parse(tekst).unwrap().to_string(), tekst);
        }
        for tekst in
            ["", "31010000", "3101000055", "9ECD01011", " 10100005", "+10100005", "31010000٥", "310 100 005"]
        {
            assert_eq!(
                Organisasjonsnummer::parse(tekst),
                Err(UgyldigIdentifikator::Organisasjonsnummer),
                "{tekst}"
            );
        }
    }

    #[test]
    fn exactly_one_last_digit_is_right_and_none_where_it_would_be_ten() {
        let antall = |prefiks: &str| {
            (0..10).filter(|k| Organisasjonsnummer::parse_strengt(&format!("{prefiks}{k}")).is_ok()).count()
        };
        assert!(Organisasjonsnummer::parse_strengt("310100005").is_ok());
        assert_eq!(antall("31010000"), 1);
        // 3·3 + 6·1 + 5·1 + 3·1 = 23 leaves the remainder 1.
        assert_eq!(antall("30011010"), 0);
        assert_eq!(
            Organisasjonsnummer::parse_strengt("310100006"),
            Err(UgyldigIdentifikator::Organisasjonskontrollsiffer)
        );
    }

    #[test]
    fn values_and_numbers_correspond() {
        assert_eq!(Organisasjonsnummer::fra_verdi(1_000_000_000), None);
        assert_eq!(Organisasjonsnummer::fra_verdi(42).unwrap().to_string(), "000000042");
        assert_eq!(Organisasjonsnummer::parse("310100005").unwrap().verdi(), 310_100_005);
    }

    #[test]
    fn every_slot_of_both_series_has_a_number_and_they_increase() {
        for (serie, foerste_siffer) in [(Serie::To, 2), (Serie::Tre, 3)] {
            let mut forrige = 0;
            for plass in 0..Organisasjonsnummer::PLASSER {
                let nummer = Organisasjonsnummer::syntetisk(serie, plass).unwrap();
                assert!(nummer.verdi() > forrige, "slot {plass}");
                assert!(nummer.har_gyldig_kontrollsiffer(), "slot {plass}");
                assert_eq!(nummer.verdi() / 100_000_000, foerste_siffer, "slot {plass}");
                forrige = nummer.verdi();
            }
            assert_eq!(Organisasjonsnummer::syntetisk(serie, Organisasjonsnummer::PLASSER), None);
        }
    }

    #[test]
    fn synthetic_means_first_digit_two_or_three() {
        let syntetisk = |tekst: &str| Organisasjonsnummer::parse(tekst).unwrap().er_syntetisk();
        assert!(syntetisk("200000000") && syntetisk("399999999"));
        assert!(!syntetisk("199999999") && !syntetisk("400000000") && !syntetisk("974760673"));
    }
}
