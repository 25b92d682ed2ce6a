//! Who has looked a person up, told with names: what the person is told, and what the operator sees.

use async_trait::async_trait;
use identifikator::Organisasjonsnummer;
use serde::Serialize;
use tid::Timestamp;

use crate::bok::Bok;
use crate::logg::Loggfoert;
use crate::{Feil, Folkeregister};

/// Whom an organisation number belongs to. Folkeregisteret does not know; who runs it beside a register of units does.
#[async_trait]
pub trait Virksomheter: Send + Sync {
    /// The organisation; `None` when it is not known, or cannot be asked for now.
    async fn hvem(&self, orgnr: Organisasjonsnummer) -> Option<Virksomhet>;
}

/// An organisation, as far as the log tells of it (consumer sheet, section 2.2).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Virksomhet {
    /// Its number.
    pub organisasjonsnummer: String,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub navn: Option<String>,
    /// The lines of its address.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub adresse: Vec<String>,
    /// Its postal code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postnummer: Option<String>,
    /// Its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub poststed: Option<String>,
    /// Its country.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub land: Option<String>,
}

/// A look-up, told with names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Innsyn {
    /// When.
    pub tidspunkt: Timestamp,
    /// For whom.
    pub konsument: Virksomhet,
    /// Who ran the software for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leverandoer: Option<Virksomhet>,
    /// The service, as its path begins.
    pub tjeneste: String,
    /// The package, by its code.
    pub pakke: String,
}

/// A person of the log, and the look-ups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Innsynsliste {
    /// The number that the person's book is kept under.
    pub person: u64,
    /// Oldest first.
    pub oppslag: Vec<Innsyn>,
}

impl Folkeregister {
    /// Who has looked up the person who has or had this number: what the person may be told, or everything (`alle`).
    /// `None`: nobody has the number.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn innsyn(
        &self,
        nummer: u64,
        alle: bool,
        virksomheter: &dyn Virksomheter,
    ) -> Result<Option<Innsynsliste>, Feil> {
        let Some(funnet) = self.finn(&[nummer]).await?.pop().flatten() else { return Ok(None) };
        let person = funnet.person;
        let logg = if alle {
            let andre = Bok::les(person, &funnet.tekst)?.andre_numre()?;
            self.logg().om(person, &andre).await?
        } else {
            self.logg().for_personen(person).await?
        };
        let mut oppslag = Vec::with_capacity(logg.len());
        for foert in logg {
            oppslag.push(med_navn(foert, virksomheter).await);
        }
        Ok(Some(Innsynsliste { person, oppslag }))
    }
}

async fn med_navn(foert: Loggfoert, virksomheter: &dyn Virksomheter) -> Innsyn {
    let leverandoer = match foert.leverandoer {
        Some(orgnr) => Some(hvem(orgnr, virksomheter).await),
        None => None,
    };
    Innsyn {
        tidspunkt: foert.tidspunkt,
        konsument: hvem(foert.konsument, virksomheter).await,
        leverandoer,
        tjeneste: foert.tjeneste,
        pakke: foert.pakke,
    }
}

async fn hvem(orgnr: String, virksomheter: &dyn Virksomheter) -> Virksomhet {
    let kjent = match Organisasjonsnummer::parse(&orgnr) {
        Ok(orgnr) => virksomheter.hvem(orgnr).await,
        Err(_) => None,
    };
    Virksomhet { organisasjonsnummer: orgnr, ..kjent.unwrap_or_default() }
}
