//! A journal in a few lines of memory: what the words of the contract mean, without any engine.

use std::collections::BTreeMap;

use tid::Timestamp;

use crate::{
    AsOf, Change, Collection, DocId, Event, Feed, Guard, Receipt, Record, Seq, Space, Step, Version,
};

/// Why the model refuses a change.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refused {
    Conflict,
    NotAllowed,
}

/// A version, and from when on it is visible.
#[derive(Clone)]
struct Row {
    seq: Seq,
    at: Timestamp,
    version: Version,
}

#[derive(Clone, Default)]
pub(super) struct Model {
    pub(super) seq: Seq,
    documents: BTreeMap<(Collection, DocId), Vec<Row>>,
    feeds: BTreeMap<Feed, Vec<Event>>,
    records: BTreeMap<(Space, Vec<u8>), (Vec<u8>, Seq)>,
}

impl Model {
    pub(super) fn append(&mut self, change: &Change) -> Result<Receipt, Refused> {
        let mut next = self.clone();
        next.seq = Seq(next.seq.0 + 1);
        let mut numbers = Vec::new();
        for step in &change.steps {
            numbers.extend(next.step(step, change.at)?);
        }
        *self = next;
        Ok(Receipt { seq: self.seq, numbers })
    }

    fn step(&mut self, step: &Step, usual: Timestamp) -> Result<Option<u64>, Refused> {
        let seq = self.seq;
        match step {
            Step::Put { collection, id, body, at } => {
                let at = at.unwrap_or(usual);
                let rows = self.documents.entry((*collection, *id)).or_default();
                rows.retain(|row| row.seq != seq);
                rows.push(Row {
                    seq,
                    at,
                    version: Version { id: *id, seq, at, removed: false, body: body.clone() },
                });
            }
            Step::Remove { collection, id, tombstone, at } => {
                let at = at.unwrap_or(usual);
                let rows = self.documents.entry((*collection, *id)).or_default();
                let first = rows.iter().map(|row| row.seq).min().unwrap_or(seq);
                let earliest = rows.iter().map(|row| row.at).chain([at]).min().unwrap_or(at);
                let version = Version { id: *id, seq, at, removed: true, body: tombstone.clone() };
                *rows = vec![Row { seq: first, at: earliest, version }];
            }
            Step::Publish { feed, subject, kind, number, at } => {
                let events = self.feeds.entry(*feed).or_default();
                let at = at.unwrap_or(usual);
                let at = events.last().map_or(at, |last| last.at.max(at));
                let above = events.last().map_or(1, |last| last.number + 1);
                let number = number.unwrap_or(above);
                if number < above {
                    return Err(Refused::NotAllowed);
                }
                let position = events.len() as u64 + 1;
                events.push(Event { position, number, at, seq, subject: *subject, kind: *kind });
                return Ok(Some(number));
            }
            Step::Record { space, key, value, guard } => {
                let place = (*space, key.clone());
                let set_at = self.records.get(&place).map(|(_, seq)| *seq);
                let holds = match guard {
                    Guard::Any => true,
                    Guard::Absent => set_at.is_none(),
                    Guard::SetAt(seq) => set_at == Some(*seq),
                };
                match value {
                    _ if !holds => return Err(Refused::Conflict),
                    Some(value) => drop(self.records.insert(place, (value.clone(), seq))),
                    None => drop(self.records.remove(&place)),
                }
            }
        }
        Ok(None)
    }

    pub(super) fn get(&self, collection: Collection, id: DocId, as_of: AsOf) -> Option<Version> {
        let rows = self.documents.get(&(collection, id))?;
        let visible = |row: &&Row| match as_of {
            AsOf::Now => true,
            AsOf::Seq(seq) => row.seq <= seq,
            AsOf::Time(at) => row.at <= at,
        };
        rows.iter().rfind(visible).map(|row| row.version.clone())
    }

    pub(super) fn versions(&self, collection: Collection, id: DocId) -> Vec<Version> {
        let rows = self.documents.get(&(collection, id));
        rows.into_iter().flatten().map(|row| row.version.clone()).collect()
    }

    pub(super) fn scan(&self, collection: Collection, at: Seq) -> Vec<Version> {
        let ids = self.documents.keys().filter(|(of, _)| *of == collection);
        ids.filter_map(|(_, id)| self.get(collection, *id, AsOf::Seq(at))).collect()
    }

    pub(super) fn events(&self, feed: Feed) -> &[Event] {
        self.feeds.get(&feed).map_or(&[], Vec::as_slice)
    }

    pub(super) fn records(&self, space: Space, prefix: &[u8]) -> Vec<Record> {
        let mine = self.records.iter().filter(|((of, key), _)| *of == space && key.starts_with(prefix));
        mine.map(|((_, key), (value, seq))| Record { key: key.clone(), value: value.clone(), seq: *seq })
            .collect()
    }
}
