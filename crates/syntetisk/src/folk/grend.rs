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
        let folk =
            plasser.map(|(i, plass)| Borger::ny(plass, terning.gren(Merke::Opphav, i as u32), idag)).collect();
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

    /// The other one of a couple.
    pub(crate) fn partner(&self, par: &Par, i: u16) -> u16 {
        if par.a == i { par.b } else { par.a }
    }

    /// The couples of a person, in order of time.
    pub(crate) fn par_av(&self, i: u16) -> impl Iterator<Item = &Par> {
        self.en(i).par.iter().map(|p| &self.par[usize::from(*p)])
    }
}
