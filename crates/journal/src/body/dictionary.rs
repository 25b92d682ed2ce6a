//! The compression dictionaries: one per collection, trained on its first documents.
//!
//! Register documents are short and alike. With what they have in common in a dictionary they shrink to a tenth;
//! without, to a third. A dictionary is stored with the first change that uses it and is never changed.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use parking_lot::{Mutex, RwLock};
use zstd::dict::{DecoderDictionary, EncoderDictionary};

use super::codec::LEVEL;
use super::training::Samples;
use crate::error::Result;
use crate::{Collection, JournalError};

/// A dictionary made ready for both ways.
pub(crate) struct Dictionary {
    pub(crate) number: i64,
    pub(crate) encoder: EncoderDictionary<'static>,
    pub(crate) decoder: DecoderDictionary<'static>,
}

impl Dictionary {
    /// From its stored form.
    pub(crate) fn new(number: i64, content: &[u8]) -> Result<Self> {
        let unreadable = |_| JournalError::Corrupt(format!("compression dictionary {number} cannot be read"));
        Ok(Self {
            number,
            encoder: EncoderDictionary::try_copy(content, LEVEL).map_err(unreadable)?,
            decoder: DecoderDictionary::try_copy(content).map_err(unreadable)?,
        })
    }
}

/// A collection that can train a dictionary now, and the number the dictionary gets.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Due {
    pub(crate) collection: Collection,
    pub(crate) number: i64,
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
pub(crate) struct Dictionaries {
    collections: Mutex<HashMap<String, Stage>>,
    numbered: RwLock<HashMap<i64, Arc<Dictionary>>>,
    next: AtomicI64,
}

impl Dictionaries {
    /// From what the store has: number, collection and content of each, in the order of their numbers.
    pub(crate) fn new(stored: Vec<(i64, String, Vec<u8>)>) -> Self {
        let (mut collections, mut numbered, mut next) = (HashMap::new(), HashMap::new(), 1);
        for (number, collection, content) in stored {
            next = number + 1;
            // One that is damaged must not keep the rest of the store shut; its rows say so when they are read.
            let Ok(dictionary) = Dictionary::new(number, &content).map(Arc::new) else { continue };
            collections.insert(collection, Stage::Ready(Arc::clone(&dictionary)));
            numbered.insert(number, dictionary);
        }
        Self {
            collections: Mutex::new(collections),
            numbered: RwLock::new(numbered),
            next: AtomicI64::new(next),
        }
    }

    /// A number that no dictionary has, for an engine with one writer.
    pub(crate) fn next_number(&self) -> i64 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }

    /// The dictionary that new bodies of the collection are packed with.
    pub(crate) fn current(&self, collection: Collection) -> Option<Arc<Dictionary>> {
        match self.collections.lock().get(collection.0) {
            Some(Stage::Ready(dictionary)) => Some(Arc::clone(dictionary)),
            _ => None,
        }
    }

    /// The dictionary with this number, if it was met before.
    pub(crate) fn known(&self, number: i64) -> Option<Arc<Dictionary>> {
        self.numbered.read().get(&number).map(Arc::clone)
    }

    /// One that was fetched from the store: another process has trained it meanwhile.
    ///
    /// # Errors
    /// [`JournalError::Corrupt`] when the store has none with this number, or what it has cannot be read.
    pub(crate) fn learn(&self, number: i64, content: Option<&[u8]>) -> Result<Arc<Dictionary>> {
        let content = content
            .ok_or_else(|| JournalError::Corrupt(format!("compression dictionary {number} is missing")))?;
        let dictionary = Arc::new(Dictionary::new(number, content)?);
        self.numbered.write().insert(number, Arc::clone(&dictionary));
        Ok(dictionary)
    }

    /// Packs the collection's bodies with a dictionary that another process has trained, from now on.
    pub(crate) fn adopt(&self, collection: Collection, dictionary: Arc<Dictionary>) {
        self.set(collection, Stage::Ready(dictionary));
    }

    /// Shows bodies to a collection without a dictionary. True: there are enough to [`train`](Self::train).
    pub(crate) fn show(&self, collection: Collection, bodies: &[&[u8]]) -> bool {
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
    pub(crate) fn train(self: &Arc<Self>, Due { collection, number }: Due) -> Option<Trained> {
        let samples = self.take_samples(collection)?;
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
pub(crate) struct Trained {
    dictionaries: Arc<Dictionaries>,
    pub(crate) collection: Collection,
    pub(crate) content: Vec<u8>,
    pub(crate) dictionary: Arc<Dictionary>,
    stored: bool,
}

impl Trained {
    /// The dictionary is durable: other changes may use it.
    pub(crate) fn stored(mut self) {
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
