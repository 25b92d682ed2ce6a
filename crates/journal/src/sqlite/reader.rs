//! The reads: each a walk along one key.

use rusqlite::{Connection, OptionalExtension, Row, params};
use tid::Timestamp;

use super::names;
use super::shared::Session;
use crate::bounds::{self, bounded, natural, signed};
use crate::error::Result;
use crate::names::Name;
use crate::{
    AsOf, Collection, DocId, Event, Feed, FeedHead, JournalError, Lower, Record, Seq, Space, Version,
};

pub(super) const GET_SEQ: &str = "SELECT seq, at, removed_seq, removed_at, coding, body, id FROM versions
    WHERE collection = ?1 AND id = ?2 AND seq <= ?3 ORDER BY seq DESC LIMIT 1";
pub(super) const GET_TIME: &str = "SELECT seq, at, removed_seq, removed_at, coding, body, id FROM versions
    WHERE collection = ?1 AND id = ?2 AND at <= ?3 ORDER BY seq DESC LIMIT 1";
pub(super) const VERSIONS: &str = "SELECT seq, at, removed_seq, removed_at, coding, body, id FROM versions
    WHERE collection = ?1 AND id = ?2 ORDER BY seq";
/// Newest first within each document: the first row met of each is the one.
pub(super) const SCAN: &str = "SELECT seq, at, removed_seq, removed_at, coding, body, id FROM versions
    WHERE collection = ?1 AND id > ?2 AND seq <= ?3 ORDER BY id, seq DESC";
pub(super) const FEED_HEAD: &str =
    "SELECT position, number, at FROM events WHERE feed = ?1 ORDER BY position DESC LIMIT 1";
pub(super) const EVENTS: &str = "SELECT position, number, at, seq, subject, kind FROM events
    WHERE feed = ?1 AND position >= ?2 ORDER BY position LIMIT ?3";
pub(super) const EVENTS_ABOUT: &str = "SELECT position, number, at, seq, subject, kind FROM events
    WHERE feed = ?1 AND subject = ?2 ORDER BY position";
pub(super) const RECORDS: &str = "SELECT key, value, seq FROM records
    WHERE space = ?1 AND key >= ?2 AND key < ?3 ORDER BY key LIMIT ?4";

