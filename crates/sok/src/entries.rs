//! The order keys of documents, read block by block.

use tantivy::DocId;

use crate::SearchError;
use crate::columns::SegmentColumns;
use crate::keys::{BLOCK, Level, MAX_SORT_KEYS, MISSING, Source};
use crate::top::Entry;

/// Reads the entries of a segment's documents in one order.
pub(crate) struct EntryReader<'a> {
    pub(crate) columns: &'a SegmentColumns,
    /// Where the keys come from, level by level.
    pub(crate) sources: Vec<Source<'a>>,
    /// The keys of the block that is being read; unused levels stay zero.
    keys: [[u64; BLOCK]; MAX_SORT_KEYS],
}

impl<'a> EntryReader<'a> {
    /// A reader for an order whose levels are checked.
    pub(crate) fn new(columns: &'a SegmentColumns, levels: &[Level]) -> Result<Self, SearchError> {
        let sources = levels.iter().map(|level| Source::new(level, columns));
        let sources = sources.collect::<Result<_, _>>()?;
        Ok(Self { columns, sources, keys: [[0; BLOCK]; MAX_SORT_KEYS] })
    }

    /// Hands over the entries of at most [`BLOCK`] documents, leaving out those whose first key is above `bar`.
    pub(crate) fn read(&mut self, docs: &[DocId], bar: u64, mut take: impl FnMut(Entry)) {
        let mut kept = [0; BLOCK];
        let mut count = docs.len();
        kept[..count].copy_from_slice(docs);
        if let Some(first) = self.sources.first_mut() {
            first.fill(docs, bar, &mut self.keys[0][..count]);
            count = 0;
            for (at, doc) in docs.iter().enumerate() {
                let key = self.keys[0][at];
                if key <= bar {
                    (kept[count], self.keys[0][count]) = (*doc, key);
                    count += 1;
                }
            }
        }
        let kept = &kept[..count];
        for (source, keys) in self.sources.iter_mut().zip(&mut self.keys).skip(1) {
            source.fill(kept, MISSING, &mut keys[..count]);
        }
        let mut ids = [None; BLOCK];
        self.columns.id.first_vals(kept, &mut ids[..count]);
        for (at, (doc, id)) in kept.iter().zip(ids).enumerate() {
            let keys = std::array::from_fn(|level| self.keys[level][at]);
            take(Entry { keys, id: id.unwrap_or_default(), doc: *doc });
        }
    }

    /// The entry of one document.
    pub(crate) fn entry(&mut self, doc: DocId) -> Entry {
        let mut entry = Entry { keys: [0; MAX_SORT_KEYS], id: 0, doc };
        self.read(&[doc], MISSING, |read| entry = read);
        entry
    }
}
