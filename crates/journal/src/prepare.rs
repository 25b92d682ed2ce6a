//! What the calling side does with a change before it queues for the writer: check its limits, pack its bodies.

use std::collections::HashMap;
use std::sync::Arc;

use tid::Timestamp;

use crate::body::{Dictionaries, Dictionary, Due, MAX_BODY, Packed, Packer, Trained};
use crate::error::Result;
use crate::{Change, Collection, Feed, FeedHead, Guard, JournalError, Space, Step};

/// The longest key of a record.
const MAX_KEY: usize = 1024;

/// A change that the writer can apply as it is.
pub(crate) struct Prepared {
    pub(crate) writes: Vec<Write>,
    /// About how much memory it holds.
    pub(crate) bytes: usize,
}

/// One step, with numbers that fit a column, its own time, and the body packed.
pub(crate) enum Write {
    Dictionary { collection: Collection, number: i64, content: Vec<u8> },
    Put { collection: Collection, id: i64, body: Packed, at: Timestamp },
    Remove { collection: Collection, id: i64, tombstone: Packed, at: Timestamp },
    Publish(Publication),
    Record { space: Space, key: Vec<u8>, value: Option<Vec<u8>>, guard: Guard },
}

/// An event before it has its place.
pub(crate) struct Publication {
    pub(crate) feed: Feed,
    pub(crate) subject: i64,
    pub(crate) kind: u8,
    pub(crate) number: Option<i64>,
    pub(crate) at: Timestamp,
}

/// The memory a change's bodies and values hold; refuses what is too long.
pub(crate) fn weigh(change: &Change) -> Result<usize> {
    let mut total = 0;
    for step in &change.steps {
        let bytes = match step {
            Step::Put { body, .. } | Step::Remove { tombstone: body, .. } => body.len(),
            Step::Record { key, .. } if key.len() > MAX_KEY => {
                return Err(not_allowed(format!("a record's key has more than {MAX_KEY} bytes")));
            }
            Step::Record { key, value, .. } => key.len() + value.as_ref().map_or(0, Vec::len),
            Step::Publish { .. } => 0,
        };
        if bytes > MAX_BODY {
            return Err(not_allowed(format!("a body or value has more than {MAX_BODY} bytes")));
        }
        total += bytes;
    }
    Ok(total)
}

/// Shows the change's bodies to the collections that have no dictionary; returns those that can train one now.
pub(crate) fn show(dictionaries: &Dictionaries, change: &Change) -> Vec<Collection> {
    let mut shown: HashMap<Collection, Option<Vec<&[u8]>>> = HashMap::new();
    for step in &change.steps {
        if let Step::Put { collection, body, .. } = step {
            let bodies = shown.entry(*collection);
            let bodies = bodies.or_insert_with(|| dictionaries.current(*collection).is_none().then(Vec::new));
            if let Some(bodies) = bodies {
                bodies.push(body);
            }
        }
    }
    let due = shown.into_iter().filter_map(|(collection, bodies)| Some((collection, bodies?)));
    due.filter(|(collection, bodies)| dictionaries.show(*collection, bodies)).map(|(due, _)| due).collect()
}

/// Trains dictionaries for the `due` collections and packs all bodies. Call it where processor time may be spent.
pub(crate) fn prepare(
    dictionaries: &Arc<Dictionaries>,
    change: Change,
    due: &[Due],
) -> Result<(Prepared, Vec<Trained>)> {
    let mut trained: Vec<Trained> = due.iter().filter_map(|due| dictionaries.train(*due)).collect();
    let mut current: HashMap<Collection, Option<Arc<Dictionary>>> =
        trained.iter().map(|new| (new.collection, Some(Arc::clone(&new.dictionary)))).collect();
    for step in &change.steps {
        if let Step::Put { collection, .. } | Step::Remove { collection, .. } = step {
            current.entry(*collection).or_insert_with(|| dictionaries.current(*collection));
        }
    }
    let mut packers = HashMap::new();
    for (collection, dictionary) in &current {
        packers.insert(*collection, Packer::new(dictionary.as_deref())?);
    }
    let mut writes = Vec::with_capacity(trained.len() + change.steps.len());
    for new in &mut trained {
        let (collection, number) = (new.collection, new.dictionary.number);
        writes.push(Write::Dictionary { collection, number, content: std::mem::take(&mut new.content) });
    }
    for step in change.steps {
        writes.push(write(&mut packers, step, change.at)?);
    }
    let bytes = writes.iter().map(held).sum();
    Ok((Prepared { writes, bytes }, trained))
}

fn write(packers: &mut HashMap<Collection, Packer<'_>>, step: Step, usual: Timestamp) -> Result<Write> {
    let mut pack = |collection, body| match packers.get_mut(&collection) {
        Some(packer) => packer.pack(body),
        None => Packer::new(None)?.pack(body),
    };
    Ok(match step {
        Step::Put { collection, id, body, at } => {
            let (id, body) = (column(id, "a document number")?, pack(collection, body)?);
            Write::Put { collection, id, body, at: at.unwrap_or(usual) }
        }
        Step::Remove { collection, id, tombstone, at } => {
            let (id, tombstone) = (column(id, "a document number")?, pack(collection, tombstone)?);
            Write::Remove { collection, id, tombstone, at: at.unwrap_or(usual) }
        }
        Step::Publish { feed, subject, kind, number, at } => {
            let number = number.map(|number| column(number, "a public number")).transpose()?;
            let subject = column(subject, "a document number")?;
            Write::Publish(Publication { feed, subject, kind, number, at: at.unwrap_or(usual) })
        }
        Step::Record { space, key, value, guard } => Write::Record { space, key, value, guard },
    })
}

fn held(write: &Write) -> usize {
    size_of::<Write>()
        + match write {
            Write::Dictionary { content, .. } => content.len(),
            Write::Put { body, .. } | Write::Remove { tombstone: body, .. } => body.bytes.len(),
            Write::Publish(_) => 0,
            Write::Record { key, value, .. } => key.len() + value.as_ref().map_or(0, Vec::len),
        }
}

fn column(number: u64, what: &str) -> Result<i64> {
    i64::try_from(number).map_err(|_| not_allowed(format!("{what} is above 2^63 - 1")))
}

impl Publication {
    /// The event's place after the feed's head, which is its own head then.
    ///
    /// # Errors
    /// [`JournalError::NotAllowed`] when its number is not above the head's, or there are no more numbers.
    pub(crate) fn after(&self, head: FeedHead) -> Result<FeedHead> {
        let name = self.feed.0;
        let next = head.number.checked_add(1).and_then(|next| i64::try_from(next).ok());
        let next = next.ok_or_else(|| not_allowed(format!("the numbers of {name} are used up")))?;
        let number = self.number.unwrap_or(next);
        if number < next {
            let head = head.number;
            return Err(not_allowed(format!("number {number} is not above {head}, the head of {name}")));
        }
        let at = if head.position == 0 { self.at } else { self.at.max(head.at) };
        Ok(FeedHead { position: head.position + 1, number: number.unsigned_abs(), at })
    }
}

pub(crate) fn not_allowed(why: impl Into<String>) -> JournalError {
    JournalError::NotAllowed(why.into())
}
