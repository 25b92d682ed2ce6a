//! The log of look-ups: who was told about whom, for whom, when (consumer sheet, section 2.2).
//!
//! A look-up is on disk in the log before it is answered. A record for each person and call; its key begins with the
//! person, so that one who asks who has looked is answered by reading one place.

use std::sync::Arc;
use std::time::Duration;

use identifikator::Organisasjonsnummer;
use journal::{Change, Guard, SharedJournal, Space, Step};
use serde::{Deserialize, Serialize};
use tid::{Clock, Random, Timestamp};

use crate::Feil;
use crate::register::maaneder_foer;
use crate::rettighetspakke::{PRESSE_OG_HJEMMEL, Rettighetspakke, Tjeneste};

/// The log. Keys are the person's number, the time in milliseconds, both with the high byte first, and eight random bytes.
const LOGG: Space = Space("folkeregisteret/logg");
/// Records read at a time.
const BUNT: usize = 1000;
/// How often what is too old is looked for.
const RYDD_HVER: Duration = Duration::from_hours(24);

/// Who looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bruker {
    /// The consumer.
    pub konsument: Organisasjonsnummer,
    /// Who runs the software, when it is another.
    pub leverandoer: Option<Organisasjonsnummer>,
}

/// A look-up as the log has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loggfoert {
    /// When.
    pub tidspunkt: Timestamp,
    /// The consumer.
    pub konsument: String,
    /// Who ran the software for the consumer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leverandoer: Option<String>,
    /// The service, as its path begins.
    pub tjeneste: String,
    /// The package, by its code.
    pub pakke: String,
}

/// The log.
pub struct Innsynslogg {
    journal: SharedJournal,
    klokke: Arc<dyn Clock>,
    tilfeldig: Arc<dyn Random>,
}

impl Innsynslogg {
    pub(crate) fn new(journal: SharedJournal, klokke: Arc<dyn Clock>, tilfeldig: Arc<dyn Random>) -> Self {
        Self { journal, klokke, tilfeldig }
    }

    /// Notes that somebody is about to be told of these persons. When this returns it is on disk.
    ///
    /// # Errors
    /// When the store fails; then nobody may be told.
    pub async fn noter(
        &self,
        bruker: Bruker,
        pakke: Rettighetspakke,
        tjeneste: Tjeneste,
        personer: impl IntoIterator<Item = u64>,
    ) -> Result<(), Feil> {
        let naa = self.klokke.now();
        let foert = Loggfoert {
            tidspunkt: naa,
            konsument: bruker.konsument.to_string(),
            leverandoer: bruker.leverandoer.map(|leverandoer| leverandoer.to_string()),
            tjeneste: tjeneste.navn().to_owned(),
            pakke: pakke.kode().to_owned(),
        };
        let verdi = serde_json::to_vec(&foert).map_err(crate::modell::UgyldigDokument::from)?;
        let steps: Vec<Step> = personer
            .into_iter()
            .map(|person| Step::Record {
                space: LOGG,
                key: self.nokkel(person, naa),
                value: Some(verdi.clone()),
                guard: Guard::Any,
            })
            .collect();
        if !steps.is_empty() {
            self.journal.append(Change { at: naa, steps }).await?;
        }
        Ok(())
    }

    fn nokkel(&self, person: u64, naa: Timestamp) -> Vec<u8> {
        let mut tilfeldig = [0; 8];
        self.tilfeldig.fill(&mut tilfeldig);
        [person.to_be_bytes(), naa.as_millis().to_be_bytes(), tilfeldig].concat()
    }

    /// Every look-up of a person that the log has, oldest first.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn om(&self, person: u64) -> Result<Vec<Loggfoert>, Feil> {
        let (prefiks, mut funnet) = (person.to_be_bytes(), Vec::new());
        let mut etter: Option<Vec<u8>> = None;
        loop {
            let bunt = self.journal.records(LOGG, &prefiks, etter.as_deref(), BUNT).await?;
            for post in &bunt {
                let foert = serde_json::from_slice(&post.value);
                funnet.push(foert.map_err(crate::modell::UgyldigDokument::from)?);
            }
            if bunt.len() < BUNT {
                return Ok(funnet);
            }
            etter = bunt.into_iter().next_back().map(|post| post.key);
        }
    }

    /// Takes away what is older than so many months, now and every day, until it is time to stop.
    pub async fn rydd(&self, maaneder: u32, stopp: impl Future<Output = ()> + Send) {
        tokio::pin!(stopp);
        loop {
            let grense = maaneder_foer(self.klokke.now(), maaneder);
            tokio::select! {
                ryddet = self.rydd_foer(grense) => if let Err(feil) = ryddet {
                    tracing::warn!(%feil, "loggen over oppslag ble ikke ryddet");
                },
                () = &mut stopp => return,
            }
            tokio::select! {
                () = tokio::time::sleep(RYDD_HVER) => {}
                () = &mut stopp => return,
            }
        }
    }

    async fn rydd_foer(&self, grense: Timestamp) -> Result<(), Feil> {
        let mut etter: Option<Vec<u8>> = None;
        loop {
            let bunt = self.journal.records(LOGG, &[], etter.as_deref(), BUNT).await?;
            let gamle = bunt.iter().filter(|post| tid_i(&post.key).is_some_and(|at| at < grense));
            let steps: Vec<Step> = gamle
                .map(|post| Step::Record {
                    space: LOGG,
                    key: post.key.clone(),
                    value: None,
                    guard: Guard::Any,
                })
                .collect();
            if !steps.is_empty() {
                self.journal.append(Change { at: self.klokke.now(), steps }).await?;
            }
            if bunt.len() < BUNT {
                return Ok(());
            }
            etter = bunt.into_iter().next_back().map(|post| post.key);
        }
    }
}

/// The time in a key.
fn tid_i(nokkel: &[u8]) -> Option<Timestamp> {
    let ms = nokkel.get(8..16)?.try_into().ok()?;
    Some(Timestamp::from_millis(i64::from_be_bytes(ms)))
}

impl Loggfoert {
    /// Whether the person may be told: single look-ups by private parties without legal authority. Not those of public
    /// authorities, of private parties with legal authority, of the press; not bulk and extracts, which wash lists and
    /// keep registers up to date (section 2.2).
    pub fn kan_vises(&self) -> bool {
        let enkelt = [Tjeneste::Oppslag, Tjeneste::Entydigsoek].iter().any(|t| t.navn() == self.tjeneste);
        let pakke = Rettighetspakke::av_kode(&self.pakke);
        enkelt && pakke.is_some_and(|pakke| !PRESSE_OG_HJEMMEL.har(pakke))
    }
}
