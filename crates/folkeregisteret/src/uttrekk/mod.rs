//! Extracts: who is in the register, as a list made in the background (consumer sheet, section 10).
//!
//! An order is a record, so it survives a restart; whoever has its lease makes its list, once; a batch is a piece of the
//! list.

mod jobb;
mod liste;

use std::sync::Arc;
use std::time::Duration;

use journal::{Change, Guard, JournalError, SharedJournal, Space, Step};
use tid::{Clock, Random};
use tokio::sync::{Mutex, Notify};

use crate::logg::Bruker;
use crate::rettighetspakke::Rettighetspakke;
use crate::{Feil, Folkeregister};

pub use jobb::{Batch, Bestilling, Innhold, Jobb, Laget};

use jobb::Lagret;

/// Orders, by their id.
const JOBBER: Space = Space("folkeregisteret/uttrekk");
/// Orders that an organisation may have under way (section 10).
pub const SAMTIDIGE_MAKS: usize = 10;
/// How often other nodes' orders, and those whose node died, are looked for.
const SE_HVER: Duration = Duration::from_secs(5);
/// How long a node has an order to itself without saying so again.
const LEIE: Duration = Duration::from_secs(20);
/// Orders are forgotten, and their lists with them, after so long.
const GLEMMES_ETTER_MS: i64 = 7 * 86_400_000;
/// Records read at a time.
const BUNT: usize = 200;

/// The register's extracts.
pub struct Uttrekk {
    journal: SharedJournal,
    klokke: Arc<dyn Clock>,
    tilfeldig: Arc<dyn Random>,
    /// This node, as no other is called.
    node: String,
    bestilles: Mutex<()>,
    bestilt: Notify,
}

/// The organisation has as many orders under way as it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ForMange;

impl Uttrekk {
    pub(crate) fn new(journal: SharedJournal, klokke: Arc<dyn Clock>, tilfeldig: Arc<dyn Random>) -> Self {
        let node = tid::uuid(&*tilfeldig);
        let (bestilles, bestilt) = (Mutex::new(()), Notify::new());
        Self { journal, klokke, tilfeldig, node, bestilles, bestilt }
    }

