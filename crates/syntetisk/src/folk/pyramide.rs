//! The pyramid of ages: on which day everybody is born, by arithmetic and without a table of persons.
//!
//! The people stand in *hamlets* of [`GREND`] persons. Person `nr` of hamlet `b` has the place
//! `nr · B + π(b)` among all places, where `B` is the number of hamlets and `π` a permutation of its own for every
//! `nr`. No two persons have one place, so the day and the running number within the day that follow from it
//! are theirs alone: identity numbers are unique by construction. And every hamlet has people of all ages.

use crate::kalender::{aar, dag};
use crate::terning::{Kilde, Merke, Rike, Terning};

/// How many persons a hamlet has; the last one may have fewer.
pub(crate) const GREND: u32 = 512;

/// Births a year from a year on, as weights. In the shape of the real register: who died before 1964 is not in it,
/// foreigners with D-numbers are, most of them of working age.
const KULL: &[(i32, u64)] = &[
    (1896, 4),
    (1900, 14),
    (1906, 24),
    (1912, 38),
    (1920, 48),
    (1930, 46),
    (1940, 74),
    (1946, 92),
    (1956, 98),
    (1966, 106),
    (1976, 112),
    (1984, 124),
    (1998, 106),
    (2008, 84),
    (2016, 68),
];

/// Larger than any number of hamlets and prime, so coprime to it.
const PRIMTALL: [u64; 4] = [104_729, 1_299_709, 15_485_863, 179_424_673];

#[derive(Debug, Clone, Copy)]
struct Aargang {
    foerste_dag: i32,
    dager: u64,
    /// The first place of the cohort, and how many there are.
    fra: u64,
    antall: u64,
}

/// The pyramid of a nation.
#[derive(Debug)]
pub(crate) struct Pyramide {
    personer: u32,
    grender: u32,
    aarganger: Vec<Aargang>,
    terning: Terning,
}

/// Where somebody stands in the pyramid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Plass {
    /// Day of birth, in days since 1970.
    pub foedt: i32,
    /// Running number among those born that day.
    pub rang: u32,
    /// Every second one of a day is a woman; chance has it whether the first one is.
    pub kvinne: bool,
}

impl Pyramide {
    /// A pyramid of so many persons who are born, and entered in the register, before `idag`.
    pub(crate) fn ny(kilde: &Kilde, personer: u32, idag: i32) -> Self {
        let grender = personer.div_ceil(GREND).max(1);
        let plasser = u64::from(grender) * u64::from(GREND);
        let foerste = KULL[0].0;
        // The series of individual numbers end in 2039.
        let siste_dag = (idag - 4).min(dag(2039, 12, 31));
        let spenn = |aarstall: i32| {
            let fra = dag(aarstall, 1, 1);
            (fra, (dag(aarstall + 1, 1, 1).min(siste_dag + 1) - fra).cast_unsigned())
        };
        let vekt = |aarstall: i32| {
            let kull = KULL.iter().rev().find(|k| k.0 <= aarstall).map_or(0, |k| k.1);
            kull * u64::from(spenn(aarstall).1)
        };
        let aarstall = foerste..=aar(siste_dag);
        let sum: u64 = aarstall.clone().map(vekt).sum();
        let (mut vekter, mut fra) = (0, 0);
        let mut aargang = |aarstall: i32| {
            vekter += vekt(aarstall);
            let til = plasser * vekter / sum.max(1);
            let (foerste_dag, dager) = spenn(aarstall);
            let aargang = Aargang { foerste_dag, dager: u64::from(dager), fra, antall: til - fra };
            fra = til;
            aargang
        };
        let aarganger = aarstall.map(&mut aargang).collect();
        Self { personer, grender, aarganger, terning: kilde.terning(Rike::Folk, 0) }
    }

    /// How many hamlets there are.
    pub(crate) const fn grender(&self) -> u32 {
        self.grender
    }

    /// How many live in a hamlet.
    pub(crate) fn i_grenda(&self, grend: u32) -> u32 {
        self.personer.saturating_sub(grend * GREND).min(GREND)
    }

