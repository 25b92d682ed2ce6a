//! Citizenships: the only list of which a person may have several current values.

use std::collections::BTreeSet;

use folkeregisteret::modell::Statsborgerskap;
use identifikator::LandkodeAlfa3;
use serde::Deserialize;
use tid::Date;

use super::felles::{alfa3, rimelig};
use super::verb::Verb;
use crate::sak::{Gang, P, Svar, gjeldende_alle};

/// Some citizenships, as changes give them.
#[derive(Deserialize)]
pub(super) struct Statsborgerskapsliste {
    statsborgerskap: Vec<Borger>,
}

/// A citizenship: with the date it was acquired, or, in the older contracts, a country alone.
#[derive(Deserialize)]
#[serde(untagged)]
enum Borger {
    Land(String),
    Ervervet { statsborgerskap: String, ervervsdato: Option<Date> },
}

impl Borger {
    fn land(&self) -> LandkodeAlfa3 {
        match self {
            Self::Land(land) | Self::Ervervet { statsborgerskap: land, .. } => alfa3(land),
        }
    }

    const fn ervervet(&self) -> Option<Date> {
        match self {
            Self::Land(_) => None,
            Self::Ervervet { ervervsdato, .. } => *ervervsdato,
        }
    }
}

fn innslag(
    gang: &Gang<'_, '_>,
    statsborgerskap: LandkodeAlfa3,
    ervervsdato: Option<Date>,
) -> Statsborgerskap {
    let meta = ervervsdato.map_or_else(|| gang.u.meta(), |dato| gang.u.meta_fra(dato));
    Statsborgerskap { meta, statsborgerskap, ervervsdato }
}

/// The countries that a person is a citizen of now.
fn naa(gang: &Gang<'_, '_>, p: P) -> BTreeSet<LandkodeAlfa3> {
    gjeldende_alle(&gang.u.dok(p).statsborgerskap).map(|s| s.statsborgerskap).collect()
}

impl Statsborgerskapsliste {
    /// C3 of the dates.
    pub fn kontroller(&self, gang: &Gang<'_, '_>, p: P) -> Svar {
        rimelig(gang, self.statsborgerskap.len())?;
        self.statsborgerskap.iter().filter_map(Borger::ervervet).try_for_each(|dato| gang.dato(dato, p))
    }

    /// `endre` adds countries, `korrigere` replaces them all, `opphoere` and `annullere` take those named away. Tells
    /// whether anything was done.
    pub fn utfoer(&self, gang: &mut Gang<'_, '_>, p: P, verb: Verb) -> bool {
        let nevnt = |s: &Statsborgerskap| self.statsborgerskap.iter().any(|b| b.land() == s.statsborgerskap);
        match verb {
            Verb::Opphoere => return gang.u.avslutt(p, nevnt),
            // None comes in the place of one that should never have been.
            Verb::Annullere => return gang.u.annuller(p, nevnt),
            Verb::Endre | Verb::Korrigere => {}
        }
        let mut har = if verb == Verb::Endre { naa(gang, p) } else { BTreeSet::new() };
        let foer = har.len();
        for borger in &self.statsborgerskap {
            let foerste = har.is_empty();
            if har.insert(borger.land()) {
                let ny = innslag(gang, borger.land(), borger.ervervet());
                verb.utfoer(gang, p, ny, |_| verb == Verb::Korrigere && foerste);
            }
        }
        har.len() > foer
    }

    /// Whether a person is a citizen of all of them.
    pub fn er_alt_slik(&self, gang: &Gang<'_, '_>, p: P) -> bool {
        let naa = naa(gang, p);
        self.statsborgerskap.iter().all(|b| naa.contains(&b.land()))
    }
}

/// These are the citizenships; others that there were become past.
pub(super) fn bare(gang: &mut Gang<'_, '_>, p: P, land: &[String]) {
    let nye: BTreeSet<_> = land.iter().map(|land| alfa3(land)).collect();
    if nye == naa(gang, p) {
        return;
    }
    for (i, land) in nye.into_iter().enumerate() {
        let ny = innslag(gang, land, None);
        gang.u.registrer(p, ny, |_| i == 0);
    }
}
