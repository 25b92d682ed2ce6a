//! A store's rows as they are stored, the same in every engine: what verification reads and what moves between
//! stores. In the order of their keys, a page at a time.

/// A name and its number.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct NameRow {
    pub(crate) number: i64,
    pub(crate) kind: String,
    pub(crate) name: String,
}

/// A compression dictionary.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct DictionaryRow {
    pub(crate) number: i64,
    pub(crate) collection: i64,
    pub(crate) content: Vec<u8>,
}

/// A version or tombstone.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct VersionRow {
    pub(crate) collection: i64,
    pub(crate) id: i64,
    /// From which change on it is visible.
    pub(crate) seq: i64,
    pub(crate) at: i64,
    /// A tombstone's own change and time.
    pub(crate) removed: Option<(i64, i64)>,
    pub(crate) coding: i64,
    pub(crate) body: Vec<u8>,
}

/// An event.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct EventRow {
    pub(crate) feed: i64,
    pub(crate) position: i64,
    pub(crate) number: i64,
    pub(crate) at: i64,
    pub(crate) seq: i64,
    pub(crate) subject: i64,
    pub(crate) kind: u8,
}

/// A record.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct RecordRow {
    pub(crate) space: i64,
    pub(crate) key: Vec<u8>,
    pub(crate) value: Vec<u8>,
    pub(crate) seq: i64,
}

/// Rows of one kind, some at a time.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Page {
    Names(Vec<NameRow>),
    Dictionaries(Vec<DictionaryRow>),
    /// By collection and number, newest first within a document.
    Versions(Vec<VersionRow>),
    Events(Vec<EventRow>),
    Records(Vec<RecordRow>),
}

impl Page {
    /// How many of its rows count as content: names and dictionaries do not.
    pub(crate) fn rows(&self) -> u64 {
        let rows = match self {
            Self::Names(_) | Self::Dictionaries(_) => 0,
            Self::Versions(rows) => rows.len(),
            Self::Events(rows) => rows.len(),
            Self::Records(rows) => rows.len(),
        };
        rows as u64
    }
}

/// Rows in one page of [`Page`].
pub(crate) const PAGE_ROWS: usize = 2000;

/// How far a store that is being filled has come: its last row of each kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Reached {
    /// The last document. Its versions may not all be there: it is begun again.
    pub(crate) document: Option<(i64, i64)>,
    /// The last event's feed and position.
    pub(crate) event: Option<(i64, i64)>,
    /// The last record's space and key.
    pub(crate) record: Option<(i64, Vec<u8>)>,
}
