//! How keeping in step goes, for people and monitoring.
//!
//! Places are read from the journal; the rest (contact, errors, what waits) is known by the process that follows,
//! which also leaves it in a file, so that `grunndata sync --status` can tell it while the server runs.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use journal::SharedJournal;
use serde::{Deserialize, Serialize};
use tid::Timestamp;

use super::folge::{Skritt, sekunder_siden};
use super::markor::{self, STROMMER, Sted};
use crate::Feil;

/// How keeping in step goes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Synkstatus {
    /// The upstream's base address; `None`: the copy follows nobody yet.
    pub oppstroms: Option<String>,
    /// All three total files are loaded.
    pub grunnlag_ferdig: bool,
    /// One for each feed: units, sub-units, roles.
    pub strommer: Vec<Stromstatus>,
}

/// How one feed goes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Stromstatus {
    /// Which.
    pub strom: String,
    /// The upstream's id of the newest event that is here.
    pub siste_id: Option<u64>,
    /// The upstream's time of it.
    pub siste_dato: Option<String>,
    /// Events that are known to wait upstream. `None`: the upstream has not been asked yet.
    pub etterslep: Option<u64>,
    /// Seconds since the newest event that is here, while others wait; 0 when in step.
    pub etterslep_sekunder: Option<u64>,
    /// When the upstream last answered as it should.
    pub siste_kontakt: Option<String>,
    /// When the last error was.
    pub siste_feil_tid: Option<String>,
    /// What it was.
    pub siste_feil: Option<String>,
    /// Records of the total file loaded by this process.
    pub lastet: u64,
    /// Events taken by this process.
    pub hendelser: u64,
    /// Documents from upstream that this process could not read.
    pub uleselige: u64,
}

/// What the following process knows.
pub(super) struct Tavle {
    fil: PathBuf,
    strommer: Mutex<[Stromstatus; 3]>,
}

impl Tavle {
    pub(super) fn ny(fil: PathBuf) -> Self {
        let strommer =
            STROMMER.map(|strom| Stromstatus { strom: strom.ord().to_owned(), ..Stromstatus::default() });
        Self { fil, strommer: Mutex::new(strommer) }
    }

    fn endre(&self, plass: usize, gjor: impl FnOnce(&mut Stromstatus)) {
        let mut strommer = self.strommer.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(strom) = strommer.get_mut(plass) {
            gjor(strom);
        }
    }

    pub(super) fn lastet(&self, plass: usize, poster: u64) {
        self.endre(plass, |strom| strom.lastet = poster);
    }

    pub(super) fn skritt(&self, plass: usize, naa: Timestamp, skritt: &Skritt) {
        self.endre(plass, |strom| {
            strom.siste_kontakt = Some(naa.to_string());
            strom.etterslep = Some(skritt.venter);
            strom.hendelser += skritt.hendelser;
            strom.uleselige += skritt.uleselige;
        });
    }

    pub(super) fn feil(&self, plass: usize, naa: Timestamp, feil: &Feil) {
        self.endre(plass, |strom| {
            strom.siste_feil_tid = Some(naa.to_string());
            strom.siste_feil = Some(feil.to_string());
        });
    }

    /// With the places that the journal has.
    pub(super) async fn samlet(&self, journal: &SharedJournal, naa: Timestamp) -> Result<Synkstatus, Feil> {
        let strommer = self.strommer.lock().unwrap_or_else(std::sync::PoisonError::into_inner).to_vec();
        med_steder(journal, naa, strommer).await
    }

    /// Leaves it for other processes.
    pub(super) fn legg_igjen(&self, status: &Synkstatus) -> io::Result<()> {
        let mappe = self.fil.parent().unwrap_or(Path::new("."));
        let mut fil = tempfile::NamedTempFile::new_in(mappe)?;
        serde_json::to_writer(&mut fil, status)?;
        fil.persist(&self.fil)?;
        Ok(())
    }
}

/// How it goes, read by a process that does not follow itself.
///
/// # Errors
/// When the store fails.
pub async fn les(journal: &SharedJournal, fil: &Path, naa: Timestamp) -> Result<Synkstatus, Feil> {
    let lagt_igjen =
        std::fs::read(fil).ok().and_then(|json| serde_json::from_slice::<Synkstatus>(&json).ok());
    let strommer =
        lagt_igjen.map(|status| status.strommer).filter(|strommer| strommer.len() == STROMMER.len());
    let strommer = strommer.unwrap_or_else(|| {
        STROMMER.map(|strom| Stromstatus { strom: strom.ord().to_owned(), ..Stromstatus::default() }).to_vec()
    });
    med_steder(journal, naa, strommer).await
}

async fn med_steder(
    journal: &SharedJournal,
    naa: Timestamp,
    mut strommer: Vec<Stromstatus>,
) -> Result<Synkstatus, Feil> {
    let mut status = Synkstatus { grunnlag_ferdig: true, ..Synkstatus::default() };
    for (strom, stromstatus) in STROMMER.into_iter().zip(&mut strommer) {
        let Some(lagret) = markor::les(journal, strom).await? else {
            status.grunnlag_ferdig = false;
            continue;
        };
        let markor = lagret.markor;
        stromstatus.siste_id = match markor.sted {
            Sted::Id(id) => Some(id),
            Sted::Tid(_) => None,
        };
        stromstatus.siste_dato = markor.dato.map(|dato| dato.to_string());
        stromstatus.etterslep_sekunder = stromstatus.etterslep.map(|venter| match (venter, markor.dato) {
            (1.., Some(dato)) => sekunder_siden(naa, dato),
            _ => 0,
        });
        status.oppstroms = Some(markor.oppstroms);
    }
    status.strommer = strommer;
    Ok(status)
}
