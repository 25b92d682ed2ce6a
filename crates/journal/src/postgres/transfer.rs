//! This engine's ends of a move: reading a database's rows at one moment, and filling a database.

use std::pin::pin;

use async_trait::async_trait;
use deadpool_postgres::{ClientWrapper, Object, Pool};
use tokio_postgres::Row;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::types::Type;

use super::apply::{COPY_EVENTS, COPY_VERSIONS, EVENT_TYPES, VERSION_TYPES};
use super::error::{self, Trouble};
use super::pool::{Values, pool, rows as query};
use super::reader::{HEAD, column, kind, unsigned};
use super::tls::Tls;
use super::{Address, schema};
use crate::bounds::{bounded, signed};
use crate::error::Result;
use crate::raw::{DictionaryRow, EventRow, NameRow, PAGE_ROWS, Page, Reached, RecordRow, VersionRow};
use crate::transfer::{Source, Target};
use crate::{JournalError, Seq};

/// One moment for as long as it takes. The one who writes it down may be slow.
const SNAPSHOT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
    SET LOCAL idle_in_transaction_session_timeout = '10min'; SET LOCAL statement_timeout = 0";
const COUNT: &str =
    "SELECT (SELECT count(*) FROM grunndata.versions) + (SELECT count(*) FROM grunndata.events)
    + (SELECT count(*) FROM grunndata.records)";
const NAMES: &str = "SELECT number, kind, name FROM grunndata.names ORDER BY number";
const DICTIONARIES: &str = "SELECT number, collection, content FROM grunndata.dictionaries ORDER BY number";
/// After a version: its document's older ones, then the next documents.
const VERSIONS: &str =
    "SELECT collection, id, seq, at, removed_seq, removed_at, coding, body FROM grunndata.versions
    WHERE (collection, id) >= ($1, $2) AND NOT (collection = $1 AND id = $2 AND seq >= $3)
    ORDER BY collection, id, seq DESC LIMIT $4";
const EVENTS: &str = "SELECT feed, position, number, at, seq, subject, kind FROM grunndata.events
    WHERE (feed, position) > ($1, $2) ORDER BY feed, position LIMIT $3";
const RECORDS: &str = "SELECT space, key, value, seq FROM grunndata.records
    WHERE (space, key) > ($1, $2) ORDER BY space, key LIMIT $3";

/// A database's rows at one moment.
pub(crate) struct Rows {
    /// Ours alone: it is in the middle of a transaction until it goes.
    client: ClientWrapper,
    seq: Seq,
    total: u64,
    stage: Stage,
    /// The last version met: collection, number, sequence number.
    version: (i64, i64, i64),
    event: (i64, i64),
    record: (i64, Vec<u8>),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Names,
    Dictionaries,
    Versions,
    Events,
    Records,
    End,
}

/// The rows of a database, from where a target has come. `whole`: not of one that is being filled.
pub(crate) async fn rows(address: &Address, from: Reached, whole: bool) -> Result<Rows> {
    let pool = pool(address.readable(), Tls::of(address)?, 1)?;
    let rows = Rows::begin(&pool, from).await?;
    let found = schema::check(&rows.client).await?;
    if whole {
        schema::whole(found)?;
    }
    Ok(rows)
}

impl Rows {
    /// Begins a snapshot on a connection of its own.
    pub(super) async fn begin(pool: &Pool, from: Reached) -> Result<Self> {
        let client = pool.get().await.map_err(|refused| Trouble::from(refused).error)?;
        let client = Object::take(client);
        client.batch_execute(SNAPSHOT).await.map_err(error::from)?;
        let seq = Seq(unsigned(&client.query_one(HEAD, &[]).await.map_err(error::from)?, 0)?);
        let total = unsigned(&client.query_one(COUNT, &[]).await.map_err(error::from)?, 0)?;
        let (collection, id) = from.document.unwrap_or((i64::MIN, i64::MIN));
        Ok(Self {
            client,
            seq,
            total,
            stage: Stage::Names,
            version: (collection, id, i64::MAX),
            event: from.event.unwrap_or((i64::MIN, i64::MIN)),
            record: from.record.unwrap_or((i64::MIN, Vec::new())),
        })
    }

