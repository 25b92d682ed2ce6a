//! The two control digits.

use super::Regelverk;

const VEKTER_K1: [u8; 9] = [3, 7, 6, 1, 8, 9, 4, 5, 2];
const VEKTER_K2: [u8; 10] = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2];

impl Regelverk {
    /// The remainders that the first sum may leave.
    pub(super) const fn tillatte_rester(self) -> &'static [u8] {
        match self {
            Self::Til2031 => &[0],
            Self::Fra2032 => &[0, 1, 2, 3],
        }
    }
}

/// Whether both control digits are right under a rule. The second one has the same rule always.
pub(super) fn stemmer(sifre: &[u8; 11], regelverk: Regelverk) -> bool {
    regelverk.tillatte_rester().contains(&rest_k1(sifre)) && rest_k2(sifre) == 0
}

/// Remainder of the first sum, its control digit counted in.
fn rest_k1(sifre: &[u8; 11]) -> u8 {
    (vektsum(&VEKTER_K1, sifre) + sifre[9]) % 11
}

/// Remainder of the second sum, its control digit counted in.
fn rest_k2(sifre: &[u8; 11]) -> u8 {
    (vektsum(&VEKTER_K2, sifre) + sifre[10]) % 11
}

/// Puts control digits after nine digits so that the first sum leaves `rest`. `false` where one of the digits
/// would have to be 10, and the candidate is discarded.
pub(super) fn sett_kontrollsifre(sifre: &mut [u8; 11], rest: u8) -> bool {
    sifre[9] = (rest + 11 - vektsum(&VEKTER_K1, sifre)) % 11;
    sifre[10] = (11 - vektsum(&VEKTER_K2, sifre)) % 11;
    sifre[9] < 10 && sifre[10] < 10
}

/// Weighted sum modulo 11 of the leading digits.
fn vektsum(vekter: &[u8], sifre: &[u8; 11]) -> u8 {
    let sum: u16 = vekter.iter().zip(sifre).map(|(vekt, siffer)| u16::from(*vekt) * u16::from(*siffer)).sum();
    (sum % 11) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::personidentifikator::les;

    #[test]
    fn remainders_are_those_of_the_vectors() {
        let vektorer = include_str!("../../tests/data/nummer_testvektorer.csv");
        for linje in vektorer.lines().skip(1) {
            let felt: Vec<&str> = linje.split(',').collect();
            let sifre = les(felt[0]).unwrap();
            assert_eq!(rest_k1(&sifre).to_string(), felt[4], "{linje}");
            assert_eq!(rest_k2(&sifre).to_string(), felt[5], "{linje}");
        }
    }

    #[test]
    fn worked_examples_of_the_2032_rule() {
        for (ni_sifre, rest, ventet) in [
            ("020132999", 0, Some("97")),
            ("020132999", 2, Some("03")),
            ("020132998", 0, Some("06")),
            ("301082999", 0, Some("20")),
            ("301082999", 1, Some("39")),
        ] {
            let mut sifre = les(&format!("{ni_sifre}00")).unwrap();
            let funnet = sett_kontrollsifre(&mut sifre, rest).then(|| format!("{}{}", sifre[9], sifre[10]));
            assert_eq!(funnet.as_deref(), ventet, "{ni_sifre} with remainder {rest}");
        }
    }
}
