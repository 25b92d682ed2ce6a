//! Identity numbers, from the day of birth and the running number within the day.

use identifikator::{Dato, Kjoenn, Personidentifikator, Slag};

use super::pyramide::{Plass, Pyramide};
use crate::kalender::dato;

/// 2021-11-16, from when D-numbers come from the extended series (sheet 12.1), in days since 1970.
pub(crate) const NYE_DNUMMER: i32 = 18_947;
/// Whoever changes number, or gets one of the extended series, is among the first of the day: there is room for so
/// many beside the others, at ten million persons too.
pub(crate) const FORTRINN: u32 = 24;

/// Which number of a person is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hvilket {
    /// The fødselsnummer.
    Foedselsnummer,
    /// The D-number, allotted on a day.
    DNummer(i32),
    /// A fødselsnummer that came before or after the other one, for the same date.
    Annet,
}

/// The number of one who was born on a day; none for years without a series, which the pyramid does not have.
pub(crate) fn nummer(
    pyramide: &Pyramide,
    plass: Plass,
    kvinne: bool,
    hvilket: Hvilket,
) -> Option<Personidentifikator> {
    let foedt = dato(plass.foedt);
    let foedt =
        Dato::ny(foedt.year().unsigned_abs(), foedt.month().unsigned_abs(), foedt.day().unsigned_abs())?;
    let kjoenn = Some(if kvinne { Kjoenn::Kvinne } else { Kjoenn::Mann });
    // Every second running number is a woman's.
    let rang = (plass.rang / 2) as usize;
    let alle = |slag| Personidentifikator::syntetiske(slag, foedt, kjoenn);
    match hvilket {
        Hvilket::Foedselsnummer => alle(Slag::Foedselsnummer).nth(rang),
        Hvilket::DNummer(dag) if dag >= NYE_DNUMMER && plass.rang < 4 * FORTRINN => {
            let utvidet = |n: &Personidentifikator| i_utvidelsen(foedt.aar(), n.individnummer());
            alle(Slag::DNummer).filter(utvidet).nth(rang).or_else(|| alle(Slag::DNummer).nth(rang))
        }
        Hvilket::DNummer(_) => alle(Slag::DNummer).nth(rang),
        // Behind all that are handed out for the day; both sexes may come here.
        Hvilket::Annet => {
            let bak = pyramide.foedte(plass.foedt).div_ceil(2) + plass.rang % FORTRINN;
            alle(Slag::Foedselsnummer).nth(bak as usize)
        }
    }
}

/// Whether an individual number belongs to what was added to the D-number series (sheet 12.1).
const fn i_utvidelsen(aar: u16, individnummer: u16) -> bool {
    match aar {
        1940..=1999 => individnummer >= 600 && individnummer < 900,
        2000.. => individnummer < 500,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::terning::Kilde;

    #[test]
    fn every_day_of_a_full_nation_has_numbers_enough_and_no_two_alike() {
        let pyramide = Pyramide::ny(&Kilde::ny(4), 10_000_000, 20_634);
        // A day of every series and its fullest years.
        for foedt in [-26_800, -18_000, -11_000, 6000, 10_000, 12_000, 16_000, 20_000] {
            let antall = pyramide.foedte(foedt);
            assert!(antall > 5, "{foedt}");
            let mut sett = HashSet::new();
            for rang in 0..antall {
                let kvinne = rang % 2 == 0;
                let plass = Plass { foedt, rang, kvinne };
                let mut ta = |kvinne, hvilket| {
                    let n = nummer(&pyramide, plass, kvinne, hvilket).unwrap();
                    assert!(sett.insert(n), "{foedt} {rang} {hvilket:?}");
                    assert_eq!(n.syntetisk(), Some(identifikator::Syntetisk::Skatteetaten));
                };
                ta(kvinne, Hvilket::Foedselsnummer);
                ta(kvinne, Hvilket::DNummer(if rang % 3 == 0 { NYE_DNUMMER } else { 0 }));
                if rang < FORTRINN {
                    ta(!kvinne, Hvilket::Annet);
                }
            }
        }
    }

    #[test]
    fn extended_series_from_their_day_on() {
        let pyramide = Pyramide::ny(&Kilde::ny(4), 20_000, 20_634);
        let plass = Plass { foedt: 6000, rang: 0, kvinne: false };
        let individ = |dag| nummer(&pyramide, plass, false, Hvilket::DNummer(dag)).unwrap().individnummer();
        assert!(individ(NYE_DNUMMER - 1) < 500);
        assert!((600..900).contains(&individ(NYE_DNUMMER)));
        assert_eq!(dato(NYE_DNUMMER).to_string(), "2021-11-16");
    }
}
