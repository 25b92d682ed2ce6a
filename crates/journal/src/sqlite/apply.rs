//! One change, step by step, within the writer's transaction.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, params};

use super::names;
use super::reader;
use crate::body::Packed;
use crate::bounds::signed;
use crate::error::Result;
use crate::names::Name;
use crate::prepare::{Prepared, Publication, Write};
use crate::{FeedHead, Guard, JournalError, Receipt, Seq, Space};

/// What the writer knows of the store. A change works on a copy, which is kept when the change succeeds.
#[derive(Clone)]
pub(super) struct State {
    /// The newest change.
    pub(super) seq: Seq,
    feeds: HashMap<i64, FeedHead>,
    names: HashMap<Name, i64>,
}

impl State {
    /// From the store, before the first change.
    pub(super) fn new(seq: Seq) -> Self {
        Self { seq, feeds: HashMap::new(), names: HashMap::new() }
    }

    fn number(&mut self, connection: &Connection, name: Name) -> Result<i64> {
        if let Some(number) = self.names.get(&name) {
            return Ok(*number);
        }
        let number = names::assign(connection, name)?;
        self.names.insert(name, number);
        Ok(number)
    }

    fn feed_head(&mut self, connection: &Connection, feed: i64) -> Result<FeedHead> {
        if let Some(head) = self.feeds.get(&feed) {
            return Ok(*head);
        }
        reader::feed_head(connection, feed)
    }
}

/// Applies a change under the next number.
pub(super) fn apply(connection: &Connection, state: &mut State, change: &Prepared) -> Result<Receipt> {
    state.seq = Seq(state.seq.0 + 1);
    let seq = signed(state.seq.0);
    let mut applying = Applying { connection, state, seq, numbers: Vec::new() };
    for write in &change.writes {
        applying.step(write)?;
    }
    Ok(Receipt { seq: applying.state.seq, numbers: applying.numbers })
}

struct Applying<'a> {
    connection: &'a Connection,
    state: &'a mut State,
    seq: i64,
    numbers: Vec<u64>,
}

impl Applying<'_> {
    fn step(&mut self, write: &Write) -> Result<()> {
        match write {
            Write::Dictionary { collection, number, content } => {
                let collection = self.number((*collection).into())?;
                self.connection
                    .prepare_cached(
                        "INSERT INTO dictionaries (number, collection, content) VALUES (?1, ?2, ?3)",
                    )?
                    .execute(params![number, collection, content])?;
                Ok(())
            }
            Write::Put { collection, id, body, at } => {
                let collection = self.number((*collection).into())?;
                self.put(collection, *id, body, at.as_millis())
            }
            Write::Remove { collection, id, tombstone, at } => {
                let collection = self.number((*collection).into())?;
                self.remove(collection, *id, tombstone, at.as_millis())
            }
            Write::Publish(event) => self.publish(event),
            Write::Record { space, key, value, guard } => {
                let number = self.number((*space).into())?;
                self.guard(*space, number, key, *guard)?;
                self.record(number, key, value.as_deref())
            }
        }
    }

    fn number(&mut self, name: Name) -> Result<i64> {
        self.state.number(self.connection, name)
    }

    /// Within one change the last version of a document is the one that counts, hence REPLACE.
    fn put(&self, collection: i64, id: i64, body: &Packed, at: i64) -> Result<()> {
        self.connection
            .prepare_cached(
                "INSERT OR REPLACE INTO versions (collection, id, seq, at, coding, body)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![collection, id, self.seq, at, body.coding, body.bytes])?;
        Ok(())
    }

    fn remove(&self, collection: i64, id: i64, tombstone: &Packed, at: i64) -> Result<()> {
        let (first_seq, first_at): (Option<i64>, Option<i64>) = self
            .connection
            .prepare_cached("SELECT min(seq), min(at) FROM versions WHERE collection = ?1 AND id = ?2")?
            .query_row(params![collection, id], |row| Ok((row.get(0)?, row.get(1)?)))?;
        self.connection
            .prepare_cached("DELETE FROM versions WHERE collection = ?1 AND id = ?2")?
            .execute(params![collection, id])?;
        let (first_seq, first_at) =
            (first_seq.unwrap_or(self.seq), first_at.map_or(at, |first| first.min(at)));
        self.connection
            .prepare_cached(
                "INSERT INTO versions (collection, id, seq, at, removed_seq, removed_at, coding, body)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute(params![
                collection,
                id,
                first_seq,
                first_at,
                self.seq,
                at,
                tombstone.coding,
                tombstone.bytes
            ])?;
        Ok(())
    }

    fn publish(&mut self, event: &Publication) -> Result<()> {
        let feed = self.number(event.feed.into())?;
        let new = event.after(self.state.feed_head(self.connection, feed)?)?;
        self.connection
            .prepare_cached(
                "INSERT INTO events (feed, position, number, at, seq, subject, kind)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                feed,
                signed(new.position),
                signed(new.number),
                new.at.as_millis(),
                self.seq,
                event.subject,
                event.kind
            ])?;
        self.state.feeds.insert(feed, new);
        self.numbers.push(new.number);
        Ok(())
    }

    fn guard(&self, space: Space, number: i64, key: &[u8], guard: Guard) -> Result<()> {
        if guard == Guard::Any {
            return Ok(());
        }
        let set_at: Option<i64> = self
            .connection
            .prepare_cached("SELECT seq FROM records WHERE space = ?1 AND key = ?2")?
            .query_row(params![number, key], |row| row.get(0))
            .optional()?;
        if guard.holds(set_at.map(i64::unsigned_abs).map(Seq)) {
            Ok(())
        } else {
            Err(JournalError::Conflict { space: space.0 })
        }
    }

    fn record(&self, space: i64, key: &[u8], value: Option<&[u8]>) -> Result<()> {
        match value {
            Some(value) => self
                .connection
                .prepare_cached(
                    "INSERT OR REPLACE INTO records (space, key, value, seq) VALUES (?1, ?2, ?3, ?4)",
                )?
                .execute(params![space, key, value, self.seq])?,
            None => self
                .connection
                .prepare_cached("DELETE FROM records WHERE space = ?1 AND key = ?2")?
                .execute(params![space, key])?,
        };
        Ok(())
    }
}
