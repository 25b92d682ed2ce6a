//! Collections, feeds and spaces have names in code and small numbers in rows.

use std::collections::HashMap;

use parking_lot::RwLock;
use rusqlite::{Connection, OptionalExtension, params};

use super::error::Result;
use crate::{Collection, Feed, Space};

/// A name together with what it is a name of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Name {
    kind: &'static str,
    name: &'static str,
}

impl From<Collection> for Name {
    fn from(collection: Collection) -> Self {
        Self { kind: "collection", name: collection.0 }
    }
}

impl From<Feed> for Name {
    fn from(feed: Feed) -> Self {
        Self { kind: "feed", name: feed.0 }
    }
}

impl From<Space> for Name {
    fn from(space: Space) -> Self {
        Self { kind: "space", name: space.0 }
    }
}

/// The committed names that readers have met. Numbers never change, so what is cached stays true.
#[derive(Debug, Default)]
pub(super) struct Names(RwLock<HashMap<Name, i64>>);

impl Names {
    /// The number of a name; `None` if nothing was ever written under it.
    pub(super) fn find(&self, connection: &Connection, name: Name) -> Result<Option<i64>> {
        if let Some(number) = self.0.read().get(&name) {
            return Ok(Some(*number));
        }
        let found = select(connection, name)?;
        if let Some(number) = found {
            self.0.write().insert(name, number);
        }
        Ok(found)
    }
}

/// The number of a name, which gets one in the current transaction if it has none.
pub(super) fn assign(connection: &Connection, name: Name) -> Result<i64> {
    if let Some(number) = select(connection, name)? {
        return Ok(number);
    }
    connection
        .prepare_cached("INSERT INTO names (kind, name) VALUES (?1, ?2)")?
        .execute(params![name.kind, name.name])?;
    Ok(connection.last_insert_rowid())
}

fn select(connection: &Connection, name: Name) -> Result<Option<i64>> {
    let mut statement =
        connection.prepare_cached("SELECT number FROM names WHERE kind = ?1 AND name = ?2")?;
    Ok(statement.query_row(params![name.kind, name.name], |row| row.get(0)).optional()?)
}
