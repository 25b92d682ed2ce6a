//! The people as they come out: versions of documents with the events that tell of them.

use folkeregisteret::modell::{Hendelse, Hendelsestype, Persondokument};
use tid::Timestamp;

use super::Folk;
use super::bok::{Bok, Bygd};
use super::liv::liv;
use super::pyramide::GREND;
use super::saer::Trekk;
use super::steg::{Hva, Steg, feedstart, innlasting};
use crate::nasjon::Nasjon;

/// Some hundred persons of a nation and their families, independent of all others. See [`Nasjon::grend`].
pub struct Grend<'a>(Bygd<'a>);

/// One version of a person's document, lent out for a look.
#[derive(Debug, Clone, Copy)]
pub struct Versjon<'a> {
    /// The running number of the person in the nation.
    pub person: u32,
    /// Which version of the document it is, from 0.
    pub nr: u16,
    /// When it was entered in the register.
    pub at: Timestamp,
    /// The document as it is from now on. None when the person was merged away: there is nothing after it.
    pub dokument: Option<&'a Persondokument>,
    /// What the feed tells, in order; at least one.
    pub hendelser: &'a [Hendelse],
}

/// The versions of one person, from the first one on.
///
/// A lending iterator: the document grows in place, so a version is to be used, or copied, before the next one.
pub struct Versjoner<'a> {
    bok: Bok<'a>,
    steg: Vec<Steg>,
    neste: usize,
    person: u32,
    /// How many versions came out.
    antall: u16,
    /// With the first version comes all that was there before it.
    lastet: bool,
}

impl Nasjon {
    /// How many hamlets the people live in.
    pub fn grender(&self) -> u32 {
        self.folk().pyramide.grender()
    }

    /// One hamlet, from 0 to [`Self::grender`]; the last may be small. Hamlets do not know of each other, and may be made in
    /// any order, on several threads, and again.
    pub fn grend(&self, nr: u32) -> Grend<'_> {
        let folk: &Folk = self.folk();
        Grend(Bygd::ny(self, &folk.pyramide, folk.grend(nr)))
    }
}

impl Grend<'_> {
    /// How many persons there are.
    pub fn antall(&self) -> u32 {
        self.0.grend.folk.len() as u32
    }

    /// The running number of a person in the nation, from the place in the hamlet.
    pub fn personnummer(&self, i: u32) -> u32 {
        self.0.grend.nr * GREND + i
    }

    /// The versions of a person by place, below [`Self::antall`]; from there on, those of the last one.
    pub fn versjoner(&self, i: u32) -> Versjoner<'_> {
        let i = i.min(self.antall().saturating_sub(1)) as u16;
        let steg = liv(&self.0.grend, &self.0.bosteder, i);
        let person = self.personnummer(u32::from(i));
        Versjoner { bok: Bok::ny(&self.0, i), steg, neste: 0, person, antall: 0, lastet: false }
    }
}

impl Versjoner<'_> {
    /// The next version.
    #[expect(clippy::should_implement_trait, reason = "lends what it answers, as an iterator cannot")]
    pub fn next(&mut self) -> Option<Versjon<'_>> {
        if !self.lastet {
            self.lastet = true;
            if let Some(at) = self.last_inn() {
                return Some(self.versjon(at));
            }
        }
        while let Some(steg) = self.steg.get(self.neste).copied() {
            self.neste += 1;
            self.skriv(&steg, true);
            if !self.bok.hendelser.is_empty() {
                return Some(self.versjon(steg.at));
            }
        }
        None
    }

    /// The document of today, without a look at those before it. None for who was merged away.
    pub fn siste(mut self) -> Option<Persondokument> {
        if !self.lastet {
            self.last_inn();
        }
        for i in self.neste..self.steg.len() {
            let steg = self.steg[i];
            self.skriv(&steg, false);
        }
        let bort = Hva::Saer(Trekk::DublettBort, false);
        (!self.steg.iter().any(|s| s.hva == bort)).then_some(self.bok.dok)
    }

    fn versjon(&mut self, at: Timestamp) -> Versjon<'_> {
        let nr = self.antall;
        self.antall += 1;
        let bort =
            self.bok.hendelser.iter().any(|h| h.hendelsestype == Hendelsestype::PersonErOpphoertSomDublett);
        Versjon {
            person: self.person,
            nr,
            at,
            dokument: (!bort).then_some(&self.bok.dok),
            hendelser: &self.bok.hendelser,
        }
    }

    fn skriv(&mut self, steg: &Steg, melder: bool) {
        self.bok.bla(steg.at, steg.dag, melder);
        self.bok.fas_ut();
        self.bok.skriv(steg.hva);
    }

    /// Writes what was known when the register began, or before a split made a person of it; answers when that became the
    /// first version, if it is one of its own.
    fn last_inn(&mut self) -> Option<Timestamp> {
        let splitt = Hva::Saer(Trekk::SplittGjenopprettet, false);
        let splittet = self.steg.iter().position(|s| s.hva == splitt);
        let siste = splittet.or_else(|| self.steg.iter().position(|s| s.at >= feedstart()));
        let siste = siste.unwrap_or(self.steg.len());
        for i in 0..siste {
            let steg = self.steg[i];
            self.skriv(&steg, false);
        }
        self.neste = siste;
        if siste == 0 || splittet.is_some() {
            return None;
        }
        let at = innlasting(self.person / GREND);
        self.bok.last_inn(at);
        Some(at)
    }
}
