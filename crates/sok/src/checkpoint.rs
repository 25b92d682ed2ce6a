//! How far an index is built, written with every commit of it.

use journal::{Event, Seq};
use serde::{Deserialize, Serialize};
use tid::Timestamp;

use crate::schema::Schema;

/// Raised when this crate lays values out in another way.
const LAYOUT: u32 = 1;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Checkpoint {
    /// What [`format()`] says of the program that wrote it.
    pub(crate) format: String,
    /// The feed position up to which every event has been taken in.
    pub(crate) position: u64,
    /// The event at that position: another journal has another.
    pub(crate) event: Option<Mark>,
}

/// What tells an event from the one at the same position of another journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Mark {
    number: u64,
    at: Timestamp,
    seq: Seq,
    kind: u8,
}

impl From<&Event> for Mark {
    fn from(event: &Event) -> Self {
        Self { number: event.number, at: event.at, seq: event.seq, kind: event.kind }
    }
}

/// Everything the stored form depends on: the caller's version, this crate's, and the fields.
pub(crate) fn format(schema: &Schema, version: u32) -> String {
    format!("{LAYOUT}/{version}/{}", schema.describe())
}
