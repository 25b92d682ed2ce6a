//! Downloads: everything, as files (fact sheet section 12).
//!
//! A file is made from the journal at one sequence number, written aside and renamed. Its name says all that its
//! content depends on (what the register held, the profile, the newest removal from disclosure: [`merker`]), so that
//! a file is either right or not used: after a restart, a removal or a change of configuration too. Memory is
//! constant whatever the size.
//!
//! Which sequence number that is decides [`Lastnedmaate`]: the newest, so that a file is made anew when somebody asks
//! and something has changed; or that of the day's set. [`sett`] makes sets and switches from one to the next;
//! [`vakt`] does so every day, and clears away what a removal has made wrong.

pub mod json;
pub mod kolonner;
pub mod lesing;
pub mod parquet;
pub mod slag;
pub mod tabell;

mod bygg;
mod fil;
mod merker;
mod sett;
mod vakt;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use journal::{Change, Lower, Seq, SharedJournal};
use serde::{Deserialize, Serialize};
use tid::{Clock, TimeOfDay, Timestamp};
use tokio::sync::Mutex;

pub use fil::Fil;
pub use sett::{Bygd, Byggmeld};
pub use vakt::{Lagret, Nedlastingsstatus};

use crate::representasjon::Form;
use crate::{Feil, Oppsett};
use merker::Merker;

/// When files are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lastnedmaate {
    /// When somebody asks and the register has changed since the last time.
    #[default]
    VedEndring,
    /// All of them once a day at a time in Oslo, as the real service does (fact sheet section 12.1), from one
    /// sequence number.
    Daglig(TimeOfDay),
}

/// The state of the register that files are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Utgave {
    /// What they are exact for.
    pub sekvensnummer: Seq,
    /// When that was the newest; a file's `Last-Modified`.
    pub laget: Timestamp,
}

/// Hears how many documents a file has come to.
pub type Meld = Arc<dyn Fn(u64) + Send + Sync>;

/// A finished file on disk.
#[derive(Debug, Clone)]
pub struct Ferdig {
    /// Where it is.
    pub sti: PathBuf,
    /// The name the caller saves it under.
    pub navn: String,
    /// What tells this content from any other.
    pub merke: String,
    /// Its length in bytes.
    pub byte: u64,
}

/// The register's downloads.
pub struct Nedlastinger {
    journal: SharedJournal,
    klokke: Arc<dyn Clock>,
    mappe: PathBuf,
    oppsett: Oppsett,
    laaser: Mutex<HashMap<Fil, Arc<Mutex<()>>>>,
    tavle: vakt::Tavle,
}

impl Nedlastinger {
    /// Downloads kept in a directory.
    ///
    /// # Errors
    /// When the directory cannot be made.
    pub fn new(
        journal: SharedJournal,
        klokke: Arc<dyn Clock>,
        mappe: &Path,
        oppsett: &Oppsett,
    ) -> Result<Self, Feil> {
        std::fs::create_dir_all(mappe)?;
        let (mappe, oppsett) = (mappe.to_owned(), oppsett.clone());
        Ok(Self { journal, klokke, mappe, oppsett, laaser: Mutex::default(), tavle: vakt::Tavle::default() })
    }

    /// Forgets every file there is, on every node: the register was filled without its feeds saying so. One that is
    /// being made is thrown away when it is done.
    ///
    /// # Errors
    /// When the store or the disk fails.
    pub async fn glem(&self) -> Result<(), Feil> {
        self.journal.append(Change { at: self.klokke.now(), steps: vec![merker::glem()] }).await?;
        self.rydd().await
    }

    /// The file, exact for the day's set if there is one and otherwise for this moment; made now unless it is there
    /// already. One at a time makes it, and goes on with it if the caller gives up.
    ///
    /// # Errors
    /// When the store or the disk fails.
    pub async fn hent(&self, fil: Fil) -> Result<Ferdig, Feil> {
        let laas = self.laaser.lock().await.entry(fil).or_default().clone();
        let mut laas = laas.lock_owned().await;
        loop {
            let merker = Merker::les(&self.journal).await?;
            let sett = self.sett(&merker)?;
            let utgave = match sett {
                Some(sett) => sett,
                None => self.naa().await?,
            };
            let sti = self.mappe.join(self.navn(fil, utgave.sekvensnummer, &merker).await?);
            if let Some(ferdig) = finn(fil, &sti) {
                return Ok(ferdig);
            }
            laas = self.lag_med(fil, utgave, sti.clone(), Arc::new(|_| ()), laas).await?;
            // What was removed while the file was made may stand in it.
            if Merker::les(&self.journal).await? == merker
                && let Some(ferdig) = finn(fil, &sti)
            {
                if sett.is_none() {
                    self.slett_eldre(fil, &sti)?;
                }
                return Ok(ferdig);
            }
            self.rydd().await?;
        }
    }

