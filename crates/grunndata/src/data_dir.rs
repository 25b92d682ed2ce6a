//! What lies where in the data directory.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use journal::JournalError;
use journal::sqlite::{Options, SqliteJournal};

use crate::config::Config;
use crate::failure::{Failure, chain};

/// The data directory.
#[derive(Debug, Clone)]
pub struct DataDir(PathBuf);

impl DataDir {
    /// The configured one, which may not exist yet.
    pub fn of(config: &Config) -> Self {
        Self(config.data.clone())
    }

    /// The directory itself.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The store.
    pub fn store(&self) -> PathBuf {
        self.0.join("grunndata.sqlite")
    }

    /// The file that the process which writes to the store holds locked.
    pub fn store_lock(&self) -> PathBuf {
        self.0.join("grunndata.sqlite.lock")
    }

    /// A register's derived files: its index and downloads.
    pub fn register(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// A register's download files.
    pub fn downloads(&self, name: &str) -> PathBuf {
        self.register(name).join("lastned")
    }

    /// Which demo nation the store holds; absent when it holds something else.
    pub fn demo_marker(&self) -> PathBuf {
        self.0.join("demo.json")
    }

    /// The demo's clients: their keys, and the list of them.
    pub fn demo_clients(&self) -> PathBuf {
        self.0.join("demo")
    }

    /// The socket on which a running server takes the operator's orders.
    pub fn operator_socket(&self) -> PathBuf {
        self.0.join("maskinporten").join("drift.sock")
    }

    /// Where records that an import could not read are put, unless the user says where.
    pub fn rejects(&self, what: &str) -> PathBuf {
        self.0.join("avvist").join(format!("{what}.jsonl"))
    }

    /// Makes the directory if it is missing.
    pub fn make(&self) -> Result<(), Failure> {
        std::fs::create_dir_all(&self.0).map_err(|error| {
            Failure::failed(
                format!("the data directory {} cannot be made: {error}", self.0.display()),
                "choose another with --data DIR, or make it and give yourself the right to write there",
            )
        })
    }

    /// Opens the store for writing; it is made if it is missing.
    pub fn open(&self, config: &Config) -> Result<Arc<SqliteJournal>, Failure> {
        self.make()?;
        let cache_bytes = usize::try_from(config.journal_cache_bytes).unwrap_or(usize::MAX);
        let options = Options { cache_bytes, ..Options::default() };
        SqliteJournal::open(&self.store(), options).map_err(|error| self.refused(&error))
    }

    /// Opens the store for reading, also while another process writes to it.
    pub fn open_read_only(&self) -> Result<Arc<SqliteJournal>, Failure> {
        if !self.store().exists() {
            return Err(Failure::failed(
                format!("there is no store in {}", self.0.display()),
                "name the right directory with --data DIR, or fill one with `grunndata demo` or `grunndata import`",
            ));
        }
        SqliteJournal::open_read_only(&self.store()).map_err(|error| self.refused(&error))
    }

    fn refused(&self, error: &JournalError) -> Failure {
        let hint = match error {
            JournalError::Unavailable(_) => {
                "stop the process that has it open (another grunndata?), or choose another directory with --data DIR"
            }
            JournalError::TooNew { .. } => "use the newer program that wrote it, or restore an older backup",
            JournalError::Corrupt(_) => "run `grunndata verify`, and restore a backup if it finds faults",
            _ => "check disk space and rights with `grunndata doctor`",
        };
        Failure::failed(
            format!("the store {} cannot be opened: {}", self.store().display(), chain(error)),
            hint,
        )
    }
}

/// A store that failed while it was in use.
pub fn store_failed(error: &JournalError) -> Failure {
    Failure::failed(
        chain(error),
        "check disk space and rights with `grunndata doctor`, the store with `grunndata verify`",
    )
}
