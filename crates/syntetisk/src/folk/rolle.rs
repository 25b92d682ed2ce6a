//! People as holders of roles: what a register of units shows of them, and how one is picked.

use std::ops::RangeInclusive;

use enhetsregisteret::modell::rolle as dokument;

use super::navn::{Personnavn, Skrift};
use super::pyramide::GREND;
use super::{Folk, borger};
use crate::kalender::{dag, dato};
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

    /// Whom others may stand in for: people of one class hold seats of one number.
    fn klasse(&self) -> u32 {
        u32::from(self.i_grenda) % SETER
    }

    /// In hamlets they stand by class.
    fn noekkel(&self) -> (u32, u16) {
        (self.klasse(), self.i_grenda)
    }
}

/// What a seat asks for, in days.
struct Krav {
    foedt: RangeInclusive<i32>,
    aaret: (i32, i32),
    sete: Sete,
}

impl Krav {
    fn av(sete: Sete) -> Self {
        let foedt = dag(sete.aar - 70, 1, 1)..=dag(sete.aar - 20, 12, 31);
        Self { foedt, aaret: (dag(sete.aar, 1, 1), dag(sete.aar, 12, 31)), sete }
    }

    /// Those in a hamlet who stand where the seat looks.
    fn utvalg<'a>(&self, alle: &'a [Rolleperson]) -> &'a [Rolleperson] {
        if self.sete.doer.is_some() {
            return alle;
        }
        let klasse = self.sete.nr % SETER;
        let fra = alle.partition_point(|p| p.klasse() < klasse);
        let til = alle.partition_point(|p| p.klasse() <= klasse);
        &alle[fra..til]
    }

    fn passer(&self, person: &Rolleperson) -> bool {
        let doer = self.sete.doer.is_none_or(|(fra, til)| {
            let bak = (person.klasse() + SETER - self.sete.nr % SETER) % SETER;
            (14..=30).contains(&bak) && (fra..=til).contains(&person.doed)
        });
        doer && self.foedt.contains(&person.foedt)
            && person.fra <= self.aaret.0
            && person.doed > self.aaret.1
            && !(self.sete.fast_navn && person.nytt_navn.is_some())
    }
}

impl Folk {
    fn med_roller(&self, grend: u32) -> &[Rolleperson] {
        let Some(plass) = self.roller.get(grend as usize) else { return &[] };
        plass.get_or_init(|| {
            let grend = self.grend(grend);
            let alle = grend.folk.iter().enumerate();
            let mut alle: Vec<_> = alle.filter_map(|(i, b)| Rolleperson::av(b, i as u16)).collect();
            alle.sort_unstable_by_key(Rolleperson::noekkel);
            alle.into_boxed_slice()
        })
    }

    /// What others see of a person who was picked.
    pub(crate) fn rolleperson(&self, nummer: Personnummer) -> Option<&Rolleperson> {
        let i_grenda = (nummer.0 % GREND) as u16;
        let alle = self.med_roller(nummer.0 / GREND);
        let noekkel = (u32::from(i_grenda) % SETER, i_grenda);
        alle.binary_search_by_key(&noekkel, Rolleperson::noekkel).ok().and_then(|i| alle.get(i))
    }

    /// Picks a person for a seat; the first of all if there is nobody who fits.
    pub(crate) fn velg(&self, t: &mut Terning, sete: Sete) -> Personnummer {
        let krav = Krav::av(sete);
        let grender = self.roller.len() as u32;
        let start = t.under(grender);
        for grend in (0..grender).map(|i| (start + i) % grender) {
            let passer = krav.utvalg(self.med_roller(grend)).iter().filter(|p| krav.passer(p));
            let antall = passer.clone().count() as u32;
            if antall > 0
                && let Some(valgt) = passer.clone().nth(t.under(antall) as usize)
            {
                return Personnummer(grend * GREND + u32::from(valgt.i_grenda));
            }
        }
        Personnummer(0)
    }
}
