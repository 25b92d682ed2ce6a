//! The embedded engine's ends of a move: reading a file's rows, and filling a file.

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, params};
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, spawn_blocking};

use super::connection::{self, StoreLock};
use super::{Options, raw, reader, schema};
use crate::aside::sync_directory;
use crate::bounds::signed;
use crate::error::{Result, at_file};
use crate::raw::{Page, Reached};
use crate::transfer::{Source, Target};
use crate::{JournalError, Seq};

/// Pages read ahead of whoever writes them.
const AHEAD: usize = 4;

/// The right to write, held so that nobody else does.
pub(crate) struct Held(#[expect(dead_code, reason = "holding it is the point")] StoreLock);

/// Keeps others from writing to the store at `path`, which must exist.
pub(crate) fn hold(path: &Path) -> Result<Held> {
    if !path.exists() {
        return Err(JournalError::Unavailable(format!("there is no store {}", path.display())));
    }
    Ok(Held(StoreLock::take(path)?))
}

/// Where a store is filled before it is put in its place.
pub(crate) fn half(path: &Path) -> PathBuf {
    connection::beside(path, ".flytt")
}

/// A file's rows, read on a thread of their own.
pub(crate) struct Rows {
    seq: Seq,
    total: u64,
    pages: mpsc::Receiver<Page>,
    reading: Option<JoinHandle<Result<()>>>,
}

/// The rows of the store at `path`, from where a target has come.
pub(crate) async fn rows(path: &Path, from: Reached) -> Result<Rows> {
    let path = path.to_owned();
    let (sender, mut pages) = mpsc::channel(AHEAD);
    let (told, known) = tokio::sync::oneshot::channel();
    let reading = spawn_blocking(move || {
        let connection = connection::for_reading(&path, &Options::default())?;
        schema::check(&connection)?;
        let snapshot = connection.unchecked_transaction()?;
        // Whoever asked may have gone.
        let _ = told.send((reader::head(&connection)?, raw::count(&connection)?));
        let mut visit = |page| {
            let gone = |_| JournalError::Unavailable("nobody reads on".to_owned());
            sender.blocking_send(page).map_err(gone)
        };
        raw::directory(&connection, &mut visit)?;
        raw::versions(&connection, &from, &mut visit)?;
        raw::events(&connection, &from, &mut visit)?;
        raw::records(&connection, &from, &mut visit)?;
        snapshot.commit()?;
        Ok(())
    });
    if let Ok((seq, total)) = known.await {
        return Ok(Rows { seq, total, pages, reading: Some(reading) });
    }
    pages.close();
    ended(reading).await?;
    Err(JournalError::Unavailable("the store cannot be read".to_owned()))
}

async fn ended(reading: JoinHandle<Result<()>>) -> Result<()> {
    reading.await.map_err(|error| JournalError::Engine(Box::new(error)))?
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
        if let Some(page) = self.pages.recv().await {
            return Ok(Some(page));
        }
        if let Some(reading) = self.reading.take() {
            ended(reading).await?;
        }
        Ok(None)
    }
}

/// A file that is being filled.
pub(crate) struct FileTarget {
    /// Where it is filled, and where it belongs then.
    half: PathBuf,
    to: Option<PathBuf>,
    connection: Option<Connection>,
    _lock: StoreLock,
}

impl FileTarget {
    /// Beside the place of a store, which must be free.
    pub(crate) fn beside(to: &Path) -> Result<Self> {
        if to.exists() {
            return Err(JournalError::NotAllowed(format!("there is a store at {} already", to.display())));
        }
        Ok(Self { to: Some(to.to_owned()), ..Self::at(&half(to))? })
    }

    /// In a file that stays where it is.
    pub(crate) fn at(half: &Path) -> Result<Self> {
        let lock = StoreLock::take(half)?;
        let connection = connection::for_writing(half, &Options::default())?;
        // What the last moments before a power cut wrote is written again.
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        schema::migrate(&connection)?;
        Ok(Self { half: half.to_owned(), to: None, connection: Some(connection), _lock: lock })
    }

    /// Work on the file, on a thread where waiting is allowed.
    async fn work<T: Send + 'static>(
        &mut self,
        work: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let connection = self.connection.take().ok_or_else(crate::queue::closed)?;
        let task = spawn_blocking(move || {
            let outcome = work(&connection);
            (connection, outcome)
        });
        let (connection, outcome) = task.await.map_err(|error| JournalError::Engine(Box::new(error)))?;
        self.connection = Some(connection);
        outcome
    }
}

