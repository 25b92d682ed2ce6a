//! The people's history in order of time: what the feed of the register tells, one version after the other.

use std::vec;

use folkeregisteret::modell::{Hendelse, Persondokument};
use tid::Timestamp;

use super::pyramide::GREND;
use super::ut::Grend;
use crate::nasjon::Nasjon;

/// A version of a person's document, in a history.
#[derive(Debug, Clone)]
pub struct Personendring {
    /// When it was entered in the register.
    pub at: Timestamp,
    /// The running number of the person in the nation.
    pub person: u32,
    /// The document as it is from now on. None when the person was merged away.
    pub dokument: Option<Box<Persondokument>>,
    /// What the feed tells, in order; at least one.
    pub hendelser: Vec<Hendelse>,
}

/// How many hamlets are kept at hand: all of them in a nation of thirty thousand.
const MINNE: usize = 64;

/// When, whose, which version. The order is the feed's.
type Plass = (Timestamp, u32, u16);

/// The people's history. See [`Nasjon::personhistorie`].
pub struct Personhistorie<'a> {
    nasjon: &'a Nasjon,
    plasser: vec::IntoIter<Plass>,
    minne: Vec<Option<(u32, Grend<'a>)>>,
}

impl Nasjon {
    /// All that Folkeregisteret has entered since 2020-10-25, when the new register became the master, in order of time: first
    /// everybody it knew then, each in one event, then every change.
    ///
    /// Keeps 16 bytes for every version, and makes a document again for each of its versions: for a nation to be looked at.
    /// A large one is loaded hamlet by hamlet ([`Self::grend`]).
    pub fn personhistorie(&self) -> Personhistorie<'_> {
        let mut plasser = Vec::with_capacity(self.oppsett().personer as usize * 3);
        for nr in 0..self.grender() {
            let grend = self.grend(nr);
            for i in 0..grend.antall() {
                let (mut versjoner, mut k) = (grend.versjoner(i), 0);
                while let Some(versjon) = versjoner.next() {
                    plasser.push((versjon.at, grend.personnummer(i), k));
                    k += 1;
                }
            }
        }
        plasser.sort_unstable();
        let minne = std::iter::repeat_with(|| None).take(MINNE).collect();
        Personhistorie { nasjon: self, plasser: plasser.into_iter(), minne }
    }
}

impl Iterator for Personhistorie<'_> {
    type Item = Personendring;

    fn next(&mut self) -> Option<Personendring> {
        let (at, person, k) = self.plasser.next()?;
        let nr = person / GREND;
        let kjent = &mut self.minne[nr as usize % MINNE];
        if kjent.as_ref().is_none_or(|(kjent, _)| *kjent != nr) {
            *kjent = Some((nr, self.nasjon.grend(nr)));
        }
        let (_, grend) = kjent.as_ref()?;
        let mut versjoner = grend.versjoner(person % GREND);
        for _ in 0..k {
            versjoner.next();
        }
        let versjon = versjoner.next()?;
        Some(Personendring {
            at,
            person,
            dokument: versjon.dokument.map(|d| Box::new(d.clone())),
            hendelser: versjon.hendelser.to_vec(),
        })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.plasser.size_hint()
    }
}

impl ExactSizeIterator for Personhistorie<'_> {}
