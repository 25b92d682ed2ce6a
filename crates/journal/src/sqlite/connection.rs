//! Opening the file: the lock, the connections and their settings.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::Options;
use crate::JournalError;
use crate::error::{Result, at_file};

/// Held by the one process that may write. Released by the operating system when the process ends, however it ends.
#[derive(Debug)]
pub(super) struct StoreLock(#[expect(dead_code, reason = "the open file is the lock")] File);

impl StoreLock {
    /// Takes the lock of the store at `path`, on a file beside it: SQLite's own locks would not survive a second
    /// open file on the database, and they must let readers in.
    pub(super) fn take(path: &Path) -> Result<Self> {
        let beside = beside(path, ".lock");
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&beside);
        let file = file.map_err(|error| at_file(&beside, &error))?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => {
                let path = path.display();
                Err(JournalError::Unavailable(format!("another process has the store {path} open")))
            }
            Err(TryLockError::Error(error)) => Err(at_file(&beside, &error)),
        }
    }
}

/// The path with something added to the file's name.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// The connection that writes. Makes the file if there is none.
pub(super) fn for_writing(path: &Path, options: &Options) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    let connection = open(path, flags, options.cache_bytes, options)?;
    // Before the first table; without effect on a file that exists.
    connection.pragma_update(None, "page_size", 8192)?;
    let mode: String = connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
    if mode != "wal" {
        return Err(JournalError::Unavailable(format!("{}: no write-ahead log possible", path.display())));
    }
    connection.pragma_update(None, "synchronous", "FULL")?;
    // What is removed is overwritten at once, in free pages too.
    connection.pragma_update(None, "secure_delete", "ON")?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "wal_autocheckpoint", 2000)?;
    // A log that one great change has made long is cut back at the next checkpoint.
    connection.pragma_update(None, "journal_size_limit", 64 << 20)?;
    Ok(connection)
}

/// A connection that only reads. The file must exist.
pub(super) fn for_reading(path: &Path, options: &Options) -> Result<Connection> {
    open(path, OpenFlags::SQLITE_OPEN_READ_ONLY, options.reader_cache_bytes, options)
}

fn open(path: &Path, flags: OpenFlags, cache_bytes: usize, options: &Options) -> Result<Connection> {
    let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)
        .map_err(|error| JournalError::Unavailable(format!("{}: {error}", path.display())))?;
    connection.busy_timeout(Duration::from_secs(5))?;
    // One plan per statement. Otherwise SQLite prepares it anew for every value bound, which costs more than the look-up.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(64);
    let kib = i64::try_from(cache_bytes / 1024).unwrap_or(i64::MAX);
    // Negative: in KiB instead of pages.
    connection.pragma_update(None, "cache_size", -kib)?;
    connection.pragma_update(None, "mmap_size", i64::try_from(options.mmap_bytes).unwrap_or(i64::MAX))?;
    connection.pragma_update(None, "trusted_schema", false)?;
    Ok(connection)
}
