//! What is particular to this engine; the promises of the trait are tried by the conformance suite.

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use pgklynge::Database;
use tempfile::TempDir;

use super::*;
use crate::SharedJournal;
use crate::conformance::Fixture;
use crate::sqlite::{self, SqliteJournal};

mod suite {
    use super::Store;
    crate::conformance_suite!(Store::new());
}

/// A database that goes away, and a directory beside it.
struct Store {
    database: Database,
    directory: TempDir,
}

impl Store {
    fn new() -> Self {
        Self { database: Database::new(), directory: tempfile::tempdir().unwrap() }
    }
}

fn options(url: &str) -> Options {
    Options { address: Address::parse(url).unwrap(), replica: None, connections: 4 }
}

#[async_trait]
impl Fixture for Store {
    async fn open(&self) -> SharedJournal {
        PostgresJournal::open(options(&self.database.url())).await.unwrap()
    }

    async fn open_backup(&self, backup: &Path) -> SharedJournal {
        SqliteJournal::open(backup, sqlite::Options::default()).unwrap()
    }

    fn directory(&self) -> PathBuf {
        self.directory.path().to_owned()
    }
}