impl Session<'_> {
    fn number(&self, name: impl Into<Name>) -> Result<Option<i64>> {
        names::find(&self.shared.names, self.connection, name.into())
    }

    pub(super) fn get(&self, collection: Collection, id: DocId, as_of: AsOf) -> Result<Option<Version>> {
        match self.number(collection)? {
            Some(collection) => self.one(collection, id, as_of),
            None => Ok(None),
        }
    }

    /// Within one read transaction, hence all as of the same moment.
    pub(super) fn get_many(
        &self,
        collection: Collection,
        ids: &[DocId],
        as_of: AsOf,
    ) -> Result<Vec<Option<Version>>> {
        let snapshot = self.connection.unchecked_transaction()?;
        let Some(collection) = self.number(collection)? else { return Ok(vec![None; ids.len()]) };
        let found = ids.iter().map(|id| self.one(collection, *id, as_of)).collect();
        snapshot.commit()?;
        found
    }

    fn one(&self, collection: i64, id: DocId, as_of: AsOf) -> Result<Option<Version>> {
        let Ok(id) = i64::try_from(id) else { return Ok(None) };
        let (sql, bound) = match as_of {
            AsOf::Now => (GET_SEQ, i64::MAX),
            AsOf::Seq(seq) => (GET_SEQ, signed(seq.0)),
            AsOf::Time(at) => (GET_TIME, at.as_millis()),
        };
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([collection, id, bound])?;
        rows.next()?.map(|row| self.version(row)).transpose()
    }

    pub(super) fn versions(&self, collection: Collection, id: DocId) -> Result<Vec<Version>> {
        let (Some(collection), Ok(id)) = (self.number(collection)?, i64::try_from(id)) else {
            return Ok(Vec::new());
        };
        let mut statement = self.connection.prepare_cached(VERSIONS)?;
        let mut rows = statement.query([collection, id])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(self.version(row)?);
        }
        Ok(found)
    }

    pub(super) fn scan(
        &self,
        collection: Collection,
        at: Seq,
        after: Option<DocId>,
        limit: usize,
    ) -> Result<Vec<Version>> {
        let Some(collection) = self.number(collection)? else { return Ok(Vec::new()) };
        let mut last = after.map_or(-1, signed);
        let mut statement = self.connection.prepare_cached(SCAN)?;
        let mut rows = statement.query([collection, last, signed(at.0)])?;
        let mut found = Vec::new();
        while found.len() < limit
            && let Some(row) = rows.next()?
        {
            let id: i64 = row.get(6)?;
            if id != last {
                last = id;
                found.push(self.version(row)?);
            }
        }
        Ok(found)
    }

    /// A row of the queries above. A tombstone tells of the removal, not of the document's first version, in whose
    /// place it stands.
    fn version(&self, row: &Row<'_>) -> Result<Version> {
        let removed: Option<i64> = row.get(2)?;
        let (seq, at) = if removed.is_some() { (2, 3) } else { (0, 1) };
        let body = row.get_ref(5)?.as_blob().map_err(|error| JournalError::Corrupt(error.to_string()))?;
        Ok(Version {
            id: unsigned(row, 6)?,
            seq: Seq(unsigned(row, seq)?),
            at: Timestamp::from_millis(row.get(at)?),
            removed: removed.is_some(),
            body: self.unpack(row.get(4)?, body)?,
        })
    }

    pub(super) fn feed_head(&self, feed: Feed) -> Result<FeedHead> {
        match self.number(feed)? {
            Some(feed) => feed_head(self.connection, feed),
            None => Ok(FeedHead::default()),
        }
    }

    /// By halving the feed: number, time and sequence number all rise with the position.
    pub(super) fn first(&self, feed: Feed, lower: Lower) -> Result<u64> {
        let Some(feed) = self.number(feed)? else { return Ok(1) };
        let snapshot = self.connection.unchecked_transaction()?;
        let (mut low, mut high) = (1, feed_head(self.connection, feed)?.position + 1);
        while low < high {
            let middle = low + (high - low) / 2;
            let event = events(self.connection, feed, middle, 1)?.pop();
            let event = event.ok_or_else(|| {
                JournalError::Corrupt(format!("feed {feed} has no event at position {middle}"))
            })?;
            let reached = match lower {
                Lower::Number(number) => event.number >= number,
                Lower::Time(at) => event.at >= at,
                Lower::Seq(seq) => event.seq >= seq,
            };
            if reached { high = middle } else { low = middle + 1 }
        }
        snapshot.commit()?;
        Ok(low)
    }

    pub(super) fn read(&self, feed: Feed, from: u64, limit: usize) -> Result<Vec<Event>> {
        match self.number(feed)? {
            Some(feed) => events(self.connection, feed, from, limit),
            None => Ok(Vec::new()),
        }
    }

    pub(super) fn read_about(&self, feed: Feed, subjects: &[DocId]) -> Result<Vec<Event>> {
        let subjects = bounds::subjects(subjects)?;
        let Some(feed) = self.number(feed)? else { return Ok(Vec::new()) };
        let snapshot = self.connection.unchecked_transaction()?;
        let mut statement = self.connection.prepare_cached(EVENTS_ABOUT)?;
        let mut found = Vec::new();
        for subject in subjects {
            let mut rows = statement.query([feed, subject])?;
            while let Some(row) = rows.next()? {
                found.push(event(row)?);
            }
        }
        snapshot.commit()?;
        found.sort_unstable_by_key(|event| event.position);
        Ok(found)
    }

    pub(super) fn record(&self, space: Space, key: &[u8]) -> Result<Option<Record>> {
        let Some(space) = self.number(space)? else { return Ok(None) };
        let mut statement = self
            .connection
            .prepare_cached("SELECT key, value, seq FROM records WHERE space = ?1 AND key = ?2")?;
        let mut rows = statement.query(params![space, key])?;
        rows.next()?.map(record).transpose()
    }

    pub(super) fn records(
        &self,
        space: Space,
        prefix: &[u8],
        after: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<Record>> {
        let Some(space) = self.number(space)? else { return Ok(Vec::new()) };
        let (from, to) = bounds::keys(prefix, after);
        let mut statement = self.connection.prepare_cached(RECORDS)?;
        let mut rows = statement.query(params![space, from, to, bounded(limit)])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(record(row)?);
        }
        Ok(found)
    }
}

/// The newest change.
pub(super) fn head(connection: &Connection) -> Result<Seq> {
    let mut statement = connection.prepare_cached("SELECT seq FROM head WHERE one = 1")?;
    let mut rows = statement.query([])?;
    let row = rows.next()?.ok_or_else(|| JournalError::Corrupt("the head is missing".to_owned()))?;
    Ok(Seq(unsigned(row, 0)?))
}

/// The end of the feed with this number.
pub(super) fn feed_head(connection: &Connection, feed: i64) -> Result<FeedHead> {
    let mut statement = connection.prepare_cached(FEED_HEAD)?;
    let head = statement.query_row([feed], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional()?;
    let Some((position, number, at)) = head else { return Ok(FeedHead::default()) };
    Ok(FeedHead { position: natural(position)?, number: natural(number)?, at: Timestamp::from_millis(at) })
}

fn events(connection: &Connection, feed: i64, from: u64, limit: usize) -> Result<Vec<Event>> {
    let mut statement = connection.prepare_cached(EVENTS)?;
    let mut rows = statement.query([feed, signed(from), bounded(limit)])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(event(row)?);
    }
    Ok(found)
}

/// A row of (position, number, at, seq, subject, kind).
pub(super) fn event(row: &Row<'_>) -> Result<Event> {
    Ok(Event {
        position: unsigned(row, 0)?,
        number: unsigned(row, 1)?,
        at: Timestamp::from_millis(row.get(2)?),
        seq: Seq(unsigned(row, 3)?),
        subject: unsigned(row, 4)?,
        kind: row.get(5)?,
    })
}

fn record(row: &Row<'_>) -> Result<Record> {
    Ok(Record { key: row.get(0)?, value: row.get(1)?, seq: Seq(unsigned(row, 2)?) })
}

pub(super) fn unsigned(row: &Row<'_>, column: usize) -> Result<u64> {
    natural(row.get(column)?)
}
