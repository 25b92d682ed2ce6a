//! Units registered on a property (fact sheet section 13.4).
//!
//! The open data have no dump of these, so they are keyed records: one under the property's id in the cadastre,
//! one under its number, and one under the unit, so that they go when the unit is removed from disclosure.

use std::collections::HashSet;

use identifikator::Organisasjonsnummer;
use journal::{AsOf, Guard, SharedJournal, Space, Step};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tid::Timestamp;

use crate::endring::ENHETER;
use crate::{Enhetsregister, Feil};

const MATRIKKEL: Space = Space("enhetsregisteret/matrikkel");

/// A unit on a property, as the API answers. All values are strings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Matrikkelenhet {
    /// The unit's organisation number.
    pub orgnr: String,
    /// Municipality number.
    pub kommnr: String,
    /// Farm number.
    pub gaardsnr: String,
    /// Title number.
    pub bruksnr: String,
    /// Lease number; `null` when there is none.
    pub festenr: Option<String>,
    /// The property's id in the cadastre.
    pub matrikkelenhetid: String,
    /// Place in the unit's own list, from 1.
    pub rekkefolge: String,
}

/// How a property is named in a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Matrikkelsok {
    /// By its id in the cadastre.
    Id(String),
    /// By municipality, farm, title and perhaps lease number.
    Nummer(Matrikkelnummer),
}

/// A cadastral number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matrikkelnummer {
    kommnr: String,
    gaardsnr: String,
    bruksnr: String,
    festenr: Option<String>,
}

impl Matrikkelnummer {
    /// Reads `kommnr-gnr/bnr`, `kommnr-gnr/bnr/fnr`, and the same with other separators between the numbers.
    pub fn les(tekst: &str) -> Option<Self> {
        let deler: Vec<&str> = tekst.split(['-', '/']).map(str::trim).collect();
        let tall = |del: &str| (1..=6).contains(&del.len()) && del.bytes().all(|b| b.is_ascii_digit());
        let [kommnr, gaardsnr, bruksnr, resten @ ..] = &deler[..] else { return None };
        if resten.len() > 1 || !deler.iter().all(|del| tall(del)) || kommnr.len() != 4 {
            return None;
        }
        let uten_nuller = |del: &str| del.parse::<u32>().unwrap_or(0).to_string();
        let festenr = resten.first().map(|del| uten_nuller(del)).filter(|nr| nr != "0");
        Some(Self {
            kommnr: (*kommnr).to_owned(),
            gaardsnr: uten_nuller(gaardsnr),
            bruksnr: uten_nuller(bruksnr),
            festenr,
        })
    }

    fn nokkel(&self) -> String {
        let festenr = self.festenr.as_deref().unwrap_or("0");
        format!("nr/{}/{}/{}/{festenr}/", self.kommnr, self.gaardsnr, self.bruksnr)
    }
}

impl Matrikkelenhet {
    /// Where it is kept: by the property's id, by its number, and by the unit.
    fn nokler(&self) -> [Vec<u8>; 3] {
        let nummer = Matrikkelnummer {
            kommnr: self.kommnr.clone(),
            gaardsnr: self.gaardsnr.clone(),
            bruksnr: self.bruksnr.clone(),
            festenr: self.festenr.clone(),
        };
        let sist = format!("{}/{}", self.orgnr, self.rekkefolge);
        [
            format!("id/{}/{sist}", self.matrikkelenhetid).into_bytes(),
            (nummer.nokkel() + &sist).into_bytes(),
            format!("enhet/{}/{}/{}", self.orgnr, self.matrikkelenhetid, self.rekkefolge).into_bytes(),
        ]
    }

    /// The journal steps that make it known.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    pub fn steg(&self) -> Result<[Step; 3], Feil> {
        let value = serde_json::to_vec(self)?;
        Ok(self.nokler().map(|key| record(key, Some(value.clone()))))
    }
}

