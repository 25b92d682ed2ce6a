//! `part`: which parts of a document are asked for (consumer sheet, section 6).

use super::{ALLE, EID, INGEN, OMH, Pakker, Rettighetspakke};
use crate::modell::Entitet;

/// Which collective values of `part` give an entity, and in which packages. Its own name gives it everywhere.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part {
    basis: Pakker,
    identitetsgrunnlag_utvidet: Pakker,
    relasjon_utvidet: Pakker,
    /// Whether its own name is a value at all.
    gyldig: bool,
}

impl Part {
    /// Its own name only.
    pub(crate) const EGEN: Self =
        Self { basis: INGEN, identitetsgrunnlag_utvidet: INGEN, relasjon_utvidet: INGEN, gyldig: true };
    /// `person-basis`.
    pub(crate) const BASIS: Self = Self { basis: ALLE, ..Self::EGEN };
    /// `person-basis`, but for those who must ask for numbers by name or never see them.
    pub(crate) const NUMMER: Self = Self { basis: super::MED_NUMMER, ..Self::EGEN };
    /// `identitetsgrunnlag-utvidet`, which answers in two packages only.
    pub(crate) const UTVIDET: Self = Self { identitetsgrunnlag_utvidet: OMH.og(EID), ..Self::EGEN };
    /// The same, and `person-basis` for issuers of electronic identity.
    pub(crate) const UTVIDET_OG_BASIS_FOR_EID: Self = Self { basis: EID, ..Self::UTVIDET };
    /// `relasjon-utvidet`.
    pub(crate) const RELASJON: Self = Self { relasjon_utvidet: ALLE, ..Self::EGEN };
    /// Withdrawn: its own name is not a value any more.
    pub(crate) const UGYLDIG: Self = Self { gyldig: false, ..Self::EGEN };
}

/// The values of `part` in a call. None at all means `person-basis`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Deler {
    navngitte: Entiteter,
    basis: bool,
    identitetsgrunnlag_utvidet: bool,
    relasjon_utvidet: bool,
    historikk: bool,
}

/// A value of `part` that does not exist, or no longer does.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Ugyldig verdi for part: {0}")]
pub struct UkjentPart(String);

impl Deler {
    /// Reads the values of a call. Capital letters do not matter, nor order and repetition.
    ///
    /// # Errors
    /// [`UkjentPart`] for a value that does not exist. One that exists and the package lacks is no error.
    pub fn les<'a>(verdier: impl IntoIterator<Item = &'a str>) -> Result<Self, UkjentPart> {
        verdier.into_iter().try_fold(Self::default(), Self::med)
    }

    fn med(mut self, verdi: &str) -> Result<Self, UkjentPart> {
        match verdi.to_ascii_lowercase().as_str() {
            "person-basis" => self.basis = true,
            "identitetsgrunnlag-utvidet" => self.identitetsgrunnlag_utvidet = true,
            "relasjon-utvidet" => self.relasjon_utvidet = true,
            "historikk" => self.historikk = true,
            liten => {
                let entitet = Entitet::ALLE.iter().find(|e| e.navn().eq_ignore_ascii_case(liten));
                let gyldig = entitet.filter(|e| e.part().gyldig).ok_or_else(|| UkjentPart(kort(verdi)))?;
                self.navngitte.ta_med(*gyldig);
            }
        }
        Ok(self)
    }

    /// Everything that a package may have, history included.
    pub fn alt() -> Self {
        Self::med_historikk(Entitet::ALLE)
    }

    /// Some entities, history included.
    pub(crate) fn med_historikk(entiteter: &[Entitet]) -> Self {
        let mut deler = Self { historikk: true, ..Self::default() };
        for entitet in entiteter {
            deler.navngitte.ta_med(*entitet);
        }
        deler
    }

    /// The entities that a package gets by these values, current and past ones.
    pub(crate) fn utvalg(&self, pakke: Rettighetspakke) -> Utvalg {
        let samlet = self.basis || self.identitetsgrunnlag_utvidet || self.relasjon_utvidet;
        let basis = self.basis || !(samlet || self.navngitte.noen());
        let mut utvalg = Utvalg::default();
        for entitet in Entitet::ALLE.iter().copied().filter(|e| e.pakker().har(pakke)) {
            let part = entitet.part();
            // Numbers go along with whatever is asked for.
            let alltid = entitet == Entitet::Identifikasjonsnummer && part.basis.har(pakke);
            let bedt_om = alltid
                || self.navngitte.har(entitet)
                || basis && part.basis.har(pakke)
                || self.identitetsgrunnlag_utvidet && part.identitetsgrunnlag_utvidet.har(pakke)
                || self.relasjon_utvidet && part.relasjon_utvidet.har(pakke);
            if bedt_om {
                utvalg.gjeldende.ta_med(entitet);
                if self.historikk && entitet.historikk().har(pakke) {
                    utvalg.tidligere.ta_med(entitet);
                }
            }
        }
        utvalg
    }
}

/// A value as an error repeats it.
fn kort(verdi: &str) -> String {
    verdi.chars().filter(|c| !c.is_control()).take(60).collect()
}

/// A set of entities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Entiteter(u64);

impl Entiteter {
    pub(crate) const fn har(self, entitet: Entitet) -> bool {
        self.0 & (1 << entitet as u64) != 0
    }

    /// These and one more.
    pub(crate) const fn og(self, entitet: Entitet) -> Self {
        Self(self.0 | 1 << entitet as u64)
    }

    fn ta_med(&mut self, entitet: Entitet) {
        *self = self.og(entitet);
    }

    const fn noen(self) -> bool {
        self.0 != 0
    }
}

const _: () = assert!(Entitet::ALLE.len() <= 64, "the set has a bit for each");

/// What a call gives of a document before its values are looked at.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Utvalg {
    pub(super) gjeldende: Entiteter,
    pub(super) tidligere: Entiteter,
}

impl Utvalg {
    /// The current entries of one entity.
    pub(crate) fn bare_gjeldende(entitet: Entitet) -> Self {
        Self { gjeldende: Entiteter::default().og(entitet), tidligere: Entiteter::default() }
    }

    /// All entries of one entity.
    pub(crate) fn alt_av(entitet: Entitet) -> Self {
        let entiteter = Entiteter::default().og(entitet);
        Self { gjeldende: entiteter, tidligere: entiteter }
    }

    /// What decides how much of the rest is delivered, too.
    pub(crate) fn med_vern(self) -> Self {
        Self { gjeldende: self.gjeldende.og(Entitet::Adressebeskyttelse), ..self }
    }

    /// Whether an entry is chosen. One that does not say whether it is current may be either.
    pub(crate) fn tar(&self, entitet: Entitet, er_gjeldende: Option<bool>) -> bool {
        match er_gjeldende {
            Some(true) => self.gjeldende.har(entitet),
            Some(false) => self.tidligere.har(entitet),
            None => self.gjeldende.har(entitet) || self.tidligere.har(entitet),
        }
    }
}
