//! Feeds: positions, numbers, times, bounds, subjects.

use super::{FEED, Fixture, at, change, publish};
use crate::{Event, Feed, FeedHead, JournalError, Lower, Seq, SharedJournal, Step};

const OTHER: Feed = Feed("prøve/andre");

fn event(subject: u64, number: Option<u64>, millis: Option<i64>) -> Step {
    Step::Publish { feed: FEED, subject, kind: 255, number, at: millis.map(at) }
}

/// Numbers given and not given, with gaps; times lifted to the head's; feeds apart.
pub async fn numbers_and_times_never_go_back(fixture: &dyn Fixture) {
    let journal = fixture.open().await;
    // The first event may be before 1970.
    let steps =
        vec![event(1, None, Some(-2_000_000_000_000)), event(2, Some(10), None), event(3, None, Some(50))];
    assert_eq!(journal.append(change(100, steps)).await.unwrap().numbers, [1, 10, 11]);
    let other = Step::Publish { feed: OTHER, subject: 9, kind: 0, number: Some(5), at: None };
    let receipt =
        journal.append(change(20, vec![event(1, None, None), other, event(2, None, Some(200))])).await;
    assert_eq!(receipt.unwrap().numbers, [12, 5, 13]);

    let expected =
        [(1, -2_000_000_000_000, 1, 1), (10, 100, 1, 2), (11, 100, 1, 3), (12, 100, 2, 1), (13, 200, 2, 2)];
    let expected: Vec<Event> = (1..)
        .zip(expected)
        .map(|(position, (number, millis, seq, subject))| Event {
            position,
            number,
            at: at(millis),
            seq: Seq(seq),
            subject,
            kind: 255,
        })
        .collect();
    assert_eq!(journal.read(FEED, 0, 100).await.unwrap(), expected);
    assert_eq!(journal.read(FEED, 2, 2).await.unwrap(), expected[1..3]);
    assert_eq!(journal.read(FEED, 6, 100).await.unwrap(), vec![]);
    assert_eq!(journal.read(FEED, u64::MAX, 5000).await.unwrap(), vec![]);
    assert_eq!(journal.feed_head(FEED).await.unwrap(), FeedHead { position: 5, number: 13, at: at(200) });
    assert_eq!(journal.feed_head(OTHER).await.unwrap(), FeedHead { position: 1, number: 5, at: at(20) });

    // A refused change leaves the head where it was.
    let refused = journal.append(change(300, vec![publish(1), event(2, Some(14), None)])).await;
    assert!(matches!(refused, Err(JournalError::NotAllowed(_))), "{refused:?}");
    assert_eq!(journal.append(change(300, vec![publish(1)])).await.unwrap().numbers, [14]);
}

/// Every bound of every kind, against a look through all events.
pub async fn a_bound_is_found_as_by_looking_through(fixture: &dyn Fixture) {
    let journal = fixture.open().await;
    for lower in [Lower::Number(0), Lower::Number(7), Lower::Time(at(0)), Lower::Seq(Seq(3))] {
        assert_eq!(journal.first(FEED, lower).await.unwrap(), 1, "an empty feed begins at 1");
    }
    for n in 0_u32..40 {
        let number = u64::from(n * n + 1);
        let steps =
            (0..n % 4).map(|m| event(1, Some(number + u64::from(m)), Some(i64::from(n / 3) * 10))).collect();
        journal.append(change(0, steps)).await.unwrap();
        if n % 8 == 0 || n == 39 {
            compare(&journal).await;
        }
    }
}

async fn compare(journal: &SharedJournal) {
    let events = journal.read(FEED, 1, 10_000).await.unwrap();
    let linear = |reached: &dyn Fn(&Event) -> bool| {
        events.iter().find(|event| reached(event)).map_or(events.len() as u64 + 1, |event| event.position)
    };
    for number in (0..1700).chain([u64::MAX]) {
        let found = journal.first(FEED, Lower::Number(number)).await.unwrap();
        assert_eq!(found, linear(&|event| event.number >= number), "number {number}");
    }
    for millis in -5..150 {
        let found = journal.first(FEED, Lower::Time(at(millis))).await.unwrap();
        assert_eq!(found, linear(&|event| event.at >= at(millis)), "time {millis}");
    }
    for seq in 0..50 {
        let found = journal.first(FEED, Lower::Seq(Seq(seq))).await.unwrap();
        assert_eq!(found, linear(&|event| event.seq >= Seq(seq)), "change {seq}");
    }
}

/// Of any of the subjects, each event once, in feed order.
pub async fn events_about_subjects_come_in_order(fixture: &dyn Fixture) {
    let journal = fixture.open().await;
    for n in 0..200_u64 {
        journal.append(change(0, vec![publish(n % 7), publish(n % 3)])).await.unwrap();
    }
    let all = journal.read(FEED, 1, 10_000).await.unwrap();
    let many: Vec<u64> = (5..200).collect();
    for subjects in [&[][..], &[0], &[6, 1, 6], &[99], &many] {
        let expected: Vec<Event> =
            all.iter().filter(|event| subjects.contains(&event.subject)).copied().collect();
        assert_eq!(journal.read_about(FEED, subjects).await.unwrap(), expected, "{subjects:?}");
        assert_eq!(journal.read_about(OTHER, subjects).await.unwrap(), vec![]);
    }
    assert!(journal.read_about(FEED, &vec![1; 10_000]).await.is_ok());
    let refused = journal.read_about(FEED, &vec![1; 10_001]).await;
    assert!(matches!(refused, Err(JournalError::NotAllowed(_))), "{refused:?}");
}
