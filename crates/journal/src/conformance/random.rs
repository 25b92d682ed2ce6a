//! Long random histories, the same every time, on the engine and on the model.

use tid::{Random, SeededRandom, Timestamp};

use super::model::{Model, Refused};
use super::{FEED, Fixture, ROLES, UNITS, at, body};
use crate::{
    AsOf, Change, Collection, DocId, Feed, FeedHead, Guard, JournalError, Seq, SharedJournal, Space, Step,
};

const COLLECTIONS: [Collection; 2] = [UNITS, ROLES];
const FEEDS: [Feed; 2] = [FEED, Feed("prøve/andre")];
const SPACES: [Space; 2] = [Space("prøve/poster"), Space("prøve/andre poster")];
const IDS: u64 = 12;

/// Rolls numbers from a seed.
struct Dice(SeededRandom);

impl Dice {
    fn below(&self, bound: u64) -> u64 {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        u64::from_le_bytes(bytes) % bound
    }

    fn pick<T: Copy>(&self, of: &[T]) -> T {
        of[self.below(of.len() as u64) as usize]
    }

    fn time(&self) -> Timestamp {
        at(self.below(1000).cast_signed())
    }

    fn some_time(&self) -> Option<Timestamp> {
        (self.below(3) == 0).then(|| self.time())
    }

    fn change(&self, model: &Model) -> Change {
        Change { at: self.time(), steps: (0..self.below(7)).map(|_| self.step(model)).collect() }
    }

    fn step(&self, model: &Model) -> Step {
        let (collection, id, at) = (self.pick(&COLLECTIONS), self.below(IDS), self.some_time());
        match self.below(12) {
            0..5 => Step::Put { collection, id, body: body(&"x".repeat(self.below(90) as usize)), at },
            5 => Step::Remove { collection, id, tombstone: body("slettet"), at },
            6..9 => {
                let feed = self.pick(&FEEDS);
                let head = model.events(feed).last().map_or(0, |event| event.number);
                let number = (self.below(3) == 0).then(|| head + self.below(30));
                Step::Publish { feed, subject: id, kind: self.below(256) as u8, number, at }
            }
            _ => {
                let key = (0..self.below(3)).map(|_| self.pick(&[0, 0x61, 0xff])).collect();
                let value = (self.below(4) > 0).then(|| self.below(1000).to_be_bytes().to_vec());
                let guard = match self.below(8) {
                    0 => Guard::Absent,
                    1 => Guard::SetAt(Seq(self.below(model.seq.0 + 1))),
                    _ => Guard::Any,
                };
                Step::Record { space: self.pick(&SPACES), key, value, guard }
            }
        }
    }
}

/// Hundreds of changes of every kind, refused ones too; everything that can be read agrees, also after reopening.
pub async fn random_changes_agree_with_the_model(fixture: &dyn Fixture) {
    let dice = Dice(SeededRandom::new(20_260_805));
    let mut model = Model::default();
    let mut refusals = 0;
    for _ in 0..3 {
        let journal = fixture.open().await;
        compare(&journal, &model).await;
        for _ in 0..120 {
            let change = dice.change(&model);
            let outcome = journal.append(change.clone()).await.map_err(|error| match error {
                JournalError::Conflict { .. } => Refused::Conflict,
                JournalError::NotAllowed(_) => Refused::NotAllowed,
                error => panic!("{error}"),
            });
            refusals += usize::from(outcome.is_err());
            assert_eq!(outcome, model.append(&change), "{change:?}");
        }
        compare(&journal, &model).await;
    }
    assert!(refusals > 20, "the history must try refusals too");
}

/// Large changes, which engines treat in ways of their own.
pub async fn the_model_agrees_after_bulk_loads(fixture: &dyn Fixture) {
    let journal = fixture.open().await;
    let dice = Dice(SeededRandom::new(7));
    let mut model = Model::default();
    for round in 0..4 {
        let document = |id: u64| {
            let text = format!("Enhet {id} runde {round} i kommune {}", dice.below(400));
            let collection = dice.pick(&COLLECTIONS);
            Step::Put { collection, id: id % 1900, body: body(&text), at: dice.some_time() }
        };
        let change = Change { at: dice.time(), steps: (0..2500).map(document).collect() };
        assert_eq!(journal.append(change.clone()).await.unwrap(), model.append(&change).unwrap());
    }
    for collection in COLLECTIONS {
        for seq in 0..=4 {
            scan(&journal, &model, collection, Seq(seq), 700).await;
        }
    }
}

async fn compare(journal: &SharedJournal, model: &Model) {
    assert_eq!(journal.head().await.unwrap(), model.seq);
    for collection in COLLECTIONS {
        for seq in (0..=model.seq.0 + 1).step_by(5).chain([u64::MAX]) {
            scan(journal, model, collection, Seq(seq), 1 + seq as usize % 13).await;
        }
        for id in 0..=IDS {
            document(journal, model, collection, id).await;
        }
    }
    for feed in FEEDS {
        events(journal, model, feed).await;
    }
    for space in SPACES {
        for prefix in [&[][..], &[0], &[0x61], &[0xff], &[0xff, 0xff], &[0, 0xff]] {
            let found = journal.records(space, prefix, None, 100).await.unwrap();
            assert_eq!(found, model.records(space, prefix));
        }
    }
    assert_eq!(journal.verify(&|_, _| {}).await.unwrap().faults, Vec::<String>::new());
}

async fn scan(journal: &SharedJournal, model: &Model, collection: Collection, seq: Seq, limit: usize) {
    let mut found = Vec::new();
    loop {
        let after = found.last().map(|version: &crate::Version| version.id);
        let page = journal.scan(collection, seq, after, limit).await.unwrap();
        let last = page.len() < limit;
        found.extend(page);
        if last {
            break;
        }
    }
    assert!(found == model.scan(collection, seq), "{collection:?} as of {seq:?}");
}

async fn document(journal: &SharedJournal, model: &Model, collection: Collection, id: DocId) {
    assert_eq!(journal.versions(collection, id).await.unwrap(), model.versions(collection, id));
    let seqs = (0..=model.seq.0 + 1).step_by(11).map(|seq| AsOf::Seq(Seq(seq)));
    let times = (-1..1001).step_by(37).map(|millis| AsOf::Time(at(millis)));
    for as_of in seqs.chain(times).chain([AsOf::Now]) {
        let expected = model.get(collection, id, as_of);
        assert_eq!(journal.get(collection, id, as_of).await.unwrap(), expected, "{as_of:?}");
        assert_eq!(journal.get_many(collection, &[id], as_of).await.unwrap(), vec![expected]);
    }
}

async fn events(journal: &SharedJournal, model: &Model, feed: Feed) {
    let expected = model.events(feed);
    assert_eq!(journal.read(feed, 1, 10_000).await.unwrap(), expected);
    let head = expected.last().map_or(FeedHead::default(), |last| FeedHead {
        position: last.position,
        number: last.number,
        at: last.at,
    });
    assert_eq!(journal.feed_head(feed).await.unwrap(), head);
    for id in 0..IDS {
        let about: Vec<_> =
            expected.iter().filter(|event| [id, 3].contains(&event.subject)).copied().collect();
        assert_eq!(journal.read_about(feed, &[id, 3]).await.unwrap(), about);
    }
}
