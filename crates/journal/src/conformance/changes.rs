//! Changes: all or nothing, numbered in commit order.

use tokio::time::{Duration, timeout};

use super::{FEED, Fixture, UNITS, at, change, publish, put};
use crate::{AsOf, Change, DocId, FeedHead, Guard, JournalError, Seq, SharedJournal, Space, Step};

const SPACE: Space = Space("prøve/poster");

fn record(key: Vec<u8>, guard: Guard) -> Step {
    Step::Record { space: SPACE, key, value: Some(b"1".to_vec()), guard }
}

async fn is_empty(journal: &SharedJournal, id: DocId) {
    assert_eq!(journal.get(UNITS, id, AsOf::Now).await.unwrap(), None);
    assert_eq!(journal.scan(UNITS, Seq(u64::MAX), None, 10).await.unwrap(), vec![]);
    assert_eq!(journal.feed_head(FEED).await.unwrap(), FeedHead::default());
    assert_eq!(journal.read(FEED, 1, 10).await.unwrap(), vec![]);
    assert_eq!(journal.read_about(FEED, &[id]).await.unwrap(), vec![]);
    assert_eq!(journal.records(SPACE, b"", None, 10).await.unwrap(), vec![]);
    assert_eq!(journal.head().await.unwrap(), Seq(0));
}

/// A guard that fails at the end takes back everything before it, and the number too.
pub async fn a_change_is_all_or_nothing(fixture: &dyn Fixture) {
    let journal = fixture.open().await;
    is_empty(&journal, 7).await;
    let fails = record(b"b".to_vec(), Guard::SetAt(Seq(1)));
    let steps = vec![put(7, "a"), publish(7), record(b"a".to_vec(), Guard::Absent), fails];
    let refused = journal.append(change(0, steps)).await;
    assert!(matches!(refused, Err(JournalError::Conflict { space }) if space == SPACE.0), "{refused:?}");
    is_empty(&journal, 7).await;

    let receipt = journal.append(change(1, vec![put(7, "b"), publish(7)])).await.unwrap();
    assert_eq!((receipt.seq, receipt.numbers), (Seq(1), vec![1]));
    assert_eq!(journal.versions(UNITS, 7).await.unwrap().len(), 1);
    assert_eq!(journal.read(FEED, 1, 10).await.unwrap().len(), 1);
}

/// 1, 2, 3 …; a change without steps has a number too.
pub async fn changes_are_numbered_from_one(fixture: &dyn Fixture) {
    let journal = fixture.open().await;
    for n in 1..=5 {
        let steps = if n == 3 { vec![] } else { vec![put(n, "a"), publish(n), publish(n)] };
        let receipt = journal.append(change(0, steps)).await.unwrap();
        assert_eq!(receipt.seq, Seq(n));
        assert_eq!(receipt.numbers.len(), if n == 3 { 0 } else { 2 });
        assert_eq!(journal.head().await.unwrap(), Seq(n));
    }
    let events = journal.read(FEED, 1, 100).await.unwrap();
    assert_eq!(events.iter().map(|event| event.seq.0).collect::<Vec<_>>(), [1, 1, 2, 2, 4, 4, 5, 5]);
}

/// The watch shows the newest change and wakes for every newer one.
pub async fn the_watch_tells_of_each_change(fixture: &dyn Fixture) {
    let journal = fixture.open().await;
    journal.append(change(0, vec![put(1, "a")])).await.unwrap();
    let mut watch = journal.watch();
    assert_eq!(*watch.borrow_and_update(), Seq(1));
    let writer = journal.clone();
    let task = tokio::spawn(async move { writer.append(change(1, vec![put(1, "b")])).await });
    timeout(Duration::from_secs(10), watch.changed()).await.unwrap().unwrap();
    assert_eq!(*watch.borrow_and_update(), Seq(2));
    // What the watch tells of can be read.
    assert_eq!(journal.get(UNITS, 1, AsOf::Now).await.unwrap().unwrap().seq, Seq(2));
    task.await.unwrap().unwrap();
    assert!(journal.append(change(1, vec![record(vec![], Guard::SetAt(Seq(9)))])).await.is_err());
    assert!(!watch.has_changed().unwrap(), "a refused change is no change");
}

/// Keys, bodies and numbers beyond their limits, and public numbers that go back.
pub async fn what_is_not_allowed_is_refused(fixture: &dyn Fixture) {
    let journal = fixture.open().await;
    let event = |number| Step::Publish { feed: FEED, subject: 1, kind: 0, number: Some(number), at: None };
    let long = Step::Put { collection: UNITS, id: 1, body: vec![b' '; (16 << 20) + 1], at: None };
    let beyond = u64::MAX >> 1;
    for (what, step) in [
        ("key", record(vec![0; 1025], Guard::Any)),
        ("body", long),
        ("document number", put(beyond + 1, "a")),
        ("public number", event(beyond + 1)),
        ("public number 0", event(0)),
    ] {
        let refused = journal.append(change(0, vec![put(2, "a"), step])).await;
        assert!(matches!(refused, Err(JournalError::NotAllowed(_))), "{what}: {refused:?}");
    }
    is_empty(&journal, 2).await;

    let edge = vec![record(vec![0xff; 1024], Guard::Any), put(beyond, "a"), event(beyond - 1), event(beyond)];
    assert_eq!(journal.append(change(0, edge)).await.unwrap().numbers, [beyond - 1, beyond]);
    for step in [event(beyond), publish(1)] {
        let refused = journal.append(Change { at: at(0), steps: vec![step] }).await;
        assert!(matches!(refused, Err(JournalError::NotAllowed(_))), "{refused:?}");
    }
    assert_eq!(journal.get(UNITS, beyond, AsOf::Now).await.unwrap().unwrap().id, beyond);
    assert_eq!(journal.get(UNITS, u64::MAX, AsOf::Now).await.unwrap(), None);
    assert_eq!(journal.scan(UNITS, Seq(1), Some(u64::MAX), 9).await.unwrap(), vec![]);
    assert_eq!(journal.records(SPACE, &[0xff], None, 9).await.unwrap().len(), 1);
    assert_eq!(journal.records(SPACE, &[0xff], Some(&[0xff; 1024]), 9).await.unwrap(), vec![]);
}
