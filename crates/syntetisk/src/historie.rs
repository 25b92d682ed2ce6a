//! The history: what the feeds of the register have told since they began.

use std::vec;

use enhetsregisteret::endring::Endringstype;
use enhetsregisteret::modell::enhet::{Enhet, Slettet, Underenhet};
use enhetsregisteret::modell::{Enhetstype, Roller};
use tid::{Date, Timestamp};

use crate::kalender::dato;
use crate::liv::{Hva, Liv, Steg, liv};
use crate::nasjon::{self, Nasjon};
use crate::plan::ENDRINGSTYPER_FRA;
use crate::tilstand::Tilstand;
use crate::{enhetsdok, rolledok, underdok};

/// What changed, with the whole document as it is afterwards.
#[derive(Debug, Clone)]
pub enum Endring {
    /// A main unit is new or has changed.
    Enhet(Box<Enhet>),
    /// A sub-unit is new or has changed.
    Underenhet(Box<Underenhet>),
    /// A unit was deleted.
    Slettet(Enhetstype, Box<Slettet>),
    /// A unit was removed: its kind, its number, on which day.
    Fjernet(Enhetstype, u32, Date),
    /// The roles of a main unit; `None` when it has none any more.
    Roller(u32, Option<Roller>),
}

/// One entry of the feeds.
#[derive(Debug, Clone)]
pub struct Hendelse {
    /// When it was published.
    pub at: Timestamp,
    /// What kind of change the feed calls it. The feed of roles has no kinds; there it is `Endring`.
    pub slag: Endringstype,
    /// The change.
    pub endring: Endring,
}

/// How many lives are kept at hand; the steps of one life often come close to each other.
const MINNE: usize = 64;

/// An event, before its documents are made: when, whose life, which step. The order is the feeds'.
type Plass = (Timestamp, u32, u16);

/// The history of a nation, in order of time. See [`Nasjon::historie`].
pub struct Historie<'a> {
    nasjon: &'a Nasjon,
    plasser: vec::IntoIter<Plass>,
    minne: Vec<Option<Lest>>,
}

/// A life that has been read up to a step.
struct Lest {
    liv: Liv,
    tilstand: Tilstand,
    neste: usize,
    foerste_under: u32,
}

impl Historie<'_> {
    pub(crate) fn ny(nasjon: &Nasjon) -> Historie<'_> {
        let mut plasser: Vec<Plass> = Vec::with_capacity(nasjon.plasser() as usize * 12);
        for slot in 0..nasjon.plasser() {
            let steg = liv(nasjon, slot).steg;
            let hendelser = steg.iter().enumerate().filter(|(_, s)| s.er_hendelse());
            plasser.extend(hendelser.map(|(k, s)| (s.at, slot, k as u16)));
        }
        plasser.sort_unstable();
        let minne = std::iter::repeat_with(|| None).take(MINNE).collect();
        Historie { nasjon, plasser: plasser.into_iter(), minne }
    }
}

impl Iterator for Historie<'_> {
    type Item = Hendelse;

    fn next(&mut self) -> Option<Hendelse> {
        let (_, slot, k) = self.plasser.next()?;
        let nasjon = self.nasjon;
        let kjent = &mut self.minne[slot as usize % MINNE];
        if kjent.as_ref().is_none_or(|lest| lest.liv.plan.slot != slot || lest.neste > usize::from(k)) {
            *kjent = None;
        }
        let lest = kjent.get_or_insert_with(|| Lest::ny(nasjon, slot));
        Some(lest.les_til(nasjon, usize::from(k)))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.plasser.size_hint()
    }
}

impl ExactSizeIterator for Historie<'_> {}

impl Lest {
    fn ny(nasjon: &Nasjon, slot: u32) -> Self {
        let liv = liv(nasjon, slot);
        let tilstand = Tilstand::foer(&liv.plan);
        Self { foerste_under: nasjon.under_foer(slot), liv, tilstand, neste: 0 }
    }

    fn les_til(&mut self, nasjon: &Nasjon, k: usize) -> Hendelse {
        for steg in &self.liv.steg[self.neste..=k] {
            self.tilstand.ta(&self.liv.plan, steg);
        }
        self.neste = k + 1;
        let steg = self.liv.steg[k];
        Hendelse { at: steg.at, slag: slag(&steg), endring: self.endring(nasjon, &steg) }
    }

    fn endring(&self, nasjon: &Nasjon, steg: &Steg) -> Endring {
        let (plan, tilstand) = (&self.liv.plan, &self.tilstand);
        let nummer = nasjon::nummer(plan.slot);
        match steg.hva {
            Hva::Slettet => {
                Endring::Slettet(Enhetstype::Enhet, Box::new(enhetsdok::slettet(nasjon, plan, tilstand)))
            }
            Hva::Fjernet => Endring::Fjernet(Enhetstype::Enhet, nummer, dato(steg.dag)),
            Hva::RollerNy | Hva::RollerInnlastet | Hva::Rolle(_) | Hva::RollerOppdatert { .. } => {
                Endring::Roller(nummer, rolledok::roller(nasjon, plan, &tilstand.roller))
            }
            Hva::RollerBort => Endring::Roller(nummer, None),
            Hva::UnderNy(nr)
            | Hva::UnderInnlastet(nr)
            | Hva::UnderAnsatte(nr, _)
            | Hva::UnderNavn(nr, _)
            | Hva::UnderAdresse(nr)
            | Hva::UnderEierskifte(nr)
            | Hva::UnderNedlagt(nr) => Endring::Underenhet(Box::new(underdok::underenhet(
                nasjon,
                plan,
                tilstand,
                nr,
                self.foerste_under,
            ))),
            Hva::UnderSlettet(nr) => {
                let slettet = underdok::slettet(nasjon, plan, tilstand, nr, self.foerste_under);
                Endring::Slettet(Enhetstype::Underenhet, Box::new(slettet))
            }
            Hva::UnderFjernet(nr) => {
                let nummer = nasjon::undernummer(self.foerste_under, nr);
                Endring::Fjernet(Enhetstype::Underenhet, nummer, dato(steg.dag))
            }
            _ => Endring::Enhet(Box::new(enhetsdok::enhet(nasjon, plan, tilstand))),
        }
    }
}

/// The feed's word for a step.
fn slag(steg: &Steg) -> Endringstype {
    let roller = matches!(
        steg.hva,
        Hva::RollerNy | Hva::RollerInnlastet | Hva::Rolle(_) | Hva::RollerOppdatert { .. } | Hva::RollerBort
    );
    match steg.hva {
        _ if roller => Endringstype::Endring,
        _ if steg.at < Timestamp::start_of(dato(ENDRINGSTYPER_FRA)) => Endringstype::Ukjent,
        Hva::Registrert | Hva::UnderNy(_) => Endringstype::Ny,
        Hva::Slettet | Hva::UnderSlettet(_) => Endringstype::Sletting,
        Hva::Fjernet | Hva::UnderFjernet(_) => Endringstype::Fjernet,
        _ => Endringstype::Endring,
    }
}
