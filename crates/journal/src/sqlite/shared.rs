//! What all reads share: the file, the idle connections, the cached names and dictionaries.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::Mutex;
use rusqlite::{Connection, OptionalExtension};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::{Options, connection};
use crate::JournalError;
use crate::body::{self, Dictionaries, Dictionary};
use crate::error::Result;
use crate::names::Names;
use crate::queue::closed;

/// The readers' side of a store.
pub(super) struct Shared {
    path: PathBuf,
    options: Options,
    /// `None` when the store is closed.
    idle: Mutex<Option<Vec<Connection>>>,
    /// Long reads at the same time: each has a connection with a cache of its own.
    bulk: Arc<Semaphore>,
    pub(super) names: Names,
    pub(super) dictionaries: Arc<Dictionaries>,
}

/// A connection in use, with what it takes to make sense of its rows.
pub(super) struct Session<'a> {
    pub(super) connection: &'a Connection,
    pub(super) shared: &'a Shared,
}

impl Session<'_> {
    /// The body of a row.
    pub(super) fn unpack(&self, coding: i64, bytes: &[u8]) -> Result<Vec<u8>> {
        body::unpack(coding, bytes, |number| self.dictionary(number))
    }

    fn dictionary(&self, number: i64) -> Result<Arc<Dictionary>> {
        if let Some(dictionary) = self.shared.dictionaries.known(number) {
            return Ok(dictionary);
        }
        let content: Option<Vec<u8>> = self
            .connection
            .prepare_cached("SELECT content FROM dictionaries WHERE number = ?1")?
            .query_row([number], |row| row.get(0))
            .optional()?;
        self.shared.dictionaries.learn(number, content.as_deref())
    }
}

/// The dictionaries that the store has.
pub(super) fn load_dictionaries(connection: &Connection) -> Result<Dictionaries> {
    let mut statement = connection.prepare(
        "SELECT d.number, n.name, d.content FROM dictionaries d JOIN names n ON n.number = d.collection
         ORDER BY d.number",
    )?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    Ok(Dictionaries::new(rows.collect::<rusqlite::Result<_>>()?))
}

impl Shared {
    /// Opens the file for reading.
    pub(super) fn open(path: &Path, options: Options) -> Result<Arc<Self>> {
        let first = connection::for_reading(path, &options)?;
        super::schema::check(&first)?;
        Ok(Arc::new(Self {
            path: path.to_owned(),
            bulk: Arc::new(Semaphore::new(options.bulk_reads.max(1))),
            dictionaries: Arc::new(load_dictionaries(&first)?),
            idle: Mutex::new(Some(vec![first])),
            names: Names::default(),
            options,
        }))
    }

    /// The file and its write-ahead log.
    pub(super) fn disk_bytes(&self) -> Result<u64> {
        let mut log = self.path.clone().into_os_string();
        log.push("-wal");
        let file = self.path.metadata().map_err(|error| JournalError::Engine(Box::new(error)))?;
        Ok(file.len() + Path::new(&log).metadata().map_or(0, |log| log.len()))
    }

    /// A short read, on the calling thread.
    pub(super) fn read<T>(&self, work: impl FnOnce(&Session<'_>) -> Result<T>) -> Result<T> {
        let connection = self.take()?;
        let result = work(&Session { connection: &connection, shared: self });
        // After an error the connection may be in the middle of something: it is not used again.
        if result.is_ok() {
            self.give_back(connection);
        }
        result
    }

    /// A long read, on a thread where waiting is allowed.
    pub(super) async fn read_long<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Session<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let permit = Arc::clone(&self.bulk).acquire_owned().await.map_err(|_| closed())?;
        let shared = Arc::clone(self);
        let task = spawn_blocking(move || {
            let result = shared.read(work);
            drop(permit);
            result
        });
        task.await.map_err(|error| JournalError::Engine(Box::new(error)))?
    }

    /// Refuses later reads and closes the idle connections.
    pub(super) fn close(&self) {
        self.bulk.close();
        drop(self.idle.lock().take());
    }

    fn take(&self) -> Result<Connection> {
        match self.idle.lock().as_mut().ok_or_else(closed)?.pop() {
            Some(connection) => Ok(connection),
            None => connection::for_reading(&self.path, &self.options),
        }
    }

    fn give_back(&self, connection: Connection) {
        if let Some(idle) = self.idle.lock().as_mut()
            && idle.len() < self.options.idle_readers
        {
            idle.push(connection);
        }
    }
}
