//! Documents with a number between two bounds, or within several such ranges, by scanning the column of numbers.
//!
//! The engine has such a query too; its 0.27.0 loses its place in some combinations of conditions (found by the
//! comparison with brute force in the tests).

use std::ops::RangeInclusive;

use tantivy::columnar::{Cardinality, Column};
use tantivy::query::{ConstScorer, EnableScoring, Explanation, Query, Scorer, Weight, intersect_scorers};
use tantivy::{DocId, DocSet, Score, SeekDangerResult, SegmentReader, TERMINATED, TantivyError};

use crate::SearchError;
use crate::bits::Bits;
use crate::columns::{Columns, FieldColumns, SegmentColumns};
use crate::keys::Level;
use crate::matches::in_blocks;
use crate::prefix::explain;
use crate::query::Direction;
use crate::schema::Field;

/// Documents looked at in one go: at first, and at most. Small after a far jump, for the next may come soon.
const SCAN: (u32, u32) = (128, 16_384);

/// A jump over more documents than this is far.
const FAR: u32 = SCAN.0 / 4;

/// Ranges at either end of the numbers with less documents than this are not looked for, but read from the field's order.
const OUTERMOST: usize = if cfg!(test) { 16 } else { 65_536 };

/// In a segment with less than so many documents looking for them is quick enough.
const SMALL: u32 = if cfg!(test) { 20 } else { 65_536 };

/// So many documents tell whether a range has few.
const SAMPLE: u32 = if cfg!(test) { 5 } else { 256 };

/// Matches documents that for each of some bounds have at least one number within them.
#[derive(Debug, Clone)]
pub(crate) struct RangeQuery {
    pub(crate) field: Field,
    pub(crate) columns: Columns,
    pub(crate) bounds: Vec<RangeInclusive<i64>>,
}

impl RangeQuery {
    /// The documents for each of the bounds. Where no document has several numbers, there is one for all of them.
    fn open(&self, reader: &SegmentReader) -> tantivy::Result<Vec<RangeDocs>> {
        let segment = self.columns.iter().find(|segment| segment.segment == reader.segment_id());
        let fields = segment.map(|segment| (segment, &segment.fields[usize::from(self.field.index)]));
        let Some((segment, FieldColumns::Number(column))) = fields else { return Ok(Vec::new()) };
        let scan = |bounds| RangeDocs::scanned(column.clone(), bounds, reader.max_doc());
        if column.get_cardinality() == Cardinality::Multivalued {
            return Ok(self.bounds.iter().cloned().map(scan).collect());
        }
        let first = self.bounds.iter().map(RangeInclusive::start).max();
        let last = self.bounds.iter().map(RangeInclusive::end).min();
        let Some((first, last)) = first.zip(last) else { return Ok(Vec::new()) };
        let bounds = *first..=*last;
        let listed = self.outermost(&bounds, column, segment);
        let listed = listed.map_err(|error| TantivyError::InternalError(error.to_string()))?;
        Ok(vec![match listed {
            Some(docs) => RangeDocs::listed(column.clone(), bounds, reader.max_doc(), docs),
            None => scan(bounds),
        }])
    }

    /// The documents within the bounds, if they are so few and at an end of the field's order.
    fn outermost(
        &self,
        bounds: &RangeInclusive<i64>,
        column: &Column<i64>,
        segment: &SegmentColumns,
    ) -> Result<Option<Vec<DocId>>, SearchError> {
        let direction = if *bounds.start() <= column.min_value() {
            Direction::Ascending
        } else if *bounds.end() >= column.max_value() {
            Direction::Descending
        } else {
            return Ok(None);
        };
        let within = |doc: &DocId| column.first(*doc).is_some_and(|number| bounds.contains(&number));
        let every = segment.documents.div_ceil(SAMPLE).max(1);
        let sampled = (0..segment.documents).step_by(every as usize).filter(within).count();
        if segment.documents < SMALL || sampled * every as usize >= OUTERMOST {
            return Ok(None);
        }
        let lead = segment.lead(&[Level::Field(self.field, direction)], OUTERMOST)?;
        let count = lead.partition_point(within);
        if count == lead.len() {
            return Ok(None);
        }
        let mut set = Bits::new(segment.documents);
        set.insert(&lead[..count]);
        let mut docs = Vec::with_capacity(count);
        set.for_each(&mut |block| docs.extend_from_slice(block));
        Ok(Some(docs))
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
    /// The documents are found by and by.
    fn scanned(column: Column<i64>, bounds: RangeInclusive<i64>, max_doc: DocId) -> Self {
        let nothing =
            bounds.is_empty() || *bounds.start() > column.max_value() || *bounds.end() < column.min_value();
        let scanned = if nothing { max_doc } else { 0 };
        let mut docs = Self { column, bounds, max_doc, found: Vec::new(), at: 0, scanned, step: SCAN.0 };
        docs.scan();
        docs
    }

    /// The documents are known.
    fn listed(column: Column<i64>, bounds: RangeInclusive<i64>, max_doc: DocId, found: Vec<DocId>) -> Self {
        Self { column, bounds, max_doc, found, at: 0, scanned: max_doc, step: SCAN.0 }
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
            if target - self.scanned > FAR {
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

    /// After a far jump only the target itself is looked at: it is one of a rarer list, and so will the next be.
    fn seek_danger(&mut self, target: DocId) -> SeekDangerResult {
        if target < self.scanned || target >= self.max_doc || target - self.scanned <= FAR {
            let doc = self.seek(target);
            return if doc == target {
                SeekDangerResult::Found
            } else {
                SeekDangerResult::SeekLowerBound(doc)
            };
        }
        self.found.clear();
        self.at = 0;
        self.scanned = target + 1;
        self.step = SCAN.0;
        if !self.column.values_for_doc(target).any(|number| self.bounds.contains(&number)) {
            return SeekDangerResult::SeekLowerBound(target + 1);
        }
        self.found.push(target);
        SeekDangerResult::Found
    }

    fn doc(&self) -> DocId {
        self.found.get(self.at).copied().unwrap_or(TERMINATED)
    }

    fn size_hint(&self) -> u32 {
        if self.scanned == self.max_doc { self.found.len() as u32 } else { self.max_doc / 8 }
    }

    fn cost(&self) -> u64 {
        let documents = if self.scanned == self.max_doc { self.size_hint() } else { self.max_doc };
        u64::from(documents)
    }
}
