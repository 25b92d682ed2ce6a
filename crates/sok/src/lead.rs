//! The leading part of an order: which documents of a segment come first.
//!
//! A segment's documents never change, so what was found once holds for as long as the segment does, whatever is deleted
//! from it. An order is kept when it has been asked for, as far as it was needed, and the one that was not asked for the
//! longest makes room.

use std::sync::Arc;

use parking_lot::Mutex;
use tantivy::DocId;
use tantivy::query::AllScorer;

use crate::SearchError;
use crate::columns::SegmentColumns;
use crate::entries::EntryReader;
use crate::keys::{BLOCK, Level};
use crate::matches::in_blocks;
use crate::top::Top;

/// All orders of a segment together have at most so many documents for each of the segment's: 32 bytes.
const KEPT: usize = 8;

/// The orders of a segment that have been asked for, the latest last.
#[derive(Default)]
pub(crate) struct Leads(Mutex<Vec<Kept>>);

/// An order, and the documents that come first in it.
type Kept = (Vec<Level>, Arc<[DocId]>);

impl Leads {
    fn find(&self, order: &[Level], least: usize) -> Option<Arc<[DocId]>> {
        let mut kept = self.0.lock();
        let at = kept.iter().position(|(other, docs)| other == order && docs.len() >= least)?;
        kept[at..].rotate_left(1);
        kept.last().map(|(_, docs)| Arc::clone(docs))
    }

    fn keep(&self, order: &[Level], docs: &Arc<[DocId]>, most: usize) {
        let mut kept = self.0.lock();
        kept.retain(|(other, _)| other != order);
        kept.push((order.to_vec(), Arc::clone(docs)));
        let mut room = most;
        let fits = kept.iter().rev().take_while(|(_, docs)| {
            let fits = docs.len() <= room;
            room = room.saturating_sub(docs.len());
            fits
        });
        let drop = kept.len() - fits.count();
        kept.drain(..drop);
    }
}

#[cfg(test)]
impl Leads {
    /// How many documents each kept order has.
    pub(crate) fn lengths(&self) -> Vec<usize> {
        self.0.lock().iter().map(|(_, docs)| docs.len()).collect()
    }
}

impl SegmentColumns {
    /// The documents that come first in an order, deleted ones too: at least so many, if there are so many.
    ///
    /// The levels must be the same for every search: not the tier of a name.
    pub(crate) fn lead(&self, order: &[Level], least: usize) -> Result<Arc<[DocId]>, SearchError> {
        let documents = self.documents as usize;
        let least = least.min(documents);
        if let Some(found) = self.leads.find(order, least) {
            return Ok(found);
        }
        let mut reader = EntryReader::new(self, order)?;
        let mut top = Top::new(least, None);
        in_blocks(AllScorer::new(self.documents), &mut |docs| {
            for docs in docs.chunks(BLOCK) {
                reader.read(docs, top.bar(), |entry| top.push(entry));
            }
        });
        let docs: Arc<[DocId]> = top.finish().into_iter().map(|entry| entry.doc).collect();
        self.leads.keep(order, &docs, KEPT * documents);
        Ok(docs)
    }
}
