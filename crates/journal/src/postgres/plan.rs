//! What a batch of changes does to the store, decided here, in memory, before anything is written.
//!
//! The head row is locked by then, so nobody else writes. What must be known of the store is asked for in one go
//! ([`Questions`]); each change is then tried on a [`Draft`]; one whose guard fails leaves no trace in it and disturbs
//! nobody. What the draft has in the end is written in one go too.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::body::Packed;
use crate::error::Result;
use crate::names::Name;
use crate::prepare::{Prepared, Publication, Write};
use crate::{FeedHead, Guard, JournalError, Receipt, Seq, Space};

/// The numbers of names.
pub(super) type Numbers = HashMap<Name, i64>;

/// What must be known before a batch can be tried.
#[derive(Default)]
pub(super) struct Questions<'a> {
    /// Feeds whose head is not known.
    pub(super) feeds: BTreeSet<i64>,
    /// Records with a guard.
    pub(super) keys: BTreeSet<(i64, &'a [u8])>,
    /// Documents that are removed: when did they begin?
    pub(super) removed: BTreeSet<(i64, i64)>,
}

/// The answers.
#[derive(Default)]
pub(super) struct Known {
    pub(super) seq: i64,
    pub(super) feeds: HashMap<i64, FeedHead>,
    /// By which change a record was last set.
    pub(super) set_at: HashMap<(i64, Vec<u8>), i64>,
    /// A document's first change and earliest time.
    pub(super) began: HashMap<(i64, i64), (i64, i64)>,
}

/// The name that a step belongs to.
pub(super) fn name(write: &Write) -> Name {
    match write {
        Write::Dictionary { collection, .. }
        | Write::Put { collection, .. }
        | Write::Remove { collection, .. } => (*collection).into(),
        Write::Publish(event) => event.feed.into(),
        Write::Record { space, .. } => (*space).into(),
    }
}

impl<'a> Questions<'a> {
    /// Notes what a change needs to know. Feeds in `known` are known already.
    pub(super) fn add(&mut self, change: &'a Prepared, numbers: &Numbers, known: &HashMap<i64, FeedHead>) {
        for write in &change.writes {
            let Some(number) = numbers.get(&name(write)).copied() else { continue };
            match write {
                Write::Publish(_) if !known.contains_key(&number) => drop(self.feeds.insert(number)),
                Write::Remove { id, .. } => drop(self.removed.insert((number, *id))),
                Write::Record { key, guard, .. } if *guard != Guard::Any => {
                    self.keys.insert((number, key));
                }
                _ => {}
            }
        }
    }
}

/// A version or tombstone to be.
pub(super) struct Row<'a> {
    pub(super) seq: i64,
    pub(super) at: i64,
    pub(super) removed: Option<(i64, i64)>,
    pub(super) body: &'a Packed,
}

/// What happens to a document.
#[derive(Default)]
pub(super) struct Document<'a> {
    /// What the store has of it goes.
    pub(super) erased: bool,
    pub(super) rows: Vec<Row<'a>>,
}

/// An event in its place.
pub(super) struct Placed<'a> {
    pub(super) feed: i64,
    pub(super) place: FeedHead,
    pub(super) seq: i64,
    pub(super) event: &'a Publication,
}

/// A record's place.
type Key<'a> = (i64, &'a [u8]);
/// A record's new value and change; `None`: it goes.
type Value<'a> = Option<(&'a [u8], i64)>;

/// Everything that the batch's successful changes do.
pub(super) struct Draft<'a> {
    numbers: &'a Numbers,
    known: &'a Known,
    pub(super) seq: i64,
    pub(super) feeds: HashMap<i64, FeedHead>,
    pub(super) dictionaries: Vec<(i64, i64, &'a [u8])>,
    pub(super) documents: BTreeMap<(i64, i64), Document<'a>>,
    pub(super) events: Vec<Placed<'a>>,
    pub(super) records: BTreeMap<Key<'a>, Value<'a>>,
}

/// One change while it may still fail: events and records, which are all that can.
#[derive(Default)]
struct Trial<'a> {
    seq: i64,
    feeds: HashMap<i64, FeedHead>,
    events: Vec<Placed<'a>>,
    records: HashMap<Key<'a>, Value<'a>>,
}

