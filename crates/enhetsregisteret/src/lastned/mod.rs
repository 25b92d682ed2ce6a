//! Downloads: everything, as files (fact sheet section 12).
//!
//! A file is made from the journal at one sequence number, written aside and renamed, and kept until the register
//! changes. Its name carries the feed position it is exact for, so that a file is either right or not used:
//! after a restart too. Memory is constant whatever the size.

pub mod json;
pub mod kolonner;
pub mod parquet;
pub mod slag;
pub mod tabell;

mod bygg;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use journal::{Seq, SharedJournal};
use tokio::sync::Mutex;

use crate::Feil;
use crate::endring::OPPDATERTE_ROLLER;
use crate::modell::{Enhetstype, Versjon};
use crate::representasjon::Form;

/// The downloads there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fil {
    /// All units as gzipped JSON.
    Json(Enhetstype, Versjon),
    /// All units as gzipped CSV; version 2 only.
    Csv(Enhetstype),
    /// All units as a spreadsheet.
    Regneark(Enhetstype, Versjon),
    /// All roles as gzipped JSON.
    Roller,
    /// All units as Parquet: the columns of the CSV, typed, and more.
    Parquet(Enhetstype),
    /// All roles as Parquet, one row each.
    ParquetRoller,
}

impl Fil {
    /// The name the caller saves it under.
    pub fn navn(self) -> String {
        match self {
            Self::Json(kind, _) => format!("{}_alle.json.gz", kind.flertall()),
            Self::Csv(kind) => format!("{}_alle.csv.gz", kind.flertall()),
            Self::Regneark(kind, _) => format!("{}_alle.xlsx", kind.flertall()),
            Self::Roller => "roller_alle.json.gz".to_owned(),
            Self::Parquet(kind) => format!("{}_alle.parquet", kind.flertall()),
            Self::ParquetRoller => "roller_alle.parquet".to_owned(),
        }
    }

    /// The feed that tells whether the file is still right.
    fn feed(self) -> journal::Feed {
        match self {
            Self::Json(kind, _) | Self::Csv(kind) | Self::Regneark(kind, _) | Self::Parquet(kind) => {
                kind.feed()
            }
            Self::Roller | Self::ParquetRoller => OPPDATERTE_ROLLER,
        }
    }

    /// Everything that the name on disk says beside the position.
    fn stamme(self, utvidet: bool) -> String {
        let versjon = match self {
            Self::Json(_, Versjon::V1) | Self::Regneark(_, Versjon::V1) => "v1",
            _ => "v2",
        };
        let profil = if utvidet { "u" } else { "k" };
        format!("{}.{versjon}{profil}", self.navn())
    }
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
}

/// The register's downloads.
pub struct Nedlastinger {
    journal: SharedJournal,
    mappe: PathBuf,
    utvidet: bool,
    base: String,
    laaser: Mutex<HashMap<Fil, Arc<Mutex<()>>>>,
}

impl Nedlastinger {
    /// Downloads kept in a directory. `base` is what the links of the role file begin with.
    ///
    /// # Errors
    /// When the directory cannot be made.
    pub fn new(journal: SharedJournal, mappe: &Path, utvidet: bool, base: String) -> Result<Self, Feil> {
        std::fs::create_dir_all(mappe)?;
        Ok(Self { journal, mappe: mappe.to_owned(), utvidet, base, laaser: Mutex::default() })
    }

    /// Throws away every file there is: the register was filled without its feeds saying so. A file that is being
    /// made is waited for.
    ///
    /// # Errors
    /// When the disk fails.
    pub async fn glem(&self) -> Result<(), Feil> {
        let laaser: Vec<_> = self.laaser.lock().await.values().cloned().collect();
        let mut holdt = Vec::with_capacity(laaser.len());
        for laas in &laaser {
            holdt.push(laas.lock().await);
        }
        for fil in std::fs::read_dir(&self.mappe)? {
            std::fs::remove_file(fil?.path())?;
        }
        Ok(())
    }

    /// The file, exact for this moment; made now unless it is there already. One at a time makes it.
    ///
    /// # Errors
    /// When the store or the disk fails.
    pub async fn hent(&self, fil: Fil) -> Result<Ferdig, Feil> {
        let laas = self.laaser.lock().await.entry(fil).or_default().clone();
        let _en_om_gangen = laas.lock().await;
        let mut posisjon = self.journal.feed_head(fil.feed()).await?.position;
        if fil.feed() == OPPDATERTE_ROLLER {
            // Whose unit is deleted or removed has no place in the role file, whether the role feed says so or not.
            posisjon += self.journal.feed_head(Enhetstype::Enhet.feed()).await?.position;
        }
        let stamme = fil.stamme(self.utvidet);
        let sti = self.mappe.join(format!("{stamme}.{posisjon}"));
        if !sti.exists() {
            self.lag(fil, self.journal.head().await?, sti.clone(), Arc::new(|_| ())).await?;
            rydd(&self.mappe, &stamme, &sti);
        }
        Ok(Ferdig { navn: fil.navn(), merke: format!("{stamme}-{posisjon}"), sti })
    }

    /// Makes a file at a sequence number, in a place of the caller's choosing: aside first, then renamed there.
    /// `meld` is told now and then how many documents have been read.
    ///
    /// # Errors
    /// When the store or the disk fails; then nothing is left behind.
    pub async fn lag(&self, fil: Fil, seq: Seq, sti: PathBuf, meld: Meld) -> Result<(), Feil> {
        let form = Form { versjon: versjon(fil), utvidet: self.utvidet };
        let oppdrag = bygg::Oppdrag { fil, seq, form, base: self.base.clone(), sti, meld };
        let journal = self.journal.clone();
        let kjorer = tokio::runtime::Handle::current();
        tokio::task::spawn_blocking(move || kjorer.block_on(oppdrag.utfor(&journal)))
            .await
            .map_err(|_| Feil::Avbrutt)?
    }
}

fn versjon(fil: Fil) -> Versjon {
    match fil {
        Fil::Json(_, versjon) | Fil::Regneark(_, versjon) => versjon,
        Fil::Csv(_) | Fil::Roller | Fil::Parquet(_) | Fil::ParquetRoller => Versjon::V2,
    }
}

/// Removes earlier files of the same kind. Who is reading one keeps it open.
fn rydd(mappe: &Path, stamme: &str, behold: &Path) {
    let Ok(innhold) = std::fs::read_dir(mappe) else { return };
    for sti in innhold.flatten().map(|f| f.path()).filter(|sti| sti != behold) {
        let navn = sti.file_name().and_then(|n| n.to_str()).unwrap_or("");
        if navn.strip_prefix(stamme).is_some_and(|rest| rest.starts_with('.'))
            && let Err(feil) = std::fs::remove_file(&sti)
        {
            tracing::warn!(%feil, "en gammel nedlastingsfil kunne ikke slettes");
        }
    }
}
