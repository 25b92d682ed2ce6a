//! Answers to look-ups, kept while the documents they were made of stay as they are.
//!
//! Most look-ups are of few units. What is kept is the finished body; whether it still holds is asked of the journal
//! for each request ([`journal::Journal::mark`]), so an answer is never older than a read would be.

use std::sync::Arc;

use bytes::Bytes;
use identifikator::Organisasjonsnummer;
use journal::Mark;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use web::respond::Validators;

use crate::modell::{Enhetstype, Versjon};

/// What a kept answer weighs beside its body, in bytes.
const TILLEGG: u64 = 256;
/// About what an answer weighs, in bytes.
const VANLIG: u64 = 2048;

/// What an answer is about.
pub type Nokkel = (Enhetstype, Organisasjonsnummer, Versjon);

/// A finished answer.
pub struct Lagret {
    /// What the document was when the answer was made; `None` if the journal could not tell.
    pub merke: Option<Mark>,
    /// What its links begin with.
    pub base: String,
    /// What tells it from the answers before it.
    pub gyldighet: Validators,
    /// The body.
    pub kropp: Bytes,
}

#[derive(Clone)]
struct Vekt;

impl Weighter<Nokkel, Arc<Lagret>> for Vekt {
    fn weight(&self, _: &Nokkel, svar: &Arc<Lagret>) -> u64 {
        svar.kropp.len() as u64 + svar.base.len() as u64 + TILLEGG
    }
}

/// The kept answers, bounded by their size.
pub struct Svarlager(Cache<Nokkel, Arc<Lagret>, Vekt>);

impl Svarlager {
    /// Keeps at most so many bytes; 0 keeps nothing.
    pub fn new(bytes: u64) -> Self {
        let antall = usize::try_from(bytes / VANLIG).unwrap_or(usize::MAX);
        Self(Cache::with_weighter(antall, bytes, Vekt))
    }

    /// The answer with these links, if it was made under this mark.
    pub fn hent(&self, nokkel: Nokkel, merke: Mark, base: &str) -> Option<Arc<Lagret>> {
        self.0.get(&nokkel).filter(|svar| svar.merke == Some(merke) && svar.base == base)
    }

    /// Keeps an answer.
    pub fn legg(&self, nokkel: Nokkel, svar: Arc<Lagret>) {
        self.0.insert(nokkel, svar);
    }
}
