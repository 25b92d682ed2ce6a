//! Asking and writing for a batch: few round trips, since the head row is locked meanwhile.

use std::collections::HashMap;
use std::pin::pin;

use deadpool_postgres::ClientWrapper;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Error, Statement};

use super::error::Trouble;
use super::plan::{Draft, Known, Numbers, Questions};
use super::pool::Values;
use super::reader::{column, feed_head};
use crate::bounds::signed;
use crate::names::Name;

/// More rows than this go by COPY.
const COPY_FROM: usize = 500;

type Outcome<T> = Result<T, Trouble>;

/// An answer means that the change is on disk, whatever the server's habit is. What waits for standbys too, stays so.
const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
    SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off'";
const LOCK_HEAD: &str = "SELECT seq, writer::text, batch FROM grunndata.head WHERE one FOR NO KEY UPDATE";
const NAMES: &str = "SELECT kind, name, number FROM grunndata.names";
const FEED_HEADS: &str = "SELECT e.position, e.number, e.at, f.feed FROM unnest($1::bigint[]) AS f (feed)
    CROSS JOIN LATERAL (SELECT position, number, at FROM grunndata.events WHERE feed = f.feed
                        ORDER BY position DESC LIMIT 1) e";
const SET_AT: &str = "SELECT r.space, r.key, r.seq FROM unnest($1::bigint[], $2::bytea[]) AS k (space, key)
    JOIN grunndata.records r ON r.space = k.space AND r.key = k.key";
const BEGAN: &str =
    "SELECT d.collection, d.id, v.seq, v.at FROM unnest($1::bigint[], $2::bigint[]) AS d (collection, id)
    CROSS JOIN LATERAL (SELECT min(seq) AS seq, min(at) AS at FROM grunndata.versions
                        WHERE collection = d.collection AND id = d.id) v WHERE v.seq IS NOT NULL";
const WRITTEN: &str = "SELECT batch FROM grunndata.writers WHERE writer = $1::text::uuid";

const ADD_NAMES: &str = "INSERT INTO grunndata.names (number, kind, name)
    SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[])";
const ADD_DICTIONARIES: &str = "INSERT INTO grunndata.dictionaries (number, collection, content)
    SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bytea[])";
const ERASE: &str =
    "DELETE FROM grunndata.versions v USING unnest($1::bigint[], $2::bigint[]) AS d (collection, id)
    WHERE v.collection = d.collection AND v.id = d.id";
const ADD_VERSIONS: &str = "INSERT INTO grunndata.versions
    (collection, id, seq, at, removed_seq, removed_at, coding, body)
    SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[],
                         $7::bigint[], $8::bytea[])";
pub(super) const COPY_VERSIONS: &str = "COPY grunndata.versions
    (collection, id, seq, at, removed_seq, removed_at, coding, body) FROM STDIN (FORMAT binary)";
pub(super) const VERSION_TYPES: &[Type] =
    &[Type::INT8, Type::INT8, Type::INT8, Type::INT8, Type::INT8, Type::INT8, Type::INT8, Type::BYTEA];
const ADD_EVENTS: &str = "INSERT INTO grunndata.events (feed, position, number, at, seq, subject, kind)
    SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[],
                         $7::smallint[])";
pub(super) const COPY_EVENTS: &str = "COPY grunndata.events (feed, position, number, at, seq, subject, kind)
    FROM STDIN (FORMAT binary)";
pub(super) const EVENT_TYPES: &[Type] =
    &[Type::INT8, Type::INT8, Type::INT8, Type::INT8, Type::INT8, Type::INT8, Type::INT2];
const SET_RECORDS: &str = "INSERT INTO grunndata.records (space, key, value, seq)
    SELECT * FROM unnest($1::bigint[], $2::bytea[], $3::bytea[], $4::bigint[])
    ON CONFLICT (space, key) DO UPDATE SET value = excluded.value, seq = excluded.seq";
const DELETE_RECORDS: &str =
    "DELETE FROM grunndata.records r USING unnest($1::bigint[], $2::bytea[]) AS k (space, key)
    WHERE r.space = k.space AND r.key = k.key";
/// The head, the writer's own row, and the word to those who wait.
const FINISH: &str = "WITH head AS (
        UPDATE grunndata.head SET seq = $1, writer = $2::text::uuid, batch = $3 WHERE one),
    writer AS (
        INSERT INTO grunndata.writers (writer, batch, seen) VALUES ($2::text::uuid, $3, now())
        ON CONFLICT (writer) DO UPDATE SET batch = excluded.batch, seen = excluded.seen)
    SELECT pg_notify('grunndata', $1::text)";
