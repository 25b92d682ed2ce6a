//! Checks each promise that can be checked, row by row; engines bring the rows.
//!
//! Faults name collections, feeds and changes, never document numbers: those may be about persons.

use std::collections::HashMap;
use std::sync::Arc;

use serde::de::IgnoredAny;

use crate::body::{self, Dictionary};
use crate::error::Result;
use crate::raw::{EventRow, Page, RecordRow, VersionRow};
use crate::{JournalError, Seq, VerifyReport};

/// Most faults in a report.
const MAX_FAULTS: usize = 100;

/// What has been seen so far of a store.
pub(crate) struct Check {
    head: Seq,
    names: HashMap<i64, (String, String)>,
    dictionaries: HashMap<i64, std::result::Result<Arc<Dictionary>, String>>,
    newer: Option<Seen>,
    before: Option<EventRow>,
    pub(crate) report: VerifyReport,
}

/// What is remembered of the version before.
#[derive(Clone, Copy)]
struct Seen {
    document: (i64, i64),
    written: Seq,
    removed: bool,
}

impl Check {
    /// Of a store whose newest change is `head`.
    pub(crate) fn new(head: Seq) -> Self {
        Self {
            head,
            names: HashMap::new(),
            dictionaries: HashMap::new(),
            newer: None,
            before: None,
            report: VerifyReport::default(),
        }
    }

    /// Something is wrong.
    pub(crate) fn fault(&mut self, fault: String) {
        if self.report.faults.len() < MAX_FAULTS {
            self.report.faults.push(fault);
        }
    }

    /// Takes the outcome of reading a part: what cannot be read at all is a fault too, and the rest is still looked at.
    ///
    /// # Errors
    /// What is not the store's fault.
    pub(crate) fn part(&mut self, outcome: Result<()>) -> Result<()> {
        match outcome {
            Err(JournalError::Corrupt(what)) => {
                self.fault(what);
                Ok(())
            }
            other => other,
        }
    }

    /// Rows of content looked at.
    pub(crate) fn done(&self) -> u64 {
        self.report.versions + self.report.events + self.report.records
    }

    /// Looks at the next page. Names and dictionaries come first.
    pub(crate) fn page(&mut self, page: Page) {
        match page {
            Page::Names(rows) => {
                self.names.extend(rows.into_iter().map(|row| (row.number, (row.kind, row.name))));
            }
            Page::Dictionaries(rows) => {
                for row in rows {
                    let read = Dictionary::new(row.number, &row.content).map(Arc::new);
                    if let Err(error) = &read {
                        self.fault(error.to_string());
                    }
                    let unreadable = |_| format!("compression dictionary {} cannot be read", row.number);
                    self.dictionaries.insert(row.number, read.map_err(unreadable));
                }
            }
            Page::Versions(rows) => rows.iter().for_each(|row| self.version(row)),
            Page::Events(rows) => rows.into_iter().for_each(|row| self.event(row)),
            Page::Records(rows) => rows.iter().for_each(|row| self.record(row)),
        }
    }

    /// Faults when a row's number stands for no name of the kind; the name otherwise.
    fn name(&mut self, number: i64, kind: &str) -> String {
        match self.names.get(&number) {
            Some((found, name)) if found == kind => name.clone(),
            _ => {
                self.fault(format!("rows belong to {kind} number {number}, which has no name"));
                "(without a name)".to_owned()
            }
        }
    }

    fn not_above_head(&mut self, seq: Seq, what: &str) {
        if seq > self.head || seq == Seq(0) {
            let head = self.head;
            self.fault(format!("{what} belongs to change {seq}, the changes are 1 to {head}"));
        }
    }

    fn version(&mut self, row: &VersionRow) {
        self.report.versions += 1;
        let written = Seq(row.removed.map_or(row.seq, |(seq, _)| seq).unsigned_abs());
        let what = format!("{}: a version of change {written}", self.name(row.collection, "collection"));
        self.not_above_head(written, &what);
        if row.removed.is_some_and(|(removed, _)| removed < row.seq) {
            self.fault(format!("{what} is a tombstone older than what it stands for"));
        }
        let document = (row.collection, row.id);
        if let Some(newer) = self.newer.filter(|newer| newer.document == document) {
            if newer.removed {
                self.fault(format!("{what} is still there though the document was removed"));
            }
            if written > newer.written {
                self.fault(format!("{what} stands before one of change {}", newer.written));
            }
        }
        self.body(row, &what);
        self.newer = Some(Seen { document, written, removed: row.removed.is_some() });
    }

    fn body(&mut self, row: &VersionRow, what: &str) {
        let body = body::unpack(row.coding, &row.body, |number| match self.dictionaries.get(&number) {
            Some(Ok(dictionary)) => Ok(Arc::clone(dictionary)),
            Some(Err(unreadable)) => Err(JournalError::Corrupt(unreadable.clone())),
            None => Err(JournalError::Corrupt(format!("compression dictionary {number} is missing"))),
        });
        match body {
            Ok(body) => {
                if let Err(error) = serde_json::from_slice::<IgnoredAny>(&body) {
                    // Without the parser's own words: they could quote the document.
                    self.fault(format!("{what} is not JSON, from byte {} on", error.column()));
                }
            }
            Err(error) => self.fault(format!("{what}: {error}")),
        }
    }

    fn event(&mut self, event: EventRow) {
        self.report.events += 1;
        let what = format!("{}: the event at position {}", self.name(event.feed, "feed"), event.position);
        self.not_above_head(Seq(event.seq.unsigned_abs()), &what);
        let previous = self.before.take().filter(|before| before.feed == event.feed);
        self.follows(previous.as_ref(), &event, &what);
        self.before = Some(event);
    }

    fn follows(&mut self, previous: Option<&EventRow>, event: &EventRow, what: &str) {
        if event.position != previous.map_or(1, |previous| previous.position + 1) {
            self.fault(format!("{what} does not follow the one before it"));
        }
        let Some(previous) = previous else { return };
        if event.number <= previous.number {
            self.fault(format!("{what} has number {}, which is not above {}", event.number, previous.number));
        }
        if event.at < previous.at {
            self.fault(format!("{what} is before the one before it in time"));
        }
        if event.seq < previous.seq {
            self.fault(format!("{what} is not in commit order"));
        }
    }

    fn record(&mut self, row: &RecordRow) {
        self.report.records += 1;
        let name = self.name(row.space, "space");
        self.not_above_head(Seq(row.seq.unsigned_abs()), &format!("{name}: a record"));
    }
}