    async fn query(&self, sql: &str, values: Values<'_>) -> Result<Vec<Row>> {
        query(&self.client, sql, values).await.map_err(|trouble| trouble.error)
    }

    async fn page(&mut self) -> Result<Page> {
        let limit = bounded(PAGE_ROWS);
        Ok(match self.stage {
            Stage::Names => Page::Names(all(&self.query(NAMES, &[]).await?, name)?),
            Stage::Dictionaries => {
                Page::Dictionaries(all(&self.query(DICTIONARIES, &[]).await?, dictionary)?)
            }
            Stage::Versions => {
                let (collection, id, seq) = self.version;
                let rows = all(&self.query(VERSIONS, &[&collection, &id, &seq, &limit]).await?, version)?;
                self.version = rows.last().map_or(self.version, |row| (row.collection, row.id, row.seq));
                Page::Versions(rows)
            }
            Stage::Events => {
                let (feed, position) = self.event;
                let rows = all(&self.query(EVENTS, &[&feed, &position, &limit]).await?, event)?;
                self.event = rows.last().map_or(self.event, |row| (row.feed, row.position));
                Page::Events(rows)
            }
            Stage::Records | Stage::End => {
                let (space, key) = &self.record;
                let rows = all(&self.query(RECORDS, &[space, key, &limit]).await?, record)?;
                if let Some(last) = rows.last() {
                    self.record = (last.space, last.key.clone());
                }
                Page::Records(rows)
            }
        })
    }
}

#[async_trait]
impl Source for Rows {
    fn seq(&self) -> Seq {
        self.seq
    }

    fn rows(&self) -> u64 {
        self.total
    }

    async fn next(&mut self) -> Result<Option<Page>> {
        while self.stage != Stage::End {
            let page = self.page().await?;
            let (rows, next) = match &page {
                Page::Names(rows) => (rows.len(), Stage::Dictionaries),
                Page::Dictionaries(rows) => (rows.len(), Stage::Versions),
                Page::Versions(rows) => (rows.len(), Stage::Events),
                Page::Events(rows) => (rows.len(), Stage::Records),
                Page::Records(rows) => (rows.len(), Stage::End),
            };
            let whole = matches!(page, Page::Names(_) | Page::Dictionaries(_));
            if whole || rows < PAGE_ROWS {
                self.stage = next;
            }
            if rows > 0 {
                return Ok(Some(page));
            }
        }
        Ok(None)
    }
}

fn all<T>(rows: &[Row], read: impl Fn(&Row) -> Result<T>) -> Result<Vec<T>> {
    rows.iter().map(read).collect()
}

fn name(row: &Row) -> Result<NameRow> {
    Ok(NameRow { number: column(row, 0)?, kind: column(row, 1)?, name: column(row, 2)? })
}

fn dictionary(row: &Row) -> Result<DictionaryRow> {
    Ok(DictionaryRow { number: column(row, 0)?, collection: column(row, 1)?, content: column(row, 2)? })
}

fn version(row: &Row) -> Result<VersionRow> {
    let removed: Option<i64> = column(row, 4)?;
    Ok(VersionRow {
        collection: column(row, 0)?,
        id: column(row, 1)?,
        seq: column(row, 2)?,
        at: column(row, 3)?,
        removed: removed.map(|seq| Ok::<_, JournalError>((seq, column(row, 5)?))).transpose()?,
        coding: column(row, 6)?,
        body: column(row, 7)?,
    })
}

fn event(row: &Row) -> Result<EventRow> {
    Ok(EventRow {
        feed: column(row, 0)?,
        position: column(row, 1)?,
        number: column(row, 2)?,
        at: column(row, 3)?,
        seq: column(row, 4)?,
        subject: column(row, 5)?,
        kind: kind(column(row, 6)?)?,
    })
}

