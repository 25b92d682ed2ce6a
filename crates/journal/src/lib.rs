//! The journal: documents with versions, feeds in commit order, keyed records.
//!
//! Every register has the same shape: documents that change, an ordered list of thin events saying which,
//! and look-ups. The journal is that shape, once. What it promises:
//!
//! 1. **A change is one transaction.** [`Journal::append`] writes document versions, events and records
//!    together or not at all, and answers when they are durable.
//! 2. **Numbers come in commit order.** Every change has a [`Seq`]; every event a [`Event::position`]. A reader
//!    that has seen position *n* of a feed never later meets an event at or before *n*.
//! 3. **Documents are immutable.** A new version is a new row, so "as of" ([`AsOf`]) is a plain query, and a
//!    scan at a sequence number is exact however long it takes.
//! 4. **Feeds are thin.** An event holds numbers and a kind, never content.
//! 5. **Removal beats history.** [`Step::Remove`] erases every version of a document, in the past too, and
//!    leaves a tombstone.
//!
//! Everything else (search index, download files) is derived and can be rebuilt from here.
//!
//! The trait is small so that engines are: [`sqlite::SqliteJournal`] is the embedded one,
//! [`postgres::PostgresJournal`] the one for several machines. Both pass the same suite, `conformance`.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use tid::Timestamp;
use tokio::sync::watch;

mod aside;
mod body;
mod bounds;
#[cfg(test)]
mod conformance;
mod error;
mod lease;
mod names;
pub mod postgres;
mod prepare;
mod queue;
mod raw;
pub mod sqlite;
pub mod transfer;
mod verify;

/// A kind of document, such as `enhetsregisteret/enhet`. Names are fixed in code, one constant a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Collection(pub &'static str);

/// A list of events, such as `enhetsregisteret/oppdateringer/enheter`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Feed(pub &'static str);

/// A space of keyed records, such as `enhetsregisteret/import`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Space(pub &'static str);

/// A document's number within its collection: the register's own number for the thing. At most 2^63 − 1.
pub type DocId = u64;

/// The number of a change: 1 for the journal's first, one more for each that committed after it. 0 is "before everything".
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seq(pub u64);

impl fmt::Debug for Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

impl fmt::Display for Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What [`Journal::append`] writes, all of it or nothing.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// When the change took place: the time of its document versions and events that carry none of their own.
    pub at: Timestamp,
    /// What it consists of, applied in order.
    pub steps: Vec<Step>,
}

/// One part of a [`Change`].
#[derive(Clone)]
pub enum Step {
    /// A new version of a document. Bodies are JSON; the engine compresses them.
    Put {
        /// The kind of document.
        collection: Collection,
        /// Its number.
        id: DocId,
        /// The whole new version.
        body: Vec<u8>,
        /// When this version took place. `None`: the change's time. A bulk load carries many moments in one change.
        at: Option<Timestamp>,
    },
    /// Erases all versions of a document, past ones too, and leaves `tombstone` as the only one.
    Remove {
        /// The kind of document.
        collection: Collection,
        /// Its number.
        id: DocId,
        /// What stays: number and date, never content.
        tombstone: Vec<u8>,
        /// When it was removed. `None`: the change's time.
        at: Option<Timestamp>,
    },
    /// Puts an event on a feed.
    Publish {
        /// The feed.
        feed: Feed,
        /// The document the event is about.
        subject: DocId,
        /// The register's own code for what happened.
        kind: u8,
        /// The public number; must be above the feed's head. `None`: one above the head.
        number: Option<u64>,
        /// The public time. `None`: the change's. Never before the head's: an earlier one is lifted to it.
        at: Option<Timestamp>,
    },
    /// Sets (`Some`) or deletes (`None`) a record, if the guard holds; otherwise the whole change fails.
    Record {
        /// The record's space.
        space: Space,
        /// Its key, at most 1 kB.
        key: Vec<u8>,
        /// The new value, or none to delete.
        value: Option<Vec<u8>>,
        /// What must hold beforehand.
        guard: Guard,
    },
}

impl fmt::Debug for Step {
    /// Without bodies and values: they may be personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Put { collection, body, .. } => write!(f, "Put({}, {} bytes)", collection.0, body.len()),
            Self::Remove { collection, .. } => write!(f, "Remove({})", collection.0),
            Self::Publish { feed, kind, .. } => write!(f, "Publish({}, kind {kind})", feed.0),
            Self::Record { space, guard, .. } => write!(f, "Record({}, {guard:?})", space.0),
        }
    }
}

