//! The reads: each one statement that walks along one key, and sees one moment.

use std::sync::Arc;

use tid::Timestamp;
use tokio::task::spawn_blocking;
use tokio_postgres::Row;
use tokio_postgres::types::FromSql;

use super::error;
use super::pool::Values;
use super::route::Route;
use crate::body::{self, Dictionaries, Dictionary};
use crate::bounds::{self, bounded, natural, signed};
use crate::error::Result;
use crate::names::{Name, Names};
use crate::{
    AsOf, Collection, DocId, Event, Feed, FeedHead, JournalError, Lower, Record, Seq, Space, Version,
};

/// The columns that [`version`] reads.
macro_rules! versions {
    ($from:literal) => {
        concat!("SELECT v.seq, v.at, v.removed_seq, v.removed_at, v.coding, v.body, v.id FROM ", $from)
    };
}

/// The columns that [`event`] reads.
macro_rules! events {
    ($from:literal) => {
        concat!("SELECT position, number, at, seq, subject, kind FROM grunndata.events ", $from)
    };
}

/// The first event that has reached the bound, by halving the feed: number, time and sequence number all rise with
/// the position. One row, unless an event is missing.
macro_rules! first {
    ($column:literal) => {
        concat!(
            "WITH RECURSIVE halving (low, high) AS (
                SELECT 1::bigint, coalesce((SELECT position FROM grunndata.events WHERE feed = $1
                                            ORDER BY position DESC LIMIT 1), 0) + 1
                UNION ALL
                SELECT CASE WHEN e.reached THEN h.low ELSE h.middle + 1 END,
                       CASE WHEN e.reached THEN h.middle ELSE h.high END
                FROM (SELECT low, high, low + (high - low) / 2 AS middle FROM halving WHERE low < high) h
                CROSS JOIN LATERAL (SELECT ",
            $column,
            " >= $2 AS reached FROM grunndata.events WHERE feed = $1 AND position = h.middle) e)
            SELECT low FROM halving WHERE low = high"
        )
    };
}

pub(super) const HEAD: &str = "SELECT seq FROM grunndata.head WHERE one";
const NAME: &str = "SELECT number FROM grunndata.names WHERE kind = $1 AND name = $2";
/// The whole database: the store's tables are most of one that is made for it.
const BYTES: &str = "SELECT pg_database_size(current_database())";
const DICTIONARY: &str = "SELECT content FROM grunndata.dictionaries WHERE number = $1";
pub(super) const GET_SEQ: &str = versions!(
    "grunndata.versions v WHERE collection = $1 AND id = $2 AND seq <= $3 ORDER BY seq DESC LIMIT 1"
);
pub(super) const GET_TIME: &str = versions!(
    "grunndata.versions v WHERE collection = $1 AND id = $2 AND at <= $3 ORDER BY seq DESC LIMIT 1"
);
pub(super) const MANY_SEQ: &str = versions!(
    "unnest($2::bigint[]) WITH ORDINALITY AS asked (id, place) LEFT JOIN LATERAL
     (SELECT * FROM grunndata.versions WHERE collection = $1 AND id = asked.id AND seq <= $3
      ORDER BY seq DESC LIMIT 1) v ON true ORDER BY place"
);
pub(super) const MANY_TIME: &str = versions!(
    "unnest($2::bigint[]) WITH ORDINALITY AS asked (id, place) LEFT JOIN LATERAL
     (SELECT * FROM grunndata.versions WHERE collection = $1 AND id = asked.id AND at <= $3
      ORDER BY seq DESC LIMIT 1) v ON true ORDER BY place"
);
pub(super) const VERSIONS: &str =
    versions!("grunndata.versions v WHERE collection = $1 AND id = $2 ORDER BY seq");
/// Newest first within each document: the first row met of each is the one.
pub(super) const SCAN: &str = versions!(
    "(SELECT DISTINCT ON (id) * FROM grunndata.versions WHERE collection = $1 AND id > $2 AND seq <= $3
      ORDER BY id, seq DESC LIMIT $4) v"
);
pub(super) const FEED_HEAD: &str =
    "SELECT position, number, at FROM grunndata.events WHERE feed = $1 ORDER BY position DESC LIMIT 1";
pub(super) const EVENTS: &str = events!("WHERE feed = $1 AND position >= $2 ORDER BY position LIMIT $3");
pub(super) const EVENTS_ABOUT: &str = events!("WHERE feed = $1 AND subject = ANY ($2) ORDER BY position");
const FIRST_NUMBER: &str = first!("number");
const FIRST_TIME: &str = first!("at");
const FIRST_SEQ: &str = first!("seq");
const RECORD: &str = "SELECT key, value, seq FROM grunndata.records WHERE space = $1 AND key = $2";
pub(super) const RECORDS: &str = "SELECT key, value, seq FROM grunndata.records WHERE space = $1 AND key >= $2 AND key < $3 ORDER BY key LIMIT $4";

/// More rows than this are unpacked on a thread where processor time may be spent.
const SHORT_READ: usize = 64;

/// The readers' side of a store.
pub(super) struct Reader {
    pub(super) route: Route,
    pub(super) names: Arc<Names>,
    pub(super) dictionaries: Arc<Dictionaries>,
}

