//! One window out of the ordered lists of several segments.
//!
//! Text keys of different segments cannot be compared, and looking all texts up would make a deep page dear. So the
//! window's edges are found first, by bisection: a pivot's texts are looked up once and translated into each
//! segment's keys, and everything else is comparison of numbers. Only entries inside the window are looked up.

use std::cmp::Ordering;

use crate::SearchError;
use crate::keys::{Keys, MISSING, Source, key_of, text_of};
use crate::query::Direction;
use crate::top::Entry;

/// The best entries of one segment, in order, and where their keys come from.
pub(crate) struct SegmentList<'a> {
    pub(crate) entries: Vec<Entry>,
    pub(crate) sources: Vec<Source<'a>>,
}

/// The numbers from `offset` on, at most `limit`, of the lists merged.
pub(crate) fn window(
    mut lists: Vec<SegmentList<'_>>,
    offset: usize,
    limit: usize,
) -> Result<Vec<u64>, SearchError> {
    lists.retain(|list| !list.entries.is_empty());
    let total: usize = lists.iter().map(|list| list.entries.len()).sum();
    let offset = offset.min(total);
    let start = split(&lists, offset)?;
    let end = split(&lists, offset.saturating_add(limit).min(total))?;
    let busy = start.iter().zip(&end).filter(|(from, to)| from < to).count();
    let windows = lists.iter().zip(start.into_iter().zip(end));
    let windows = windows.filter(|(_, (from, to))| from < to);
    if busy <= 1 {
        let ids = windows.flat_map(|(list, (from, to))| list.entries[from..to].iter().map(|entry| entry.id));
        return Ok(ids.collect());
    }
    merge(windows.map(|(list, (from, to))| Cursor::new(list, &list.entries[from..to])).collect())
}

/// How many entries of each list are among the first `count` of all.
fn split(lists: &[SegmentList<'_>], count: usize) -> Result<Vec<usize>, SearchError> {
    let mut low: Vec<usize> = vec![0; lists.len()];
    let mut high: Vec<usize> = lists.iter().map(|list| list.entries.len().min(count)).collect();
    loop {
        if low.iter().sum::<usize>() == count {
            return Ok(low);
        }
        if high.iter().sum::<usize>() == count {
            return Ok(high);
        }
        let Some(widest) = (0..lists.len()).max_by_key(|i| high[*i] - low[*i]) else { return Ok(low) };
        let middle = usize::midpoint(low[widest], high[widest]);
        let places = places_of(lists, widest, middle)?;
        let before: usize = places.iter().sum();
        for (i, place) in places.into_iter().enumerate() {
            if before < count {
                low[i] = low[i].max(place + usize::from(i == widest)).min(high[i]);
            } else {
                high[i] = high[i].min(place).max(low[i]);
            }
        }
    }
}

/// For each list, how many of its entries come before entry `at` of list `of`.
fn places_of(lists: &[SegmentList<'_>], of: usize, at: usize) -> Result<Vec<usize>, SearchError> {
    let pivot = lists[of].entries[at];
    let texts = texts_of(&pivot.keys, &lists[of].sources)?;
    let mut places = Vec::with_capacity(lists.len());
    for (i, list) in lists.iter().enumerate() {
        places.push(if i == of {
            at
        } else {
            let keys = translate(&pivot.keys, &texts, &list.sources)?;
            let pivot = Entry { keys, id: pivot.id, doc: 0 };
            list.entries.partition_point(|entry| *entry < pivot)
        });
    }
    Ok(places)
}

/// The texts behind the keys, where they are places in a dictionary.
fn texts_of(keys: &Keys, sources: &[Source<'_>]) -> Result<Vec<Option<Vec<u8>>>, SearchError> {
    let text = |(key, source): (&u64, &Source<'_>)| match source.text() {
        Some((column, direction)) if *key != MISSING => Ok(Some(text_of(*key, column, direction)?)),
        _ => Ok(None),
    };
    keys.iter().zip(sources).map(text).collect()
}

/// The keys an entry from another segment would have here.
fn translate(keys: &Keys, texts: &[Option<Vec<u8>>], sources: &[Source<'_>]) -> Result<Keys, SearchError> {
    let mut translated = *keys;
    for ((key, text), source) in translated.iter_mut().zip(texts).zip(sources) {
        if let (Some(text), Some((column, direction))) = (text, source.text()) {
            *key = key_of(text, column, direction)?;
        }
    }
    Ok(translated)
}

/// A place in a list, with the texts of the entry there.
struct Cursor<'a> {
    entries: &'a [Entry],
    sources: &'a [Source<'a>],
    texts: Vec<Option<Vec<u8>>>,
    /// The keys that `texts` belong to.
    read: Option<Keys>,
}

impl<'a> Cursor<'a> {
    fn new(list: &'a SegmentList<'a>, entries: &'a [Entry]) -> Self {
        Self { entries, sources: &list.sources, texts: Vec::new(), read: None }
    }

    /// Looks up the texts of the current entry, unless the one before had the same.
    fn read(&mut self) -> Result<(), SearchError> {
        if let Some(entry) = self.entries.first()
            && self.read != Some(entry.keys)
        {
            self.texts = texts_of(&entry.keys, self.sources)?;
            self.read = Some(entry.keys);
        }
        Ok(())
    }

    /// Compares the current entries of two cursors, neither at its end.
    fn compare(&self, other: &Self) -> Ordering {
        let (a, b) = (&self.entries[0], &other.entries[0]);
        for (level, source) in self.sources.iter().enumerate() {
            let order = match (&self.texts[level], &other.texts[level], source.text()) {
                (Some(a), Some(b), Some((_, Direction::Ascending))) => a.cmp(b),
                (Some(a), Some(b), Some((_, Direction::Descending))) => b.cmp(a),
                _ => a.keys[level].cmp(&b.keys[level]),
            };
            if order != Ordering::Equal {
                return order;
            }
        }
        a.id.cmp(&b.id)
    }
}

fn merge(mut cursors: Vec<Cursor<'_>>) -> Result<Vec<u64>, SearchError> {
    let mut ids = Vec::with_capacity(cursors.iter().map(|cursor| cursor.entries.len()).sum());
    for cursor in &mut cursors {
        cursor.read()?;
    }
    while let Some(least) = (0..cursors.len()).min_by(|a, b| cursors[*a].compare(&cursors[*b])) {
        let cursor = &mut cursors[least];
        ids.push(cursor.entries[0].id);
        cursor.entries = &cursor.entries[1..];
        if cursor.entries.is_empty() {
            cursors.swap_remove(least);
        } else {
            cursor.read()?;
        }
    }
    Ok(ids)
}