/// The condition of a [`Step::Record`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guard {
    /// No condition.
    Any,
    /// The record does not exist.
    Absent,
    /// The record exists and was last set by this change.
    SetAt(Seq),
}

impl Guard {
    /// Whether it holds for a record that was last set by this change; `None`: there is no such record.
    fn holds(self, set_at: Option<Seq>) -> bool {
        match self {
            Self::Any => true,
            Self::Absent => set_at.is_none(),
            Self::SetAt(seq) => set_at == Some(seq),
        }
    }
}

/// The answer to a change: it is durable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The change's number.
    pub seq: Seq,
    /// The public number of each published event, in the order of the steps.
    pub numbers: Vec<u64>,
}

/// One version of a document.
#[derive(Clone, PartialEq, Eq)]
pub struct Version {
    /// The document's number.
    pub id: DocId,
    /// The change that wrote this version.
    pub seq: Seq,
    /// When.
    pub at: Timestamp,
    /// True for the tombstone of a removed document.
    pub removed: bool,
    /// The body, or the tombstone.
    pub body: Vec<u8>,
}

impl fmt::Debug for Version {
    /// Without number and body: they may be personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Version({:?}, {} bytes{})",
            self.seq,
            self.body.len(),
            if self.removed { ", removed" } else { "" }
        )
    }
}

/// Which version of a document is meant.
///
/// A removed document shows its tombstone whichever is asked for, from the document's first version on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AsOf {
    /// The newest.
    Now,
    /// The newest written by this change or an earlier one.
    Seq(Seq),
    /// The newest that took place at this time or earlier.
    Time(Timestamp),
}

/// One event of a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    /// Its place in the feed: 1, 2, 3 … without gaps, in commit order.
    pub position: u64,
    /// Its public number: strictly increasing, perhaps with gaps.
    pub number: u64,
    /// Its public time: never decreasing.
    pub at: Timestamp,
    /// The change it belongs to.
    pub seq: Seq,
    /// The document it is about.
    pub subject: DocId,
    /// The register's own code for what happened.
    pub kind: u8,
}

/// The end of a feed. All zero when the feed is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FeedHead {
    /// Position of the newest event, which is also the number of events.
    pub position: u64,
    /// Its public number.
    pub number: u64,
    /// Its public time.
    pub at: Timestamp,
}

/// A lower bound within a feed; see [`Journal::first`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lower {
    /// Public number at or above.
    Number(u64),
    /// Public time at or after.
    Time(Timestamp),
    /// Written by this change or a later one.
    Seq(Seq),
}

/// Stands for what a document is at one moment; see [`Journal::mark`]. Means nothing outside this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark(u64);

/// A keyed record.
#[derive(Clone, PartialEq, Eq)]
pub struct Record {
    /// Its key.
    pub key: Vec<u8>,
    /// Its value.
    pub value: Vec<u8>,
    /// The change that last set it; goes into [`Guard::SetAt`].
    pub seq: Seq,
}

impl fmt::Debug for Record {
    /// Without key and value: they may be personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Record({:?}, {} bytes)", self.seq, self.value.len())
    }
}

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// A [`Guard`] did not hold; nothing was written.
    #[error("the record in {space} is not as the change requires")]
    Conflict {
        /// The space of the record whose guard failed.
        space: &'static str,
    },
    /// The change itself is not allowed (a public number not above the head, a key too long, …); nothing was written.
    #[error("the change is not allowed: {0}")]
    NotAllowed(String),
    /// The store contradicts itself. Run `grunndata verify`.
    #[error("the store contradicts itself: {0}")]
    Corrupt(String),
    /// The store was written by a newer program.
    #[error("the store has schema version {found}, this program knows up to {known}; use a newer program")]
    TooNew {
        /// The store's version.
        found: u32,
        /// The newest this program knows.
        known: u32,
    },
    /// The store is closed or cannot be reached now; the same call may succeed later.
    #[error("the store is not available: {0}")]
    Unavailable(String),
    /// The store was lost while it wrote the change, and could not be asked since: the change is written whole or not
    /// at all, but it is not known which. Who tries again does it under a guard.
    #[error("it is not known whether the change was written: {0}")]
    Uncertain(String),
    /// The engine failed.
    #[error("the store failed: {0}")]
    Engine(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// What `verify` looked at and found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VerifyReport {
    /// Document versions read and decompressed.
    pub versions: u64,
    /// Events read.
    pub events: u64,
    /// Records read.
    pub records: u64,
    /// One sentence for each fault, at most 100.
    pub faults: Vec<String>,
}

