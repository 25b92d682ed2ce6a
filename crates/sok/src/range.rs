//! Documents with a number between two bounds, or within several such ranges, by scanning the column of numbers.
//!
//! The engine has such a query too; its 0.27.0 loses its place in some combinations of conditions (found by the
//! comparison with brute force in the tests).

use std::ops::RangeInclusive;

use tantivy::columnar::{Cardinality, Column};
use tantivy::query::{ConstScorer, EnableScoring, Explanation, Query, Scorer, Weight, intersect_scorers};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED};

use crate::matches::in_blocks;
use crate::prefix::explain;

/// Documents looked at in one go: at first, and at most. Small after a far jump, for the next may come soon.
const SCAN: (u32, u32) = (128, 16_384);

/// Matches documents that for each of some bounds have at least one number within them.
#[derive(Debug, Clone)]
pub(crate) struct RangeQuery {
    /// The engine's name of the column.
    pub(crate) column: String,
    pub(crate) bounds: Vec<RangeInclusive<i64>>,
}

impl RangeQuery {
    /// The documents for each of the bounds. Where no document has several numbers, there is one for all of them.
    fn open(&self, reader: &SegmentReader) -> tantivy::Result<Vec<RangeDocs>> {
        let Some(column) = reader.fast_fields().column_opt::<i64>(&self.column)? else {
            return Ok(Vec::new());
        };
        let open = |bounds: RangeInclusive<i64>| RangeDocs::new(column.clone(), bounds, reader.max_doc());
        if column.get_cardinality() == Cardinality::Multivalued {
            return Ok(self.bounds.iter().cloned().map(open).collect());
        }
        let first = self.bounds.iter().map(RangeInclusive::start).max();
        let last = self.bounds.iter().map(RangeInclusive::end).min();
        Ok(first.zip(last).map(|(first, last)| open(*first..=*last)).into_iter().collect())
    }
}

impl Query for RangeQuery {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for RangeQuery {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let docs = self.open(reader)?.into_iter();
        let docs = docs.map(|docs| -> Box<dyn Scorer> { Box::new(ConstScorer::new(docs, boost)) });
        Ok(intersect_scorers(docs.collect(), reader.max_doc()))
    }

    /// Called when there is no other condition: then the column is read through.
    fn for_each_no_score(
        &self,
        reader: &SegmentReader,
        callback: &mut dyn FnMut(&[DocId]),
    ) -> tantivy::Result<()> {
        match <[RangeDocs; 1]>::try_from(self.open(reader)?) {
            Ok([docs]) => docs.for_each(callback),
            Err(_) => in_blocks(self.scorer(reader, 1.0)?, callback),
        }
        Ok(())
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        explain(self, reader, doc)
    }
}

struct RangeDocs {
    column: Column<i64>,
    bounds: RangeInclusive<i64>,
    max_doc: DocId,
    /// The matches among those looked at last.
    found: Vec<DocId>,
    /// The current one among `found`; past its end when there are no more.
    at: usize,
    /// Everything before this has been looked at.
    scanned: DocId,
    step: u32,
}

impl RangeDocs {
    fn new(column: Column<i64>, bounds: RangeInclusive<i64>, max_doc: DocId) -> Self {
        let nothing =
            bounds.is_empty() || *bounds.start() > column.max_value() || *bounds.end() < column.min_value();
        let scanned = if nothing { max_doc } else { 0 };
        let mut docs = Self { column, bounds, max_doc, found: Vec::new(), at: 0, scanned, step: SCAN.0 };
        docs.scan();
        docs
    }

    fn for_each(mut self, callback: &mut dyn FnMut(&[DocId])) {
        while !self.found.is_empty() {
            callback(&self.found);
            self.scan();
        }
    }

    /// Looks on until something is found or there is nothing more.
    fn scan(&mut self) {
        self.found.clear();
        self.at = 0;
        while self.found.is_empty() && self.scanned < self.max_doc {
            let end = self.max_doc.min(self.scanned + self.step);
            self.column.get_docids_for_value_range(self.bounds.clone(), self.scanned..end, &mut self.found);
            self.found.dedup();
            self.scanned = end;
            self.step = SCAN.1.min(self.step * 2);
        }
    }
}

impl DocSet for RangeDocs {
    fn advance(&mut self) -> DocId {
        self.at += 1;
        if self.at >= self.found.len() {
            self.scan();
        }
        self.doc()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if target < self.scanned {
            self.at += self.found[self.at.min(self.found.len())..].partition_point(|doc| *doc < target);
        } else {
            let target = target.min(self.max_doc);
            if target - self.scanned > self.step {
                self.step = SCAN.0;
            }
            self.at = self.found.len();
            self.scanned = target;
        }
        if self.at >= self.found.len() {
            self.scan();
        }
        self.doc()
    }

    fn doc(&self) -> DocId {
        self.found.get(self.at).copied().unwrap_or(TERMINATED)
    }

    fn size_hint(&self) -> u32 {
        self.column.num_docs() / 8
    }

    fn cost(&self) -> u64 {
        u64::from(self.column.num_docs())
    }
}
