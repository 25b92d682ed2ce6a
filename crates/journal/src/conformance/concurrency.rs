//! Many at once: commit order, guards, moments.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{FEED, Fixture, UNITS, at, body, change, publish, put};
use crate::{AsOf, Change, Event, Guard, JournalError, Seq, SharedJournal, Space, Step};

const WRITERS: u64 = 8;
const CHANGES: u64 = 60;
const SPACE: Space = Space("prøve/teller");

/// Many write; one follows by position and one by waiting on the watch. Neither ever misses or doubles an event,
/// and what an event tells of can be read at once.
pub async fn a_follower_misses_nothing(fixture: &dyn Fixture) {
    let journal = fixture.open().await;
    let total = (WRITERS * CHANGES * 2) as usize;
    let polling = tokio::spawn(follow(journal.clone(), total, false));
    let waiting = tokio::spawn(follow(journal.clone(), total, true));
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let journal = journal.clone();
            tokio::spawn(async move {
                for n in 0..CHANGES {
                    let id = writer * 1000 + n;
                    let steps = vec![put(id, "a"), publish(id), publish(id)];
                    let receipt = journal.append(change(n.cast_signed(), steps)).await.unwrap();
                    // Reads after the answer see the change.
                    let version = journal.get(UNITS, id, AsOf::Now).await.unwrap().unwrap();
                    assert_eq!(version.seq, receipt.seq);
                    assert!(journal.head().await.unwrap() >= receipt.seq);
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    let (polled, waited) = (polling.await.unwrap(), waiting.await.unwrap());
    assert_eq!(polled, journal.read(FEED, 1, 100_000).await.unwrap());
    assert_eq!(waited, polled);
    let mut subjects: Vec<u64> = polled.iter().map(|event| event.subject).collect();
    subjects.sort_unstable();
    let expected = (0..WRITERS).flat_map(|writer| (0..CHANGES).flat_map(move |n| [writer * 1000 + n; 2]));
    assert_eq!(subjects, expected.collect::<Vec<_>>());
}

async fn follow(journal: SharedJournal, total: usize, wait: bool) -> Vec<Event> {
    let mut watch = journal.watch();
    let mut seen: Vec<Event> = Vec::new();
    while seen.len() < total {
        if wait && !seen.is_empty() {
            watch.changed().await.unwrap();
        }
        loop {
            let events = journal.read(FEED, seen.len() as u64 + 1, 7).await.unwrap();
            if events.is_empty() {
                break;
            }
            for event in events {
                assert_eq!(event.position, seen.len() as u64 + 1);
                assert!(seen.last().is_none_or(|last| last.seq <= event.seq && last.number < event.number));
                let version = journal.get(UNITS, event.subject, AsOf::Seq(event.seq)).await.unwrap();
                assert_eq!(version.unwrap().seq, event.seq);
                seen.push(event);
            }
        }
        tokio::task::yield_now().await;
    }
    seen
}

/// A counter that many raise under a guard: none of their additions is lost.
pub async fn a_guard_lets_one_of_many_through(fixture: &dyn Fixture) {
    let journal = fixture.open().await;
    let tasks: Vec<_> = (0..WRITERS)
        .map(|_| {
            let journal = journal.clone();
            tokio::spawn(async move {
                for _ in 0..20 {
                    while !raise(&journal).await {}
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let counter = journal.record(SPACE, b"n").await.unwrap().unwrap();
    assert_eq!(counter.value, (WRITERS * 20).to_be_bytes());
    assert_eq!(journal.head().await.unwrap(), Seq(WRITERS * 20), "refused changes have no number");
}

async fn raise(journal: &SharedJournal) -> bool {
    let (value, guard) = match journal.record(SPACE, b"n").await.unwrap() {
        None => (0, Guard::Absent),
        Some(record) => (u64::from_be_bytes(record.value.try_into().unwrap()), Guard::SetAt(record.seq)),
    };
    let value = Some((value + 1).to_be_bytes().to_vec());
    let step = Step::Record { space: SPACE, key: b"n".to_vec(), value, guard };
    match journal.append(Change { at: at(0), steps: vec![step] }).await {
        Ok(_) => true,
        Err(JournalError::Conflict { .. }) => false,
        Err(error) => panic!("{error}"),
    }
}

/// Documents that always change together are never read half changed.
pub async fn many_documents_are_of_one_moment(fixture: &dyn Fixture) {
    let journal = fixture.open().await;
    let ids: Vec<u64> = (0..100).collect();
    let together = |text: String| ids.iter().map(|id| put(*id, &text)).collect::<Vec<_>>();
    journal.append(change(0, together("0".to_owned()))).await.unwrap();
    let done = Arc::new(AtomicBool::new(false));
    let reader = {
        let (journal, ids, done) = (journal.clone(), ids.clone(), Arc::clone(&done));
        tokio::spawn(async move {
            let mut reads = 0;
            while !done.load(Ordering::Relaxed) || reads == 0 {
                for some in [&ids[..], &ids[..10]] {
                    let found = journal.get_many(UNITS, some, AsOf::Now).await.unwrap();
                    let first = found[0].as_ref().unwrap();
                    assert!(found.iter().flatten().all(|version| version.seq == first.seq));
                    assert_eq!(found.iter().flatten().count(), some.len());
                }
                reads += 1;
                tokio::task::yield_now().await;
            }
        })
    };
    for n in 1..60 {
        journal.append(change(n, together(n.to_string()))).await.unwrap();
    }
    done.store(true, Ordering::Relaxed);
    reader.await.unwrap();
    assert_eq!(journal.get(UNITS, 0, AsOf::Now).await.unwrap().unwrap().body, body("59"));
}

/// While one writes, others take a mark, read, and take it again: if both marks are equal, a later read under the same
/// mark gives the same. An engine may know no marks at all.
pub async fn equal_marks_mean_an_unchanged_document(fixture: &dyn Fixture) {
    const ID: u64 = 7;
    let journal = fixture.open().await;
    journal.append(change(0, vec![put(ID, "0")])).await.unwrap();
    let done = Arc::new(AtomicBool::new(false));
    let reader = {
        let (journal, done) = (journal.clone(), Arc::clone(&done));
        tokio::spawn(async move {
            let mut kept = None;
            while !done.load(Ordering::SeqCst) {
                let mark = journal.mark(UNITS, ID);
                let read = journal.get(UNITS, ID, AsOf::Now).await.unwrap().unwrap();
                if let (Some(mark), Some((old_mark, old))) = (mark, kept.as_ref()) {
                    // What was kept under this mark must be no older than what was acknowledged when it was taken.
                    assert!(mark != *old_mark || read.seq == *old || journal.mark(UNITS, ID) != Some(mark));
                }
                kept = mark.map(|mark| (mark, read.seq));
                tokio::task::yield_now().await;
            }
        })
    };
    for n in 1..200 {
        let receipt = journal.append(change(n, vec![put(ID, &n.to_string())])).await.unwrap();
        let mark = journal.mark(UNITS, ID);
        let read = journal.get(UNITS, ID, AsOf::Now).await.unwrap().unwrap();
        assert_eq!(read.seq, receipt.seq);
        journal.append(change(n, vec![put(ID + 1, "annet")])).await.unwrap();
        journal.append(change(n, vec![put(ID, "igjen")])).await.unwrap();
        assert!(mark.is_none() || mark != journal.mark(UNITS, ID), "a written document has another mark");
    }
    done.store(true, Ordering::SeqCst);
    reader.await.unwrap();
}
