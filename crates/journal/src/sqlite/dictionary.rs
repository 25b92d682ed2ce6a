//! The compression dictionaries: one per collection, trained on its first documents.
//!
//! Register documents are short and alike. With what they have in common in a dictionary they shrink to a tenth;
//! without, to a third. A dictionary is stored with the first change that uses it and is never changed.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use parking_lot::{Mutex, RwLock};
use rusqlite::{Connection, OptionalExtension};
use zstd::dict::{DecoderDictionary, EncoderDictionary};

use super::codec::LEVEL;
use super::error::Result;
use super::training::Samples;
use crate::{Collection, JournalError};

/// A dictionary made ready for both ways.
pub(super) struct Dictionary {
    pub(super) number: i64,
    pub(super) encoder: EncoderDictionary<'static>,
    pub(super) decoder: DecoderDictionary<'static>,
}

impl Dictionary {
    fn new(number: i64, content: &[u8]) -> Result<Self> {
        let unreadable = |_| JournalError::Corrupt(format!("compression dictionary {number} cannot be read"));
        Ok(Self {
            number,
            encoder: EncoderDictionary::try_copy(content, LEVEL).map_err(unreadable)?,
            decoder: DecoderDictionary::try_copy(content).map_err(unreadable)?,
        })
    }
}

/// How far a collection has come.
enum Stage {
    Gathering(Samples),
    /// Somebody trains or stores one now.
    Training,
    Ready(Arc<Dictionary>),
    /// The samples had too little in common.
    Without,
}

/// The store's dictionaries.
pub(super) struct Dictionaries {
    collections: Mutex<HashMap<String, Stage>>,
    numbered: RwLock<HashMap<i64, Arc<Dictionary>>>,
    next: AtomicI64,
}

impl Dictionaries {
    /// Reads what the store has.
    pub(super) fn load(connection: &Connection) -> Result<Self> {
        let mut statement = connection.prepare(
            "SELECT d.number, n.name, d.content FROM dictionaries d JOIN names n ON n.number = d.collection
             ORDER BY d.number",
        )?;
        let mut rows = statement.query([])?;
        let (mut collections, mut numbered, mut next) = (HashMap::new(), HashMap::new(), 1);
        while let Some(row) = rows.next()? {
            let number: i64 = row.get(0)?;
            let content: Vec<u8> = row.get(2)?;
            next = number + 1;
            // One that is damaged must not keep the rest of the store shut; its rows say so when they are read.
            let Ok(dictionary) = Dictionary::new(number, &content).map(Arc::new) else { continue };
            collections.insert(row.get(1)?, Stage::Ready(Arc::clone(&dictionary)));
            numbered.insert(number, dictionary);
        }
        Ok(Self {
            collections: Mutex::new(collections),
            numbered: RwLock::new(numbered),
            next: AtomicI64::new(next),
        })
    }

    /// The dictionary that new bodies of the collection are packed with.
    pub(super) fn current(&self, collection: Collection) -> Option<Arc<Dictionary>> {
        match self.collections.lock().get(collection.0) {
            Some(Stage::Ready(dictionary)) => Some(Arc::clone(dictionary)),
            _ => None,
        }
    }

    /// The dictionary that a row names. One that another process has trained meanwhile is fetched.
    pub(super) fn numbered(&self, connection: &Connection, number: i64) -> Result<Arc<Dictionary>> {
        if let Some(dictionary) = self.numbered.read().get(&number) {
            return Ok(Arc::clone(dictionary));
        }
        let content: Option<Vec<u8>> = connection
            .prepare_cached("SELECT content FROM dictionaries WHERE number = ?1")?
            .query_row([number], |row| row.get(0))
            .optional()?;
        let content = content
            .ok_or_else(|| JournalError::Corrupt(format!("compression dictionary {number} is missing")))?;
        let dictionary = Arc::new(Dictionary::new(number, &content)?);
        self.numbered.write().insert(number, Arc::clone(&dictionary));
        Ok(dictionary)
    }

    /// Shows bodies to a collection without a dictionary. True: there are enough to [`train`](Self::train).
    pub(super) fn show(&self, collection: Collection, bodies: &[&[u8]]) -> bool {
        let mut collections = self.collections.lock();
        if !collections.contains_key(collection.0) {
            collections.insert(collection.0.to_owned(), Stage::Gathering(Samples::default()));
        }
        match collections.get_mut(collection.0) {
            Some(Stage::Gathering(samples)) => samples.show(bodies),
            _ => false,
        }
    }

    /// Trains a dictionary from what was shown. `None`: somebody else is at it, or there is too little in common.
    /// Takes some hundred milliseconds of processor time.
    pub(super) fn train(self: &Arc<Self>, collection: Collection) -> Option<Trained> {
        let samples = self.take_samples(collection)?;
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let trained = samples.train().and_then(|content| {
            let dictionary = Arc::new(Dictionary::new(number, &content).ok()?);
            Some(Trained { dictionaries: Arc::clone(self), collection, content, dictionary, stored: false })
        });
        if trained.is_none() {
            tracing::debug!(collection = collection.0, "no compression dictionary: too little in common");
            self.set(collection, Stage::Without);
        }
        trained
    }

    fn take_samples(&self, collection: Collection) -> Option<Samples> {
        let mut collections = self.collections.lock();
        let stage = collections.get_mut(collection.0)?;
        match std::mem::replace(stage, Stage::Training) {
            Stage::Gathering(samples) => Some(samples),
            other => {
                *stage = other;
                None
            }
        }
    }

    fn set(&self, collection: Collection, stage: Stage) {
        self.collections.lock().insert(collection.0.to_owned(), stage);
    }
}

/// A dictionary on its way into the store with the change that first uses it.
///
/// Dropped before [`stored`](Self::stored), because the change failed or its caller went away, the collection
/// begins to gather samples anew.
pub(super) struct Trained {
    dictionaries: Arc<Dictionaries>,
    pub(super) collection: Collection,
    pub(super) content: Vec<u8>,
    pub(super) dictionary: Arc<Dictionary>,
    stored: bool,
}

impl Trained {
    /// The dictionary is durable: other changes may use it.
    pub(super) fn stored(mut self) {
        self.stored = true;
        let dictionary = Arc::clone(&self.dictionary);
        self.dictionaries.numbered.write().insert(dictionary.number, Arc::clone(&dictionary));
        self.dictionaries.set(self.collection, Stage::Ready(dictionary));
    }
}

impl Drop for Trained {
    fn drop(&mut self) {
        if !self.stored {
            self.dictionaries.set(self.collection, Stage::Gathering(Samples::default()));
        }
    }
}