impl<'a> Draft<'a> {
    pub(super) fn new(numbers: &'a Numbers, known: &'a Known) -> Self {
        Self {
            numbers,
            known,
            seq: known.seq,
            feeds: HashMap::new(),
            dictionaries: Vec::new(),
            documents: BTreeMap::new(),
            events: Vec::new(),
            records: BTreeMap::new(),
        }
    }

    /// Tries a change under the next number; keeps it if it succeeds.
    pub(super) fn change(&mut self, change: &'a Prepared) -> Result<Receipt> {
        let mut trial = Trial { seq: self.seq + 1, ..Trial::default() };
        for write in &change.writes {
            match write {
                Write::Publish(event) => self.publish(&mut trial, event)?,
                Write::Record { space, key, value, guard } => {
                    let place = (self.number((*space).into())?, key.as_slice());
                    self.guard(&trial, *space, place, *guard)?;
                    let value = value.as_ref().map(|value| (value.as_slice(), trial.seq));
                    trial.records.insert(place, value);
                }
                Write::Dictionary { .. } | Write::Put { .. } | Write::Remove { .. } => {}
            }
        }
        let numbers = trial.events.iter().map(|event| event.place.number).collect();
        self.seq = trial.seq;
        self.feeds.extend(trial.feeds);
        self.events.extend(trial.events);
        self.records.extend(trial.records);
        for write in &change.writes {
            self.document(write)?;
        }
        Ok(Receipt { seq: Seq(self.seq.unsigned_abs()), numbers })
    }

    fn number(&self, name: Name) -> Result<i64> {
        let number = self.numbers.get(&name).copied();
        number.ok_or_else(|| JournalError::Corrupt(format!("the {} {} has no number", name.kind, name.name)))
    }

    fn publish(&self, trial: &mut Trial<'a>, event: &'a Publication) -> Result<()> {
        let feed = self.number(event.feed.into())?;
        let head =
            [&trial.feeds, &self.feeds, &self.known.feeds].into_iter().find_map(|heads| heads.get(&feed));
        let place = event.after(head.copied().unwrap_or_default())?;
        trial.feeds.insert(feed, place);
        trial.events.push(Placed { feed, place, seq: trial.seq, event });
        Ok(())
    }

    fn guard(&self, trial: &Trial<'a>, space: Space, place: Key<'a>, guard: Guard) -> Result<()> {
        let set_at = match trial.records.get(&place).or_else(|| self.records.get(&place)) {
            Some(value) => value.map(|(_, seq)| seq),
            None if guard == Guard::Any => None,
            None => self.known.set_at.get(&(place.0, place.1.to_vec())).copied(),
        };
        let holds = guard.holds(set_at.map(|seq| Seq(seq.unsigned_abs())));
        if holds { Ok(()) } else { Err(JournalError::Conflict { space: space.0 }) }
    }

    fn document(&mut self, write: &'a Write) -> Result<()> {
        let seq = self.seq;
        match write {
            Write::Dictionary { collection, number, content } => {
                let collection = self.number((*collection).into())?;
                self.dictionaries.push((*number, collection, content));
            }
            Write::Put { collection, id, body, at } => {
                let key = (self.number((*collection).into())?, *id);
                let document = self.documents.entry(key).or_default();
                // Within one change the last version of a document is the one that counts.
                document.rows.retain(|row| row.seq != seq);
                document.rows.push(Row { seq, at: at.as_millis(), removed: None, body });
            }
            Write::Remove { collection, id, tombstone, at } => {
                let key = (self.number((*collection).into())?, *id);
                let document = self.documents.entry(key).or_default();
                let stored = self.known.began.get(&key).filter(|_| !document.erased);
                let at = at.as_millis();
                let begun = document.rows.iter().map(|row| (row.seq, row.at)).chain(stored.copied());
                let first = begun.fold((seq, at), |first, row| (first.0.min(row.0), first.1.min(row.1)));
                document.erased = true;
                document.rows.clear();
                document.rows.push(Row {
                    seq: first.0,
                    at: first.1,
                    removed: Some((seq, at)),
                    body: tombstone,
                });
            }
            Write::Publish(_) | Write::Record { .. } => {}
        }
        Ok(())
    }
}