    /// The places of the persons of a hamlet, the eldest first.
    pub(crate) fn plasser(&self, grend: u32) -> impl Iterator<Item = Plass> {
        let antall = self.i_grenda(grend).max(1);
        // A hamlet that is not full has people of all ages too.
        (0..antall).map(move |i| self.plass(grend, i * GREND / antall))
    }

    fn plass(&self, grend: u32, nr: u32) -> Plass {
        let b = u64::from(self.grender);
        let primtall = PRIMTALL[(nr % 4) as usize];
        let stokket = (u64::from(grend) * primtall + self.terning.gren(Merke::Plass, nr).tall() % b) % b;
        let plass = u64::from(nr) * b + stokket;
        let i = self.aarganger.partition_point(|a| a.fra + a.antall <= plass);
        let aargang = &self.aarganger[i.min(self.aarganger.len() - 1)];
        let i_aaret = plass - aargang.fra;
        let dag = i_aaret * aargang.dager / aargang.antall.max(1);
        let foedt = aargang.foerste_dag + dag as i32;
        let rang = (i_aaret - foerste_paa(aargang, dag)) as u32;
        let foerste = self.terning.gren(Merke::Opphav, foedt.cast_unsigned()).under(2);
        Plass { foedt, rang, kvinne: (rang + foerste).is_multiple_of(2) }
    }

    /// How many at most are born on a day.
    pub(crate) fn foedte(&self, dag: i32) -> u32 {
        let i = self.aarganger.partition_point(|a| a.foerste_dag <= dag);
        let Some(aargang) = i.checked_sub(1).and_then(|i| self.aarganger.get(i)) else {
            return 0;
        };
        let i_aaret = u64::from((dag - aargang.foerste_dag).cast_unsigned());
        if i_aaret >= aargang.dager {
            return 0;
        }
        (foerste_paa(aargang, i_aaret + 1) - foerste_paa(aargang, i_aaret)) as u32
    }
}

/// The first place of a cohort that is born on a day of it.
const fn foerste_paa(aargang: &Aargang, dag: u64) -> u64 {
    (dag * aargang.antall).div_ceil(aargang.dager)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn no_two_have_one_place_and_days_are_full_from_below() {
        for (personer, idag) in [(1000, 20_634), (20_000, 20_634), (70_001, 18_993), (5000, 26_000)] {
            let pyramide = Pyramide::ny(&Kilde::ny(4), personer, idag);
            let mut per_dag: HashMap<i32, Vec<u32>> = HashMap::new();
            let mut antall = 0;
            for grend in 0..pyramide.grender() {
                let plasser: Vec<Plass> = pyramide.plasser(grend).collect();
                assert!(plasser.is_sorted_by_key(|p| p.foedt));
                antall += plasser.len() as u32;
                for p in plasser {
                    assert!(p.foedt < idag);
                    per_dag.entry(p.foedt).or_default().push(p.rang);
                }
            }
            assert_eq!(antall, personer);
            for (dag, mut rang) in per_dag {
                rang.sort_unstable();
                assert!(rang.windows(2).all(|w| w[0] < w[1]), "{dag}");
                assert!(rang.last() < Some(&pyramide.foedte(dag)), "{dag}");
            }
        }
    }

    #[test]
    fn at_ten_millions_no_day_is_fuller_than_the_series() {
        let pyramide = Pyramide::ny(&Kilde::ny(4), 10_000_000, 20_634);
        for aarstall in 1896..2026 {
            let mest = (0..365).map(|d| pyramide.foedte(dag(aarstall, 1, 1) + d)).max().unwrap_or(0);
            // Per sex: the valid ones of 250, 300 or (D-numbers of the oldest) 100 individual numbers.
            let plass = match aarstall {
                ..=1939 => 160,
                1940..=1999 => 480,
                _ => 400,
            };
            assert!(mest <= plass, "{mest} born on a day of {aarstall}");
        }
    }
}
