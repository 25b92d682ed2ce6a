//! Sets: every file there is, from one sequence number.
//!
//! A set is its [`Utgave`], in a small file. Which files belong to it follows from that: each is called what it is
//! made of. So renaming the small file switches all of them in one step, a reader never sees a mixture, and a file
//! that is missing (a disk that was tidied, a removal that made it wrong) is made anew for the very same number.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use tempfile::NamedTempFile;

use super::merker::Merker;
use super::{Ferdig, Fil, Nedlastinger, Utgave, finn};
use crate::Feil;

/// The file with the edition that is served.
pub(super) const SETTFIL: &str = "sett.json";
/// Where the next set's files are put until all are there.
pub(super) const NESTE: &str = "neste";
const LAAS: &str = "bygges.laas";

/// Hears how many documents which file has come to.
pub type Byggmeld = Arc<dyn Fn(Fil, u64) + Send + Sync>;

/// A set that has been made.
#[derive(Debug, Clone)]
pub struct Bygd {
    /// Of which edition.
    pub utgave: Utgave,
    /// Its files.
    pub filer: Vec<Ferdig>,
}

impl Nedlastinger {
    /// The set that is served; `None`: there is none, or it is of no use any more.
    pub(super) fn sett(&self, merker: &Merker) -> Result<Option<Utgave>, Feil> {
        if self.klokkeslett().is_none() {
            return Ok(None);
        }
        let sett = match std::fs::read(self.mappe.join(SETTFIL)) {
            Ok(json) => serde_json::from_slice::<Utgave>(&json).ok(),
            Err(feil) if feil.kind() == io::ErrorKind::NotFound => None,
            Err(feil) => return Err(feil.into()),
        };
        Ok(sett.filter(|sett| !merker.glemt_siden(sett.sekvensnummer)))
    }

    /// Makes every file there is, from the newest sequence number, and switches to them: in one step if sets are
    /// served. A file that is there already, since nothing has happened to what is in it, is kept as it is.
    ///
    /// Memory is that of one file. Killed at any moment, it leaves the set that was; so does a full disk.
    ///
    /// # Errors
    /// [`Feil::Opptatt`] when somebody is at it in this directory; otherwise when the store or the disk fails.
    pub async fn bygg(&self, meld: &Byggmeld) -> Result<Bygd, Feil> {
        let laas = Laas::ta(&self.mappe)?.ok_or(Feil::Opptatt)?;
        let neste = self.mappe.join(NESTE);
        laas.tom(&neste)?;
        std::fs::create_dir(&neste)?;
        let utgave = self.naa().await?;
        let laget = self.lag_alle(utgave, &neste, meld).await;
        let bygd = laget.and_then(|navn| {
            self.ta_i_bruk(utgave, &neste, &navn)?;
            let filer = Fil::alle(&self.oppsett).into_iter().zip(&navn);
            let filer = filer.filter_map(|(fil, navn)| finn(fil, &self.mappe.join(navn))).collect();
            Ok(Bygd { utgave, filer })
        });
        laas.tom(&neste)?;
        bygd
    }

    /// Makes what is missing of an edition, aside; answers what all of it is called.
    ///
    /// A removal from disclosure while that goes on gives the files it concerns other names, and so they are made
    /// once more: the number stays, what is removed is gone from it.
    async fn lag_alle(&self, utgave: Utgave, neste: &Path, meld: &Byggmeld) -> Result<Vec<String>, Feil> {
        loop {
            let (mut alle, mut mangler) = (Vec::new(), false);
            for fil in Fil::alle(&self.oppsett) {
                let merker = Merker::les(&self.journal).await?;
                let navn = self.navn(fil, utgave.sekvensnummer, &merker).await?;
                if !self.mappe.join(&navn).exists() && !neste.join(&navn).exists() {
                    let meld = meld.clone();
                    let meld = Arc::new(move |antall| meld(fil, antall));
                    self.lag(fil, utgave, neste.join(&navn), meld).await?;
                    mangler = true;
                }
                alle.push(navn);
            }
            if !mangler {
                return Ok(alle);
            }
        }
    }

    fn ta_i_bruk(&self, utgave: Utgave, neste: &Path, alle: &[String]) -> Result<(), Feil> {
        tid::crash::point("lastned.sett.before");
        for navn in alle.iter().filter(|navn| neste.join(navn).exists()) {
            std::fs::rename(neste.join(navn), self.mappe.join(navn))?;
        }
        let mappe = File::open(&self.mappe)?;
        mappe.sync_all()?;
        tid::crash::point("lastned.sett.flyttet");
        if self.klokkeslett().is_some() {
            let mut fil = NamedTempFile::new_in(&self.mappe)?;
            fil.write_all(&serde_json::to_vec(&utgave)?)?;
            fil.as_file().sync_all()?;
            fil.persist(self.mappe.join(SETTFIL)).map_err(|e| Feil::Fil(e.error))?;
            mappe.sync_all()?;
        }
        tid::crash::point("lastned.sett.after");
        self.slett(|navn| !er_vaar_egen(navn) && !alle.iter().any(|a| a == navn))
    }

    /// Clears away every file that could tell of something since removed from disclosure, and those that this
    /// configuration has no use for.
    ///
    /// # Errors
    /// When the store or the disk fails.
    pub async fn rydd(&self) -> Result<(), Feil> {
        let merker = Merker::les(&self.journal).await?;
        let alle = Fil::alle(&self.oppsett).into_iter();
        let gyldige: Vec<(String, String)> = alle
            .map(|fil| (format!("{}.", fil.stamme(&self.oppsett)), format!("-{}", merker.av(fil))))
            .collect();
        let gyldig = |navn: &str| {
            gyldige.iter().any(|(stamme, merke)| navn.starts_with(stamme) && navn.ends_with(merke))
        };
        self.slett(|navn| !er_vaar_egen(navn) && !gyldig(navn))
    }

    /// Clears away what was half made by a process that is no more. For who alone makes single files in the
    /// directory, before the first.
    pub(crate) fn rydd_rester(&self) -> Result<(), Feil> {
        let neste = self.mappe.join(NESTE);
        if neste.exists()
            && let Some(laas) = Laas::ta(&self.mappe)?
        {
            laas.tom(&neste)?;
        }
        self.slett(|navn| navn.starts_with('.'))
    }
}

/// What is no download: the set's own file, the lock, and what is being written.
fn er_vaar_egen(navn: &str) -> bool {
    navn == SETTFIL || navn == LAAS || navn.starts_with('.')
}

/// The right to make a set in a directory.
///
/// Every node needs files in its own directory, so the right is the directory's and not the journal's: a lease there
/// would let one node have files and the others none. And as a lock it holds between a server and a command beside
/// it that can only read the store, and is given back by the system at once when its holder is killed.
struct Laas {
    _fil: File,
}

impl Laas {
    fn ta(mappe: &Path) -> io::Result<Option<Self>> {
        let fil = OpenOptions::new().create(true).truncate(false).write(true).open(mappe.join(LAAS))?;
        match fil.try_lock() {
            Ok(()) => Ok(Some(Self { _fil: fil })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(feil)) => Err(feil),
        }
    }

    /// Removes the directory of the next set; only who has the right may.
    #[expect(clippy::unused_self, reason = "having it is the right to call this")]
    fn tom(&self, neste: &Path) -> io::Result<()> {
        match std::fs::remove_dir_all(neste) {
            Err(feil) if feil.kind() != io::ErrorKind::NotFound => Err(feil),
            _ => Ok(()),
        }
    }
}
