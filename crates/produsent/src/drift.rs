//! Maintenance: what is switched off for a while (producer sheet, chapter 11). Nothing is lost by any switch.

use journal::{Change, Guard, SharedJournal};
use serde::{Deserialize, Serialize};
use tid::Timestamp;

use crate::Feil;
use crate::lager::{TILSTAND, sett};
use crate::ressurs::RESSURSER;

const NOEKKEL: &[u8] = b"drift";

/// The switches.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Drift {
    /// Messages are not received: 500, and senders must send again.
    pub mottak_nede: bool,
    /// Messages are received and wait; no case is taken and nothing new is told back.
    pub saksflyt_nede: bool,
    /// The feed cannot be read.
    pub tilbakemelding_nede: bool,
    /// Kinds of cases that wait while others go on, by `sakstype`.
    pub stoppede_sakstyper: Vec<String>,
    /// Seconds that messages lie before their cases are taken.
    pub forsinkelse_s: u32,
}

impl Drift {
    /// Whether cases of a kind wait.
    pub fn stoppet(&self, sakstype: &str) -> bool {
        self.stoppede_sakstyper.iter().any(|s| s == sakstype)
    }

    /// Whether a message that came then has not lain long enough.
    pub fn for_tidlig(&self, mottatt: Timestamp, now: Timestamp) -> bool {
        now.as_millis() - mottatt.as_millis() < i64::from(self.forsinkelse_s) * 1000
    }

    /// The first of the kinds that there is not.
    pub fn ukjent_sakstype(&self) -> Option<&str> {
        let kjent = |s: &&String| RESSURSER.iter().any(|r| r.sakstype == *s);
        self.stoppede_sakstyper.iter().find(|s| !kjent(s)).map(String::as_str)
    }
}

/// How the switches stand.
///
/// # Errors
/// When the store fails.
pub async fn hent(journal: &SharedJournal) -> Result<Drift, Feil> {
    let record = journal.record(TILSTAND, NOEKKEL).await?;
    Ok(record.map(|record| serde_json::from_slice(&record.value)).transpose()?.unwrap_or_default())
}

/// Sets the switches.
///
/// # Errors
/// When the store fails.
pub async fn still(journal: &SharedJournal, now: Timestamp, drift: &Drift) -> Result<(), Feil> {
    let step = sett(TILSTAND, NOEKKEL.to_vec(), drift, Guard::Any)?;
    journal.append(Change { at: now, steps: vec![step] }).await?;
    Ok(())
}
