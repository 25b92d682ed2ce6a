//! The log of look-ups: who was told about whom, for whom, when (consumer sheet, section 2.2).
//!
//! A look-up is on disk in the log before it is answered. One person who is told about is a record of its own, whose key
//! begins with the person, so that one who asks who has looked is answered by reading one place. Many at once (bulk
//! look-ups, hit lists, batches of extracts) are one record, which lists them: nobody but the operator is told of those.

mod personer;

use std::sync::Arc;
use std::time::Duration;

use identifikator::Organisasjonsnummer;
use journal::{Change, Guard, Record, SharedJournal, Space, Step};
use serde::{Deserialize, Serialize};
use tid::{Clock, Random, Timestamp};

use crate::Feil;
use crate::modell::UgyldigDokument;
use crate::register::maaneder_foer;
use crate::rettighetspakke::{PRESSE_OG_HJEMMEL, Rettighetspakke, Tjeneste};

/// About one person. Keys are the person's number, the time in milliseconds, both with the high byte first, and eight
/// random bytes.
const LOGG: Space = Space("folkeregisteret/logg");
/// About many, or none. Keys are as above without the person. The value is the entry, a line feed, and the persons.
const LISTER: Space = Space("folkeregisteret/logg/lister");
/// Records read at a time.
const BUNT: usize = 1000;
/// Lists read at a time; the longest are of a hundred thousand persons.
const LISTEBUNT: usize = 20;
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

    /// Notes that somebody is about to be told of these persons, or has asked and is told of nobody. When this returns it
    /// is on disk.
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
        self.foer(bruker, (tjeneste.navn(), pakke.kode()), personer.into_iter().collect()).await
    }

    /// Notes that somebody is about to be told who has looked a person up.
    ///
    /// # Errors
    /// As [`Self::noter`].
    pub async fn noter_innsyn(&self, bruker: Bruker, person: u64) -> Result<(), Feil> {
        self.foer(bruker, ("innsyn", "utvidet"), vec![person]).await
    }

    async fn foer(
        &self,
        bruker: Bruker,
        (tjeneste, pakke): (&str, &str),
        personer: Vec<u64>,
    ) -> Result<(), Feil> {
        let naa = self.klokke.now();
        let foert = Loggfoert {
            tidspunkt: naa,
            konsument: bruker.konsument.to_string(),
            leverandoer: bruker.leverandoer.map(|leverandoer| leverandoer.to_string()),
            tjeneste: tjeneste.to_owned(),
            pakke: pakke.to_owned(),
        };
        let mut verdi = serde_json::to_vec(&foert).map_err(UgyldigDokument::from)?;
        let (space, key) = if let [person] = personer[..] {
            (LOGG, [&person.to_be_bytes()[..], &self.plass(naa)].concat())
        } else {
            verdi.push(b'\n');
            verdi.extend(personer::pakk(personer));
            (LISTER, self.plass(naa))
        };
        let steg = Step::Record { space, key, value: Some(verdi), guard: Guard::Any };
        self.journal.append(Change { at: naa, steps: vec![steg] }).await?;
        Ok(())
    }

    /// A place that nobody else has, in order of time.
    fn plass(&self, naa: Timestamp) -> Vec<u8> {
        let mut tilfeldig = [0; 8];
        self.tilfeldig.fill(&mut tilfeldig);
        [naa.as_millis().to_be_bytes(), tilfeldig].concat()
    }

    /// The look-ups that a person may be told of, oldest first ([`Loggfoert::kan_vises`]).
    ///
    /// # Errors
    /// When the store fails.
    pub async fn for_personen(&self, person: u64) -> Result<Vec<Loggfoert>, Feil> {
        let mut funnet = self.enkle(person).await?;
        funnet.retain(Loggfoert::kan_vises);
        Ok(funnet)
    }

    /// Every look-up of a person that the log has, oldest first: `person` is the number that the book is kept under, `andre`
    /// are the others that the person has had. Reads all lists: for the operator.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn om(&self, person: u64, andre: &[u64]) -> Result<Vec<Loggfoert>, Feil> {
        let numre = [&[person], andre].concat();
        let mut funnet = self.enkle(person).await?;
        let mut etter: Option<Vec<u8>> = None;
        loop {
            let bunt = self.journal.records(LISTER, &[], etter.as_deref(), LISTEBUNT).await?;
            for post in &bunt {
                funnet.extend(i_liste(post, &numre)?);
            }
            if bunt.len() < LISTEBUNT {
                funnet.sort_by_key(|foert| foert.tidspunkt);
                return Ok(funnet);
            }
            etter = bunt.into_iter().next_back().map(|post| post.key);
        }
    }

    async fn enkle(&self, person: u64) -> Result<Vec<Loggfoert>, Feil> {
        let (prefiks, mut funnet) = (person.to_be_bytes(), Vec::new());
        let mut etter: Option<Vec<u8>> = None;
        loop {
            let bunt = self.journal.records(LOGG, &prefiks, etter.as_deref(), BUNT).await?;
            for post in &bunt {
                funnet.push(serde_json::from_slice(&post.value).map_err(UgyldigDokument::from)?);
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
            tokio::select! {
                ryddet = self.rydd_naa(maaneder) => if let Err(feil) = ryddet {
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

    /// Takes away what is older than so many months.
    ///
    /// # Errors
    /// When the store fails; then some of it may be gone.
    pub async fn rydd_naa(&self, maaneder: u32) -> Result<(), Feil> {
        let grense = maaneder_foer(self.klokke.now(), maaneder);
        self.rydd_i(LOGG, 8, BUNT, grense).await?;
        self.rydd_i(LISTER, 0, LISTEBUNT, grense).await
    }

    /// `hvor`: where in the keys the time stands.
    async fn rydd_i(&self, space: Space, hvor: usize, antall: usize, grense: Timestamp) -> Result<(), Feil> {
        let mut etter: Option<Vec<u8>> = None;
        loop {
            let bunt = self.journal.records(space, &[], etter.as_deref(), antall).await?;
            let siste = bunt.len() < antall;
            etter = bunt.last().map(|post| post.key.clone());
            let gamle = bunt.into_iter().filter(|post| tid_i(&post.key, hvor).is_some_and(|at| at < grense));
            let steps: Vec<Step> = gamle
                .map(|post| Step::Record { space, key: post.key, value: None, guard: Guard::Any })
                .collect();
            // Lists stand in order of time: after the first that is kept, all are.
            let resten = hvor == 0 && steps.len() < antall;
            if !steps.is_empty() {
                self.journal.append(Change { at: self.klokke.now(), steps }).await?;
            }
            if siste || resten {
                return Ok(());
            }
        }
    }
}

/// The entry, if one of the numbers is in the list.
fn i_liste(post: &Record, numre: &[u64]) -> Result<Option<Loggfoert>, Feil> {
    let slutt = post.value.iter().position(|byte| *byte == b'\n').unwrap_or(post.value.len());
    let (foert, liste) = post.value.split_at(slutt);
    let liste = liste.get(1..).unwrap_or_default();
    if !numre.iter().any(|nummer| personer::har(liste, *nummer)) {
        return Ok(None);
    }
    Ok(Some(serde_json::from_slice(foert).map_err(UgyldigDokument::from)?))
}

/// The time in a key.
fn tid_i(nokkel: &[u8], hvor: usize) -> Option<Timestamp> {
    let ms = nokkel.get(hvor..hvor + 8)?.try_into().ok()?;
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
