//! The store: a file in the data directory, or a database.

use std::fmt;

use journal::postgres::{self, PostgresJournal};
use journal::sqlite::{self, SqliteJournal};
use journal::{JournalError, SharedJournal};

use crate::config::Config;
use crate::data_dir::DataDir;
use crate::failure::{Failure, chain};

/// Where the store is.
#[derive(Debug, Clone)]
pub enum Store {
    /// In the data directory.
    Directory(DataDir, sqlite::Options),
    /// In a database, which other nodes may use too.
    Database(postgres::Options),
}

impl Store {
    /// The configured one.
    pub fn of(config: &Config) -> Self {
        let journal = &config.journal;
        if let Some(address) = &journal.database {
            return Self::Database(postgres::Options {
                address: address.clone(),
                replica: journal.replica.clone(),
                connections: journal.connections,
            });
        }
        let cache_bytes = usize::try_from(journal.cache_bytes).unwrap_or(usize::MAX);
        Self::Directory(DataDir::of(config), sqlite::Options { cache_bytes, ..sqlite::Options::default() })
    }

    /// Whether other processes may write to it too.
    pub fn is_shared(&self) -> bool {
        matches!(self, Self::Database(_))
    }

    /// Whether it is known, without opening it, that there is none.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Directory(dir, _) if !dir.store().exists())
    }

    /// Opens it for writing; it is made if it is missing.
    ///
    /// # Errors
    /// When it cannot be used.
    pub async fn open(&self) -> Result<SharedJournal, Failure> {
        match self {
            Self::Directory(dir, options) => {
                dir.make()?;
                let opened = SqliteJournal::open(&dir.store(), options.clone());
                Ok(opened.map_err(|error| self.refused(&error))?)
            }
            Self::Database(options) => {
                let opened = PostgresJournal::open(options.clone()).await;
                Ok(opened.map_err(|error| self.refused(&error))?)
            }
        }
    }

    /// Opens it for reading, also while others write to it.
    ///
    /// # Errors
    /// When there is none or it cannot be used.
    pub async fn open_read_only(&self) -> Result<SharedJournal, Failure> {
        match self {
            Self::Directory(dir, _) if !dir.store().exists() => Err(Failure::failed(
                format!("there is no store in {}", dir.path().display()),
                "name the right directory with --data DIR, or fill one with `grunndata demo` or `grunndata import`",
            )),
            Self::Directory(dir, _) => {
                Ok(SqliteJournal::open_read_only(&dir.store()).map_err(|error| self.refused(&error))?)
            }
            Self::Database(options) => {
                let opened = PostgresJournal::open_read_only(options.clone()).await;
                Ok(opened.map_err(|error| self.refused(&error))?)
            }
        }
    }

    fn refused(&self, error: &JournalError) -> Failure {
        let hint = match (error, self) {
            (JournalError::Unavailable(_), Self::Directory(..)) => {
                "stop the process that has it open (another grunndata?), or choose another directory with --data DIR"
            }
            (JournalError::Unavailable(_), Self::Database(_)) => {
                "check that the database runs and lets this user in; `grunndata demo` or `grunndata import` fills an empty one"
            }
            (JournalError::TooNew { .. }, _) => {
                "use the newer program that wrote it, or restore an older backup"
            }
            (JournalError::Corrupt(_), _) => {
                "run `grunndata verify`, and restore a backup if it finds faults"
            }
            _ => "check disk space and rights with `grunndata doctor`",
        };
        Failure::failed(format!("the store {self} cannot be opened: {}", chain(error)), hint)
    }
}

impl fmt::Display for Store {
    /// Without user and password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Directory(dir, _) => dir.store().display().fmt(f),
            Self::Database(options) => options.address.fmt(f),
        }
    }
}

/// A store that failed while it was in use.
pub fn store_failed(error: &JournalError) -> Failure {
    Failure::failed(
        chain(error),
        "check disk space and rights with `grunndata doctor`, the store with `grunndata verify`",
    )
}
