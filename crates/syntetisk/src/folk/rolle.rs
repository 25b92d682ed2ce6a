//! People as holders of roles: what a register of units shows of them, and how one is picked.

use enhetsregisteret::modell::rolle as dokument;

use super::navn::{Personnavn, Skrift};
use super::pyramide::GREND;
use super::{Folk, borger};
use crate::kalender::{aar, dag, dato};
use crate::plan::FEEDSTART;
use crate::terning::Terning;

/// The number of a person, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Personnummer(u32);

/// How many seats of a unit are told apart: two people picked for different seats of it are never the same.
pub(crate) const SETER: u32 = 32;

/// Whom a pick is for.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Sete {
    /// The year in which the person is between 20 and 70, alive, and resident.
    pub aar: i32,
    /// The seat, taken modulo [`SETER`].
    pub nr: u32,
    /// The person never changes name.
    pub fast_navn: bool,
    /// The person dies in this span of days. Such a one is picked for seats 14 to 30.
    pub doer: Option<(i32, i32)>,
}

/// What others see of a person.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rolleperson {
    i_grenda: u16,
    pub foedt: i32,
    /// Grown up and in the register.
    fra: i32,
    doed: i32,
    navn: Personnavn,
    /// Another name from a day on.
    nytt_navn: Option<(i32, Personnavn)>,
}

impl Rolleperson {
    fn av(borger: &borger::Borger, i_grenda: u16) -> Option<Self> {
        if !borger.bosatt() || borger.saer.alene() {
            return None;
        }
        let senere = borger.navn.iter().filter(|n| n.0 > FEEDSTART - 30);
        let nytt_navn = senere.clone().next_back().copied();
        // Who changes name twice under the eyes of the feeds holds no roles.
        (senere.count() <= 1).then(|| Self {
            i_grenda,
            foedt: borger.foedt(),
            fra: borger.fyller(18).max(borger.inn),
            doed: borger.doed.unwrap_or(i32::MAX),
            navn: borger.navn(FEEDSTART - 30),
            nytt_navn,
        })
    }

    /// The day of death.
    pub(crate) fn doed(&self) -> Option<i32> {
        (self.doed != i32::MAX).then_some(self.doed)
    }

    /// The day on which the name changes.
    pub(crate) fn navnebytte(&self) -> Option<i32> {
        self.nytt_navn.map(|n| n.0)
    }

    /// The name on a day.
    pub(crate) fn navn(&self, dag: i32) -> dokument::Personnavn {
        let navn = self.nytt_navn.filter(|n| n.0 < dag).map_or(self.navn, |n| n.1);
        dokument::Personnavn {
            fornavn: navn.fornavn(Skrift::Vanlig),
            mellomnavn: navn.mellomnavn(Skrift::Vanlig),
            etternavn: navn.etternavn(Skrift::Vanlig),
        }
    }

    /// As documents of roles show the person on a day.
    pub(crate) fn dokument(&self, dag: i32) -> dokument::Rolleperson {
        dokument::Rolleperson {
            fodselsdato: dato(self.foedt),
            navn: self.navn(dag),
            er_doed: self.doed < dag,
        }
    }

    fn passer(&self, sete: &Sete) -> bool {
        let (nyttaar, aarets_slutt) = (dag(sete.aar, 1, 1), dag(sete.aar, 12, 31));
        let rett_sete = match sete.doer {
            Some((fra, til)) => {
                let klasse = (u32::from(self.i_grenda) + 2 * SETER - sete.nr % SETER) % SETER;
                (14..=30).contains(&klasse) && (fra..=til).contains(&self.doed)
            }
            None => (u32::from(self.i_grenda)).abs_diff(sete.nr).is_multiple_of(SETER),
        };
        rett_sete
            && (sete.aar - 70..=sete.aar - 20).contains(&aar(self.foedt))
            && self.fra <= nyttaar
            && self.doed > aarets_slutt
            && !(sete.fast_navn && self.nytt_navn.is_some())
    }
}

impl Folk {
    fn med_roller(&self, grend: u32) -> &[Rolleperson] {
        let Some(plass) = self.roller.get(grend as usize) else { return &[] };
        plass.get_or_init(|| {
            let grend = self.grend(grend);
            let alle = grend.folk.iter().enumerate();
            alle.filter_map(|(i, b)| Rolleperson::av(b, i as u16)).collect()
        })
    }

    /// What others see of a person who was picked.
    pub(crate) fn rolleperson(&self, nummer: Personnummer) -> Option<&Rolleperson> {
        let i_grenda = (nummer.0 % GREND) as u16;
        let alle = self.med_roller(nummer.0 / GREND);
        alle.binary_search_by_key(&i_grenda, |p| p.i_grenda).ok().and_then(|i| alle.get(i))
    }

    /// Picks a person for a seat; the first of all if there is nobody who fits.
    pub(crate) fn velg(&self, t: &mut Terning, sete: &Sete) -> Personnummer {
        let grender = self.roller.len() as u32;
        let start = t.under(grender);
        for grend in (0..grender).map(|i| (start + i) % grender) {
            let passer: Vec<u16> = self
                .med_roller(grend)
                .iter()
                .filter(|p| p.passer(sete))
                .map(|p| p.i_grenda)
                .collect();
            if !passer.is_empty() {
                return Personnummer(grend * GREND + u32::from(*t.velg(&passer)));
            }
        }
        Personnummer(0)
    }
}
