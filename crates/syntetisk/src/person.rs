//! The people who hold roles: adjective and noun, so that nobody takes them for someone.
//!
//! A person is a function of seed and number. The number tells the year of birth, so that a grown-up of the
//! right age can be picked without looking at anybody.

use std::sync::LazyLock;

use enhetsregisteret::modell::rolle::{Personnavn, Rolleperson};
use tid::Date;

use crate::navn::{ADJEKTIVER, SUBSTANTIVER, stor_forbokstav};
use crate::terning::{Kilde, Rike, Terning};

/// The eldest are born in this year.
const FOERSTE_AAR: i32 = 1936;
/// How many years of birth there are: 1936 to 2006.
const AARGANGER: i32 = 71;

/// The number of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Personnummer(u32);

/// How many seats of a unit are told apart: two people picked for different seats of it are never the same.
pub(crate) const SETER: u32 = 32;

/// Whom a pick is for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sete {
    /// The year in which the person was between 20 and 70.
    pub aar: i32,
    /// How large the population is: so many times [`SETER`] people of every age.
    pub bolker: u32,
    /// The seat, taken modulo [`SETER`].
    pub nr: u32,
}

/// Picks a person for a seat.
pub(crate) fn trekk(t: &mut Terning, sete: Sete) -> Personnummer {
    let sist = (sete.aar - 20).clamp(FOERSTE_AAR, FOERSTE_AAR + AARGANGER - 1);
    let foerst = (sete.aar - 70).clamp(FOERSTE_AAR, sist);
    // Most are in the middle of life: the mean of two throws.
    let aarstall = i32::midpoint(t.mellom(foerst, sist), t.mellom(foerst, sist));
    let i_kullet = t.under(sete.bolker) * SETER + sete.nr % SETER;
    Personnummer(i_kullet * AARGANGER as u32 + (aarstall - FOERSTE_AAR).cast_unsigned())
}

struct Ord {
    adjektiver: Vec<String>,
    substantiver: Vec<String>,
}

fn ord() -> &'static Ord {
    static ORD: LazyLock<Ord> = LazyLock::new(|| Ord {
        adjektiver: ADJEKTIVER.iter().map(|o| stor_forbokstav(o)).collect(),
        substantiver: SUBSTANTIVER.iter().map(|o| stor_forbokstav(o)).collect(),
    });
    &ORD
}

/// A person's name.
pub(crate) fn navn(kilde: &Kilde, nummer: Personnummer) -> Personnavn {
    lag_navn(&mut kilde.terning(Rike::Person, nummer.0))
}

fn lag_navn(t: &mut Terning) -> Personnavn {
    let ord = ord();
    let mut fornavn = t.velg(&ord.adjektiver).clone();
    if t.promille(60) {
        let skille = if t.promille(400) { "-" } else { " " };
        fornavn = format!("{fornavn}{skille}{}", t.velg(&ord.adjektiver));
    }
    let mellomnavn = t.promille(160).then(|| t.velg(&ord.substantiver).clone());
    let mut etternavn = t.velg(&ord.substantiver).clone();
    if t.promille(25) {
        etternavn = format!("{etternavn}-{}", t.velg(&ord.substantiver));
    }
    Personnavn { fornavn, mellomnavn, etternavn }
}

/// A person as role documents show one. `doed` makes the person dead whatever chance says.
pub(crate) fn person(kilde: &Kilde, nummer: Personnummer, doed: bool) -> Rolleperson {
    let mut t = kilde.terning(Rike::Person, nummer.0);
    let navn = lag_navn(&mut t);
    let aar = FOERSTE_AAR + (nummer.0 % AARGANGER as u32).cast_signed();
    let maaned = t.mellom(1, 12) as i8;
    let dag = t.mellom(1, 28) as i8;
    // The old die more often: from 1 in a thousand to 1 in twenty-five.
    let risiko = if aar < 1945 {
        40
    } else if aar < 1960 {
        8
    } else {
        1
    };
    let foedt = Date::new(aar as i16, maaned, dag).unwrap_or(Date::from_days_since_epoch(0));
    Rolleperson { fodselsdato: foedt, navn, er_doed: doed || t.promille(risiko) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn picked_people_are_grown_up_and_repeat_themselves() {
        let kilde = Kilde::ny(9);
        let mut t = kilde.terning(Rike::Enhet, 1);
        for aar in [1960, 1995, 2010, 2018, 2026, 2040] {
            for _ in 0..300 {
                let nummer = trekk(&mut t, Sete { aar, bolker: 3, nr: 40 });
                let (a, b) = (person(&kilde, nummer, false), person(&kilde, nummer, false));
                assert_eq!((a.fodselsdato, &a.navn.etternavn), (b.fodselsdato, &b.navn.etternavn));
                assert!(i32::from(a.fodselsdato.year()) <= aar - 20, "{aar}");
                assert_eq!(navn(&kilde, nummer).fornavn, a.navn.fornavn);
            }
        }
    }
}
