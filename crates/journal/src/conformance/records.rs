//! Records and the leases on top of them.

use std::time::Duration;

use super::{Fixture, at, change};
use crate::{Guard, JournalError, Receipt, Record, Seq, SharedJournal, Space, Step};

const SPACE: Space = Space("prøve/poster");
const OTHER: Space = Space("prøve/andre poster");

async fn set(
    journal: &SharedJournal,
    key: &[u8],
    value: Option<&str>,
    guard: Guard,
) -> Result<Receipt, JournalError> {
    let value = value.map(|text| text.as_bytes().to_vec());
    journal.append(change(0, vec![Step::Record { space: SPACE, key: key.to_vec(), value, guard }])).await
}

/// Absent, set at a change, anything: each lets through what it says and nothing else.
pub async fn guards_hold_back_changes(fixture: &dyn Fixture) {
    let journal = fixture.open().await;
    assert_eq!(journal.record(SPACE, b"k").await.unwrap(), None);
    let conflict = |result: Result<Receipt, JournalError>| {
        assert!(matches!(&result, Err(JournalError::Conflict { space }) if *space == SPACE.0), "{result:?}");
    };
    conflict(set(&journal, b"k", Some("x"), Guard::SetAt(Seq(0))).await);
    conflict(set(&journal, b"k", None, Guard::SetAt(Seq(1))).await);
    let first = set(&journal, b"k", Some("a"), Guard::Absent).await.unwrap().seq;
    conflict(set(&journal, b"k", Some("x"), Guard::Absent).await);
    let second = set(&journal, b"k", Some("b"), Guard::SetAt(first)).await.unwrap().seq;
    conflict(set(&journal, b"k", Some("x"), Guard::SetAt(first)).await);
    let expected = Record { key: b"k".to_vec(), value: b"b".to_vec(), seq: second };
    assert_eq!(journal.record(SPACE, b"k").await.unwrap(), Some(expected));
    assert_eq!(journal.record(OTHER, b"k").await.unwrap(), None);
    set(&journal, b"k", Some("c"), Guard::Any).await.unwrap();
    set(&journal, b"k", None, Guard::Any).await.unwrap();
    set(&journal, b"k", None, Guard::Absent).await.unwrap();
    assert_eq!(journal.record(SPACE, b"k").await.unwrap(), None);

    // Within a change a guard sees the steps before it.
    let step = |guard, value: Option<&str>| Step::Record {
        space: SPACE,
        key: vec![],
        value: value.map(|text| text.as_bytes().to_vec()),
        guard,
    };
    let steps = vec![step(Guard::Absent, Some("a")), step(Guard::Any, None), step(Guard::Absent, Some(""))];
    let seq = journal.append(change(0, steps)).await.unwrap().seq;
    assert_eq!(journal.record(SPACE, b"").await.unwrap(), Some(Record { key: vec![], value: vec![], seq }));
}

/// In the order of bytes, with prefixes that end in 0xff, page by page.
pub async fn records_are_found_by_prefix(fixture: &dyn Fixture) {
    let journal = fixture.open().await;
    let mut keys: Vec<Vec<u8>> = vec![vec![], vec![0xff; 1024]];
    for a in [0, 1, 0x61, 0xfe, 0xff] {
        keys.push(vec![a]);
        for b in [0, 0x61, 0xff] {
            keys.extend([vec![a, b], vec![a, b, 0], vec![a, b, 0xff]]);
        }
    }
    for key in &keys {
        set(&journal, key, Some("x"), Guard::Absent).await.unwrap();
    }
    let elsewhere = Step::Record { space: OTHER, key: vec![1], value: Some(vec![]), guard: Guard::Any };
    journal.append(change(0, vec![elsewhere])).await.unwrap();
    keys.sort();
    let none = Vec::new();
    for prefix in keys.iter().chain([&vec![0x62], &none]) {
        let expected: Vec<&Vec<u8>> = keys.iter().filter(|key| key.starts_with(prefix)).collect();
        for limit in [1, 2, 7, 100] {
            let mut found: Vec<Vec<u8>> = Vec::new();
            loop {
                let after = found.last().map(Vec::as_slice);
                let page = journal.records(SPACE, prefix, after, limit).await.unwrap();
                let last = page.len() < limit;
                found.extend(page.into_iter().map(|record| record.key));
                if last {
                    break;
                }
            }
            assert_eq!(found.iter().collect::<Vec<_>>(), expected, "prefix {prefix:?}, limit {limit}");
        }
        for after in &keys {
            let found = journal.records(SPACE, prefix, Some(after), 100).await.unwrap();
            assert_eq!(
                found.len(),
                expected.iter().filter(|key| **key > after).count(),
                "{prefix:?} {after:?}"
            );
        }
    }
}

/// Taken, renewed, refused, taken over when it has run out.
pub async fn a_lease_has_one_holder(fixture: &dyn Fixture) {
    let journal = fixture.open().await;
    let minute = Duration::from_mins(1);
    let take = async |holder, millis| journal.lease("nattjobb", holder, at(millis), minute).await.unwrap();
    assert!(take("a", 0).await);
    assert!(!take("b", 59_999).await);
    assert!(take("a", 30_000).await, "the holder renews");
    assert!(!take("b", 60_000).await, "renewed until 90 s");
    assert!(journal.lease("andre jobb", "b", at(60_000), minute).await.unwrap(), "leases are apart");
    assert!(take("b", 90_000).await, "run out");
    assert!(!take("a", 90_001).await);

    let tasks: Vec<_> = (0..8)
        .map(|n| {
            let journal = journal.clone();
            tokio::spawn(
                async move { journal.lease("kappløp", &n.to_string(), at(0), minute).await.unwrap() },
            )
        })
        .collect();
    let mut taken = 0;
    for task in tasks {
        taken += usize::from(task.await.unwrap());
    }
    assert_eq!(taken, 1);
}
