//! Verification finds each kind of damage, and reading what is damaged is an error, not a crash.

use super::*;

async fn sound() -> Store {
    let store = Store::new();
    let journal = store.open();
    journal.append(change((900_000_001..900_001_500).map(unit).collect())).await.unwrap();
    let record =
        Step::Record { space: SPACE, key: b"k".to_vec(), value: Some(vec![1]), guard: crate::Guard::Any };
    journal
        .append(change(vec![publish(900_000_001), publish(900_000_002), publish(900_000_001), record]))
        .await
        .unwrap();
    journal.append(change(vec![remove(900_000_007), put(900_000_008, "{}")])).await.unwrap();
    store
}

async fn faults(store: &Store, damage: &str) -> Vec<String> {
    store.raw().execute_batch(damage).unwrap();
    let journal = SqliteJournal::open_read_only(&store.path()).unwrap();
    let faults = journal.verify(&|_, _| {}).await.unwrap().faults;
    assert!(faults.len() <= 100);
    for fault in &faults {
        assert!(!fault.contains("9000000"), "a document's number is shown: {fault}");
    }
    faults
}

#[tokio::test]
async fn each_kind_of_damage_is_named() {
    for (damage, words) in [
        ("UPDATE head SET seq = 2", "change 3, the changes are 1 to 2"),
        ("UPDATE versions SET body = substr(body, 1, 20) WHERE id = 900000005", "cannot be decompressed"),
        ("UPDATE versions SET body = x'7b', coding = -1 WHERE id = 900000005", "is not JSON"),
        ("UPDATE versions SET coding = 77 WHERE id = 900000005", "dictionary 77 is missing"),
        ("DELETE FROM names WHERE kind = 'space'", "space number 3, which has no name"),
        ("UPDATE events SET position = 9 WHERE position = 3", "position 9 does not follow"),
        ("UPDATE events SET number = 2 WHERE position = 3", "number 2, which is not above 2"),
        ("UPDATE events SET at = at - 1 WHERE position = 2", "before the one before it in time"),
        ("UPDATE events SET seq = 1 WHERE position = 3", "is not in commit order"),
        ("UPDATE records SET seq = 4", "prøve/poster: a record belongs to change 4"),
        (
            "INSERT INTO versions SELECT collection, 900000007, 0, at, NULL, NULL, -1, x'30' FROM versions LIMIT 1",
            "still there though the document was removed",
        ),
        ("UPDATE versions SET removed_seq = 0 WHERE id = 900000007", "older than what it stands for"),
    ] {
        let store = sound().await;
        assert_eq!(faults(&store, "").await, Vec::<String>::new());
        let found = faults(&store, damage).await;
        assert!(found.iter().any(|fault| fault.contains(words)), "{damage}: {found:?}");
        assert!(found.len() <= 2, "{damage}: {found:?}");
    }
}

#[tokio::test]
async fn a_report_has_an_end() {
    let store = sound().await;
    assert_eq!(faults(&store, "UPDATE versions SET coding = 0").await.len(), 100);
}

#[tokio::test]
async fn a_broken_page_is_a_fault_of_the_file() {
    let store = sound().await;
    drop(store.open());
    let mut bytes = std::fs::read(store.path()).unwrap();
    let page = bytes.len() / 8192 / 2 * 8192;
    bytes[page + 8..page + 4000].fill(0xa5);
    std::fs::write(store.path(), bytes).unwrap();
    let journal = SqliteJournal::open_read_only(&store.path()).unwrap();
    let report = journal.verify(&|_, _| {}).await.unwrap();
    assert!(!report.faults.is_empty());
    assert_eq!(report.events, 3, "the rest is still looked at");
}

#[tokio::test]
async fn a_damaged_dictionary_leaves_the_store_open() {
    let store = sound().await;
    let found = faults(&store, "UPDATE dictionaries SET content = x'37a430ec00000000'").await;
    assert!(found[0].contains("dictionary 1 cannot be read"), "{found:?}");
    let journal = store.open();
    let read = journal.get(UNITS, 900_000_001, AsOf::Now).await;
    assert!(matches!(read, Err(JournalError::Corrupt(_))), "{read:?}");
    assert!(journal.append(change(vec![unit(1)])).await.is_ok());
    assert!(journal.get(UNITS, 1, AsOf::Now).await.unwrap().is_some());
}

#[tokio::test]
async fn lengths_that_lie_are_errors() {
    let store = sound().await;
    // A zstd header that promises 2^40 bytes, one that promises nothing, and no header at all.
    for body in ["28b52ffde00000000000010000", "28b52ffd0058", "00"] {
        let sql = format!("UPDATE versions SET body = x'{body}' WHERE id = 900000005");
        store.raw().execute_batch(&sql).unwrap();
        let journal = store.open();
        let read = journal.get(UNITS, 900_000_005, AsOf::Now).await;
        assert!(matches!(read, Err(JournalError::Corrupt(_))), "{body}: {read:?}");
        assert!(journal.get(UNITS, 900_000_006, AsOf::Now).await.unwrap().is_some());
    }
}
