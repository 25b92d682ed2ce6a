//! Documents that match, one after another, for as long as somebody wants them.

use std::ops::ControlFlow;

use tantivy::query::EnableScoring;
use tantivy::{COLLECT_BLOCK_BUFFER_LEN, DocId, DocSet};

use crate::SearchError;
use crate::columns::SegmentColumns;
use crate::compile::Names;
use crate::query::Query;
use crate::schema::Schema;
use crate::search::Snapshot;

impl Snapshot {
    /// Shows the numbers of the documents that match until told to stop.
    pub(crate) fn visit(
        &self,
        query: &Query,
        schema: &Schema,
        show: &mut dyn FnMut(&[u64]) -> ControlFlow<()>,
    ) -> Result<(), SearchError> {
        let query = self.compiler(schema, Names::All).compile(query)?;
        let weight = query.weight(EnableScoring::disabled_from_searcher(&self.searcher))?;
        let mut block = [0; COLLECT_BLOCK_BUFFER_LEN];
        let mut living = Vec::with_capacity(COLLECT_BLOCK_BUFFER_LEN);
        for (reader, columns) in self.searcher.segment_readers().iter().zip(self.columns.iter()) {
            let mut docs = weight.scorer(reader, 1.0)?;
            loop {
                let filled = docs.fill_buffer(&mut block);
                living.clear();
                living.extend(block[..filled].iter().copied().filter(|doc| !reader.is_deleted(*doc)));
                if !living.is_empty() && show(&numbers(columns, &living)).is_break() {
                    return Ok(());
                }
                if filled < block.len() {
                    break;
                }
            }
        }
        Ok(())
    }
}

/// The numbers of some documents of a segment.
fn numbers(columns: &SegmentColumns, docs: &[DocId]) -> Vec<u64> {
    docs.iter().filter_map(|doc| columns.id.first(*doc)).collect()
}