#[async_trait]
impl Target for FileTarget {
    async fn begin(&mut self, seq: Seq) -> Result<Reached> {
        self.work(move |connection| {
            let transaction = connection.unchecked_transaction()?;
            if reader::head(connection)? != seq {
                for sql in ["DELETE FROM versions", "DELETE FROM events", "DELETE FROM records"] {
                    connection.execute(sql, [])?;
                }
                connection.execute("UPDATE head SET seq = ?1", [signed(seq.0)])?;
            }
            // Few, and sent again.
            connection.execute("DELETE FROM dictionaries", [])?;
            connection.execute("DELETE FROM names", [])?;
            let reached = reached(connection)?;
            if let Some((collection, id)) = reached.document {
                let sql = "DELETE FROM versions WHERE collection = ?1 AND id = ?2";
                connection.execute(sql, [collection, id])?;
            }
            transaction.commit()?;
            Ok(reached)
        })
        .await
    }

    async fn put(&mut self, page: Page) -> Result<()> {
        self.work(move |connection| {
            let transaction = connection.unchecked_transaction()?;
            put(connection, &page)?;
            Ok(transaction.commit()?)
        })
        .await
    }

    async fn finish(&mut self) -> Result<()> {
        // The last connection to go empties the write-ahead log into the file.
        drop(self.connection.take());
        let synced = std::fs::File::open(&self.half).and_then(|file| file.sync_all());
        synced.map_err(|error| at_file(&self.half, &error))?;
        if let Some(to) = &self.to {
            std::fs::rename(&self.half, to).map_err(|error| at_file(to, &error))?;
            sync_directory(to)?;
            let _ = std::fs::remove_file(connection::beside(&self.half, ".lock"));
        }
        Ok(())
    }
}

fn reached(connection: &Connection) -> Result<Reached> {
    let pair = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
    let last = |sql| connection.query_row(sql, [], pair).optional();
    let sql = "SELECT space, key FROM records ORDER BY space DESC, key DESC LIMIT 1";
    let record = connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    Ok(Reached {
        document: last("SELECT collection, id FROM versions ORDER BY collection DESC, id DESC LIMIT 1")?,
        event: last("SELECT feed, position FROM events ORDER BY feed DESC, position DESC LIMIT 1")?,
        record,
    })
}

fn put(connection: &Connection, page: &Page) -> Result<()> {
    match page {
        Page::Names(rows) => {
            let sql = "INSERT INTO names (number, kind, name) VALUES (?1, ?2, ?3)";
            let mut insert = connection.prepare_cached(sql)?;
            rows.iter()
                .try_for_each(|row| insert.execute(params![row.number, row.kind, row.name]).map(drop))?;
        }
        Page::Dictionaries(rows) => {
            let sql = "INSERT INTO dictionaries (number, collection, content) VALUES (?1, ?2, ?3)";
            let mut insert = connection.prepare_cached(sql)?;
            for row in rows {
                insert.execute(params![row.number, row.collection, row.content])?;
            }
        }
        Page::Versions(rows) => {
            let sql = "INSERT INTO versions (collection, id, seq, at, removed_seq, removed_at, coding, body)
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
            let mut insert = connection.prepare_cached(sql)?;
            for row in rows {
                let (seq, at) = row.removed.unzip();
                insert.execute(params![
                    row.collection,
                    row.id,
                    row.seq,
                    row.at,
                    seq,
                    at,
                    row.coding,
                    row.body
                ])?;
            }
        }
        Page::Events(rows) => {
            let sql = "INSERT INTO events (feed, position, number, at, seq, subject, kind)
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
            let mut insert = connection.prepare_cached(sql)?;
            for row in rows {
                let place =
                    params![row.feed, row.position, row.number, row.at, row.seq, row.subject, row.kind];
                insert.execute(place)?;
            }
        }
        Page::Records(rows) => {
            let sql = "INSERT INTO records (space, key, value, seq) VALUES (?1, ?2, ?3, ?4)";
            let mut insert = connection.prepare_cached(sql)?;
            for row in rows {
                insert.execute(params![row.space, row.key, row.value, row.seq])?;
            }
        }
    }
    Ok(())
}
