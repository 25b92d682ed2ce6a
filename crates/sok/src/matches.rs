//! Which documents of a segment a search finds.

use tantivy::query::{AllWeight, Weight};
use tantivy::{COLLECT_BLOCK_BUFFER_LEN, DocId, DocSet, SegmentReader};

use crate::SearchError;
use crate::bits::Bits;

/// The living documents of a segment that match.
pub(crate) enum Matches<'a> {
    /// All there are.
    All(&'a SegmentReader),
    /// So few that it is quickest to look at each of them; in ascending order.
    Few(Vec<DocId>),
    /// So many that they are kept as a set.
    Many(Bits),
}

impl<'a> Matches<'a> {
    /// The documents that match; up to `most` are few.
    pub(crate) fn gather(
        reader: &'a SegmentReader,
        weight: &dyn Weight,
        most: usize,
    ) -> Result<Self, SearchError> {
        let (mut few, mut many) = (Vec::new(), None);
        living(reader, weight, &mut |docs| {
            if many.is_none() && few.len() + docs.len() > most {
                let mut set = Bits::new(reader.max_doc());
                set.insert(&few);
                many = Some(set);
            }
            match &mut many {
                Some(set) => set.insert(docs),
                None => few.extend_from_slice(docs),
            }
        })?;
        Ok(many.map_or(Self::Few(few), Self::Many))
    }

    /// How many there are.
    pub(crate) fn count(&self) -> u64 {
        match self {
            Self::All(reader) => reader.num_docs().into(),
            Self::Few(docs) => docs.len() as u64,
            Self::Many(set) => set.count(),
        }
    }

    /// True if the document is one of them.
    pub(crate) fn contains(&self, doc: DocId) -> bool {
        match self {
            Self::All(reader) => !reader.is_deleted(doc),
            Self::Few(docs) => docs.binary_search(&doc).is_ok(),
            Self::Many(set) => set.contains(doc),
        }
    }

    /// Hands them over in ascending order, some at a time.
    pub(crate) fn for_each(self, take: &mut dyn FnMut(&[DocId])) -> Result<(), SearchError> {
        match self {
            Self::All(reader) => return living(reader, &AllWeight, take),
            Self::Few(docs) => take(&docs),
            Self::Many(set) => set.for_each(take),
        }
        Ok(())
    }
}

/// Hands over a set's documents, block by block.
pub(crate) fn in_blocks(mut docs: impl DocSet, take: &mut dyn FnMut(&[DocId])) {
    let mut block = [0; COLLECT_BLOCK_BUFFER_LEN];
    loop {
        let filled = docs.fill_buffer(&mut block);
        take(&block[..filled]);
        if filled < block.len() {
            return;
        }
    }
}

/// Hands over the matching documents of a segment that are not deleted, some at a time.
pub(crate) fn living(
    reader: &SegmentReader,
    weight: &dyn Weight,
    take: &mut dyn FnMut(&[DocId]),
) -> Result<(), SearchError> {
    let Some(alive) = reader.alive_bitset() else {
        weight.for_each_no_score(reader, take)?;
        return Ok(());
    };
    let mut living = Vec::with_capacity(COLLECT_BLOCK_BUFFER_LEN);
    weight.for_each_no_score(reader, &mut |docs| {
        living.clear();
        living.extend(docs.iter().copied().filter(|doc| alive.is_alive(*doc)));
        take(&living);
    })?;
    Ok(())
}