const TOUCH: &str = "UPDATE grunndata.writers SET seen = now() WHERE writer = $1::text::uuid";

/// The head row, locked.
pub(super) struct Locked {
    pub(super) seq: i64,
    pub(super) writer: Option<String>,
    pub(super) batch: i64,
}

/// Begins a transaction and waits for the head row.
pub(super) async fn begin(client: &ClientWrapper) -> Outcome<Locked> {
    let lock = client.prepare_cached(LOCK_HEAD).await?;
    let begin = client.batch_execute(BEGIN);
    let (begun, row) = tokio::join!(biased; begin, client.query_one(&lock, &[]));
    begun?;
    let row = row?;
    Ok(Locked { seq: column(&row, 0)?, writer: column(&row, 1)?, batch: column(&row, 2)? })
}

/// Takes the transaction back.
pub(super) async fn abandon(client: &ClientWrapper) -> Outcome<()> {
    Ok(client.batch_execute("ROLLBACK").await?)
}

/// Whether this writer's transaction was written after all. The caller has the head row, so it is not under way.
pub(super) async fn was_written(client: &ClientWrapper, writer: &str, batch: i64) -> Outcome<bool> {
    let statement = client.prepare_cached(WRITTEN).await?;
    let row = client.query_opt(&statement, &[&writer]).await?;
    let written: Option<i64> = row.map(|row| column(&row, 0)).transpose()?;
    Ok(written.is_some_and(|written| written >= batch))
}

/// Commits something, so that what this writer has committed before is on the standbys too when it returns.
pub(super) async fn confirm(client: &ClientWrapper, writer: &str) -> Outcome<()> {
    let statement = client.prepare_cached(TOUCH).await?;
    client.execute(&statement, &[&writer]).await?;
    Ok(client.batch_execute("COMMIT").await?)
}

/// Numbers for all of these names; those that the store does not have yet come second.
pub(super) async fn numbers(
    client: &ClientWrapper,
    names: impl Iterator<Item = Name>,
) -> Outcome<(Numbers, Vec<Name>)> {
    let statement = client.prepare_cached(NAMES).await?;
    let mut stored = HashMap::new();
    for row in client.query(&statement, &[]).await? {
        stored.insert((column::<String>(&row, 0)?, column::<String>(&row, 1)?), column::<i64>(&row, 2)?);
    }
    let mut next = stored.values().copied().max().unwrap_or(0);
    let (mut found, mut new) = (Numbers::new(), Vec::new());
    for name in names {
        if found.contains_key(&name) {
            continue;
        }
        let known = stored.get(&(name.kind.to_owned(), name.name.to_owned())).copied();
        let number = known.unwrap_or_else(|| {
            next += 1;
            new.push(name);
            next
        });
        found.insert(name, number);
    }
    Ok((found, new))
}

