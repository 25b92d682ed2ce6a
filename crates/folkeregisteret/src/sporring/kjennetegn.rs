//! Who somebody may be already: by name and year of birth, by papers, by numbers that others gave.

use std::collections::BTreeSet;

use identifikator::LandkodeAlfa3;
use sok::{Query, SearchError};
use tid::Date;

use super::krav::{Navnekrav, Navnevalg};
use crate::Personindeks;
use crate::indeks::{Felter, aarsord, landnummer};

/// The most persons that marks may fit.
const KJENTE_MAKS: usize = 1_000;

/// What somebody is known by. Whoever has one of the marks may be meant; name and birth are one mark.
#[derive(Clone)]
pub struct Kjennetegn {
    /// The whole name.
    pub navn: String,
    /// The date of birth: all of the name who are born that year, as the day may not be known.
    pub foedt: Date,
    /// Numbers of the immigration authorities.
    pub duf: Vec<String>,
    /// Numbers that other countries gave.
    pub utenlandske: Vec<(LandkodeAlfa3, String)>,
    /// Numbers of identity documents, with the countries that issued them.
    pub legitimasjon: Vec<(LandkodeAlfa3, String)>,
}

impl std::fmt::Debug for Kjennetegn {
    /// Without content: it is personal data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Kjennetegn(..)")
    }
}

impl Kjennetegn {
    fn query(&self, felter: &Felter) -> Query {
        let mut navn_og_foedt = Vec::new();
        if let Some(navn) = Navnekrav::les(&self.navn) {
            navn.alle_steder(Navnevalg::ny(felter, false, false), &mut navn_og_foedt);
        }
        let aar = self.foedt.year().unsigned_abs();
        navn_og_foedt.push(if navn_og_foedt.is_empty() {
            // A name that nobody can be found by.
            Query::Equals(felter.foedselsdato, self.foedt.to_string())
        } else {
            Query::Equals(felter.foedselsaar_ord, aarsord(aar))
        });
        let fremmede = |numre: &[(LandkodeAlfa3, String)]| -> Vec<String> {
            numre.iter().map(|(land, nummer)| landnummer(land.as_str(), nummer)).collect()
        };
        let duf = self.duf.iter().map(|nummer| nummer.trim().to_owned()).collect();
        let mut noen = vec![Query::And(navn_og_foedt)];
        for (felt, verdier) in [
            (felter.duf, duf),
            (felter.utenlandsk, fremmede(&self.utenlandske)),
            (felter.legitimasjon, fremmede(&self.legitimasjon)),
        ] {
            if !verdier.is_empty() {
                noen.push(Query::OneOf(felt, verdier));
            }
        }
        Query::Or(noen)
    }
}

impl Personindeks {
    /// Those who may be meant, by the numbers that their books are kept under; `None` if they are very many.
    ///
    /// # Errors
    /// As [`sok::Index::view`].
    pub(crate) fn kjente(&self, tegn: &Kjennetegn) -> Result<Option<BTreeSet<u64>>, SearchError> {
        let mut funnet = BTreeSet::new();
        self.hver(&tegn.query(self.felter()), &mut |noen| {
            funnet.extend(noen.iter().map(|treff| treff.person));
            if funnet.len() <= KJENTE_MAKS {
                std::ops::ControlFlow::Continue(())
            } else {
                std::ops::ControlFlow::Break(())
            }
        })?;
        Ok((funnet.len() <= KJENTE_MAKS).then_some(funnet))
    }
}
