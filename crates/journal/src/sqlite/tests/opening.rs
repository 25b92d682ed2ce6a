//! Opening, closing, locks, other programs' files, what survives a crash and what does not survive removal.

use std::time::Duration;

use super::*;

/// JSON in which there is nothing to compress.
fn noise(length: usize, seed: u64) -> String {
    let mut state = seed;
    let characters = std::iter::repeat_with(|| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        char::from(b'0' + (state >> 58) as u8)
    });
    format!("\"{}\"", characters.filter(|character| *character != '\\').take(length).collect::<String>())
}

fn refused(result: Result<Arc<SqliteJournal>>) -> JournalError {
    match result {
        Ok(_) => panic!("it opened"),
        Err(error) => error,
    }
}

#[tokio::test]
async fn one_writes_and_others_read() {
    let store = Store::new();
    let missing = refused(SqliteJournal::open_read_only(&store.path()));
    assert!(
        matches!(&missing, JournalError::Unavailable(text) if text.contains("journal.sqlite")),
        "{missing}"
    );
    let journal = store.open();
    journal.append(change(vec![put(1, "1"), publish(1)])).await.unwrap();

    let second = refused(SqliteJournal::open(&store.path(), Options::default()));
    assert!(second.to_string().contains("another process has the store"), "{second}");
    let reader = SqliteJournal::open_read_only(&store.path()).unwrap();
    assert_eq!(*reader.watch().borrow(), Seq(1));
    journal.append(change(vec![put(2, "2")])).await.unwrap();
    assert_eq!(reader.get(UNITS, 2, AsOf::Now).await.unwrap().unwrap().body, b"2");
    assert_eq!(reader.verify(&|_, _| {}).await.unwrap().versions, 2);
    assert_eq!(reader.backup(&store.0.path().join("kopi"), &|_, _| {}).await.unwrap(), Seq(2));
    assert!(matches!(reader.append(change(vec![])).await, Err(JournalError::Unavailable(_))));
    drop(journal);
    assert_eq!(reader.head().await.unwrap(), Seq(2));
    store.open().append(change(vec![put(3, "3")])).await.unwrap();
    assert_eq!(reader.head().await.unwrap(), Seq(3));
}

#[tokio::test]
async fn a_closed_store_refuses_everything_and_can_be_opened_again() {
    let store = Store::new();
    let journal = store.open();
    let mut watch = journal.watch();
    let waiting: Vec<_> = (0..20)
        .map(|id| {
            let journal = Arc::clone(&journal);
            tokio::spawn(async move { journal.append(change(vec![put(id, "1")])).await })
        })
        .collect();
    tokio::task::yield_now().await;
    journal.close();
    journal.close();
    let mut written = 0;
    for task in waiting {
        match task.await.unwrap() {
            Ok(_) => written += 1,
            Err(error) => assert!(matches!(error, JournalError::Unavailable(_)), "{error}"),
        }
    }
    for result in [journal.append(change(vec![])).await.map(|_| ()), journal.head().await.map(|_| ())] {
        assert!(matches!(result, Err(JournalError::Unavailable(_))), "{result:?}");
    }
    let scanned = journal.scan(UNITS, Seq(1), None, 1000).await;
    assert!(matches!(scanned, Err(JournalError::Unavailable(_))), "{scanned:?}");
    while watch.changed().await.is_ok() {}
    let again = store.open();
    assert_eq!(again.head().await.unwrap(), Seq(written), "what was answered is there, and nothing else");
    assert!(!store.0.path().join("kopi").exists());
}

#[tokio::test]
async fn files_of_others_are_left_alone() {
    let store = Store::new();
    store.open().append(change(vec![put(1, "1")])).await.unwrap();
    store.raw().pragma_update(None, "user_version", 99).unwrap();
    let both = [
        refused(SqliteJournal::open(&store.path(), Options::default())),
        refused(SqliteJournal::open_read_only(&store.path())),
    ];
    for error in both {
        assert!(matches!(error, JournalError::TooNew { found: 99, known: 1 }), "{error}");
    }

    let other = Store::new();
    other.raw().execute_batch("CREATE TABLE theirs (x)").unwrap();
    let error = refused(SqliteJournal::open(&other.path(), Options::default()));
    assert!(matches!(error, JournalError::Corrupt(_)), "{error}");
    assert_eq!(other.count("SELECT count(*) FROM sqlite_schema"), 1);

    let text = Store::new();
    std::fs::write(text.path(), "organisasjonsnummer;navn\n".repeat(1000)).unwrap();
    let error = refused(SqliteJournal::open(&text.path(), Options::default()));
    assert!(matches!(error, JournalError::Corrupt(_)), "{error}");
}

