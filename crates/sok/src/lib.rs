//! Search: typed fields, Norwegian names, sorted pages, kept in step with a feed of the journal.
//!
//! An [`Index`] holds, for each document of one collection, the values it can be found and sorted by, and answers a
//! [`Request`] with document numbers. It never holds documents: whoever asks reads them from the journal.
//!
//! - [`Schema`]: which fields there are. [`Document`]: their values for one document.
//! - [`Query`], [`Request`], [`Hits`]: question and answer. Searching is synchronous, and safe from any number of threads.
//! - [`View`]: the index at one moment; pages after a [`Place`], however deep, and counts by value ([`Facet`]).
//! - [`navn`], [`near`], [`collation`]: how names match, with and without typing errors, and how texts sort, as pure
//!   functions.
//! - [`Follower`]: builds the index from the journal, and keeps it in step.
//!
//! The index is derived: it can be thrown away at any time and is then built again.
//!
//! Invariants: no score is computed anywhere, order is always by exact keys. Order keys are numbers within a segment and
//! are translated only where segments meet, so a deep page costs about what the first does. Of orders that were asked for,
//! each large segment remembers the beginning, and dense searches go along it; what is remembered is bounded by the size of
//! the segment. What a search may ask is limited by the caller, not here.

mod bits;
mod checkpoint;
pub mod collation;
mod columns;
mod compile;
mod document;
mod entries;
mod facets;
mod follower;
mod generation;
mod index;
mod keys;
mod lead;
mod matches;
mod merge;
pub mod navn;
pub mod near;
mod nearby;
mod phrase;
mod place;
mod prefix;
mod query;
mod range;
mod rank;
mod rebuild;
mod schema;
mod search;
#[cfg(test)]
mod tests;
mod top;
mod view;
mod visit;
mod walk;
mod writer;

pub use document::Document;
pub use facets::Facet;
pub use follower::{Follower, Mapping};
pub use index::{Index, RebuildReason};
pub use keys::MAX_SORT_KEYS;
pub use place::{Page, Place};
pub use query::{Direction, Hits, Query, Request, SortKey};
pub use schema::{Declaration, Field, Kind, Schema, SchemaBuilder};
pub use view::View;
pub use visit::Seen;
pub use writer::Budget;

/// What can go wrong.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The index is being built for the first time, or has stopped; the same search may succeed later.
    #[error("the index is not ready yet")]
    NotReady,
    /// The schema itself is wrong.
    #[error("the schema is wrong: {0}")]
    Schema(String),
    /// The field belongs to another schema.
    #[error("the field is not part of this index")]
    UnknownField,
    /// The field cannot be used in this way.
    #[error("{field} is a {kind:?} field and cannot be used like this")]
    WrongKind {
        /// The field's name.
        field: String,
        /// What it is.
        kind: Kind,
    },
    /// The field was not declared sortable.
    #[error("{field} cannot be sorted on")]
    NotSortable {
        /// The field's name.
        field: String,
    },
    /// More than [`MAX_SORT_KEYS`] levels of order.
    #[error("at most {MAX_SORT_KEYS} levels of order are possible")]
    TooManySortKeys,
    /// The place in a result is not of the order that was asked for.
    #[error("the place belongs to another order")]
    OtherOrder,
    /// The engine failed.
    #[error("the search engine failed: {0}")]
    Engine(#[from] tantivy::TantivyError),
    /// Reading or writing the index failed.
    #[error("the index cannot be read or written: {0}")]
    Io(#[from] std::io::Error),
    /// The journal failed.
    #[error(transparent)]
    Journal(#[from] journal::JournalError),
    /// The indexing task ended before its time.
    #[error("the indexing task stopped: {0}")]
    Stopped(String),
}
