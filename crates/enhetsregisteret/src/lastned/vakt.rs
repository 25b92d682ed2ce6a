//! What goes on beside the requests: the day's set, and clearing away after removals.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::Serialize;
use tid::{TimeOfDay, Timestamp};
use tokio::sync::Notify;

use super::merker::Merker;
use super::{Byggmeld, Fil, Nedlastinger, finn};
use crate::Feil;

/// How often it is looked whether it is time. Also after the machine has slept or its clock was set.
const SE_TIL: Duration = Duration::from_secs(5);
/// The first pause after an error, and the longest.
const PAUSE: Duration = Duration::from_secs(15);
const LENGSTE_PAUSE: Duration = Duration::from_mins(30);
/// At least so long between two looks for removals, however many changes there are.
const ETTER_ENDRING: Duration = Duration::from_millis(500);

/// What is known of the work.
#[derive(Default)]
pub(super) struct Tavle {
    bygges: AtomicBool,
    siste_feil: Mutex<Option<(Timestamp, String)>>,
    ryddet: Notify,
}

/// How it goes with the downloads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Nedlastingsstatus {
    /// When files are made: `daglig` or `ved_endring`.
    pub lages: &'static str,
    /// The sequence number of the set that is served. `None`: there is no set.
    pub sekvensnummer: Option<u64>,
    /// When that was the newest.
    pub laget: Option<String>,
    /// When the next set is due.
    pub neste: Option<String>,
    /// Whether this process is making a set.
    pub bygges: bool,
    /// The files that lie ready: of the set, or as of now if there is none.
    pub filer: Vec<Lagret>,
    /// When the last error was; none since the last set that went well.
    pub siste_feil_tid: Option<String>,
    /// What it was.
    pub siste_feil: Option<String>,
}

/// A file that lies ready.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Lagret {
    /// What it is saved under.
    pub navn: String,
    /// Which version of the API it is in.
    pub versjon: u8,
    /// Its length.
    pub byte: u64,
}

impl Nedlastinger {
    /// Sees to the files until told to stop: makes the day's set if that is configured, and clears away what a
    /// removal has made wrong.
    pub async fn pass_paa(self: Arc<Self>, stopp: impl Future<Output = ()> + Send) {
        let arbeid = async {
            tokio::join!(self.rydd_etter_fjerninger(), self.hold_settet());
        };
        tokio::select! {
            () = arbeid => {}
            () = stopp => {}
        }
    }

    /// Nobody is served a wrong file, whenever it is cleared away; this is so that nothing lies on disk either.
    async fn rydd_etter_fjerninger(&self) {
        let (mut endringer, mut ryddet) = (self.journal.watch(), None);
        loop {
            match Merker::les(&self.journal).await {
                Ok(merker) if ryddet.as_ref() == Some(&merker) => {}
                Ok(merker) => match self.rydd().await {
                    Ok(()) => {
                        ryddet = Some(merker);
                        self.tavle.ryddet.notify_one();
                    }
                    Err(feil) => tracing::warn!(%feil, "nedlastingsfiler kunne ikke slettes"),
                },
                Err(feil) => tracing::warn!(%feil, "lageret kan ikke leses"),
            }
            if endringer.changed().await.is_err() {
                return;
            }
            tokio::time::sleep(ETTER_ENDRING).await;
        }
    }

    async fn hold_settet(&self) {
        let mut feil_paa_rad = 0;
        loop {
            match self.se_til().await {
                Ok(()) => {
                    feil_paa_rad = 0;
                    tokio::select! {
                        () = tokio::time::sleep(SE_TIL) => {}
                        () = self.tavle.ryddet.notified() => {}
                    }
                }
                Err(feil) => {
                    let pause = PAUSE.saturating_mul(1 << feil_paa_rad).min(LENGSTE_PAUSE);
                    feil_paa_rad = (feil_paa_rad + 1).min(16);
                    tracing::error!(%feil, pause_s = pause.as_secs(), "nedlastingsfilene kunne ikke lages");
                    tokio::time::sleep(pause).await;
                }
            }
        }
    }

    /// One look: makes the day's set if it is due, also when that was while nobody looked, and otherwise what is
    /// missing of the one that is served.
    ///
    /// # Errors
    /// When the store or the disk fails; the status tells of it until it goes well.
    pub async fn se_til(&self) -> Result<(), Feil> {
        let Some(klokkeslett) = self.klokkeslett() else { return Ok(()) };
        let sett_til = self.se_til_settet(klokkeslett).await;
        self.tavle.feilet(sett_til.as_ref().err().map(|feil| (self.klokke.now(), feil.to_string())));
        sett_til
    }

    async fn se_til_settet(&self, klokkeslett: TimeOfDay) -> Result<(), Feil> {
        let forfalt = self.klokke.now().latest_in_oslo(klokkeslett);
        match self.sett(&Merker::les(&self.journal).await?)? {
            Some(sett) if sett.laget >= forfalt => {
                for fil in Fil::alle(&self.oppsett) {
                    self.hent(fil).await?;
                }
            }
            _ => {
                let _bygger = self.tavle.bygger();
                match self.bygg(&(Arc::new(|_, _| ()) as Byggmeld)).await {
                    // It is being made by another process, and will be there at the next look.
                    Err(Feil::Opptatt) => {}
                    bygd => {
                        let sekvensnummer = bygd?.utgave.sekvensnummer;
                        tracing::info!(%sekvensnummer, "nedlastingsfilene er laget");
                    }
                }
            }
        }
        Ok(())
    }

    /// How it goes.
    ///
    /// # Errors
    /// When the store or the disk fails.
    pub async fn status(&self) -> Result<Nedlastingsstatus, Feil> {
        let merker = Merker::les(&self.journal).await?;
        let sett = self.sett(&merker)?;
        let seq = match sett {
            Some(sett) => sett.sekvensnummer,
            None => self.journal.head().await?,
        };
        let mut filer = Vec::new();
        for fil in Fil::alle(&self.oppsett) {
            let sti = self.mappe.join(self.navn(fil, seq, &merker).await?);
            let lagret = |byte| Lagret { navn: fil.navn(), versjon: fil.versjon() as u8 + 1, byte };
            filer.extend(finn(fil, &sti).map(|ferdig| lagret(ferdig.byte)));
        }
        let klokkeslett = self.klokkeslett();
        let feil = self.tavle.siste_feil.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let (siste_feil_tid, siste_feil) = feil.map(|(tid, feil)| (tid.to_string(), feil)).unzip();
        Ok(Nedlastingsstatus {
            lages: if klokkeslett.is_some() { "daglig" } else { "ved_endring" },
            sekvensnummer: sett.map(|sett| sett.sekvensnummer.0),
            laget: sett.map(|sett| sett.laget.to_string()),
            neste: klokkeslett.map(|kl| self.klokke.now().next_in_oslo(kl).to_string()),
            bygges: self.tavle.bygges.load(Ordering::Relaxed),
            filer,
            siste_feil_tid,
            siste_feil,
        })
    }
}

impl Tavle {
    fn feilet(&self, feil: Option<(Timestamp, String)>) {
        *self.siste_feil.lock().unwrap_or_else(PoisonError::into_inner) = feil;
    }

    /// A set is being made for as long as the answer lives.
    fn bygger(&self) -> impl Drop {
        self.bygges.store(true, Ordering::Relaxed);
        Bygger(&self.bygges)
    }
}

struct Bygger<'a>(&'a AtomicBool);

impl Drop for Bygger<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}
