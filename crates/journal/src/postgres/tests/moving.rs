//! Stores move between engines, whole and equal, also when a move is cut off.

use std::sync::atomic::{AtomicU64, Ordering};

use super::*;
use crate::transfer::{End, transfer};

async fn fill(journal: &dyn Journal) {
    journal.append(change((1..6000).flat_map(|id| [unit(id), publish(id)]).collect())).await.unwrap();
    let record = |key: &[u8]| Step::Record {
        space: SPACE,
        key: key.to_vec(),
        value: Some(vec![1]),
        guard: Guard::Any,
    };
    journal
        .append(change(vec![put(7, "7"), publish(7), record(b""), record(b"a"), record(&[0xff; 9])]))
        .await
        .unwrap();
    let remove = Step::Remove { collection: UNITS, id: 8, tombstone: b"{}".to_vec(), at: None };
    journal.append(change(vec![remove, publish(8)])).await.unwrap();
    journal.append(change(vec![put(8, "8")])).await.unwrap();
}

async fn contents(journal: &dyn Journal) -> (Seq, Vec<Version>, Vec<Version>, Vec<Event>, Vec<Record>) {
    let now = journal.scan(UNITS, Seq(u64::MAX), None, 100_000).await.unwrap();
    let mut all = Vec::new();
    for id in 1..20 {
        all.extend(journal.versions(UNITS, id).await.unwrap());
    }
    let events = journal.read(FEED, 1, 100_000).await.unwrap();
    let records = journal.records(SPACE, &[], None, 100).await.unwrap();
    (journal.head().await.unwrap(), now, all, events, records)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn to_a_database_and_back() {
    let (database, directory) = (Database::new(), tempfile::tempdir().unwrap());
    let file = directory.path().join("fra.sqlite");
    let source = SqliteJournal::open(&file, sqlite::Options::default()).unwrap();
    fill(&*source).await;
    let before = contents(&*source).await;
    let (from, to) = (End::File(file), End::Database(options(&database.url()).address));
    let held = transfer(&from, &to, &|_, _| {}).await;
    assert!(matches!(held, Err(JournalError::Unavailable(_))), "it is being written to: {held:?}");
    source.close();

    let heard = AtomicU64::new(0);
    let told = |done, total: Option<u64>| {
        assert!(total.is_some_and(|total| done <= total));
        heard.store(done, Ordering::Relaxed);
    };
    let moved = transfer(&from, &to, &told).await.unwrap();
    assert_eq!((moved.seq, moved.resumed), (Seq(4), false));
    assert_eq!(heard.load(Ordering::Relaxed), 2 * moved.rows);
    let journal = open(&database.url()).await;
    assert_eq!(contents(&*journal).await, before);
    assert_eq!(journal.verify(&|_, _| {}).await.unwrap().faults, Vec::<String>::new());
    let receipt = journal.append(change(vec![unit(9), publish(9)])).await.unwrap();
    assert_eq!((receipt.seq, receipt.numbers), (Seq(5), vec![6002]), "it goes on where it was");
    let after = contents(&*journal).await;
    journal.close().await;
    let refused = transfer(&from, &to, &|_, _| {}).await;
    assert!(matches!(refused, Err(JournalError::NotAllowed(_))), "there is a store already: {refused:?}");

    let back = directory.path().join("tilbake.sqlite");
    transfer(&to, &End::File(back.clone()), &|_, _| {}).await.unwrap();
    let returned = SqliteJournal::open(&back, sqlite::Options::default()).unwrap();
    assert_eq!(contents(&*returned).await, after);
    assert_eq!(returned.verify(&|_, _| {}).await.unwrap().faults, Vec::<String>::new());
    assert!(!sqlite::half(&back).exists());
    let refused = transfer(&to, &End::File(back), &|_, _| {}).await;
    assert!(matches!(refused, Err(JournalError::NotAllowed(_))), "{refused:?}");
}

/// Cut off at every page; what is there by then is no store, and the next run goes on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_move_that_is_cut_off_goes_on() {
    let (database, directory) = (Database::new(), tempfile::tempdir().unwrap());
    let file = directory.path().join("fra.sqlite");
    let source = SqliteJournal::open(&file, sqlite::Options::default()).unwrap();
    fill(&*source).await;
    let before = contents(&*source).await;
    source.close();
    let target = directory.path().join("til.sqlite");
    let hops = [
        (End::File(file), End::Database(options(&database.url()).address)),
        (End::Database(options(&database.url()).address), End::File(target.clone())),
    ];
    for (from, to) in hops {
        for pages in 1..5 {
            cut_off(&from, &to, pages).await;
            if matches!(to, End::Database(_)) {
                let refused = PostgresJournal::open(options(&database.url())).await;
                assert!(matches!(refused, Err(JournalError::Unavailable(_))), "half a store: {refused:?}");
            }
        }
        assert!(!target.exists());
        assert!(transfer(&from, &to, &|_, _| {}).await.unwrap().resumed);
    }
    let arrived = SqliteJournal::open(&target, sqlite::Options::default()).unwrap();
    assert_eq!(contents(&*arrived).await, before);
    assert_eq!(arrived.verify(&|_, _| {}).await.unwrap().faults, Vec::<String>::new());
}

/// Stops a move after so many pages, as a kill would.
async fn cut_off(from: &End, to: &End, pages: u64) {
    let (from, to) = (from.clone(), to.clone());
    let (reached, mut came) = tokio::sync::mpsc::unbounded_channel();
    let moving = tokio::spawn(async move {
        let seen = AtomicU64::new(0);
        let told = |_, _| {
            if seen.fetch_add(1, Ordering::Relaxed) + 1 == pages {
                reached.send(()).unwrap();
                std::thread::sleep(Duration::from_millis(50));
            }
        };
        transfer(&from, &to, &told).await
    });
    came.recv().await.unwrap();
    moving.abort();
    let _ = moving.await;
    // The database notices that the client is gone.
    tokio::time::sleep(Duration::from_millis(200)).await;
}