fn record(row: &Row) -> Result<RecordRow> {
    Ok(RecordRow {
        space: column(row, 0)?,
        key: column(row, 1)?,
        value: column(row, 2)?,
        seq: column(row, 3)?,
    })
}

const ALONE: &str = "SELECT pg_try_advisory_lock(1735552613)";
const MOVING: &str = "UPDATE grunndata.schema_version SET moving = $1";
const EMPTY: &str = "TRUNCATE grunndata.versions, grunndata.events, grunndata.records";
const FORGET_DIRECTORY: &str = "DELETE FROM grunndata.dictionaries; DELETE FROM grunndata.names";
const LAST_DOCUMENT: &str =
    "SELECT collection, id FROM grunndata.versions ORDER BY collection DESC, id DESC LIMIT 1";
const LAST_EVENT: &str =
    "SELECT feed, position FROM grunndata.events ORDER BY feed DESC, position DESC LIMIT 1";
const LAST_RECORD: &str = "SELECT space, key FROM grunndata.records ORDER BY space DESC, key DESC LIMIT 1";
const FORGET_DOCUMENT: &str = "DELETE FROM grunndata.versions WHERE collection = $1 AND id = $2";
const ADD_NAME: &str = "INSERT INTO grunndata.names (number, kind, name) VALUES ($1, $2, $3)";
const ADD_DICTIONARY: &str =
    "INSERT INTO grunndata.dictionaries (number, collection, content) VALUES ($1, $2, $3)";
const COPY_RECORDS: &str = "COPY grunndata.records (space, key, value, seq) FROM STDIN (FORMAT binary)";
const RECORD_TYPES: &[Type] = &[Type::INT8, Type::BYTEA, Type::BYTEA, Type::INT8];
const FINISH_HEAD: &str = "UPDATE grunndata.head SET seq = $1";
const FINISH_DICTIONARIES: &str = "SELECT setval('grunndata.dictionary_numbers',
    (SELECT coalesce(max(number), 0) + 1 FROM grunndata.dictionaries), false)";

/// A database that is being filled.
pub(crate) struct DatabaseTarget {
    client: ClientWrapper,
    seq: Seq,
}

impl DatabaseTarget {
    /// In a database that holds nothing, or a move that was cut off.
    pub(crate) async fn open(address: &Address) -> Result<Self> {
        let pool = pool(address.writable(), Tls::of(address)?, 1)?;
        let client = Object::take(pool.get().await.map_err(|refused| Trouble::from(refused).error)?);
        let alone: bool = column(&client.query_one(ALONE, &[]).await.map_err(error::from)?, 0)?;
        if !alone {
            let text = "another process moves a store into the database";
            return Err(JournalError::Unavailable(text.to_owned()));
        }
        let found = schema::migrate(&client).await?;
        let head = unsigned(&client.query_one(HEAD, &[]).await.map_err(error::from)?, 0)?;
        if found.moving.is_none() && head > 0 {
            return Err(JournalError::NotAllowed(format!("there is a store in {address} already")));
        }
        Ok(Self { client, seq: Seq(0) })
    }

