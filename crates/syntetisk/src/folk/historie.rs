//! The people's history in order of time: what the feed of the register tells, one version after the other.

use std::vec;

use folkeregisteret::modell::{Hendelse, Persondokument};
use tid::Timestamp;

use super::pyramide::GREND;
use super::rekke::{Feedplass, Feedrekke};
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

/// The people's history. See [`Nasjon::personhistorie`].
pub struct Personhistorie<'a> {
    nasjon: &'a Nasjon,
    plasser: vec::IntoIter<Feedplass>,
    minne: Vec<Option<(u32, Grend<'a>)>>,
}

impl Nasjon {
    /// All that Folkeregisteret has entered since 2020-10-25, when the new register became the master, in order of time: first
    /// everybody it knew then, each in one event, then every change.
    ///
    /// Keeps 24 bytes for every version, and makes a document again for each of its versions: for a nation of some ten
    /// thousands. A large one is loaded hamlet by hamlet ([`Self::grend_for_grend`]), and its feed put in order afterwards
    /// ([`Feedrekke`]).
    pub fn personhistorie(&self) -> Personhistorie<'_> {
        let mut rekke = Feedrekke::default();
        for nr in 0..self.grender() {
            let grend = self.grend(nr);
            for i in 0..grend.antall() {
                let mut versjoner = grend.versjoner(i);
                while let Some(versjon) = versjoner.next() {
                    // One place for each version.
                    rekke.extend(versjon.feedplasser().take(1));
                }
            }
        }
        let plasser: Vec<_> = rekke.i_rekke().collect();
        let minne = std::iter::repeat_with(|| None).take(MINNE).collect();
        Personhistorie { nasjon: self, plasser: plasser.into_iter(), minne }
    }
}

impl Iterator for Personhistorie<'_> {
    type Item = Personendring;

    fn next(&mut self) -> Option<Personendring> {
        let Feedplass { at, person, versjon: k, .. } = self.plasser.next()?;
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
