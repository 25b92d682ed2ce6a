//! The numbers of names, in the store.

use rusqlite::{Connection, OptionalExtension, params};

use crate::error::Result;
use crate::names::{Name, Names};

/// The number of a name; `None` if nothing was ever written under it.
pub(super) fn find(names: &Names, connection: &Connection, name: Name) -> Result<Option<i64>> {
    if let Some(number) = names.known(name) {
        return Ok(Some(number));
    }
    let found = select(connection, name)?;
    if let Some(number) = found {
        names.learn(name, number);
    }
    Ok(found)
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