    async fn copy(&self, page: &Page) -> std::result::Result<(), Trouble> {
        match page {
            Page::Names(rows) => {
                for row in rows {
                    self.client.execute(ADD_NAME, &[&row.number, &row.kind, &row.name]).await?;
                }
            }
            Page::Dictionaries(rows) => {
                for row in rows {
                    let values: Values<'_> = &[&row.number, &row.collection, &row.content];
                    self.client.execute(ADD_DICTIONARY, values).await?;
                }
            }
            Page::Versions(rows) => {
                let mut writer = pin!(self.copy_in(COPY_VERSIONS, VERSION_TYPES).await?);
                for row in rows {
                    let (seq, at) = row.removed.unzip();
                    let key: [Values<'_>; 2] = [&[&row.collection, &row.id, &row.seq, &row.at], &[&seq, &at]];
                    let values = [key[0], key[1], &[&row.coding, &row.body]].concat();
                    writer.as_mut().write(&values).await?;
                }
                writer.finish().await?;
            }
            Page::Events(rows) => {
                let mut writer = pin!(self.copy_in(COPY_EVENTS, EVENT_TYPES).await?);
                for row in rows {
                    let kind = i16::from(row.kind);
                    let place: Values<'_> = &[&row.feed, &row.position, &row.number, &row.at, &row.seq];
                    writer.as_mut().write(&[place, &[&row.subject, &kind]].concat()).await?;
                }
                writer.finish().await?;
            }
            Page::Records(rows) => {
                let mut writer = pin!(self.copy_in(COPY_RECORDS, RECORD_TYPES).await?);
                for row in rows {
                    writer.as_mut().write(&[&row.space, &row.key, &row.value, &row.seq]).await?;
                }
                writer.finish().await?;
            }
        }
        Ok(())
    }

    async fn copy_in(&self, sql: &str, types: &[Type]) -> std::result::Result<BinaryCopyInWriter, Trouble> {
        Ok(BinaryCopyInWriter::new(self.client.copy_in(sql).await?, types))
    }

    async fn prepare(&self, seq: Seq) -> std::result::Result<Reached, Trouble> {
        let client = &self.client;
        client.batch_execute("BEGIN").await?;
        let found = schema::check(client).await?;
        if found.moving != Some(signed(seq.0)) {
            client.batch_execute(EMPTY).await?;
            client.execute(MOVING, &[&signed(seq.0)]).await?;
        }
        // Few, and sent again.
        client.batch_execute(FORGET_DIRECTORY).await?;
        let (document, event) =
            (client.query_opt(LAST_DOCUMENT, &[]).await?, client.query_opt(LAST_EVENT, &[]).await?);
        let record = client.query_opt(LAST_RECORD, &[]).await?;
        let pair = |row: Row| Ok::<_, JournalError>((column(&row, 0)?, column(&row, 1)?));
        let reached = Reached {
            document: document.map(pair).transpose()?,
            event: event.map(pair).transpose()?,
            record: record
                .map(|row| Ok::<_, JournalError>((column(&row, 0)?, column(&row, 1)?)))
                .transpose()?,
        };
        if let Some((collection, id)) = reached.document {
            client.execute(FORGET_DOCUMENT, &[&collection, &id]).await?;
        }
        client.batch_execute("COMMIT").await?;
        Ok(reached)
    }

    async fn end(&self) -> std::result::Result<(), Trouble> {
        let client = &self.client;
        client.batch_execute("BEGIN").await?;
        client.execute(FINISH_HEAD, &[&signed(self.seq.0)]).await?;
        client.query_one(FINISH_DICTIONARIES, &[]).await?;
        client.execute(MOVING, &[&None::<i64>]).await?;
        Ok(client.batch_execute("COMMIT").await?)
    }
}

#[async_trait]
impl Target for DatabaseTarget {
    async fn begin(&mut self, seq: Seq) -> Result<Reached> {
        self.seq = seq;
        self.prepare(seq).await.map_err(|trouble| trouble.error)
    }

    async fn put(&mut self, page: Page) -> Result<()> {
        self.copy(&page).await.map_err(|trouble| trouble.error)
    }

    async fn finish(&mut self) -> Result<()> {
        self.end().await.map_err(|trouble| trouble.error)?;
        // The planner must not go by how the tables were before. The store is whole without it.
        if let Err(error) =
            self.client.batch_execute("ANALYZE grunndata.versions, grunndata.events, grunndata.records").await
        {
            tracing::warn!(error = %error::from(error), "the moved tables could not be analysed");
        }
        Ok(())
    }
}
