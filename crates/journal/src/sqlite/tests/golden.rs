//! Golden stores: one of each schema version ever released, which every later program reads.
//!
//! `cargo nextest run -p journal --run-ignored only writes_the_golden_store` makes the one of the present version,
//! unless it exists. It is made once, when the version is released, and never again.

use super::*;
use crate::{Guard, Lower};

fn file(version: u32) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/data/v{version}.sqlite.zst"))
}

#[tokio::test]
#[ignore = "makes a file that is checked in"]
async fn writes_the_golden_store() {
    let target = file(schema::KNOWN);
    assert!(!target.exists(), "a golden store is never made again");
    let store = Store::new();
    let journal = store.open();
    journal.append(change((1..=1200).map(unit).collect())).await.unwrap();
    let record =
        Step::Record { space: SPACE, key: b"n".to_vec(), value: Some(b"v".to_vec()), guard: Guard::Any };
    journal.append(change(vec![put(7, "7"), publish(7), publish(8), record])).await.unwrap();
    journal.append(change(vec![remove(8), remove(9), put(9, "9"), publish(8)])).await.unwrap();
    drop(journal);
    let packed = zstd::bulk::compress(&std::fs::read(store.path()).unwrap(), 19).unwrap();
    std::fs::write(target, packed).unwrap();
}

#[tokio::test]
async fn golden_stores_are_read() {
    for version in 1..=schema::KNOWN {
        let store = Store::new();
        let packed = std::fs::read(file(version)).unwrap();
        std::fs::write(store.path(), zstd::bulk::decompress(&packed, 64 << 20).unwrap()).unwrap();
        let journal = store.open();
        assert_eq!(journal.head().await.unwrap(), Seq(3));
        let report = journal.verify(&|_, _| {}).await.unwrap();
        assert_eq!((report.versions, report.events, report.records), (1202, 3, 1));
        assert_eq!(report.faults, Vec::<String>::new());
        for id in 1..=1200 {
            let Step::Put { body, .. } = unit(id) else { continue };
            let first = journal.get(UNITS, id, AsOf::Seq(Seq(1))).await.unwrap().unwrap();
            assert_eq!((first.removed, first.body == body), ([8, 9].contains(&id), ![8, 9].contains(&id)));
        }
        assert_eq!(journal.get(UNITS, 7, AsOf::Now).await.unwrap().unwrap().body, b"7");
        assert_eq!(journal.get(UNITS, 9, AsOf::Now).await.unwrap().unwrap().body, b"9");
        assert_eq!(journal.first(FEED, Lower::Seq(Seq(3))).await.unwrap(), 3);
        assert_eq!(journal.read_about(FEED, &[8]).await.unwrap().len(), 2);
        assert_eq!(journal.record(SPACE, b"n").await.unwrap().unwrap().seq, Seq(2));
        let receipt = journal.append(change(vec![unit(5), publish(5)])).await.unwrap();
        assert_eq!((receipt.seq, receipt.numbers), (Seq(4), vec![4]));
    }
}
