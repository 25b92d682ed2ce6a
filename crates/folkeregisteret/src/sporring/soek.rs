//! `personer/soek`: a list of hits (consumer sheet, section 9.2).

use std::ops::ControlFlow;

use identifikator::Fylkesnummer;
use sok::{Query, SearchError, Seen};
use tid::Date;

use super::Soekefeil;
use super::krav::{Aarsspenn, Adressekrav, Adressevalg, Navnekrav, Navnevalg};
use super::parametre::Parametre;
use crate::indeks::{Adresseslag, Felter};
use crate::modell::Kjoenn;
use crate::{Personindeks, Rettighetspakke};

/// Where a person may be looked for: at home, and where they stay.
const BEGGE: &[Adresseslag] = &[Adresseslag::Bosted, Adresseslag::Opphold];
/// The most hits of a search.
pub const MAKS_TREFF: usize = 10_000;

/// A search, read and found valid. Nothing is required; a search for nothing finds everybody.
#[derive(Clone, PartialEq, Eq)]
pub struct Soek {
    navn: Option<Navnekrav>,
    fonetisk: bool,
    kjoenn: Option<Kjoenn>,
    foedselsdato: Option<Date>,
    foedselsaar: Aarsspenn,
    adresse: Adressekrav,
    med_opphold: bool,
    historisk: bool,
    med_doede: bool,
    maks_treff: usize,
}

impl Soek {
    /// The parameters of the service.
    pub const PARAMETRE: [&str; 15] = [
        "navn",
        "kjoenn",
        "foedselsdato",
        "foedselsaarFraOgMed",
        "foedselsaarTilOgMed",
        "adressenavn",
        "husnummer",
        "postnummer",
        "kommunenummer",
        "fylkesnummer",
        "inkluderOppholdsadresse",
        "soekFonetisk",
        "inkluderDoede",
        "opplysningsgrunnlag",
        "maksTreff",
    ];

    /// Reads the parameters of a call.
    ///
    /// # Errors
    /// [`Soekefeil::Ugyldig`] for one that cannot be used.
    pub fn les<'a>(parametre: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, Soekefeil> {
        let p = Parametre::les(parametre, &Self::PARAMETRE)?;
        let fylke = |verdi: &str| Fylkesnummer::parse(verdi).ok().map(|nummer| nummer.to_string());
        let maks = |verdi: &str| verdi.parse().ok().filter(|antall| (1..=MAKS_TREFF).contains(antall));
        Ok(Self {
            navn: p.navn()?,
            fonetisk: p.flagg("soekFonetisk")?,
            kjoenn: p.kjoenn()?,
            foedselsdato: p.foedselsdato()?,
            foedselsaar: p.aar("foedselsaarFraOgMed", "foedselsaarTilOgMed")?,
            adresse: Adressekrav {
                gate: p.adressenavn()?,
                husnummer: p.husnummer()?,
                postnummer: p.postnummer()?,
                kommunenummer: p.kommunenummer("kommunenummer")?,
                fylkesnummer: p.tolket("fylkesnummer", fylke, "må ha to siffer")?,
            },
            med_opphold: p.flagg("inkluderOppholdsadresse")?,
            historisk: p.historisk()?,
            med_doede: p.flagg("inkluderDoede")?,
            maks_treff: p.tolket("maksTreff", maks, "må være et tall fra 1 til 10000")?.unwrap_or(MAKS_TREFF),
        })
    }

    fn query(&self, felter: &Felter, pakke: Rettighetspakke) -> Query {
        let mut krav = Vec::new();
        if let Some(navn) = &self.navn {
            navn.alle_steder(Navnevalg::ny(felter, self.fonetisk, self.historisk), &mut krav);
        }
        krav.extend(self.kjoenn.map(|kjoenn| Query::Equals(felter.kjoenn, kjoenn.kode().to_owned())));
        krav.extend(self.foedselsdato.map(|dato| Query::Equals(felter.foedselsdato, dato.to_string())));
        krav.extend(self.foedselsaar.foedt(felter));
        let slag = if self.med_opphold { BEGGE } else { &BEGGE[..1] };
        krav.extend(self.adresse.query(felter, Adressevalg { pakke, slag, historisk: self.historisk }));
        if !self.med_doede {
            krav.push(Query::Not(Box::new(Query::Flag(felter.doed, true))));
        }
        Query::And(krav)
    }
}

/// A person who is found.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Treff {
    /// The number that the person is told by: the one in use, or the last.
    pub nummer: u64,
    /// The number that the person's book is kept under.
    pub person: u64,
}

impl std::fmt::Debug for Treff {
    /// Without the numbers: they are personal data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Treff(..)")
    }
}

impl Personindeks {
    /// The persons that a search finds, by number in ascending order.
    ///
    /// Of a search that finds too many, no more than that is looked for.
    ///
    /// # Errors
    /// [`Soekefeil::ForMangeTreff`], [`Soekefeil::Indeks`].
    pub fn soek(&self, soek: &Soek, pakke: Rettighetspakke) -> Result<Vec<Treff>, Soekefeil> {
        let mut funnet = self.foerste(&soek.query(self.felter(), pakke), MAKS_TREFF + 1)?;
        if funnet.len() > MAKS_TREFF {
            return Err(Soekefeil::ForMangeTreff);
        }
        funnet.sort_unstable();
        funnet.truncate(soek.maks_treff);
        Ok(funnet)
    }

    /// Any persons that are found, at least so many if there are, and not many more.
    pub(super) fn foerste(&self, query: &Query, antall: usize) -> Result<Vec<Treff>, Soekefeil> {
        let mut funnet = Vec::new();
        self.hver(query, &mut |noen| {
            funnet.extend_from_slice(noen);
            if funnet.len() < antall { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        Ok(funnet)
    }

    /// Shows everybody that is found, some at a time and in no particular order, until told to stop.
    pub(super) fn hver(
        &self,
        query: &Query,
        vis: &mut dyn FnMut(&[Treff]) -> ControlFlow<()>,
    ) -> Result<(), SearchError> {
        let treff = |(person, nummer): &Seen| {
            let person = *person;
            Treff { person, nummer: nummer.map_or(person, i64::cast_unsigned) }
        };
        let felt = self.felter().gjeldende_nummer;
        let view = self.index().view()?;
        view.visit(query, felt, &mut |noen| vis(&noen.iter().map(treff).collect::<Vec<_>>()))
    }
}
