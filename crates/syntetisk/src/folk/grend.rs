//! A hamlet: some hundred persons who marry each other and have each other's children.
//!
//! All ties of family are within a hamlet, so hamlets can be made one by one, in any order and beside each other.
//! Their people live all over the country: only the ties are local, not the addresses.

use super::borger::Borger;
use super::par::{self, Par};
use super::pyramide::Pyramide;
use super::{navn, saer};
use crate::terning::{Kilde, Merke, Rike, Terning};

/// A hamlet with its families; the eldest person first.
#[derive(Debug)]
pub(crate) struct Grend {
    pub nr: u32,
    pub terning: Terning,
    /// The nation's today.
    pub idag: i32,
    pub folk: Vec<Borger>,
    pub par: Vec<Par>,
}

impl Grend {
    /// Makes a hamlet.
    pub(crate) fn ny(kilde: &Kilde, pyramide: &Pyramide, nr: u32, idag: i32) -> Self {
        let terning = kilde.terning(Rike::Grend, nr);
        let plasser = pyramide.plasser(nr).enumerate();
        let folk = plasser
            .map(|(i, plass)| Borger::ny(plass, terning.gren(Merke::Opphav, i as u32), idag))
            .collect();
        let mut grend = Self { nr, terning, idag, folk, par: Vec::new() };
        par::finn_sammen(&mut grend);
        saer::fordel(&mut grend);
        navn::gi(&mut grend);
        grend
    }

    /// A person by place.
    pub(crate) fn en(&self, i: u16) -> &Borger {
        &self.folk[usize::from(i)]
    }

    /// The couples of a person, in order of time.
    pub(crate) fn par_av(&self, i: u16) -> impl Iterator<Item = &Par> {
        self.en(i).par.iter().map(|p| &self.par[usize::from(*p)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_find_together_and_have_children() {
        let kilde = Kilde::ny(42);
        let pyramide = Pyramide::ny(&kilde, 20_000, 20_634);
        let (mut par, mut gift, mut barn, mut brudd, mut unge, mut unge_med_mor) = (0, 0, 0, 0, 0, 0);
        for nr in 0..pyramide.grender() {
            let grend = Grend::ny(&kilde, &pyramide, nr, 20_634);
            par += grend.par.len();
            gift += grend.par.iter().filter(|p| p.gift.is_some()).count();
            brudd += grend.par.iter().filter(|p| p.brudd(&grend)).count();
            barn += grend.par.iter().map(|p| p.barn.len()).sum::<usize>();
            for b in grend
                .folk
                .iter()
                .filter(|b| b.opphav == super::super::borger::Opphav::Norsk && b.foedt() > 3650)
            {
                unge += 1;
                unge_med_mor += u32::from(b.mor.is_some());
            }
        }
        assert!((4000..7000).contains(&par), "{par} couples");
        assert!(gift * 10 > par * 6 && brudd * 10 > par * 2, "{gift} married, {brudd} parted");
        assert!((6000..10_000).contains(&barn), "{barn} children");
        assert!(unge_med_mor * 100 > unge * 96, "{unge_med_mor} of {unge}");
    }
}
