//! The only writer: work that reads what is there and writes what comes of it, with the row that says who did it.
//!
//! Administration goes through [`Arbeid`], one at a time on this node; what it read is guarded in the journal, so
//! that a change on another node in between makes it fail instead of being overwritten. Grants go through
//! [`Skriver::bruk`]: the record that they are used, the trail's row and an opaque token are one change, and
//! changes of many callers share one flush to disk.

use std::collections::HashMap;

use aws_lc_rs::digest::{SHA256, digest};
use journal::{Change, Guard, JournalError, Seq, SharedJournal, Space, Step};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tid::Timestamp;
use tokio::sync::{Mutex, MutexGuard};

use crate::Feil;
use crate::lager::Rom;
use crate::modell::{Hvem, Sporpost, Utstedelse};

/// Grants that are used, by the digest of client and `jti`; the value is when the record may go, in milliseconds.
pub const BRUKTE: Space = Space("maskinporten/brukt");
/// The trail of authenticated grants, by time.
pub const UTSTEDELSER: Space = Space("maskinporten/utstedelse");
/// The trail of the administration, by time.
pub const SPOR: Space = Space("maskinporten/spor");
/// Opaque tokens, by their digest: when they end, and their claims.
pub const OPAKE: Space = Space("maskinporten/opak");

/// Whether a grant could be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bruk {
    /// It is used now, and the trail says so.
    Forste,
    /// It was used before; nothing was written.
    Gjentatt,
}

/// A grant about to be used.
pub struct Bevisbruk {
    /// Digest of client and `jti`, from [`bevisnokkel`].
    pub nokkel: Vec<u8>,
    /// Until when the record must be kept.
    pub til: Timestamp,
    /// The row of the trail.
    pub utstedelse: Utstedelse,
    /// An opaque token's digest, end and claims.
    pub opak: Option<(Vec<u8>, Opaktoken)>,
}

/// What an opaque token stands for.
#[derive(Debug, Clone, Serialize, serde::Deserialize)]
pub struct Opaktoken {
    /// When it ends.
    pub til: Timestamp,
    /// The claims that a self-contained token would hold.
    pub krav: Value,
}

/// The key of the record that a grant is used: a digest, so that no caller's text becomes a key.
pub fn bevisnokkel(client_id: &str, jti: &str) -> Vec<u8> {
    let mut tekst = Vec::with_capacity(client_id.len() + jti.len() + 8);
    // The length keeps the two apart whatever is in them.
    tekst.extend_from_slice(&(client_id.len() as u64).to_be_bytes());
    tekst.extend_from_slice(client_id.as_bytes());
    tekst.extend_from_slice(jti.as_bytes());
    digest(&SHA256, &tekst).as_ref().to_vec()
}

/// A key that sorts by time; `unik` tells rows of one moment apart.
pub fn tidsnokkel(tid: Timestamp, unik: &[u8]) -> Vec<u8> {
    let millis = u64::try_from(tid.as_millis()).unwrap_or(0);
    [&millis.to_be_bytes()[..], unik].concat()
}

/// The writer.
pub struct Skriver {
    journal: SharedJournal,
    en_om_gangen: Mutex<()>,
}

impl Skriver {
    /// A writer on the journal.
    pub fn ny(journal: SharedJournal) -> Self {
        Self { journal, en_om_gangen: Mutex::new(()) }
    }

    /// Begins a piece of administration; others wait until it is done or dropped.
    pub async fn begynn(&self, naa: Timestamp, hvem: Hvem) -> Arbeid<'_> {
        let laas = self.en_om_gangen.lock().await;
        Arbeid { journal: &self.journal, _laas: laas, naa, hvem, lest: HashMap::new(), steg: Vec::new() }
    }

    /// Uses a grant, once and for all.
    ///
    /// # Errors
    /// When the store fails; then the grant is not used.
    pub async fn bruk(&self, naa: Timestamp, bruk: Bevisbruk) -> Result<Bruk, Feil> {
        let Bevisbruk { nokkel, til, utstedelse, opak } = bruk;
        let til = til.as_millis().to_be_bytes().to_vec();
        let rad = tidsnokkel(utstedelse.tid, &nokkel);
        let mut steps = vec![
            sett(BRUKTE, nokkel, til, Guard::Absent),
            sett(UTSTEDELSER, rad, json(UTSTEDELSER, &utstedelse)?, Guard::Any),
        ];
        if let Some((nokkel, token)) = opak {
            steps.push(sett(OPAKE, nokkel, json(OPAKE, &token)?, Guard::Any));
        }
        match self.journal.append(Change { at: naa, steps }).await {
            Ok(_) => Ok(Bruk::Forste),
            Err(JournalError::Conflict { .. }) => Ok(Bruk::Gjentatt),
            Err(feil) => Err(feil.into()),
        }
    }

    /// Takes away records whose time is up.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn rydd(&self, naa: Timestamp, rom: Space, nokler: Vec<Vec<u8>>) -> Result<(), Feil> {
        let slett = |key| Step::Record { space: rom, key, value: None, guard: Guard::Any };
        let steps = nokler.into_iter().map(slett).collect();
        self.journal.append(Change { at: naa, steps }).await?;
        Ok(())
    }
}