    /// Makes a file of an edition, in a place of the caller's choosing: aside first, then renamed there. `meld` is
    /// told now and then how many documents have been read.
    ///
    /// # Errors
    /// When the store or the disk fails; then nothing is left behind.
    pub async fn lag(&self, fil: Fil, utgave: Utgave, sti: PathBuf, meld: Meld) -> Result<(), Feil> {
        self.lag_med(fil, utgave, sti, meld, ()).await
    }

    /// As [`Self::lag`], holding on to `vakt` until the file is there, also when the caller has gone.
    async fn lag_med<V: Send + 'static>(
        &self,
        fil: Fil,
        utgave: Utgave,
        sti: PathBuf,
        meld: Meld,
        vakt: V,
    ) -> Result<V, Feil> {
        let form = Form { versjon: fil.versjon(), utvidet: self.oppsett.utvidede_felter };
        let oppdrag = bygg::Oppdrag { fil, utgave, form, base: self.oppsett.fil_base.clone(), sti, meld };
        let journal = self.journal.clone();
        let kjorer = tokio::runtime::Handle::current();
        let arbeid = move || kjorer.block_on(oppdrag.utfor(&journal)).map(|()| vakt);
        tokio::task::spawn_blocking(arbeid).await.map_err(|_| Feil::Avbrutt)?
    }

    /// The register as it is now. The clock is read first: everything from before then is in it.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn naa(&self) -> Result<Utgave, Feil> {
        let laget = self.klokke.now();
        Ok(Utgave { laget, sekvensnummer: self.journal.head().await? })
    }

    /// What a file is called on disk. Two that are called the same are the same.
    async fn navn(&self, fil: Fil, seq: Seq, merker: &Merker) -> Result<String, Feil> {
        let mut nummer = 0;
        for feed in fil.feeder() {
            nummer += self.journal.first(*feed, Lower::Seq(Seq(seq.0 + 1))).await? - 1;
        }
        if self.klokkeslett().is_some() && fil.sier_nummeret() {
            // In a set, all files that say a number say the same.
            nummer = seq.0;
        }
        Ok(format!("{}.{nummer}-{}", fil.stamme(&self.oppsett), merker.av(fil)))
    }

    /// When a set is made every day; `None`: no sets.
    fn klokkeslett(&self) -> Option<TimeOfDay> {
        match self.oppsett.lastned {
            Lastnedmaate::VedEndring => None,
            Lastnedmaate::Daglig(klokkeslett) => Some(klokkeslett),
        }
    }

    /// Removes earlier files of the same kind. Who is reading one keeps it open.
    fn slett_eldre(&self, fil: Fil, behold: &Path) -> Result<(), Feil> {
        let (stamme, behold) = (format!("{}.", fil.stamme(&self.oppsett)), behold.file_name());
        self.slett(|navn| navn.starts_with(&stamme) && Some(navn.as_ref()) != behold)
    }

    /// Removes the files of the directory whose name is such.
    fn slett(&self, skal: impl Fn(&str) -> bool) -> Result<(), Feil> {
        for post in std::fs::read_dir(&self.mappe)? {
            let post = post?;
            if post.file_type()?.is_file() && skal(&post.file_name().to_string_lossy()) {
                match std::fs::remove_file(post.path()) {
                    Err(feil) if feil.kind() != std::io::ErrorKind::NotFound => return Err(feil.into()),
                    _ => {}
                }
            }
        }
        Ok(())
    }
}

/// The file, if it has been made.
fn finn(fil: Fil, sti: &Path) -> Option<Ferdig> {
    let om = std::fs::metadata(sti).ok()?;
    let navn = sti.file_name()?.to_string_lossy();
    let laget = om.modified().ok()?.duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    Some(Ferdig { sti: sti.to_owned(), navn: fil.navn(), merke: format!("{navn}-{laget:x}"), byte: om.len() })
}
