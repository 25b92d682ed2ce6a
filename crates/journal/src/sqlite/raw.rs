//! The store's rows as they are, in the order of their keys, within the caller's transaction.

use rusqlite::{Connection, Params, Row};

use crate::error::Result;
use crate::raw::{DictionaryRow, EventRow, NameRow, PAGE_ROWS, Page, Reached, RecordRow, VersionRow};

/// Where pages go.
pub(super) type Visit<'a> = &'a mut dyn FnMut(Page) -> Result<()>;

/// How many versions, events and records there are.
pub(super) fn count(connection: &Connection) -> Result<u64> {
    let sql = "SELECT (SELECT count(*) FROM versions) + (SELECT count(*) FROM events)
                    + (SELECT count(*) FROM records)";
    let total: i64 = connection.query_row(sql, [], |row| row.get(0))?;
    Ok(total.unsigned_abs())
}

/// Names and dictionaries.
pub(super) fn directory(connection: &Connection, visit: Visit<'_>) -> Result<()> {
    let name = |row: &Row<'_>| Ok(NameRow { number: row.get(0)?, kind: row.get(1)?, name: row.get(2)? });
    let sql = "SELECT number, kind, name FROM names ORDER BY number";
    pages(connection, sql, [], name, |rows| visit(Page::Names(rows)))?;
    let dictionary = |row: &Row<'_>| {
        Ok(DictionaryRow { number: row.get(0)?, collection: row.get(1)?, content: row.get(2)? })
    };
    let sql = "SELECT number, collection, content FROM dictionaries ORDER BY number";
    pages(connection, sql, [], dictionary, |rows| visit(Page::Dictionaries(rows)))
}

/// Versions, from a document on.
pub(super) fn versions(connection: &Connection, from: &Reached, visit: Visit<'_>) -> Result<()> {
    let version = |row: &Row<'_>| {
        let removed: Option<i64> = row.get(4)?;
        Ok(VersionRow {
            collection: row.get(0)?,
            id: row.get(1)?,
            seq: row.get(2)?,
            at: row.get(3)?,
            removed: removed.map(|seq| Ok::<_, rusqlite::Error>((seq, row.get(5)?))).transpose()?,
            coding: row.get(6)?,
            body: row.get(7)?,
        })
    };
    let (collection, id) = from.document.unwrap_or((i64::MIN, i64::MIN));
    let sql = "SELECT collection, id, seq, at, removed_seq, removed_at, coding, body FROM versions
               WHERE (collection, id) >= (?1, ?2) ORDER BY collection, id, seq DESC";
    pages(connection, sql, [collection, id], version, |rows| visit(Page::Versions(rows)))
}

/// Events, after one.
pub(super) fn events(connection: &Connection, from: &Reached, visit: Visit<'_>) -> Result<()> {
    let event = |row: &Row<'_>| {
        Ok(EventRow {
            feed: row.get(0)?,
            position: row.get(1)?,
            number: row.get(2)?,
            at: row.get(3)?,
            seq: row.get(4)?,
            subject: row.get(5)?,
            kind: row.get(6)?,
        })
    };
    let (feed, position) = from.event.unwrap_or((i64::MIN, i64::MIN));
    let sql = "SELECT feed, position, number, at, seq, subject, kind FROM events
               WHERE (feed, position) > (?1, ?2) ORDER BY feed, position";
    pages(connection, sql, [feed, position], event, |rows| visit(Page::Events(rows)))
}

/// Records, after one.
pub(super) fn records(connection: &Connection, from: &Reached, visit: Visit<'_>) -> Result<()> {
    let record = |row: &Row<'_>| {
        Ok(RecordRow { space: row.get(0)?, key: row.get(1)?, value: row.get(2)?, seq: row.get(3)? })
    };
    let (space, key) = from.record.clone().unwrap_or((i64::MIN, Vec::new()));
    let sql = "SELECT space, key, value, seq FROM records WHERE (space, key) > (?1, ?2) ORDER BY space, key";
    pages(connection, sql, rusqlite::params![space, key], record, |rows| visit(Page::Records(rows)))
}

fn pages<T>(
    connection: &Connection,
    sql: &str,
    bounds: impl Params,
    read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
    mut visit: impl FnMut(Vec<T>) -> Result<()>,
) -> Result<()> {
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query(bounds)?;
    let mut page = Vec::new();
    while let Some(row) = rows.next()? {
        page.push(read(row)?);
        if page.len() == PAGE_ROWS {
            visit(std::mem::take(&mut page))?;
        }
    }
    if page.is_empty() { Ok(()) } else { visit(page) }
}
