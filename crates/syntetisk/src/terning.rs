//! Dice: where every choice of the nation comes from.
//!
//! A unit, a person and the calendar each have a stream of ChaCha8 of their own, from which one number is
//! drawn. Everything below that is [`Terning::gren`]: a choice has a name and a number, and gets a die of its
//! own from them, so that the fourth address of a unit can be known without the first three. Whole numbers only:
//! the same bytes on every machine.

use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};

/// Which family of streams a number is drawn from.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Rike {
    /// One stream for each slot.
    Enhet = 0,
    /// One stream for each hamlet of the people.
    Grend = 1,
    /// One stream for the times of the feeds.
    Kalender = 2,
    /// One stream for what the people have in common.
    Folk = 3,
}

/// The seed: hands out the dice of units and persons.
#[derive(Debug, Clone)]
pub(crate) struct Kilde(ChaCha8Rng);

impl Kilde {
    pub(crate) fn ny(fro: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(fro))
    }

    /// The die of one unit, person or calendar.
    pub(crate) fn terning(&self, rike: Rike, nummer: u32) -> Terning {
        let mut stroem = self.0.clone();
        stroem.set_stream((rike as u64) << 32 | u64::from(nummer));
        Terning(stroem.next_u64())
    }
}

/// What a choice is about; keeps the dice of different choices apart.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Merke {
    Form,
    Skjebne,
    Alder,
    Konkurs,
    Under,
    UnderLiv,
    UnderAdresse,
    UnderNavn,
    UnderKontakt,
    Steg,
    Ansatte,
    Navn,
    Adresse,
    Postadresse,
    Hjemsted,
    Naering,
    Kontakt,
    Sektor,
    Mva,
    Flagg,
    Tekst,
    Kapital,
    Stiftet,
    Utland,
    Overordnet,
    Gruppe,
    Medlem,
    Person,
    Matrikkel,
    Klokke,
    Plass,
    Opphav,
    Doedsdag,
    Pardannelse,
    Foreldre,
    Navnevalg,
    Flytting,
    Bosted,
    Reise,
    Saer,
    Registrert,
    Detalj,
    Etterfoelger,
}

const GYLLEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// The finaliser of SplitMix64.
const fn bland(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// A die. Copies of it fall alike.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terning(u64);

impl Terning {
    /// A die of its own for one choice.
    pub(crate) const fn gren(self, merke: Merke, nummer: u32) -> Self {
        let noekkel = ((merke as u64) << 32 | nummer as u64).wrapping_add(1).wrapping_mul(GYLLEN);
        Self(bland(self.0 ^ bland(noekkel)))
    }

    /// The next throw.
    pub(crate) fn tall(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GYLLEN);
        bland(self.0)
    }

    /// A number from 0 up to, not including, `n`; 0 when `n` is 0.
    pub(crate) fn under(&mut self, n: u32) -> u32 {
        (((self.tall() >> 32) * u64::from(n)) >> 32) as u32
    }

    /// A number of the closed range; `fra` when the range is empty.
    pub(crate) fn mellom(&mut self, fra: i32, til: i32) -> i32 {
        if til <= fra { fra } else { fra + self.under((til - fra + 1).cast_unsigned()).cast_signed() }
    }

    /// True so many times in a thousand.
    pub(crate) fn promille(&mut self, p: u32) -> bool {
        self.under(1000) < p
    }

    /// One of a list that has something in it.
    pub(crate) fn velg<'a, T>(&mut self, liste: &'a [T]) -> &'a T {
        &liste[self.under(liste.len() as u32) as usize]
    }

    /// One of a list with weights; the last when the weights are all 0.
    pub(crate) fn vektet<'a, T>(&mut self, liste: &'a [T], vekt: impl Fn(&T) -> u32) -> &'a T {
        let mut rest = self.under(liste.iter().map(&vekt).sum());
        for rad in liste {
            let v = vekt(rad);
            if rest < v {
                return rad;
            }
            rest -= v;
        }
        &liste[liste.len() - 1]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_pinned() {
        let mut t = Kilde::ny(42).terning(Rike::Enhet, 7).gren(Merke::Form, 0);
        let mut igjen = Kilde::ny(42).terning(Rike::Enhet, 7).gren(Merke::Form, 0);
        assert_eq!([t.tall(), t.tall()], [igjen.tall(), igjen.tall()]);
        assert_ne!(t.tall(), Kilde::ny(42).terning(Rike::Enhet, 8).gren(Merke::Form, 0).tall());
        assert_ne!(
            Kilde::ny(42).terning(Rike::Grend, 7).tall(),
            Kilde::ny(42).terning(Rike::Enhet, 7).tall()
        );
    }

    #[test]
    fn throws_keep_to_their_bounds_and_are_even() {
        let mut t = Kilde::ny(1).terning(Rike::Enhet, 0);
        let mut antall = [0u32; 6];
        for _ in 0..6000 {
            antall[t.under(6) as usize] += 1;
            assert!((-3..=3).contains(&t.mellom(-3, 3)));
        }
        assert!(antall.iter().all(|n| (850..1150).contains(n)), "{antall:?}");
        assert_eq!((t.under(0), t.mellom(5, 5), t.mellom(5, 1)), (0, 5, 5));
        let vekter = [("a", 0), ("b", 1), ("c", 0)];
        assert!((0..50).all(|_| t.vektet(&vekter, |r| r.1).0 == "b"));
    }
}
