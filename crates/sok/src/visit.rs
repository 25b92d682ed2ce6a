//! Documents that match, one after another, for as long as somebody wants them.

use std::ops::ControlFlow;

use tantivy::query::EnableScoring;
use tantivy::{COLLECT_BLOCK_BUFFER_LEN, DocId, DocSet};

use crate::SearchError;
use crate::columns::{FieldColumns, SegmentColumns};
use crate::compile::Names;
use crate::query::Query;
use crate::schema::{Field, Kind, Schema};
use crate::search::Snapshot;

/// A document's number, and the first that it has in some field.
pub type Seen = (u64, Option<i64>);

impl Snapshot {
    /// Shows the documents that match, each with its first number in a field, until told to stop.
    pub(crate) fn visit(
        &self,
        query: &Query,
        field: Field,
        schema: &Schema,
        show: &mut dyn FnMut(&[Seen]) -> ControlFlow<()>,
    ) -> Result<(), SearchError> {
        schema.expect(field, &[Kind::Number])?;
        let query = self.compiler(schema, Names::All).compile(query)?;
        let weight = query.weight(EnableScoring::disabled_from_searcher(&self.searcher))?;
        let mut block = [0; COLLECT_BLOCK_BUFFER_LEN];
        let mut shown = Vec::with_capacity(COLLECT_BLOCK_BUFFER_LEN);
        for (reader, columns) in self.searcher.segment_readers().iter().zip(self.columns.iter()) {
            let mut docs = weight.scorer(reader, 1.0)?;
            loop {
                let filled = docs.fill_buffer(&mut block);
                let living = block[..filled].iter().filter(|doc| !reader.is_deleted(**doc));
                shown.clear();
                shown.extend(living.filter_map(|doc| pair(columns, field, *doc)));
                if !shown.is_empty() && show(&shown).is_break() {
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

fn pair(columns: &SegmentColumns, field: Field, doc: DocId) -> Option<Seen> {
    let number = match &columns.fields[usize::from(field.index)] {
        FieldColumns::Number(column) => column.first(doc),
        _ => None,
    };
    Some((columns.id.first(doc)?, number))
}
