//! The follower against a real journal.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use journal::sqlite::{Options, SqliteJournal};
use journal::{Change, Collection, Feed, SharedJournal, Step};
use tempfile::TempDir;
use tid::Timestamp;

use super::model::{Fields, Unit, VERSION, everything, schema};
use crate::{Document, Follower, Index, Query, Schema};

pub(super) const UNITS: Collection = Collection("prove/enhet");
pub(super) const FEED: Feed = Feed("prove/oppdateringer");

/// A journal and an index side by side in a directory.
pub(super) struct Site {
    pub(super) dir: TempDir,
    pub(super) journal: SharedJournal,
    schema: Schema,
    pub(super) fields: Fields,
}

impl Site {
    pub(super) fn new() -> Self {
        let dir = TempDir::new().unwrap();
        let journal = SqliteJournal::open(&dir.path().join("journal"), Options::default()).unwrap();
        let (schema, fields) = schema();
        Self { dir, journal, schema, fields }
    }

    pub(super) fn index(&self) -> Index {
        Index::open(&self.dir.path().join("indeks"), self.schema.clone(), VERSION).unwrap()
    }

    pub(super) fn follower(&self, index: &Index) -> Follower {
        follower(Arc::clone(&self.journal), index, self.fields)
    }

    pub(super) async fn write(&self, steps: Vec<Step>) {
        self.journal.append(Change { at: Timestamp::from_millis(1), steps }).await.unwrap();
    }

    pub(super) fn names(&self, index: &Index, text: &str) -> Vec<u64> {
        index.search(&everything(Query::Name(self.fields.name, text.to_owned()))).unwrap().ids
    }
}

pub(super) fn follower(journal: SharedJournal, index: &Index, fields: Fields) -> Follower {
    let mapping = move |version: &journal::Version| -> Option<Document> {
        let name = std::str::from_utf8(&version.body).ok()?.trim_matches('"');
        (name != "hidden").then(|| Unit::named(name).document(version.id, &fields))
    };
    Follower::new(journal, FEED, UNITS, index.clone(), Arc::new(mapping))
}

fn event(id: u64) -> Step {
    Step::Publish { feed: FEED, subject: id, kind: 1, number: None, at: None }
}

pub(super) fn put(id: u64, name: &str) -> Vec<Step> {
    let body = format!("\"{name}\"").into_bytes();
    vec![Step::Put { collection: UNITS, id, body, at: None }, event(id)]
}

fn remove(id: u64) -> Vec<Step> {
    vec![Step::Remove { collection: UNITS, id, tombstone: b"{}".to_vec(), at: None }, event(id)]
}

#[tokio::test(flavor = "multi_thread")]
async fn events_lead_to_documents_by_a_route() {
    let site = Site::new();
    let index = site.index();
    let onward = |version: &journal::Version| {
        str::from_utf8(&version.body).ok()?.trim_matches('"').strip_prefix("see ")?.parse().ok()
    };
    let mut follower = site.follower(&index).with_route(|subject| subject / 100, onward);
    let silent = |id, name| vec![put(id, name).remove(0)];
    site.write([silent(1, "see 2"), silent(2, "see 3"), silent(3, "Gamma"), silent(4, "Delta")].concat())
        .await;
    follower.catch_up().await.unwrap();
    assert_eq!(site.names(&index, "gamma"), [3]);
    // What stands under 3 and 4 changes; the event is about 1.
    site.write([silent(3, "Omega"), silent(4, "Omega"), vec![event(199)]].concat()).await;
    follower.catch_up().await.unwrap();
    assert_eq!(site.names(&index, "omega"), [3]);
    // Numbers that lead in a circle end.
    site.write([silent(3, "see 1"), vec![event(300)]].concat()).await;
    follower.catch_up().await.unwrap();
    assert_eq!(site.names(&index, "omega"), Vec::<u64>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_and_removals_are_followed() {
    let site = Site::new();
    site.write([put(1, "Alfa"), put(2, "Beta")].concat()).await;
    let index = site.index();
    assert!(matches!(index.count(&Query::All), Err(crate::SearchError::NotReady)));
    let mut follower = site.follower(&index);
    assert_eq!(follower.catch_up().await.unwrap(), 0, "a fresh index has everything already");
    assert_eq!((site.names(&index, "alfa"), index.position()), (vec![1], Some(2)));

    site.write([put(1, "Gamma"), put(3, "Delta"), put(1, "Gamma To")].concat()).await;
    site.write(remove(2)).await;
    assert_eq!(follower.catch_up().await.unwrap(), 4);
    assert_eq!(site.names(&index, "alfa"), Vec::<u64>::new());
    assert_eq!(site.names(&index, "beta"), Vec::<u64>::new());
    assert_eq!(site.names(&index, "gamma to"), [1]);
    assert_eq!((index.documents().unwrap(), index.position()), (2, Some(6)));

    site.write(put(3, "hidden")).await;
    follower.catch_up().await.unwrap();
    assert_eq!(index.count(&Query::All).unwrap(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reopened_index_goes_on_where_it_stopped() {
    let site = Site::new();
    site.write(put(1, "Alfa")).await;
    site.follower(&site.index()).catch_up().await.unwrap();
    site.write(put(2, "Beta")).await;

    let index = site.index();
    assert_eq!((index.fault(), index.position()), (None, Some(1)));
    let rebuilt = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&rebuilt);
    let progress = move |_, _| {
        count.fetch_add(1, Ordering::Relaxed);
    };
    let mut follower = site.follower(&index).with_progress(progress);
    assert_eq!(follower.catch_up().await.unwrap(), 1);
    assert_eq!(rebuilt.load(Ordering::Relaxed), 0);
    assert_eq!(index.count(&Query::All).unwrap(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_events_come_in_batches_and_each_document_once() {
    let site = Site::new();
    let index = site.index();
    let mut follower = site.follower(&index);
    follower.catch_up().await.unwrap();
    for round in 0..3u64 {
        for chunk in (0..1_500u64).collect::<Vec<_>>().chunks(500) {
            site.write(chunk.iter().flat_map(|id| put(*id, &format!("Runde {round} nr {id}"))).collect())
                .await;
        }
    }
    assert_eq!(follower.catch_up().await.unwrap(), 4_500);
    assert_eq!(index.count(&Query::All).unwrap(), 1_500);
    assert_eq!(index.count(&Query::NamePhrase(site.fields.name, "runde 2".to_owned())).unwrap(), 1_500);
    assert_eq!(index.verify().unwrap(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_follower_is_seen_within_a_second() {
    let site = Site::new();
    let index = site.index();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let running = tokio::spawn(site.follower(&index).run(async move {
        let _ = stopped.await;
    }));
    index.wait_for(0).await;
    for n in 1..=5u64 {
        site.write(put(n, "Alfa")).await;
        tokio::time::timeout(Duration::from_secs(1), index.wait_for(n)).await.unwrap();
        assert_eq!(index.count(&Query::All).unwrap(), n);
    }
    stop.send(()).unwrap();
    tokio::time::timeout(Duration::from_secs(5), running).await.unwrap().unwrap();
}
