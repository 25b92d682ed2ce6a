//! Dictionaries come by themselves, once for each collection, and are there whenever a row needs one.

use super::*;
use crate::Guard;

const ALL: &str = "SELECT count(*) FROM dictionaries";
const WITH: &str = "SELECT count(*) FROM versions WHERE coding > 0";

#[tokio::test]
async fn a_large_change_brings_its_own() {
    let store = Store::new();
    let journal = store.open();
    journal.append(change((0..2000).map(unit).collect())).await.unwrap();
    assert_eq!((store.count(ALL), store.count(WITH)), (1, 2000));
    journal.append(change(vec![unit(5000)])).await.unwrap();
    assert_eq!(store.count(WITH), 2001);
    let packed = store.count("SELECT sum(length(body)) FROM versions");
    let plain: usize =
        (0..2000).map(|id| if let Step::Put { body, .. } = unit(id) { body.len() } else { 0 }).sum();
    assert!(packed.unsigned_abs() < plain as u64 / 3, "{packed} of {plain} bytes");
}

#[tokio::test]
async fn many_small_changes_together_bring_one() {
    let store = Store::new();
    let journal = store.open();
    // Opened before there is a dictionary, and in no contact with the writer, as another process is.
    let reader = SqliteJournal::open_read_only(&store.path()).unwrap();
    for n in 0..25 {
        journal.append(change((n * 50..n * 50 + 50).map(unit).collect())).await.unwrap();
    }
    assert_eq!(store.count(ALL), 1);
    assert!((250..=300).contains(&store.count(WITH)), "from the change that made a thousand on");
    let found = reader.scan(UNITS, Seq(25), None, 5000).await.unwrap();
    assert_eq!(found.len(), 1250);
    drop(journal);
    let journal = store.open();
    assert_eq!(journal.scan(UNITS, Seq(25), None, 5000).await.unwrap(), found);
    journal.append(change(vec![unit(9000)])).await.unwrap();
    assert_eq!(store.count(ALL), 1, "the stored one is used again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_large_changes_at_once_bring_one() {
    let store = Store::new();
    let journal = store.open();
    let tasks: Vec<_> = (0..6)
        .map(|n| {
            let journal = Arc::clone(&journal);
            tokio::spawn(async move {
                journal.append(change((n * 1500..n * 1500 + 1500).map(unit).collect())).await
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    assert_eq!(store.count(ALL), 1);
    assert_eq!(journal.verify(&|_, _| {}).await.unwrap().faults, Vec::<String>::new());
}

#[tokio::test]
async fn one_that_was_not_stored_is_trained_again() {
    let store = Store::new();
    let journal = store.open();
    let refused = Step::Record { space: SPACE, key: vec![], value: None, guard: Guard::SetAt(Seq(1)) };
    let steps = (0..1500).map(unit).chain([refused]).collect();
    assert!(matches!(journal.append(change(steps)).await, Err(JournalError::Conflict { .. })));
    assert_eq!(store.count(ALL), 0);

    // A caller that goes away in the middle.
    let going = journal.append(change((0..1500).map(unit).collect()));
    assert!(tokio::time::timeout(std::time::Duration::ZERO, going).await.is_err());

    journal.append(change((0..1500).map(unit).collect())).await.unwrap();
    while store.count(WITH) == 0 {
        journal.append(change((0..1500).map(unit).collect())).await.unwrap();
    }
    assert_eq!(journal.get(UNITS, 1, AsOf::Now).await.unwrap().map(|version| version.id), Some(1));
}

#[tokio::test]
async fn bodies_that_train_none_do_without() {
    let store = Store::new();
    let journal = store.open();
    for _ in 0..2 {
        journal.append(change((0..2000).map(|id| put(id, "")).collect())).await.unwrap();
    }
    journal.append(change(vec![unit(1)])).await.unwrap();
    assert_eq!((store.count(ALL), store.count(WITH)), (0, 0));
    assert_eq!(journal.get(UNITS, 2, AsOf::Now).await.unwrap().unwrap().body, b"");
    let Step::Put { body, .. } = unit(1) else { panic!("a unit is put") };
    assert_eq!(journal.get(UNITS, 1, AsOf::Now).await.unwrap().unwrap().body, body);
}
