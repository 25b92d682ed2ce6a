//! Reads the whole store and checks each promise that can be checked.
//!
//! Everything is read in one transaction, so a store in use can be verified; its write-ahead log grows meanwhile.
//! Faults name collections, feeds and changes, never document numbers: those may be about persons.

use std::collections::HashMap;

use rusqlite::Row;
use serde::de::IgnoredAny;

use super::Told;
use super::codec::unpack;
use super::error::Result;
use super::reader::{self, unsigned};
use super::shared::Session;
use crate::{Event, JournalError, Seq, VerifyReport};

/// Most faults in a report.
const MAX_FAULTS: usize = 100;
/// Rows between two words about progress.
const STEP: u64 = 4096;

/// See [`crate::Journal::verify`]. What cannot be read at all is a fault too, and the rest is still looked at.
pub(super) fn verify(session: &Session<'_>, told: &Told) -> Result<VerifyReport> {
    let snapshot = session.connection.unchecked_transaction()?;
    let head = reader::head(session.connection)?;
    let mut check = Check { session, told, head, total: 0, done: 0, report: VerifyReport::default() };
    for part in
        [Check::file, Check::count, Check::dictionaries, Check::versions, Check::events, Check::records]
    {
        match part(&mut check) {
            Err(JournalError::Corrupt(what)) => check.fault(what),
            other => other?,
        }
    }
    check.tell();
    let report = check.report;
    snapshot.commit()?;
    Ok(report)
}

/// Names by number, with their kind.
type Known = HashMap<i64, (String, String)>;

struct Check<'a> {
    session: &'a Session<'a>,
    told: &'a Told,
    head: Seq,
    total: u64,
    done: u64,
    report: VerifyReport,
}

