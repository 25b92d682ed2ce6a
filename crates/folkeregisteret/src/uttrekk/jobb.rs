//! An order, as it is kept, and what is answered.

use journal::{Record, Seq};
use serde::{Deserialize, Serialize};
use tid::Timestamp;

use crate::Feil;
use crate::modell::UgyldigDokument;
use crate::plass::Hendelsesplass;
use crate::sporring::Uttrekkskriterier;

/// What is ordered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Bestilling {
    /// Keys of everybody's documents, valid at this event or later.
    Komplett {
        /// The event.
        feedsekvensnr: u64,
    },
    /// Numbers of those who fit.
    Tilpasset(Uttrekkskriterier),
}

/// An order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jobb {
    /// The consumer.
    pub konsument: String,
    /// Who runs the software.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leverandoer: Option<String>,
    /// The package, by its code.
    pub pakke: String,
    /// What is ordered.
    pub bestilling: Bestilling,
    /// When.
    pub bestilt: Timestamp,
    /// The list, when it is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ferdig: Option<Laget>,
}

/// A list that is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Laget {
    /// Which of the attempts at it this is.
    pub forsoek: u64,
    /// How many stand in it.
    pub antall: u64,
}

/// What the list of an order holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slag {
    Dokumenter,
    Numre,
}

impl Bestilling {
    pub(super) const fn innhold(&self) -> Slag {
        match self {
            Self::Komplett { .. } => Slag::Dokumenter,
            Self::Tilpasset(_) => Slag::Numre,
        }
    }
}

impl Slag {
    /// How many a batch holds at most (section 10).
    pub(super) const fn per_batch(self) -> u64 {
        match self {
            Self::Dokumenter => 100_000,
            Self::Numre => 10_000,
        }
    }
}

/// What a batch is answered with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Batch {
    /// There is something in it.
    Innhold(Innhold),
    /// All batches came before it.
    Slutt,
    /// The list is not made yet.
    IkkeKlar,
    /// The consumer has no such order.
    Ukjent,
}

/// What a batch holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Innhold {
    /// Documents, by where they stand.
    Dokumenter(Vec<Hendelsesplass>),
    /// Numbers.
    Numre(Vec<u64>),
}

/// An order with its place in the journal.
pub(super) struct Lagret {
    pub(super) id: String,
    pub(super) jobb: Jobb,
    pub(super) seq: Seq,
}

impl Lagret {
    pub(super) fn les(post: &Record) -> Result<Self, Feil> {
        let jobb = serde_json::from_slice(&post.value).map_err(UgyldigDokument::from)?;
        Ok(Self { id: String::from_utf8_lossy(&post.key).into_owned(), jobb, seq: post.seq })
    }
}
