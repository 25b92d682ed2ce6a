//! The best so many of a stream, without sorting the stream.

use tantivy::DocId;

use crate::keys::Keys;

/// A document with its order keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Entry {
    pub(crate) keys: Keys,
    pub(crate) id: u64,
    /// Where it is in the segment. Only here to be taken along: no two have the same number.
    pub(crate) doc: DocId,
}

/// Small windows still gather this many before the worst are thrown out.
const MIN_SLACK: usize = 256;

/// Keeps the `k` smallest entries. Each costs a comparison with the worst that is still wanted, and now and then a
/// selection over twice `k`: linear however large `k` is.
pub(crate) struct Top {
    k: usize,
    entries: Vec<Entry>,
    /// The largest of `k` entries seen: nothing above it is wanted.
    bar: Option<Entry>,
    /// Only what comes after this is wanted.
    after: Option<Entry>,
}

impl Top {
    pub(crate) fn new(k: usize, after: Option<Entry>) -> Self {
        Self { k, entries: Vec::new(), bar: None, after }
    }

    /// An entry whose first key is above this cannot get in any more.
    pub(crate) fn bar(&self) -> u64 {
        self.bar.map_or(u64::MAX, |bar| bar.keys[0])
    }

    pub(crate) fn push(&mut self, entry: Entry) {
        if self.bar.is_some_and(|bar| entry >= bar) || self.after.is_some_and(|after| entry <= after) {
            return;
        }
        self.entries.push(entry);
        if self.entries.len() >= self.k.saturating_add(self.k.max(MIN_SLACK)) {
            self.shrink();
        }
    }

    fn shrink(&mut self) {
        if self.k == 0 {
            self.entries.clear();
        } else if self.entries.len() > self.k {
            let (_, worst, _) = self.entries.select_nth_unstable(self.k - 1);
            self.bar = Some(*worst);
            self.entries.truncate(self.k);
        }
    }

    /// The smallest entries in order.
    pub(crate) fn finish(mut self) -> Vec<Entry> {
        self.shrink();
        self.entries.sort_unstable();
        self.entries
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_top_is_the_beginning_of_the_sorted_stream(
            keys in prop::collection::vec((0u64..20, 0u64..3), 0..2000), k in 0usize..600,
            after in prop::option::of((0u64..20, 0u64..3, 0u64..2000)),
        ) {
            let entries: Vec<Entry> = (0u64..).zip(&keys).map(|(id, (a, b))| Entry { keys: [*a, *b, 0, 0], id, doc: 0 }).collect();
            let after = after.map(|(a, b, id)| Entry { keys: [a, b, 0, 0], id, doc: 0 });
            let mut top = Top::new(k, after);
            for entry in &entries {
                if entry.keys[0] <= top.bar() {
                    top.push(*entry);
                }
            }
            let mut sorted = entries;
            sorted.sort_unstable();
            sorted.retain(|entry| after.is_none_or(|after| *entry > after));
            sorted.truncate(k);
            prop_assert_eq!(top.finish(), sorted);
        }
    }
}