impl Check<'_> {
    fn fault(&mut self, fault: String) {
        if self.report.faults.len() < MAX_FAULTS {
            self.report.faults.push(fault);
        }
    }

    fn row_done(&mut self) {
        self.done += 1;
        if self.done.is_multiple_of(STEP) {
            self.tell();
        }
    }

    fn tell(&self) {
        self.told.tell(self.done, self.total.max(self.done));
    }

    /// Faults when a row's number stands for no name of the kind; the name otherwise.
    fn name<'n>(&mut self, names: &'n Known, number: i64, kind: &str) -> &'n str {
        match names.get(&number) {
            Some((found, name)) if found == kind => name,
            _ => {
                self.fault(format!("rows belong to {kind} number {number}, which has no name"));
                "(without a name)"
            }
        }
    }

    fn not_above_head(&mut self, seq: Seq, what: &str) {
        if seq > self.head || seq == Seq(0) {
            let head = self.head;
            self.fault(format!("{what} belongs to change {seq}, the changes are 1 to {head}"));
        }
    }

    /// SQLite's own check: pages, trees, indexes against tables, constraints.
    fn file(&mut self) -> Result<()> {
        let mut statement = self.session.connection.prepare("PRAGMA integrity_check(100)")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let line: String = row.get(0)?;
            if line != "ok" {
                self.fault(format!("the file: {line}"));
            }
        }
        Ok(())
    }

    fn count(&mut self) -> Result<()> {
        let sql = "SELECT (SELECT count(*) FROM versions) + (SELECT count(*) FROM events)
                        + (SELECT count(*) FROM records)";
        let total: i64 = self.session.connection.query_row(sql, [], |row| row.get(0))?;
        self.total = total.unsigned_abs();
        Ok(())
    }

    fn names(&self) -> Result<Known> {
        let mut statement = self.session.connection.prepare("SELECT number, kind, name FROM names")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn dictionaries(&mut self) -> Result<()> {
        let mut statement = self.session.connection.prepare("SELECT number FROM dictionaries")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let number = row.get(0)?;
            if let Err(error) = self.session.shared.dictionaries.numbered(self.session.connection, number) {
                self.fault(error.to_string());
            }
        }
        Ok(())
    }

    fn versions(&mut self) -> Result<()> {
        let names = self.names()?;
        let mut statement = self.session.connection.prepare(
            "SELECT collection, id, seq, removed_seq, coding, body FROM versions ORDER BY collection, id, seq DESC",
        )?;
        let mut rows = statement.query([])?;
        let mut newer: Option<VersionRow> = None;
        while let Some(row) = rows.next()? {
            let version = VersionRow::read(row)?;
            let name = self.name(&names, version.collection, "collection");
            let what = format!("{name}: a version of change {}", version.written());
            self.not_above_head(version.written(), &what);
            if version.removed.is_some_and(|removed| removed < version.seq) {
                self.fault(format!("{what} is a tombstone older than what it stands for"));
            }
            if let Some(newer) = newer.filter(|newer| newer.is_same_document(&version)) {
                if newer.removed.is_some() {
                    self.fault(format!("{what} is still there though the document was removed"));
                }
                if version.written() > newer.written() {
                    self.fault(format!("{what} stands before one of change {}", newer.written()));
                }
            }
            self.body(row, &what)?;
            newer = Some(version);
            self.report.versions += 1;
            self.row_done();
        }
        Ok(())
    }

    fn body(&mut self, row: &Row<'_>, what: &str) -> Result<()> {
        let bytes = row.get_ref(5)?.as_blob().map_err(|error| JournalError::Corrupt(error.to_string()))?;
        let (dictionaries, connection) = (&self.session.shared.dictionaries, self.session.connection);
        match unpack(dictionaries, connection, row.get(4)?, bytes) {
            Ok(body) => {
                if let Err(error) = serde_json::from_slice::<IgnoredAny>(&body) {
                    // Without the parser's own words: they could quote the document.
                    self.fault(format!("{what} is not JSON, from byte {} on", error.column()));
                }
            }
            Err(error) => self.fault(format!("{what}: {error}")),
        }
        Ok(())
    }

    fn events(&mut self) -> Result<()> {
        let names = self.names()?;
        let mut statement = self.session.connection.prepare(
            "SELECT position, number, at, seq, subject, kind, feed FROM events ORDER BY feed, position",
        )?;
        let mut rows = statement.query([])?;
        let mut before: Option<(i64, Event)> = None;
        while let Some(row) = rows.next()? {
            let (feed, event) = (row.get(6)?, reader::event(row)?);
            let name = self.name(&names, feed, "feed");
            let what = format!("{name}: the event at position {}", event.position);
            self.not_above_head(event.seq, &what);
            let previous = before.filter(|(same, _)| *same == feed).map(|(_, event)| event);
            self.follows(previous, &event, &what);
            before = Some((feed, event));
            self.report.events += 1;
            self.row_done();
        }
        Ok(())
    }

    fn follows(&mut self, previous: Option<Event>, event: &Event, what: &str) {
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

    fn records(&mut self) -> Result<()> {
        let names = self.names()?;
        let mut statement =
            self.session.connection.prepare("SELECT space, seq FROM records ORDER BY space")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let name = self.name(&names, row.get(0)?, "space");
            self.not_above_head(Seq(unsigned(row, 1)?), &format!("{name}: a record"));
            self.report.records += 1;
            self.row_done();
        }
        Ok(())
    }
}

/// What is checked of a version besides its body.
#[derive(Clone, Copy)]
struct VersionRow {
    collection: i64,
    id: i64,
    seq: Seq,
    removed: Option<Seq>,
}

impl VersionRow {
    fn read(row: &Row<'_>) -> Result<Self> {
        let removed: Option<i64> = row.get(3)?;
        let removed = removed.map(|_| unsigned(row, 3)).transpose()?.map(Seq);
        Ok(Self { collection: row.get(0)?, id: row.get(1)?, seq: Seq(unsigned(row, 2)?), removed })
    }

    /// The change that wrote the row.
    fn written(&self) -> Seq {
        self.removed.unwrap_or(self.seq)
    }

    fn is_same_document(&self, other: &Self) -> bool {
        (self.collection, self.id) == (other.collection, other.id)
    }
}
