//! What several messages have in common: names and codes.

use folkeregisteret::modell::{Folkeregisterpersonnavn, Kjoenn, Navnedel, Persondokument, Personnavn, Tekst};
use identifikator::LandkodeAlfa3;
use serde::Deserialize;

use crate::sak::{Gang, Kode, Svar, Utkast, gjeldende};

/// Values of one kind that a message may give: more are no message about a person.
const VERDIER_MAKS: usize = 100;

/// Refuses a message that gives too many values of one kind.
pub(super) fn rimelig(gang: &Gang<'_, '_>, antall: usize) -> Svar {
    gang.avvis(antall > VERDIER_MAKS, Kode::UgyldigMelding)
}

/// A name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Navn {
    pub fornavn: String,
    pub mellomnavn: Option<String>,
    pub etternavn: String,
}

impl Navn {
    pub fn som_personnavn(&self) -> Personnavn {
        Personnavn {
            fornavn: Navnedel::tilpass(self.fornavn.clone()),
            mellomnavn: self.mellomnavn.clone().map(Navnedel::tilpass),
            etternavn: Navnedel::tilpass(self.etternavn.clone()),
        }
    }

    /// No part is longer than the register holds (rule R8).
    pub fn passer(&self) -> bool {
        let deler = [Some(&self.fornavn), self.mellomnavn.as_ref(), Some(&self.etternavn)];
        deler.into_iter().flatten().all(|del| del.chars().count() <= 200)
    }

    /// For comparison: capitals, blanks and hyphens as one blank.
    pub fn normalisert(&self) -> String {
        let deler = [Some(&self.fornavn), self.mellomnavn.as_ref(), Some(&self.etternavn)];
        normalisert(deler.into_iter().flatten().map(String::as_str))
    }

    /// As the register holds it.
    pub fn innslag(&self, u: &Utkast<'_, '_>) -> Folkeregisterpersonnavn {
        let navn = self.som_personnavn();
        let helt =
            format!("{} {} {}", self.etternavn, self.fornavn, self.mellomnavn.as_deref().unwrap_or(""));
        let forkortet: String = helt.trim_end().chars().take(40).collect();
        Folkeregisterpersonnavn {
            meta: u.meta(),
            fornavn: navn.fornavn,
            mellomnavn: navn.mellomnavn,
            etternavn: navn.etternavn,
            forkortet_navn: Some(Tekst::tilpass(forkortet)),
            originalt_navn: None,
        }
    }
}

/// For comparison: capitals, blanks and hyphens as one blank.
pub(super) fn normalisert<'a>(deler: impl Iterator<Item = &'a str>) -> String {
    let ord = deler.flat_map(|del| del.split([' ', '-'])).filter(|ord| !ord.is_empty());
    ord.map(str::to_uppercase).collect::<Vec<_>>().join(" ")
}

/// The current name of a person, for comparison.
pub(super) fn navn_i(dok: &Persondokument) -> Option<String> {
    let navn = gjeldende(&dok.navn)?;
    let deler = [Some(&navn.fornavn), navn.mellomnavn.as_ref(), Some(&navn.etternavn)];
    Some(normalisert(deler.into_iter().flatten().map(|del| &**del)))
}

pub(super) fn alfa3(kode: &str) -> LandkodeAlfa3 {
    LandkodeAlfa3::parse(kode).unwrap_or(LandkodeAlfa3::UKJENT)
}

pub(super) fn kjoenn(kode: &str) -> Option<Kjoenn> {
    Kjoenn::av_kode(kode)
}

pub(super) fn tekst(t: Option<&String>) -> Option<Tekst> {
    t.map(|t| Tekst::tilpass(t.clone()))
}