fn record(key: Vec<u8>, value: Option<Vec<u8>>) -> Step {
    Step::Record { space: MATRIKKEL, key, value, guard: Guard::Any }
}

/// The steps that make a unit's properties forgotten, for a unit that is removed from disclosure.
pub(crate) async fn glem(journal: &SharedJournal, orgnr: Organisasjonsnummer) -> Result<Vec<Step>, Feil> {
    let prefiks = format!("enhet/{orgnr}/");
    let mut steg = Vec::new();
    for post in journal.records(MATRIKKEL, prefiks.as_bytes(), None, 10_000).await? {
        let enhet: Matrikkelenhet = serde_json::from_slice(&post.value)?;
        steg.extend(enhet.nokler().map(|key| record(key, None)));
    }
    Ok(steg)
}

/// Which of the units stand in any record.
pub(crate) async fn nevnt(journal: &SharedJournal, ider: &HashSet<u64>) -> Result<HashSet<u64>, Feil> {
    const BOLK: usize = 2000;
    let (mut funnet, mut etter) = (HashSet::new(), None::<Vec<u8>>);
    loop {
        let bolk = journal.records(MATRIKKEL, b"", etter.as_deref(), BOLK).await?;
        for post in &bolk {
            let enhet: Matrikkelenhet = serde_json::from_slice(&post.value)?;
            funnet.extend(enhet.orgnr.parse().ok().filter(|id| ider.contains(id)));
        }
        if bolk.len() < BOLK {
            return Ok(funnet);
        }
        etter = bolk.last().map(|post| post.key.clone());
    }
}

impl Enhetsregister {
    /// Makes units on properties known; those of units that are removed from disclosure are passed over.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn skriv_matrikkel(&self, tid: Timestamp, enheter: &[Matrikkelenhet]) -> Result<(), Feil> {
        let ider: Vec<u64> = enheter.iter().map(|enhet| enhet.orgnr.parse().unwrap_or_default()).collect();
        let naa = self.journal().get_many(ENHETER, &ider, AsOf::Now).await?;
        let mut steg = Vec::with_capacity(enheter.len() * 3);
        for (enhet, naa) in enheter.iter().zip(naa) {
            if naa.is_none_or(|versjon| !versjon.removed) {
                steg.extend(enhet.steg()?);
            }
        }
        self.skriver().skriv(tid, Vec::new(), steg).await?;
        Ok(())
    }

    /// The units on a property. Those that are removed from disclosure are not told of.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn matrikkel(&self, sok: &Matrikkelsok) -> Result<Vec<Matrikkelenhet>, Feil> {
        let prefiks = match sok {
            Matrikkelsok::Id(id) => format!("id/{id}/"),
            Matrikkelsok::Nummer(nummer) => nummer.nokkel(),
        };
        let poster = self.journal().records(MATRIKKEL, prefiks.as_bytes(), None, 1000).await?;
        let mut ut = Vec::with_capacity(poster.len());
        for post in poster {
            let enhet: Matrikkelenhet = serde_json::from_slice(&post.value)?;
            let Ok(orgnr) = enhet.orgnr.parse::<Organisasjonsnummer>() else { continue };
            let fjernet = matches!(
                self.hent(crate::modell::Enhetstype::Enhet, orgnr).await?,
                crate::Oppslag::Fjernet(_)
            );
            if !fjernet {
                ut.push(enhet);
            }
        }
        Ok(ut)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn number_forms() {
        let nokkel = |t: &str| Matrikkelnummer::les(t).map(|m| m.nokkel());
        assert_eq!(nokkel("4601-158/77").as_deref(), Some("nr/4601/158/77/0/"));
        assert_eq!(nokkel("4601-158-77"), nokkel("4601/0158/77/0"));
        assert_eq!(nokkel("4601-158/77/3").as_deref(), Some("nr/4601/158/77/3/"));
        for feil in ["", "4601", "4601-1", "46-1/2", "4601-1/2/3/4", "4601-x/2"] {
            assert_eq!(nokkel(feil), None, "{feil}");
        }
    }
}
