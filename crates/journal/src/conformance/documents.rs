//! Documents: versions as of a change or a time, removal, scans.

use super::{Fixture, ROLES, UNITS, at, body, change, put, remove};
use crate::{AsOf, DocId, Seq, SharedJournal, Step, Version};

async fn text(journal: &SharedJournal, id: DocId, as_of: AsOf) -> Option<String> {
    let version = journal.get(UNITS, id, as_of).await.unwrap()?;
    Some(String::from_utf8(version.body).unwrap())
}

fn json(text: &str) -> String {
    String::from_utf8(body(text)).unwrap()
}

/// The newest not after the bound; nothing before the first; times that go back do not confuse.
pub async fn a_version_is_found_by_change_and_by_time(fixture: &dyn Fixture) {
    let journal = fixture.open().await;
    let early = Step::Put { collection: UNITS, id: 5, body: body("d"), at: Some(at(150)) };
    for (millis, step) in
        [(100, put(5, "a")), (150, put(6, "x")), (200, put(5, "b")), (300, put(5, "c")), (400, early)]
    {
        journal.append(change(millis, vec![step])).await.unwrap();
    }
    for (seq, expected) in [
        (0, None),
        (1, Some(json("a"))),
        (2, Some(json("a"))),
        (3, Some(json("b"))),
        (4, Some(json("c"))),
        (5, Some(json("d"))),
    ] {
        assert_eq!(text(&journal, 5, AsOf::Seq(Seq(seq))).await, expected, "as of change {seq}");
    }
    assert_eq!(text(&journal, 5, AsOf::Seq(Seq(u64::MAX))).await, Some(json("d")));
    assert_eq!(text(&journal, 5, AsOf::Now).await, Some(json("d")));
    // The last version took place at 150 but was written last: of those that took place, the newest.
    for (millis, expected) in [
        (99, None),
        (100, Some(json("a"))),
        (149, Some(json("a"))),
        (150, Some(json("d"))),
        (999, Some(json("d"))),
    ] {
        assert_eq!(text(&journal, 5, AsOf::Time(at(millis))).await, expected, "as of {millis}");
    }
    let versions = journal.versions(UNITS, 5).await.unwrap();
    assert_eq!(versions.iter().map(|version| version.seq.0).collect::<Vec<_>>(), [1, 3, 4, 5]);
    assert_eq!(
        versions.iter().map(|version| version.at).collect::<Vec<_>>(),
        [at(100), at(200), at(300), at(150)]
    );
    assert_eq!(journal.get(ROLES, 5, AsOf::Now).await.unwrap(), None, "collections are apart");
}

