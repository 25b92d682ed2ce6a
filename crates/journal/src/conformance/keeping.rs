//! What is kept: over reopening, in backups; and what verification counts.

use std::sync::atomic::{AtomicU64, Ordering};

use super::{FEED, Fixture, UNITS, change, publish, put, remove};
use crate::{AsOf, Guard, JournalError, Seq, Space, Step};

const SPACE: Space = Space("prøve/poster");

fn record(key: &[u8]) -> Step {
    Step::Record { space: SPACE, key: key.to_vec(), value: Some(b"v".to_vec()), guard: Guard::Any }
}

/// Documents, events, records and numbers go on where they were.
pub async fn everything_is_there_after_reopening(fixture: &dyn Fixture) {
    let journal = fixture.open().await;
    let bulk = (0..1500).map(|n| put(n, &format!("Enhet {n} Aksjeselskap"))).collect();
    journal.append(change(0, bulk)).await.unwrap();
    journal.append(change(10, vec![put(1, "b"), publish(1), record(b"k")])).await.unwrap();
    journal.append(change(20, vec![remove(2), publish(2)])).await.unwrap();
    let before = journal.scan(UNITS, Seq(3), None, 10_000).await.unwrap();
    let events = journal.read(FEED, 1, 10).await.unwrap();
    drop(journal);

    for opened in 0..3 {
        let journal = fixture.open().await;
        assert_eq!(journal.head().await.unwrap(), Seq(3 + opened));
        assert_eq!(*journal.watch().borrow(), Seq(3 + opened));
        assert_eq!(journal.scan(UNITS, Seq(3), None, 10_000).await.unwrap(), before);
        assert_eq!(journal.read(FEED, 1, 2).await.unwrap(), events);
        assert_eq!(journal.versions(UNITS, 1).await.unwrap().len(), 2);
        assert_eq!(journal.record(SPACE, b"k").await.unwrap().unwrap().seq, Seq(2));
        let receipt = journal.append(change(0, vec![publish(3), put(5000 + opened, "ny")])).await.unwrap();
        assert_eq!((receipt.seq, receipt.numbers), (Seq(4 + opened), vec![3 + opened]));
        let event = journal.read(FEED, 3 + opened, 1).await.unwrap()[0];
        assert_eq!(event.at, events[1].at, "lifted to the head's time, which was read back");
    }
}

/// The copy has what was written up to its number and nothing of what came later.
pub async fn a_backup_is_exact_while_others_write(fixture: &dyn Fixture) {
    let journal = fixture.open().await;
    let text = "Enhet med et navn som fyller litt ".repeat(20);
    let bulk = (0..3000).map(|n| put(n, &format!("{text}{n}"))).collect();
    journal.append(change(0, bulk)).await.unwrap();
    let writer = journal.clone();
    let writing = tokio::spawn(async move {
        for n in 0..100 {
            writer.append(change(1, vec![put(n, "ny"), publish(n)])).await.unwrap();
        }
    });
    let target = fixture.directory().join("kopi");
    let heard = AtomicU64::new(0);
    let progress = |done: u64, total: Option<u64>| {
        assert!(total.is_none_or(|total| done <= total));
        heard.fetch_add(1, Ordering::Relaxed);
    };
    let seq = journal.backup(&target, &progress).await.unwrap();
    writing.await.unwrap();
    assert!(heard.load(Ordering::Relaxed) > 0);
    let refused = journal.backup(&target, &progress).await;
    assert!(matches!(refused, Err(JournalError::NotAllowed(_))), "{refused:?}");

    let copy = fixture.open_backup(&target).await;
    assert_eq!(copy.head().await.unwrap(), seq);
    assert_eq!(copy.feed_head(FEED).await.unwrap().position, seq.0 - 1);
    let there = copy.scan(UNITS, Seq(u64::MAX), None, 10_000).await.unwrap();
    assert!(there.iter().all(|version| version.seq <= seq));
    assert_eq!(there, journal.scan(UNITS, seq, None, 10_000).await.unwrap());
    assert_eq!(copy.verify(&|_, _| {}).await.unwrap().faults, Vec::<String>::new());
    assert_eq!(copy.append(change(2, vec![])).await.unwrap().seq, Seq(seq.0 + 1), "the copy is a journal");
}

/// And finds nothing wrong with what the engine itself wrote.
pub async fn verify_counts_everything(fixture: &dyn Fixture) {
    let journal = fixture.open().await;
    assert_eq!(journal.verify(&|_, _| {}).await.unwrap(), crate::VerifyReport::default());
    let empty = journal.disk_bytes().await.unwrap();
    let bulk = (0..2000).flat_map(|n| [put(n, &format!("Enhet {n}")), publish(n)]).collect();
    journal.append(change(0, bulk)).await.unwrap();
    assert!(journal.disk_bytes().await.unwrap() > empty);
    let steps = vec![put(1, "b"), remove(2), put(2, "tilbake"), remove(3), record(b"a"), record(b"b")];
    journal.append(change(1, steps)).await.unwrap();
    let last = AtomicU64::new(0);
    let report = journal.verify(&|done, _| last.store(done, Ordering::Relaxed)).await.unwrap();
    assert_eq!(report.faults, Vec::<String>::new());
    // One more of document 1 and of document 2, which has its tombstone and its return.
    assert_eq!((report.versions, report.events, report.records), (2002, 2000, 2));
    assert_eq!(last.load(Ordering::Relaxed), 4004);
    assert!(journal.get(UNITS, 3, AsOf::Now).await.unwrap().unwrap().removed);
}
