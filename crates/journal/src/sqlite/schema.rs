//! The tables, and how they change from one version of the program to the next.
//!
//! Migrations follow *expand and contract*: a migration only adds (a table, a column with a default, an index),
//! and code reads both the old and the new form for one release before a later migration takes the old form
//! away. A store can thus be opened by the release before and the release after any one migration, and a backup
//! from the release before can always be restored. A migration, once released, is never edited. Each released
//! version keeps a golden store in `tests/data`, which every later program must read.

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::JournalError;
use crate::error::Result;

/// Marks a file as a grunndata journal ("grnd"), so that another program's database is not migrated by mistake.
const APPLICATION_ID: u32 = 0x6772_6e64;

/// `MIGRATIONS[n]` brings a store from version n to n + 1.
const MIGRATIONS: &[&str] = &[V1];

/// - `versions`: `seq` and `at` say from when a version is visible. They are the change's own, except on a
///   tombstone, which stands from the document's first version on and has the removal itself in `removed_*`.
///   Newest first within a document, so that "now" is the first row met. Bodies lie in the key's own tree: one
///   descent per look-up, and a scan in number order reads the file in order.
/// - `coding` is a dictionary's number, 0 for zstd without one, −1 for a body as it is.
/// - `events`: number, at and seq all rise with position, so a binary search replaces three indexes.
const V1: &str = "
CREATE TABLE head (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    seq INTEGER NOT NULL
) STRICT;
INSERT INTO head (one, seq) VALUES (1, 0);

CREATE TABLE names (
    number INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('collection', 'feed', 'space')),
    name TEXT NOT NULL,
    UNIQUE (kind, name)
) STRICT;

CREATE TABLE dictionaries (
    number INTEGER PRIMARY KEY CHECK (number > 0),
    collection INTEGER NOT NULL REFERENCES names (number),
    content BLOB NOT NULL
) STRICT;

CREATE TABLE versions (
    collection INTEGER NOT NULL,
    id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    removed_seq INTEGER,
    removed_at INTEGER,
    coding INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (collection, id, seq DESC)
) STRICT, WITHOUT ROWID;

CREATE TABLE events (
    feed INTEGER NOT NULL,
    position INTEGER NOT NULL,
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    subject INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    PRIMARY KEY (feed, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX events_about ON events (feed, subject, position);

CREATE TABLE records (
    space INTEGER NOT NULL,
    key BLOB NOT NULL,
    value BLOB NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (space, key)
) STRICT, WITHOUT ROWID;
";

/// The schema version this program writes.
pub(super) const KNOWN: u32 = MIGRATIONS.len() as u32;

/// Brings the store up to this program's version. A new file becomes an empty journal.
pub(super) fn migrate(connection: &Connection) -> Result<()> {
    let found = check(connection)?;
    for (done, migration) in (0u32..).zip(MIGRATIONS).skip(found as usize) {
        let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
        transaction.execute_batch(migration)?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", done + 1)?;
        transaction.commit()?;
        tracing::info!(version = done + 1, "the store's schema is migrated");
    }
    Ok(())
}

/// The store's schema version; refuses stores of newer programs and files of other programs.
pub(super) fn check(connection: &Connection) -> Result<u32> {
    let found: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let owner: u32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if owner != APPLICATION_ID && (tables > 0 || found > 0) {
        return Err(JournalError::Corrupt("the file is the database of another program".to_owned()));
    }
    if found > KNOWN {
        return Err(JournalError::TooNew { found, known: KNOWN });
    }
    Ok(found)
}
