//! Which organisation may send what (producer sheet, chapter 2).

use identifikator::Organisasjonsnummer;
use journal::{Change, Guard, SharedJournal};
use serde::{Deserialize, Serialize};
use tid::Timestamp;

use crate::Feil;
use crate::lager::{PRODUSENTER, noekkel, sett, siste_del, slett};

/// An organisation that sends messages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Produsentrett {
    /// Whom to ask.
    pub navn: String,
    /// The resources that it may post to, by name; `*` is all.
    pub ressurser: Vec<String>,
    /// The values of a message's `kilde` or `innsendertype` that it may use; none given is all.
    #[serde(default)]
    pub kilder: Vec<String>,
}

impl Produsentrett {
    /// Whether it may post to a resource.
    pub fn ressurs(&self, navn: &str) -> bool {
        self.ressurser.iter().any(|r| r == "*" || r == navn)
    }

    /// Whether it may say that it is this source.
    pub fn kilde(&self, kilde: &str) -> bool {
        self.kilder.is_empty() || self.kilder.iter().any(|k| k == kilde)
    }
}

/// What an organisation may; `None` if nothing.
///
/// # Errors
/// When the store fails.
pub async fn hent(
    journal: &SharedJournal,
    orgnr: Organisasjonsnummer,
) -> Result<Option<Produsentrett>, Feil> {
    let record = journal.record(PRODUSENTER, &noekkel(&[orgnr.verdi().into()])).await?;
    Ok(record.map(|record| serde_json::from_slice(&record.value)).transpose()?)
}

/// Says what an organisation may; `None` takes it all away.
///
/// # Errors
/// When the store fails.
pub async fn gi(
    journal: &SharedJournal,
    now: Timestamp,
    orgnr: Organisasjonsnummer,
    rett: Option<&Produsentrett>,
) -> Result<(), Feil> {
    let key = noekkel(&[orgnr.verdi().into()]);
    let step = match rett {
        Some(rett) => sett(PRODUSENTER, key, rett, Guard::Any)?,
        None => slett(PRODUSENTER, key),
    };
    journal.append(Change { at: now, steps: vec![step] }).await?;
    Ok(())
}

/// Everybody who may send anything.
///
/// # Errors
/// When the store fails.
pub async fn alle(journal: &SharedJournal) -> Result<Vec<(u64, Produsentrett)>, Feil> {
    let mut alle = Vec::new();
    let mut etter: Option<Vec<u8>> = None;
    loop {
        let bunt = journal.records(PRODUSENTER, &[], etter.as_deref(), 100).await?;
        for record in &bunt {
            let orgnr = siste_del(&record.key).ok_or(Feil::Mangler("et organisasjonsnummer"))?;
            alle.push((orgnr, serde_json::from_slice(&record.value)?));
        }
        match bunt.last() {
            Some(siste) if bunt.len() == 100 => etter = Some(siste.key.clone()),
            _ => return Ok(alle),
        }
    }
}
