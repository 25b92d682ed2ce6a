//! Documents with a number between two bounds, by scanning the column of numbers.
//!
//! The engine has such a query too; its 0.27.0 loses its place in some combinations of conditions (found by the
//! comparison with brute force in the tests).

use std::ops::RangeInclusive;

use tantivy::columnar::Column;
use tantivy::query::{ConstScorer, EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED};

use crate::prefix::explain;

/// Documents looked at in one go: at first, and at most. Small after a jump, for the next may come soon.
const SCAN: (u32, u32) = (128, 16_384);

/// Matches documents with at least one number within the bounds.
#[derive(Debug, Clone)]
pub(crate) struct RangeQuery {
    /// The engine's name of the column.
    pub(crate) column: String,
    pub(crate) bounds: RangeInclusive<i64>,
}

impl Query for RangeQuery {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for RangeQuery {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let Some(column) = reader.fast_fields().column_opt::<i64>(&self.column)? else {
            return Ok(Box::new(EmptyScorer));
        };
        if self.bounds.is_empty()
            || *self.bounds.start() > column.max_value()
            || *self.bounds.end() < column.min_value()
        {
            return Ok(Box::new(EmptyScorer));
        }
        let docs = RangeDocs::new(column, self.bounds.clone(), reader.max_doc());
        Ok(Box::new(ConstScorer::new(docs, boost)))
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
        let mut docs = Self { column, bounds, max_doc, found: Vec::new(), at: 0, scanned: 0, step: SCAN.0 };
        docs.scan();
        docs
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
            self.at = self.found.len();
            self.scanned = target.min(self.max_doc);
            self.step = SCAN.0;
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
