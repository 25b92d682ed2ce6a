//! Marks of documents: what tells, without reading, that a document has not been written since.
//!
//! Documents share counters. The writer raises a document's counter before it commits and again afterwards, so an odd
//! counter means that a write is on its way, and a counter that has not moved means that nothing was written.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::{Collection, DocId, Mark};

/// A power of two. A write makes every document that shares its counter look written, which costs those one read.
const COUNTERS: usize = 1 << 14;

/// The counters.
pub(super) struct Marks(Box<[AtomicU64]>);

impl Default for Marks {
    fn default() -> Self {
        Self((0..COUNTERS).map(|_| AtomicU64::new(0)).collect())
    }
}

impl Marks {
    /// The mark of a document; `None` while a document with the same counter is being written.
    pub(super) fn of(&self, collection: Collection, id: DocId) -> Option<Mark> {
        let count = self.0[place(collection, id)].load(Ordering::SeqCst);
        count.is_multiple_of(2).then_some(Mark(count))
    }

    /// Marks documents as being written until the answer is dropped.
    pub(super) fn write(&self, documents: impl Iterator<Item = (Collection, DocId)>) -> Writing<'_> {
        let mut places: Vec<usize> = documents.map(|(collection, id)| place(collection, id)).collect();
        places.sort_unstable();
        places.dedup();
        let writing = Writing { marks: self, places };
        writing.step();
        writing
    }
}

/// Documents that are being written.
pub(super) struct Writing<'a> {
    marks: &'a Marks,
    places: Vec<usize>,
}

impl Writing<'_> {
    fn step(&self) {
        for place in &self.places {
            self.marks.0[*place].fetch_add(1, Ordering::SeqCst);
        }
    }
}

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        self.step();
    }
}

/// Neighbouring numbers are told apart, and so are the same number's documents in different collections.
fn place(collection: Collection, id: DocId) -> usize {
    let salt = collection.0.bytes().fold(0u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
    let mixed = (id ^ salt.rotate_left(32)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> (64 - COUNTERS.trailing_zeros())) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNITS: Collection = Collection("prøve/enhet");

    #[test]
    fn a_write_is_seen_from_its_beginning_to_its_end() {
        let marks = Marks::default();
        let before = marks.of(UNITS, 7);
        assert!(before.is_some());
        let writing = marks.write([(UNITS, 7), (UNITS, 7)].into_iter());
        assert_eq!(marks.of(UNITS, 7), None);
        drop(writing);
        let after = marks.of(UNITS, 7);
        assert!(after.is_some() && after != before);
    }

    #[test]
    fn most_documents_do_not_disturb_each_other() {
        let marks = Marks::default();
        let before: Vec<_> = (0..1000).map(|id| marks.of(UNITS, id)).collect();
        drop(marks.write((5000..5010).map(|id| (UNITS, id))));
        let disturbed = (0..1000).zip(before).filter(|(id, mark)| marks.of(UNITS, *id) != *mark).count();
        assert!(disturbed < 20, "{disturbed}");
    }
}