/// Asks what a batch needs to know, all at once.
pub(super) async fn ask(client: &ClientWrapper, questions: &Questions<'_>, known: &mut Known) -> Outcome<()> {
    let feeds: Vec<i64> = questions.feeds.iter().copied().collect();
    let (spaces, keys): (Vec<i64>, Vec<&[u8]>) = questions.keys.iter().copied().unzip();
    let (collections, ids): (Vec<i64>, Vec<i64>) = questions.removed.iter().copied().unzip();
    let heads = client.prepare_cached(FEED_HEADS).await?;
    let set_at = client.prepare_cached(SET_AT).await?;
    let began = client.prepare_cached(BEGAN).await?;
    let (of_feeds, of_keys, of_ids): (Values<'_>, Values<'_>, Values<'_>) =
        (&[&feeds], &[&spaces, &keys], &[&collections, &ids]);
    let (heads, set_at, began) = tokio::join!(
        biased;
        rows_if(!feeds.is_empty(), client, &heads, of_feeds),
        rows_if(!keys.is_empty(), client, &set_at, of_keys),
        rows_if(!ids.is_empty(), client, &began, of_ids),
    );
    // A feed without events has no row.
    known.feeds.extend(feeds.iter().map(|feed| (*feed, crate::FeedHead::default())));
    for row in heads? {
        known.feeds.insert(column(&row, 3)?, feed_head(&row)?);
    }
    for row in set_at? {
        known.set_at.insert((column(&row, 0)?, column(&row, 1)?), column(&row, 2)?);
    }
    for row in began? {
        known.began.insert((column(&row, 0)?, column(&row, 1)?), (column(&row, 2)?, column(&row, 3)?));
    }
    Ok(())
}

async fn rows_if(
    wanted: bool,
    client: &ClientWrapper,
    statement: &Statement,
    values: Values<'_>,
) -> Result<Vec<tokio_postgres::Row>, Error> {
    if wanted { client.query(statement, values).await } else { Ok(Vec::new()) }
}

/// A batch as columns, ready to be sent.
pub(super) struct Columns<'a> {
    names: (Vec<i64>, Vec<&'static str>, Vec<&'static str>),
    dictionaries: (Vec<i64>, Vec<i64>, Vec<&'a [u8]>),
    erased: (Vec<i64>, Vec<i64>),
    versions: Vec<Version<'a>>,
    events: Vec<Event>,
    set: Records<'a>,
    deleted: (Vec<i64>, Vec<&'a [u8]>),
    seq: i64,
}

/// Records that are set, column by column: space, key, value, change.
type Records<'a> = (Vec<i64>, Vec<&'a [u8]>, Vec<&'a [u8]>, Vec<i64>);

/// A row of versions.
struct Version<'a> {
    key: (i64, i64, i64),
    at: i64,
    removed: (Option<i64>, Option<i64>),
    coding: i64,
    body: &'a [u8],
}

/// A row of events.
struct Event {
    place: [i64; 6],
    kind: i16,
}

impl<'a> Columns<'a> {
    /// What a draft writes, and the names that it is the first to use.
    pub(super) fn of(draft: &'a Draft<'_>, new: &[Name], numbers: &Numbers) -> Self {
        let mut columns = Self {
            names: Default::default(),
            dictionaries: Default::default(),
            erased: Default::default(),
            versions: Vec::new(),
            events: Vec::new(),
            set: Default::default(),
            deleted: Default::default(),
            seq: draft.seq,
        };
        for name in new {
            columns.names.0.extend(numbers.get(name));
            columns.names.1.push(name.kind);
            columns.names.2.push(name.name);
        }
        for (number, collection, content) in &draft.dictionaries {
            columns.dictionaries.0.push(*number);
            columns.dictionaries.1.push(*collection);
            columns.dictionaries.2.push(content);
        }
        columns.documents(draft);
        for placed in &draft.events {
            let (place, event) = (placed.place, placed.event);
            let place = [
                placed.feed,
                signed(place.position),
                signed(place.number),
                place.at.as_millis(),
                placed.seq,
                event.subject,
            ];
            columns.events.push(Event { place, kind: event.kind.into() });
        }
        for ((space, key), value) in &draft.records {
            if let Some((value, seq)) = value {
                columns.set.0.push(*space);
                columns.set.1.push(key);
                columns.set.2.push(value);
                columns.set.3.push(*seq);
            } else {
                columns.deleted.0.push(*space);
                columns.deleted.1.push(key);
            }
        }
        columns
    }

    fn documents(&mut self, draft: &'a Draft<'_>) {
        for ((collection, id), document) in &draft.documents {
            if document.erased {
                self.erased.0.push(*collection);
                self.erased.1.push(*id);
            }
            for row in &document.rows {
                self.versions.push(Version {
                    key: (*collection, *id, row.seq),
                    at: row.at,
                    removed: row.removed.unzip(),
                    coding: row.body.coding,
                    body: &row.body.bytes,
                });
            }
        }
    }

    /// Writes it all and commits. An error that is not [`Trouble::undone`] leaves open whether it is written.
    pub(super) async fn write(mut self, client: &ClientWrapper, writer: &str, batch: i64) -> Outcome<()> {
        if self.versions.len() > COPY_FROM {
            // Tombstones stand in the place of what is erased.
            self.erase(client).await?;
            copy_versions(client, &self.versions).await?;
            self.versions.clear();
        }
        if self.events.len() > COPY_FROM {
            copy_events(client, &self.events).await?;
            self.events.clear();
        }
        self.rest(client, writer, batch).await
    }

    async fn erase(&mut self, client: &ClientWrapper) -> Outcome<()> {
        let erase = client.prepare_cached(ERASE).await?;
        if !self.erased.0.is_empty() {
            client.execute(&erase, &[&self.erased.0, &self.erased.1]).await?;
            self.erased = Default::default();
        }
        Ok(())
    }

    /// What is not written yet, in one go with the commit.
    async fn rest(&self, client: &ClientWrapper, writer: &str, batch: i64) -> Outcome<()> {
        let prepare = |sql| client.prepare_cached(sql);
        let (names, dictionaries) = (prepare(ADD_NAMES).await?, prepare(ADD_DICTIONARIES).await?);
        let (erase, versions) = (prepare(ERASE).await?, prepare(ADD_VERSIONS).await?);
        let (events, set) = (prepare(ADD_EVENTS).await?, prepare(SET_RECORDS).await?);
        let (delete, finish) = (prepare(DELETE_RECORDS).await?, prepare(FINISH).await?);
        let (rows, placed) = (VersionColumns::of(&self.versions), EventColumns::of(&self.events));
        let named: Values<'_> = &[&self.names.0, &self.names.1, &self.names.2];
        let trained: Values<'_> = &[&self.dictionaries.0, &self.dictionaries.1, &self.dictionaries.2];
        let erased: Values<'_> = &[&self.erased.0, &self.erased.1];
        let (put, published) = (rows.values(), placed.values());
        let records: Values<'_> = &[&self.set.0, &self.set.1, &self.set.2, &self.set.3];
        let deleted: Values<'_> = &[&self.deleted.0, &self.deleted.1];
        let finished: Values<'_> = &[&self.seq, &writer, &batch];
        let sent = tokio::join!(
            biased;
            execute_if(&self.names.0, client, &names, named),
            execute_if(&self.dictionaries.0, client, &dictionaries, trained),
            execute_if(&self.erased.0, client, &erase, erased),
            execute_if(&self.versions, client, &versions, &put),
            execute_if(&self.events, client, &events, &published),
            execute_if(&self.set.0, client, &set, records),
            execute_if(&self.deleted.0, client, &delete, deleted),
            client.query(&finish, finished),
            client.batch_execute("COMMIT"),
        );
        // The first that failed has the reason; a commit after it is a rollback.
        for outcome in [sent.0, sent.1, sent.2, sent.3, sent.4, sent.5, sent.6] {
            outcome?;
        }
        sent.7?;
        Ok(sent.8?)
    }
}

async fn execute_if<T>(
    rows: &[T],
    client: &ClientWrapper,
    statement: &Statement,
    values: Values<'_>,
) -> Result<(), Error> {
    if !rows.is_empty() {
        client.execute(statement, values).await?;
    }
    Ok(())
}

/// Versions, column by column.
#[derive(Default)]
struct VersionColumns<'a> {
    collections: Vec<i64>,
    ids: Vec<i64>,
    seqs: Vec<i64>,
    ats: Vec<i64>,
    removed_seqs: Vec<Option<i64>>,
    removed_ats: Vec<Option<i64>>,
    codings: Vec<i64>,
    bodies: Vec<&'a [u8]>,
}