    /// Takes an order. Answers its id, when it is on disk.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn bestill(
        &self,
        bruker: Bruker,
        pakke: Rettighetspakke,
        bestilling: Bestilling,
    ) -> Result<Result<String, ForMange>, Feil> {
        let _en_om_gangen = self.bestilles.lock().await;
        let konsument = bruker.konsument.to_string();
        let alle = self.alle().await?;
        let under_arbeid = alle.iter().filter(|l| l.jobb.ferdig.is_none() && l.jobb.konsument == konsument);
        if under_arbeid.count() >= SAMTIDIGE_MAKS {
            return Ok(Err(ForMange));
        }
        let id = tid::uuid(&*self.tilfeldig);
        let leverandoer = bruker.leverandoer.map(|leverandoer| leverandoer.to_string());
        let jobb = Jobb {
            konsument,
            leverandoer,
            pakke: pakke.kode().to_owned(),
            bestilling,
            bestilt: self.klokke.now(),
            ferdig: None,
        };
        self.lagre(&id, Some(&jobb), Guard::Absent).await?;
        self.bestilt.notify_one();
        Ok(Ok(id))
    }

    /// A batch of an order of this consumer in this package.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn batch(
        &self,
        bruker: Bruker,
        pakke: Rettighetspakke,
        id: &str,
        nummer: u64,
    ) -> Result<Batch, Feil> {
        let Some(lagret) = self.en(id).await? else { return Ok(Batch::Ukjent) };
        let jobb = &lagret.jobb;
        if jobb.konsument != bruker.konsument.to_string() || jobb.pakke != pakke.kode() {
            return Ok(Batch::Ukjent);
        }
        let Some(laget) = jobb.ferdig else { return Ok(Batch::IkkeKlar) };
        if nummer.saturating_mul(jobb.bestilling.innhold().per_batch()) >= laget.antall {
            return Ok(Batch::Slutt);
        }
        liste::les(&self.journal, id, jobb, (laget.forsoek, nummer)).await.map(Batch::Innhold)
    }

    /// Makes the lists of what is ordered, until it is time to stop.
    pub async fn kjor(&self, register: &Folkeregister, stopp: impl Future<Output = ()> + Send) {
        tokio::pin!(stopp);
        loop {
            tokio::select! {
                gjort = self.gjoer_alt(register) => if let Err(feil) = gjort {
                    tracing::warn!(%feil, "bestilte uttrekk kunne ikke leses");
                },
                () = &mut stopp => return,
            }
            tokio::select! {
                () = self.bestilt.notified() => {}
                () = tokio::time::sleep(SE_HVER) => {}
                () = &mut stopp => return,
            }
        }
    }

    async fn gjoer_alt(&self, register: &Folkeregister) -> Result<(), Feil> {
        for Lagret { id, jobb, .. } in self.alle().await? {
            let alder_ms = self.klokke.now().as_millis() - jobb.bestilt.as_millis();
            if alder_ms > GLEMMES_ETTER_MS {
                liste::glem(&self.journal, &id, self.klokke.now()).await?;
                self.lagre(&id, None, Guard::Any).await?;
            } else if jobb.ferdig.is_none() && kan_lages(register, &jobb) && self.lei(&id).await? {
                // One that fails is tried again, and holds no other up.
                if let Err(feil) = self.gjoer(register, &id).await {
                    tracing::warn!(%feil, "et uttrekk ble ikke laget");
                }
            }
        }
        Ok(())
    }

    async fn lei(&self, id: &str) -> Result<bool, Feil> {
        let navn = format!("folkeregisteret/uttrekk/{id}");
        Ok(self.journal.lease(&navn, &self.node, self.klokke.now(), LEIE).await?)
    }

    /// Makes one list, while the lease is renewed.
    async fn gjoer(&self, register: &Folkeregister, id: &str) -> Result<(), Feil> {
        // Somebody else may have had the lease until just now, and be done.
        let Some(Lagret { jobb, seq, .. }) = self.en(id).await?.filter(|l| l.jobb.ferdig.is_none()) else {
            return Ok(());
        };
        let mut forsoek = [0; 8];
        self.tilfeldig.fill(&mut forsoek);
        let forsoek = u64::from_be_bytes(forsoek);
        let skriver = liste::lag(register, id, &jobb, forsoek);
        tokio::pin!(skriver);
        let antall = loop {
            tokio::select! {
                skrevet = &mut skriver => break skrevet?,
                () = tokio::time::sleep(LEIE / 3) => if !self.lei(id).await? {
                    return Ok(());
                },
            }
        };
        let ferdig = Jobb { ferdig: Some(Laget { forsoek, antall }), ..jobb.clone() };
        match self.lagre(id, Some(&ferdig), Guard::SetAt(seq)).await {
            Err(Feil::Journal(JournalError::Conflict { .. })) => Ok(()),
            annet => annet,
        }
    }

    async fn lagre(&self, id: &str, jobb: Option<&Jobb>, guard: Guard) -> Result<(), Feil> {
        let value = jobb.map(serde_json::to_vec).transpose().map_err(crate::modell::UgyldigDokument::from)?;
        let steg = Step::Record { space: JOBBER, key: id.as_bytes().to_vec(), value, guard };
        self.journal.append(Change { at: self.klokke.now(), steps: vec![steg] }).await?;
        Ok(())
    }

    async fn en(&self, id: &str) -> Result<Option<Lagret>, Feil> {
        // An id that is no id is not looked for: keys have a limit.
        if id.len() != 36 {
            return Ok(None);
        }
        self.journal.record(JOBBER, id.as_bytes()).await?.as_ref().map(Lagret::les).transpose()
    }

    async fn alle(&self) -> Result<Vec<Lagret>, Feil> {
        let mut alle = Vec::new();
        let mut etter: Option<Vec<u8>> = None;
        loop {
            let bunt = self.journal.records(JOBBER, &[], etter.as_deref(), BUNT).await?;
            let siste = bunt.len() < BUNT;
            etter = bunt.last().map(|post| post.key.clone());
            for post in &bunt {
                alle.push(Lagret::les(post)?);
            }
            if siste {
                alle.sort_by_key(|lagret: &Lagret| lagret.jobb.bestilt);
                return Ok(alle);
            }
        }
    }
}

/// What asks the index waits until there is one, and lets others go before.
fn kan_lages(register: &Folkeregister, jobb: &Jobb) -> bool {
    match jobb.bestilling {
        Bestilling::Komplett { .. } => true,
        Bestilling::Tilpasset(_) => register.indeks().index().position().is_some(),
    }
}