fn sett(space: Space, key: Vec<u8>, value: Vec<u8>, guard: Guard) -> Step {
    Step::Record { space, key, value: Some(value), guard }
}

fn json(rom: Space, verdi: &impl Serialize) -> Result<Vec<u8>, Feil> {
    serde_json::to_vec(verdi).map_err(|arsak| Feil::Post { rom: rom.0, arsak })
}

/// A piece of administration: what it read, and what it will write.
pub struct Arbeid<'a> {
    journal: &'a SharedJournal,
    _laas: MutexGuard<'a, ()>,
    naa: Timestamp,
    hvem: Hvem,
    /// What was read, with the change that had set it.
    lest: HashMap<(Space, String), Option<Seq>>,
    steg: Vec<Step>,
}

impl Arbeid<'_> {
    /// The moment the work is done at.
    pub fn naa(&self) -> Timestamp {
        self.naa
    }

    /// The journal, for reading what is not going to be written.
    pub fn journal(&self) -> &SharedJournal {
        self.journal
    }

    /// One record as it is now.
    pub async fn hent<T: Serialize + DeserializeOwned>(
        &mut self,
        rom: Rom<T>,
        nokkel: &str,
    ) -> Result<Option<T>, Feil> {
        let funnet = rom.hent(&**self.journal, nokkel).await?;
        self.lest.insert((rom.space, nokkel.to_owned()), funnet.as_ref().map(|post| post.seq));
        Ok(funnet.map(|post| post.verdi))
    }

    /// Sets a record. If it was read here, it must still be as it was read.
    pub fn sett<T: Serialize + DeserializeOwned>(
        &mut self,
        rom: Rom<T>,
        nokkel: &str,
        verdi: &T,
    ) -> Result<(), Feil> {
        let step = rom.sett(nokkel, verdi, self.vilkaar(rom, nokkel))?;
        self.steg.push(step);
        Ok(())
    }

    /// Takes a record away. If it was read here, it must still be as it was read.
    pub fn slett<T: Serialize + DeserializeOwned>(&mut self, rom: Rom<T>, nokkel: &str) {
        let step = rom.slett(nokkel, self.vilkaar(rom, nokkel));
        self.steg.push(step);
    }

    fn vilkaar<T>(&self, rom: Rom<T>, nokkel: &str) -> Guard {
        match self.lest.get(&(rom.space, nokkel.to_owned())) {
            Some(Some(seq)) => Guard::SetAt(*seq),
            Some(None) => Guard::Absent,
            None => Guard::Any,
        }
    }

    /// Writes everything as one change, with a row of the trail. Work that changed nothing writes nothing.
    ///
    /// # Errors
    /// [`Feil::Samtidig`] when somebody else was faster; otherwise when the store fails. Then nothing is written.
    pub async fn fullfor(self, handling: &str, om: &str, ny: &impl Serialize) -> Result<(), Feil> {
        let Self { journal, _laas: laas, naa, hvem, mut steg, .. } = self;
        if steg.is_empty() {
            return Ok(());
        }
        let post = Sporpost {
            tid: naa,
            hvem,
            handling: handling.to_owned(),
            om: om.to_owned(),
            ny: serde_json::to_value(ny).unwrap_or_else(|_| json!(null)),
        };
        let verdi = json(SPOR, &post)?;
        let unik = digest(&SHA256, &verdi);
        // The number of the change would tell rows of one moment apart, but is known only afterwards.
        let hode = journal.head().await?.0.to_be_bytes();
        let nokkel = tidsnokkel(naa, &[&hode[..], &unik.as_ref()[..8]].concat());
        steg.push(sett(SPOR, nokkel, verdi, Guard::Absent));
        journal.append(Change { at: naa, steps: steg }).await?;
        drop(laas);
        Ok(())
    }
}