impl<'a> VersionColumns<'a> {
    fn of(versions: &[Version<'a>]) -> Self {
        let mut columns = Self::default();
        for version in versions {
            columns.collections.push(version.key.0);
            columns.ids.push(version.key.1);
            columns.seqs.push(version.key.2);
            columns.ats.push(version.at);
            columns.removed_seqs.push(version.removed.0);
            columns.removed_ats.push(version.removed.1);
            columns.codings.push(version.coding);
            columns.bodies.push(version.body);
        }
        columns
    }

    fn values(&self) -> [&(dyn ToSql + Sync); 8] {
        [
            &self.collections,
            &self.ids,
            &self.seqs,
            &self.ats,
            &self.removed_seqs,
            &self.removed_ats,
            &self.codings,
            &self.bodies,
        ]
    }
}

/// Events, column by column.
struct EventColumns {
    places: [Vec<i64>; 6],
    kinds: Vec<i16>,
}

impl EventColumns {
    fn of(events: &[Event]) -> Self {
        let column = |at: usize| events.iter().map(|event| event.place[at]).collect();
        Self { places: std::array::from_fn(column), kinds: events.iter().map(|event| event.kind).collect() }
    }

    fn values(&self) -> [&(dyn ToSql + Sync); 7] {
        let [feed, position, number, at, seq, subject] = &self.places;
        [feed, position, number, at, seq, subject, &self.kinds]
    }
}

async fn copy_versions(client: &ClientWrapper, versions: &[Version<'_>]) -> Outcome<()> {
    let sink = client.copy_in(COPY_VERSIONS).await?;
    let mut writer = pin!(BinaryCopyInWriter::new(sink, VERSION_TYPES));
    for Version { key, at, removed, coding, body } in versions {
        writer.as_mut().write(&[&key.0, &key.1, &key.2, at, &removed.0, &removed.1, coding, body]).await?;
    }
    writer.finish().await?;
    Ok(())
}

async fn copy_events(client: &ClientWrapper, events: &[Event]) -> Outcome<()> {
    let sink = client.copy_in(COPY_EVENTS).await?;
    let mut writer = pin!(BinaryCopyInWriter::new(sink, EVENT_TYPES));
    for Event { place: [feed, position, number, at, seq, subject], kind } in events {
        writer.as_mut().write(&[feed, position, number, at, seq, subject, kind]).await?;
    }
    writer.finish().await?;
    Ok(())
}