/// The files as they are on disk at the moment of the answer: what a power cut would leave.
#[tokio::test]
async fn what_was_answered_survives_without_closing() {
    let (store, after) = (Store::new(), Store::new());
    let journal = store.open();
    for n in 1..=30 {
        journal.append(change(vec![put(n, "1"), publish(n)])).await.unwrap();
    }
    let log = |store: &Store| store.0.path().join("journal.sqlite-wal");
    std::fs::copy(store.path(), after.path()).unwrap();
    std::fs::copy(log(&store), log(&after)).unwrap();
    let recovered = after.open();
    assert_eq!(recovered.head().await.unwrap(), Seq(30));
    let report = recovered.verify(&|_, _| {}).await.unwrap();
    assert_eq!((report.versions, report.events, report.faults.len()), (30, 30, 0));
}

#[tokio::test]
async fn removed_content_is_soon_in_no_file() {
    let store = Store::new();
    let journal = store.open();
    // Without anything to compress, so that it is stored as it is; the long one fills pages of its own.
    let mut state = 1_u64;
    let random = std::iter::repeat_with(|| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 56) as u8
    });
    let long: Vec<u8> = random.take(200_000).collect();
    let short = long.iter().rev().take(30).copied().collect::<Vec<u8>>();
    let step = |id, body: &[u8]| Step::Put { collection: UNITS, id, body: body.to_vec(), at: None };
    let traces: Vec<&[u8]> =
        long.chunks_exact(5000).map(|chunk| &chunk[..20]).chain([&short[..20]]).collect();
    let lingering = || {
        let files = std::fs::read_dir(store.0.path()).unwrap().map(|entry| entry.unwrap().path());
        let all: Vec<u8> = files.flat_map(|path| std::fs::read(path).unwrap()).collect();
        let seen: std::collections::HashSet<&[u8]> = all.windows(20).collect();
        traces.iter().filter(|trace| seen.contains(**trace)).count()
    };
    let others = (10..40).map(|id| put(id, "{}"));
    journal.append(change(others.chain([step(1, &short), step(2, &long)]).collect())).await.unwrap();
    assert_eq!(lingering(), traces.len());
    // Into the file itself, as happens in the course of time.
    store.raw().query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    journal.append(change(vec![remove(1), remove(2)])).await.unwrap();
    for _ in 0..50 {
        if lingering() == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(lingering(), 0);
}

/// The store has room for only so many pages.
#[tokio::test]
async fn a_full_disk_refuses_changes_and_keeps_what_was_answered() {
    let store = Store::new();
    let lock = connection::StoreLock::take(&store.path()).unwrap();
    let full = connection::for_writing(&store.path(), &Options::default()).unwrap();
    schema::migrate(&full).unwrap();
    full.pragma_update_and_check(None, "max_page_count", 60, |_| Ok(())).unwrap();
    let (queue, head) = Queue::start(full, lock, Arc::default()).unwrap();
    let dictionaries = Arc::new(shared::load_dictionaries(&store.raw()).unwrap());
    let mut answered = 0;
    let refused = loop {
        let change = change(vec![put(answered, &noise(16_000, answered)), publish(answered)]);
        let (prepared, _) = prepare::prepare(&dictionaries, change, &[]).unwrap();
        match queue.write(prepared, queue.room(1000).await.unwrap()).await {
            Ok(_) => answered += 1,
            Err(error) => break error,
        }
    };
    assert!(matches!(&refused, JournalError::Unavailable(text) if text.contains("full")), "{refused:?}");
    assert!(answered > 5);
    let (small, _) = prepare::prepare(&dictionaries, change(vec![publish(1)]), &[]).unwrap();
    let receipt = queue.write(small, queue.room(10).await.unwrap()).await.unwrap();
    assert_eq!(
        (receipt.seq, receipt.numbers),
        (Seq(answered + 1), vec![answered + 1]),
        "what fits still goes"
    );
    assert_eq!(*head.borrow(), Seq(answered + 1));
    queue.close();

    let journal = store.open();
    assert_eq!(journal.head().await.unwrap(), Seq(answered + 1));
    let report = journal.verify(&|_, _| {}).await.unwrap();
    assert_eq!((report.versions, report.faults.len()), (answered, 0));
}
