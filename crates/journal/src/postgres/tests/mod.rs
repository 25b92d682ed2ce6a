//! What is particular to this engine; the promises of the trait are tried by the conformance suite.

mod faults;
mod hammer;
mod moving;
mod nodes;
mod replica;

use std::path::{Path, PathBuf};
use std::time::Duration;

use async_trait::async_trait;
use pgklynge::{Cluster, Database};
use tempfile::TempDir;
use tid::Timestamp;

use super::*;
use crate::conformance::Fixture;
use crate::sqlite::{self, SqliteJournal};
use crate::{Guard, SharedJournal, Step};

mod suite {
    use super::Store;
    crate::conformance::conformance_suite!(Store::new());
}

const UNITS: Collection = Collection("prøve/enhet");
const FEED: Feed = Feed("prøve/oppdateringer");
const SPACE: Space = Space("prøve/poster");

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

#[async_trait]
impl Fixture for Store {
    async fn open(&self) -> SharedJournal {
        open(&self.database.url()).await
    }

    async fn open_backup(&self, backup: &Path) -> SharedJournal {
        SqliteJournal::open(backup, sqlite::Options::default()).unwrap()
    }

    fn directory(&self) -> PathBuf {
        self.directory.path().to_owned()
    }
}

fn options(url: &str) -> Options {
    Options { address: Address::parse(url).unwrap(), replica: None, connections: 4 }
}

async fn open(url: &str) -> Arc<PostgresJournal> {
    PostgresJournal::open(options(url)).await.unwrap()
}

fn change(steps: Vec<Step>) -> Change {
    Change { at: Timestamp::from_millis(1_700_000_000_000), steps }
}

fn put(id: DocId, body: &str) -> Step {
    Step::Put { collection: UNITS, id, body: body.as_bytes().to_vec(), at: None }
}

fn publish(subject: DocId) -> Step {
    Step::Publish { feed: FEED, subject, kind: 1, number: None, at: None }
}

/// As alike as units are.
fn unit(id: DocId) -> Step {
    let name = id.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    put(
        id,
        &format!(
            r#"{{"organisasjonsnummer":"{id}","navn":"FORETAK {name:X} AS","organisasjonsform":{{"kode":"AS","beskrivelse":"Aksjeselskap"}},"konkurs":false}}"#
        ),
    )
}

/// Waits until something is so.
async fn until<T>(what: &str, mut so: impl AsyncFnMut() -> Option<T>) -> T {
    for _ in 0..600 {
        if let Some(found) = so().await {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{what} does not come");
}