/// Called now and then on long work with (done, total if known).
pub type Progress<'a> = &'a (dyn Fn(u64, Option<u64>) + Send + Sync);

/// A journal on some engine. See the [crate] documentation for what it promises.
#[async_trait]
pub trait Journal: Send + Sync + 'static {
    /// Writes a change. When this returns, the change is durable and visible to every reader.
    async fn append(&self, change: Change) -> Result<Receipt, JournalError>;

    /// One document, or `None` if it had no version then.
    async fn get(
        &self,
        collection: Collection,
        id: DocId,
        as_of: AsOf,
    ) -> Result<Option<Version>, JournalError>;

    /// A mark for what the document is now, found without reading it. Two equal marks promise that the document was
    /// the same at both moments and between them, so what was made of it after the first may be sent after the second.
    ///
    /// Where reads go to a replica, the promise is a replica's: nothing that this process has written or shown by the
    /// second moment was lacking at the first.
    ///
    /// `None`: the engine cannot tell (somebody is writing the document, or others than this process may write).
    fn mark(&self, _collection: Collection, _id: DocId) -> Option<Mark> {
        None
    }

    /// Many documents in the order asked for, all as of the same moment.
    async fn get_many(
        &self,
        collection: Collection,
        ids: &[DocId],
        as_of: AsOf,
    ) -> Result<Vec<Option<Version>>, JournalError>;

    /// Every version of a document, oldest first.
    async fn versions(&self, collection: Collection, id: DocId) -> Result<Vec<Version>, JournalError>;

    /// The next documents in number order after `after`, as of the sequence number. Fewer than `limit` (at least 1) means the end.
    async fn scan(
        &self,
        collection: Collection,
        at: Seq,
        after: Option<DocId>,
        limit: usize,
    ) -> Result<Vec<Version>, JournalError>;

    /// The newest change.
    async fn head(&self) -> Result<Seq, JournalError>;

    /// How many bytes the store takes on disk, where it is.
    async fn disk_bytes(&self) -> Result<u64, JournalError>;

    /// The end of a feed.
    async fn feed_head(&self, feed: Feed) -> Result<FeedHead, JournalError>;

    /// The position of the first event at or above the bound; one past the end if there is none yet.
    async fn first(&self, feed: Feed, lower: Lower) -> Result<u64, JournalError>;

    /// At most `limit` events from a position on, in order.
    async fn read(&self, feed: Feed, from: u64, limit: usize) -> Result<Vec<Event>, JournalError>;

    /// All events about any of the subjects (at most 10 000 subjects), in order.
    async fn read_about(&self, feed: Feed, subjects: &[DocId]) -> Result<Vec<Event>, JournalError>;

    /// One record.
    async fn record(&self, space: Space, key: &[u8]) -> Result<Option<Record>, JournalError>;

    /// The next records whose key starts with `prefix`, in key order after `after`. Fewer than `limit` means the end.
    async fn records(
        &self,
        space: Space,
        prefix: &[u8],
        after: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<Record>, JournalError>;

    /// Takes or renews the lease `name` for `holder` until `now + length`. `false`: somebody else holds it.
    ///
    /// Background jobs take a lease, so that exactly one node does each.
    async fn lease(
        &self,
        name: &str,
        holder: &str,
        now: Timestamp,
        length: Duration,
    ) -> Result<bool, JournalError> {
        lease::take(self, name, holder, now, length).await
    }

    /// The newest change, and then every newer one. Followers wait on it.
    fn watch(&self) -> watch::Receiver<Seq>;

    /// Writes what is queued and lets go of the store; later calls are refused.
    async fn close(&self);

    /// Copies the whole store as a SQLite store, exact for the returned sequence number, to a file that must not exist, while it is in use.
    async fn backup(&self, to: &Path, progress: Progress<'_>) -> Result<Seq, JournalError>;

    /// Reads everything and checks every promise that can be checked.
    async fn verify(&self, progress: Progress<'_>) -> Result<VerifyReport, JournalError>;
}

/// A journal that many share.
pub type SharedJournal = Arc<dyn Journal>;