/// Every version goes, whichever is asked for; the tombstone shows from the document's first version on.
pub async fn removal_beats_history(fixture: &dyn Fixture) {
    let journal = fixture.open().await;
    for (millis, step) in
        [(10, put(1, "x")), (20, put(5, "hemmelig")), (30, put(5, "hemmeligere")), (40, remove(5))]
    {
        journal.append(change(millis, vec![step])).await.unwrap();
    }
    let tombstone =
        Version { id: 5, seq: Seq(4), at: at(40), removed: true, body: br#"{"slettet":true}"#.to_vec() };
    for as_of in [AsOf::Now, AsOf::Seq(Seq(2)), AsOf::Seq(Seq(3)), AsOf::Time(at(20)), AsOf::Time(at(99))] {
        assert_eq!(journal.get(UNITS, 5, as_of).await.unwrap().as_ref(), Some(&tombstone), "{as_of:?}");
        assert_eq!(journal.get_many(UNITS, &[5], as_of).await.unwrap(), vec![Some(tombstone.clone())]);
    }
    for as_of in [AsOf::Seq(Seq(1)), AsOf::Time(at(19))] {
        assert_eq!(journal.get(UNITS, 5, as_of).await.unwrap(), None, "{as_of:?}");
    }
    assert_eq!(journal.versions(UNITS, 5).await.unwrap(), vec![tombstone.clone()]);
    assert_eq!(journal.scan(UNITS, Seq(2), Some(1), 9).await.unwrap(), vec![tombstone]);
    assert_eq!(journal.scan(UNITS, Seq(1), Some(1), 9).await.unwrap(), vec![]);

    // One that was never here leaves a tombstone from its removal on.
    journal.append(change(50, vec![remove(9)])).await.unwrap();
    assert_eq!(journal.get(UNITS, 9, AsOf::Seq(Seq(4))).await.unwrap(), None);
    assert!(journal.get(UNITS, 9, AsOf::Seq(Seq(5))).await.unwrap().unwrap().removed);
}

/// A version after the tombstone; a second removal takes that too.
pub async fn a_removed_document_may_return(fixture: &dyn Fixture) {
    let journal = fixture.open().await;
    for (millis, step) in [(10, put(5, "a")), (20, remove(5)), (30, put(5, "b"))] {
        journal.append(change(millis, vec![step])).await.unwrap();
    }
    let removed: Vec<bool> =
        journal.versions(UNITS, 5).await.unwrap().iter().map(|version| version.removed).collect();
    assert_eq!(removed, [true, false]);
    assert!(journal.get(UNITS, 5, AsOf::Seq(Seq(1))).await.unwrap().unwrap().removed);
    assert!(journal.get(UNITS, 5, AsOf::Time(at(29))).await.unwrap().unwrap().removed);
    assert_eq!(text(&journal, 5, AsOf::Now).await, Some(json("b")));

    journal.append(change(40, vec![remove(5)])).await.unwrap();
    let versions = journal.versions(UNITS, 5).await.unwrap();
    assert_eq!((versions.len(), versions[0].seq, versions[0].at), (1, Seq(4), at(40)));
    assert_eq!(journal.get(UNITS, 5, AsOf::Seq(Seq(1))).await.unwrap(), Some(versions[0].clone()));

    // Removed and returned in one change: the past is gone, the present is the new version.
    journal.append(change(50, vec![put(6, "hemmelig")])).await.unwrap();
    journal.append(change(60, vec![remove(6), put(6, "ny")])).await.unwrap();
    assert!(journal.get(UNITS, 6, AsOf::Seq(Seq(5))).await.unwrap().unwrap().removed);
    assert_eq!(text(&journal, 6, AsOf::Now).await, Some(json("ny")));
}

/// Nobody ever sees the ones before it.
pub async fn the_last_version_of_a_change_counts(fixture: &dyn Fixture) {
    let journal = fixture.open().await;
    journal.append(change(0, vec![put(5, "a"), put(5, "b"), put(6, "x"), remove(6)])).await.unwrap();
    assert_eq!(journal.versions(UNITS, 5).await.unwrap().len(), 1);
    assert_eq!(text(&journal, 5, AsOf::Now).await, Some(json("b")));
    let versions = journal.versions(UNITS, 6).await.unwrap();
    assert_eq!(versions.iter().map(|version| version.removed).collect::<Vec<_>>(), [true]);
}

/// Also the ones that are not there, the ones asked for twice, and more than fit one page.
pub async fn many_documents_come_in_the_order_asked(fixture: &dyn Fixture) {
    let journal = fixture.open().await;
    assert_eq!(journal.get_many(UNITS, &[1, 2], AsOf::Now).await.unwrap(), vec![None, None]);
    let steps = (0..300).map(|n| put(n * 2, &n.to_string())).collect();
    journal.append(change(0, steps)).await.unwrap();
    assert_eq!(journal.get_many(UNITS, &[], AsOf::Now).await.unwrap(), vec![]);
    for count in [3, 64, 65, 600] {
        let ids: Vec<DocId> = (0..count).rev().chain([4, 4, u64::MAX]).collect();
        let found = journal.get_many(UNITS, &ids, AsOf::Now).await.unwrap();
        assert_eq!(found.len(), ids.len());
        for (id, version) in ids.iter().zip(found) {
            let there = id.is_multiple_of(2) && *id < 600;
            assert_eq!(version.as_ref().map(|version| version.id), there.then_some(*id));
            assert_eq!(version, journal.get(UNITS, *id, AsOf::Now).await.unwrap());
        }
    }
    assert_eq!(journal.get_many(UNITS, &[0, 2], AsOf::Seq(Seq(0))).await.unwrap(), vec![None, None]);
}

/// From nothing to 16 MiB, with and without something to compress, before and after a collection is large.
pub async fn bodies_of_every_size_come_back(fixture: &dyn Fixture) {
    let journal = fixture.open().await;
    let mut noise = 1_u64;
    let mut sizes: Vec<usize> = (0..40).chain([100, 1000, 10_000, 200_000, 1 << 20, 16 << 20]).collect();
    for round in 0..2 {
        for (id, size) in (0..).zip(&sizes) {
            let steady = vec![b'7'; *size];
            let noisy = std::iter::repeat_with(|| {
                noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                (noise >> 56) as u8
            });
            let noisy: Vec<u8> = noisy.take(*size).collect();
            let step =
                |collection, body: &Vec<u8>| Step::Put { collection, id, body: body.clone(), at: None };
            journal.append(change(0, vec![step(UNITS, &steady), step(ROLES, &noisy)])).await.unwrap();
            assert!(journal.get(UNITS, id, AsOf::Now).await.unwrap().unwrap().body == steady);
            assert!(journal.get(ROLES, id, AsOf::Now).await.unwrap().unwrap().body == noisy);
        }
        if round == 0 {
            sizes.truncate(44);
            let steps = (1000..3000).map(|n| put(n, &format!("Enhet nummer {n}"))).collect();
            journal.append(change(0, steps)).await.unwrap();
            for n in 1000..3000 {
                assert_eq!(text(&journal, n, AsOf::Now).await, Some(json(&format!("Enhet nummer {n}"))));
            }
        }
    }
}

/// Page by page, in number order, exact for the change however much is written meanwhile.
pub async fn scans_show_one_moment_in_pages(fixture: &dyn Fixture) {
    let journal = fixture.open().await;
    assert_eq!(journal.scan(UNITS, Seq(0), None, 10).await.unwrap(), vec![]);
    let first: Vec<Step> = (0..500).map(|n| put(n * 3, "a")).collect();
    let then = journal.append(change(0, first)).await.unwrap().seq;
    for limit in [1, 64, 65, 499, 500, 501] {
        let (mut after, mut ids) = (None, Vec::new());
        loop {
            let page = journal.scan(UNITS, then, after, limit).await.unwrap();
            assert!(page.iter().all(|version| version.seq == then && version.body == body("a")));
            ids.extend(page.iter().map(|version| version.id));
            if page.len() < limit {
                break;
            }
            after = ids.last().copied();
            if ids.len() % 5 == 0 {
                let n = ids.len() as u64;
                journal.append(change(1, vec![put(n, "b"), put(n + 600, "b")])).await.unwrap();
            }
        }
        assert_eq!(ids, (0..500).map(|n| n * 3).collect::<Vec<_>>(), "limit {limit}");
    }
    assert!(journal.scan(UNITS, Seq(u64::MAX), None, 10_000).await.unwrap().len() > 500);
    assert_eq!(journal.scan(UNITS, then, Some(1497), 10).await.unwrap(), vec![]);
}
