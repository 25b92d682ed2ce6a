//! A set of documents that is filled quickly.

use tantivy::DocId;

/// Documents handed over in one go.
const BLOCK: usize = tantivy::COLLECT_BLOCK_BUFFER_LEN;

/// One bit for each document of a segment.
///
/// The engine's own set counts while it is filled, and so writes a word for every document: with a million of them that
/// takes longer than everything else.
pub(crate) struct Bits(Vec<u64>);

impl Bits {
    /// An empty set for documents below `documents`.
    pub(crate) fn new(documents: u32) -> Self {
        Self(vec![0; documents.div_ceil(u64::BITS) as usize])
    }

    /// Adds documents, best in ascending order.
    pub(crate) fn insert(&mut self, docs: &[DocId]) {
        let Some(first) = docs.first() else { return };
        let (mut at, mut word) = (first / u64::BITS, 0);
        for doc in docs {
            if doc / u64::BITS != at {
                self.0[at as usize] |= word;
                (at, word) = (doc / u64::BITS, 0);
            }
            word |= 1 << (doc % u64::BITS);
        }
        self.0[at as usize] |= word;
    }

    pub(crate) fn contains(&self, doc: DocId) -> bool {
        self.0[(doc / u64::BITS) as usize] >> (doc % u64::BITS) & 1 == 1
    }

    pub(crate) fn count(&self) -> u64 {
        self.0.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// Hands over the documents in ascending order, block by block.
    pub(crate) fn for_each(&self, take: &mut dyn FnMut(&[DocId])) {
        let mut block = Vec::with_capacity(BLOCK);
        for (at, word) in (0u32..).zip(&self.0) {
            let mut left = *word;
            while left != 0 {
                block.push(at * u64::BITS + left.trailing_zeros());
                left &= left - 1;
                if block.len() == BLOCK {
                    take(&block);
                    block.clear();
                }
            }
        }
        take(&block);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn a_set_is_what_was_put_in(groups in prop::collection::vec(prop::collection::vec(0u32..500, 0..80), 0..5)) {
            let mut bits = Bits::new(500);
            for docs in &groups {
                bits.insert(docs);
            }
            let expected: BTreeSet<u32> = groups.into_iter().flatten().collect();
            let mut found = Vec::new();
            bits.for_each(&mut |docs| found.extend_from_slice(docs));
            prop_assert!(expected.iter().eq(&found));
            prop_assert_eq!(bits.count(), expected.len() as u64);
            prop_assert!((0..500).all(|doc| bits.contains(doc) == expected.contains(&doc)));
        }
    }
}
