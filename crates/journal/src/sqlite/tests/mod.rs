//! What is particular to this engine; the promises of the trait are tried by the conformance suite.

mod dictionaries;
mod faults;
mod golden;
mod opening;
mod plans;

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use tempfile::TempDir;
use tid::Timestamp;

use super::*;
use crate::conformance::Fixture;
use crate::{SharedJournal, Step};

mod suite {
    use super::Store;
    crate::conformance::conformance_suite!(Store::new());
}

const UNITS: Collection = Collection("prøve/enhet");
const FEED: Feed = Feed("prøve/oppdateringer");
const SPACE: Space = Space("prøve/poster");

/// A store in a directory that goes away.
struct Store(TempDir);

impl Store {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("journal.sqlite")
    }

    fn open(&self) -> Arc<SqliteJournal> {
        SqliteJournal::open(&self.path(), Options::default()).unwrap()
    }

    /// The file itself, for looking and for damage.
    fn raw(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.path()).unwrap()
    }

    fn count(&self, sql: &str) -> i64 {
        self.raw().query_row(sql, [], |row| row.get(0)).unwrap()
    }
}

#[async_trait]
impl Fixture for Store {
    async fn open(&self) -> SharedJournal {
        Self::open(self)
    }

    async fn open_backup(&self, backup: &Path) -> SharedJournal {
        SqliteJournal::open(backup, Options::default()).unwrap()
    }

    fn directory(&self) -> PathBuf {
        self.0.path().to_owned()
    }
}

fn change(steps: Vec<Step>) -> Change {
    Change { at: Timestamp::from_millis(1_700_000_000_000), steps }
}

fn put(id: DocId, body: &str) -> Step {
    Step::Put { collection: UNITS, id, body: body.as_bytes().to_vec(), at: None }
}

fn remove(id: DocId) -> Step {
    Step::Remove { collection: UNITS, id, tombstone: b"{}".to_vec(), at: None }
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
            r#"{{"organisasjonsnummer":"{id}","navn":"FORETAK {name:X} AS","organisasjonsform":{{"kode":"AS","beskrivelse":"Aksjeselskap"}},"konkurs":false,"maalform":"Bokmål"}}"#
        ),
    )
}
