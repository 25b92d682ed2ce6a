//! The process dies around a commit; the next start has everything once.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use journal::sqlite::{Options, SqliteJournal};
use journal::{Change, Journal};
use tempfile::TempDir;
use tid::Timestamp;

use super::follower::{follower, put};
use super::model::{VERSION, everything, schema};
use crate::{Index, Query};

/// Beside the journal: the crash point of the process that is to die.
const PLAN: &str = "plan";

async fn grow(dir: &Path, ids: std::ops::Range<u64>) -> Index {
    let (schema, fields) = schema();
    let journal = SqliteJournal::open(&dir.join("journal"), Options::default()).unwrap();
    let index = Index::open(&dir.join("indeks"), schema, VERSION).unwrap();
    let mut follower = follower(Arc::clone(&journal) as _, &index, fields);
    follower.catch_up().await.unwrap();
    for id in ids {
        let steps = put(id, &format!("Enhet {id}"));
        journal.append(Change { at: Timestamp::from_millis(1), steps }).await.unwrap();
    }
    if let Ok(point) = fs::read_to_string(dir.join(PLAN)) {
        tid::crash::arm(&point).unwrap();
    }
    follower.catch_up().await.unwrap();
    index
}

/// The process that dies. Run by the test below, in a directory that has a plan.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "run by a_crash_around_a_commit_loses_nothing"]
async fn dies_as_planned() {
    if Path::new(PLAN).exists() {
        grow(Path::new("."), 10..20).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_around_a_commit_loses_nothing() {
    for point in ["indeks.commit.before", "indeks.commit.after"] {
        let dir = TempDir::new().unwrap();
        grow(dir.path(), 0..10).await;
        fs::write(dir.path().join(PLAN), point).unwrap();
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "tests::crash::dies_as_planned", "--ignored", "--nocapture"])
            .current_dir(dir.path())
            .output()
            .unwrap();
        assert!(!child.status.success(), "{point}: the process was to die");
        fs::remove_file(dir.path().join(PLAN)).unwrap();

        let index = grow(dir.path(), 20..22).await;
        let hits = index.search(&everything(Query::All)).unwrap();
        assert_eq!(hits.ids, (0..22).collect::<Vec<_>>(), "{point}");
        assert_eq!(index.position(), Some(22));
    }
}