impl Reader {
    async fn rows(&self, sql: &'static str, values: Values<'_>) -> Result<Vec<Row>> {
        self.route.rows(sql, values).await
    }

    /// The number of a name; `None` if nothing was ever written under it.
    async fn number(&self, name: impl Into<Name>) -> Result<Option<i64>> {
        let name = name.into();
        if let Some(number) = self.names.known(name) {
            return Ok(Some(number));
        }
        let rows = self.rows(NAME, &[&name.kind, &name.name]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let number = column(row, 0)?;
        self.names.learn(name, number);
        Ok(Some(number))
    }

    pub(super) async fn head(&self) -> Result<Seq> {
        let rows = self.rows(HEAD, &[]).await?;
        let row = rows.first().ok_or_else(|| JournalError::Corrupt("the head is missing".to_owned()))?;
        let head = Seq(unsigned(row, 0)?);
        self.route.saw(head);
        Ok(head)
    }

    pub(super) async fn disk_bytes(&self) -> Result<u64> {
        let rows = self.rows(BYTES, &[]).await?;
        rows.first().map_or(Ok(0), |row| unsigned(row, 0))
    }

    pub(super) async fn get(
        &self,
        collection: Collection,
        id: DocId,
        as_of: AsOf,
    ) -> Result<Option<Version>> {
        let (Some(collection), Ok(id)) = (self.number(collection).await?, i64::try_from(id)) else {
            return Ok(None);
        };
        let (sql, bound) = match as_of {
            AsOf::Now => (GET_SEQ, i64::MAX),
            AsOf::Seq(seq) => (GET_SEQ, signed(seq.0)),
            AsOf::Time(at) => (GET_TIME, at.as_millis()),
        };
        let rows = self.rows(sql, &[&collection, &id, &bound]).await?;
        Ok(self.versions_of(rows).await?.pop())
    }

    pub(super) async fn get_many(
        &self,
        collection: Collection,
        ids: &[DocId],
        as_of: AsOf,
    ) -> Result<Vec<Option<Version>>> {
        let Some(collection) = self.number(collection).await? else { return Ok(vec![None; ids.len()]) };
        let (sql, bound) = match as_of {
            AsOf::Now => (MANY_SEQ, i64::MAX),
            AsOf::Seq(seq) => (MANY_SEQ, signed(seq.0)),
            AsOf::Time(at) => (MANY_TIME, at.as_millis()),
        };
        // No document has a number below zero.
        let asked: Vec<i64> = ids.iter().map(|id| i64::try_from(*id).unwrap_or(-1)).collect();
        let rows = self.rows(sql, &[&collection, &asked, &bound]).await?;
        let found: Vec<bool> =
            rows.iter().map(|row| Ok(column::<Option<i64>>(row, 6)?.is_some())).collect::<Result<_>>()?;
        let there = rows.into_iter().zip(&found).filter(|(_, found)| **found).map(|(row, _)| row).collect();
        let mut versions = self.versions_of(there).await?.into_iter();
        Ok(found.into_iter().map(|found| if found { versions.next() } else { None }).collect())
    }

    pub(super) async fn versions(&self, collection: Collection, id: DocId) -> Result<Vec<Version>> {
        let (Some(collection), Ok(id)) = (self.number(collection).await?, i64::try_from(id)) else {
            return Ok(Vec::new());
        };
        let rows = self.rows(VERSIONS, &[&collection, &id]).await?;
        self.versions_of(rows).await
    }

    pub(super) async fn scan(
        &self,
        collection: Collection,
        at: Seq,
        after: Option<DocId>,
        limit: usize,
    ) -> Result<Vec<Version>> {
        let Some(collection) = self.number(collection).await? else { return Ok(Vec::new()) };
        let after = after.map_or(-1, signed);
        let rows = self.rows(SCAN, &[&collection, &after, &signed(at.0), &bounded(limit)]).await?;
        self.versions_of(rows).await
    }

    /// The versions of rows, unpacked.
    async fn versions_of(&self, rows: Vec<Row>) -> Result<Vec<Version>> {
        for row in &rows {
            if let Some(number) = body::needs(column(row, 4)?) {
                self.dictionary(number).await?;
            }
        }
        let dictionaries = Arc::clone(&self.dictionaries);
        let few = rows.len() <= SHORT_READ;
        let unpack = move || rows.iter().map(|row| version(&dictionaries, row)).collect::<Result<Vec<_>>>();
        let versions = if few {
            unpack()?
        } else {
            spawn_blocking(unpack).await.map_err(|error| JournalError::Engine(Box::new(error)))??
        };
        if let Some(newest) = versions.iter().map(|version| version.seq).max() {
            self.route.saw(newest);
        }
        Ok(versions)
    }

    /// The dictionary that a row names. One that another node has trained meanwhile is fetched.
    async fn dictionary(&self, number: i64) -> Result<Arc<Dictionary>> {
        if let Some(dictionary) = self.dictionaries.known(number) {
            return Ok(dictionary);
        }
        let rows = self.rows(DICTIONARY, &[&number]).await?;
        let content: Option<Vec<u8>> = rows.first().map(|row| column(row, 0)).transpose()?;
        self.dictionaries.learn(number, content.as_deref())
    }

    pub(super) async fn feed_head(&self, feed: Feed) -> Result<FeedHead> {
        let Some(feed) = self.number(feed).await? else { return Ok(FeedHead::default()) };
        let rows = self.rows(FEED_HEAD, &[&feed]).await?;
        rows.first().map_or(Ok(FeedHead::default()), feed_head)
    }

    pub(super) async fn first(&self, feed: Feed, lower: Lower) -> Result<u64> {
        let Some(feed) = self.number(feed).await? else { return Ok(1) };
        let (sql, bound) = match lower {
            Lower::Number(number) => (FIRST_NUMBER, signed(number)),
            Lower::Time(at) => (FIRST_TIME, at.as_millis()),
            Lower::Seq(seq) => (FIRST_SEQ, signed(seq.0)),
        };
        let rows = self.rows(sql, &[&feed, &bound]).await?;
        match rows.first() {
            Some(row) => unsigned(row, 0),
            None => Err(JournalError::Corrupt(format!("feed {feed} lacks an event"))),
        }
    }

    pub(super) async fn read(&self, feed: Feed, from: u64, limit: usize) -> Result<Vec<Event>> {
        let Some(feed) = self.number(feed).await? else { return Ok(Vec::new()) };
        self.events_of(&self.rows(EVENTS, &[&feed, &signed(from), &bounded(limit)]).await?)
    }

    pub(super) async fn read_about(&self, feed: Feed, subjects: &[DocId]) -> Result<Vec<Event>> {
        let subjects = bounds::subjects(subjects)?;
        let Some(feed) = self.number(feed).await? else { return Ok(Vec::new()) };
        self.events_of(&self.rows(EVENTS_ABOUT, &[&feed, &subjects]).await?)
    }

    fn events_of(&self, rows: &[Row]) -> Result<Vec<Event>> {
        let events: Vec<Event> = rows.iter().map(event).collect::<Result<_>>()?;
        if let Some(newest) = events.last() {
            self.route.saw(newest.seq);
        }
        Ok(events)
    }

    pub(super) async fn record(&self, space: Space, key: &[u8]) -> Result<Option<Record>> {
        let Some(space) = self.number(space).await? else { return Ok(None) };
        Ok(self.records_of(&self.rows(RECORD, &[&space, &key]).await?)?.pop())
    }

    pub(super) async fn records(
        &self,
        space: Space,
        prefix: &[u8],
        after: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<Record>> {
        let Some(space) = self.number(space).await? else { return Ok(Vec::new()) };
        let (from, to) = bounds::keys(prefix, after);
        self.records_of(&self.rows(RECORDS, &[&space, &from, &to, &bounded(limit)]).await?)
    }

    fn records_of(&self, rows: &[Row]) -> Result<Vec<Record>> {
        let read = |row| {
            let seq = Seq(unsigned(row, 2)?);
            self.route.saw(seq);
            Ok(Record { key: column(row, 0)?, value: column(row, 1)?, seq })
        };
        rows.iter().map(read).collect()
    }
}

/// A tombstone tells of the removal, not of the document's first version, in whose place it stands.
fn version(dictionaries: &Dictionaries, row: &Row) -> Result<Version> {
    let removed: Option<i64> = column(row, 2)?;
    let (seq, at) = if removed.is_some() { (2, 3) } else { (0, 1) };
    let known = |number| match dictionaries.known(number) {
        Some(dictionary) => Ok(dictionary),
        None => dictionaries.learn(number, None),
    };
    Ok(Version {
        id: unsigned(row, 6)?,
        seq: Seq(unsigned(row, seq)?),
        at: Timestamp::from_millis(column(row, at)?),
        removed: removed.is_some(),
        body: body::unpack(column(row, 4)?, column(row, 5)?, known)?,
    })
}

/// A row of (position, number, at).
pub(super) fn feed_head(row: &Row) -> Result<FeedHead> {
    Ok(FeedHead {
        position: unsigned(row, 0)?,
        number: unsigned(row, 1)?,
        at: Timestamp::from_millis(column(row, 2)?),
    })
}

fn event(row: &Row) -> Result<Event> {
    Ok(Event {
        position: unsigned(row, 0)?,
        number: unsigned(row, 1)?,
        at: Timestamp::from_millis(column(row, 2)?),
        seq: Seq(unsigned(row, 3)?),
        subject: unsigned(row, 4)?,
        kind: kind(column(row, 5)?)?,
    })
}

/// The code of an event's kind.
pub(super) fn kind(stored: i16) -> Result<u8> {
    u8::try_from(stored).map_err(|_| JournalError::Corrupt(format!("{stored} where an event's kind belongs")))
}

/// One column of a row.
pub(super) fn column<'r, T: FromSql<'r>>(row: &'r Row, at: usize) -> Result<T> {
    row.try_get(at).map_err(error::from)
}

pub(super) fn unsigned(row: &Row, at: usize) -> Result<u64> {
    natural(column(row, at)?)
}
