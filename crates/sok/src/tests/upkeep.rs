//! When an index is built anew, and what answers meanwhile.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::Mutex;

use super::follower::{Site, put};
use super::model::{VERSION, schema};
use crate::{Index, Query, RebuildReason};

/// A site with two units and a finished index.
async fn built() -> Site {
    let site = Site::new();
    site.write([put(1, "Alfa"), put(2, "Beta")].concat()).await;
    site.follower(&site.index()).catch_up().await.unwrap();
    site
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let newest = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).max().unwrap();
    fs::read_dir(newest).unwrap().map(|entry| entry.unwrap().path()).collect()
}

async fn is_rebuilt(site: &Site, index: &Index, reason: impl Fn(&RebuildReason) -> bool) {
    assert!(index.fault().as_ref().is_some_and(&reason), "{:?}", index.fault());
    assert!(matches!(index.count(&Query::All), Err(crate::SearchError::NotReady)));
    site.follower(index).catch_up().await.unwrap();
    assert_eq!((index.fault(), index.count(&Query::All).unwrap(), index.position()), (None, 2, Some(2)));
    assert_eq!(site.index().fault(), None, "the new one is what the next start finds");
}

#[tokio::test(flavor = "multi_thread")]
async fn damaged_files_are_noticed_and_replaced() {
    let extensions = ["json", "term", "fast", "idx"];
    for extension in extensions {
        let site = built().await;
        let dir = site.dir.path().join("indeks");
        let victim = files(&dir).into_iter().find(|path| {
            let name = path.file_name().unwrap().to_string_lossy();
            name != ".managed.json" && path.extension().is_some_and(|e| e == extension)
        });
        fs::write(victim.unwrap_or_else(|| panic!("no {extension} file")), b"not an index").unwrap();
        is_rebuilt(&site, &site.index(), |reason| matches!(reason, RebuildReason::Damaged(_))).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_file_or_a_lost_index_is_replaced() {
    let site = built().await;
    let dir = site.dir.path().join("indeks");
    let victim = files(&dir).into_iter().find(|path| path.extension().is_some_and(|e| e == "fast")).unwrap();
    fs::remove_file(victim).unwrap();
    is_rebuilt(&site, &site.index(), |reason| matches!(reason, RebuildReason::Damaged(_))).await;
    fs::remove_dir_all(&dir).unwrap();
    is_rebuilt(&site, &site.index(), |reason| *reason == RebuildReason::Missing).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_version_or_other_fields_mean_another_index() {
    let site = built().await;
    let dir = site.dir.path().join("indeks");
    let newer = Index::open(&dir, schema().0, VERSION + 1).unwrap();
    assert_eq!(newer.fault(), Some(RebuildReason::OtherFormat));
    let mut other = crate::Schema::builder();
    other.keyword("noe").field();
    let other = Index::open(&dir, other.build().unwrap(), VERSION).unwrap();
    assert_eq!(other.fault(), Some(RebuildReason::OtherFormat));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_of_another_journal_is_not_trusted() {
    let site = built().await;
    let other = Site::new();
    other.write(put(7, "Annen")).await;
    let index = site.index();
    other.follower(&index).catch_up().await.unwrap();
    assert_eq!(site.names(&index, "annen"), [7], "ahead of that journal");

    let third = Site::new();
    third.write([put(7, "Annen"), put(8, "Tredje")].concat()).await;
    let index = site.index();
    third.follower(&index).catch_up().await.unwrap();
    assert_eq!(index.count(&Query::All).unwrap(), 2, "same position, another event");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_old_index_answers_until_the_new_one_is_there() {
    let site = built().await;
    let index = site.index();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (watched, sink) = (index.clone(), Arc::clone(&seen));
    let mut follower = site.follower(&index).with_progress(move |done, total| {
        sink.lock().push((done, total, watched.count(&Query::All).unwrap()));
    });
    site.write(put(3, "Gamma")).await;
    follower.rebuild(&RebuildReason::Requested).await.unwrap();
    assert_eq!(*seen.lock(), [(0, Some(2), 2), (3, Some(3), 2), (3, Some(3), 3)]);
    assert_eq!((index.count(&Query::All).unwrap(), index.position()), (3, Some(3)));

    site.write(put(4, "Delta")).await;
    assert_eq!(follower.catch_up().await.unwrap(), 1);
    assert_eq!(index.count(&Query::All).unwrap(), 4);
    let generations = fs::read_dir(site.dir.path().join("indeks")).unwrap().count();
    assert_eq!(generations, 1, "the old one is gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unfinished_index_is_thrown_away() {
    let site = built().await;
    let dir = site.dir.path().join("indeks");
    fs::create_dir(dir.join("0000000002.ny")).unwrap();
    fs::create_dir(dir.join("0000000000")).unwrap();
    let index = site.index();
    assert_eq!(index.fault(), None);
    assert_eq!(fs::read_dir(&dir).unwrap().count(), 3, "one who only reads leaves it to the builder");
    site.follower(&index).catch_up().await.unwrap();
    assert_eq!(fs::read_dir(&dir).unwrap().count(), 1);
}
