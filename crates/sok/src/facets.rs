//! How many of a search's documents have each value of a field.

use std::collections::HashMap;

use tantivy::columnar::{BytesColumn, Column};
use tantivy::query::{EnableScoring, Weight};
use tantivy::{DocId, SegmentReader};

use crate::SearchError;
use crate::columns::FieldColumns;
use crate::keys::BLOCK;
use crate::matches::living;
use crate::query::Query;
use crate::schema::{Field, Kind, Schema, Sorting};
use crate::search::Snapshot;

/// The values of one field among the documents of a search. Of several values in a document the first counts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facet {
    /// The most frequent values with their counts, most frequent first, then in code point order.
    /// Those of a flag are `false` and `true`.
    pub values: Vec<(String, u64)>,
    /// Documents whose value is not among them.
    pub rest: u64,
    /// Documents without a value.
    pub without: u64,
}

impl Snapshot {
    /// One facet for each field, with at most `most` values.
    pub(crate) fn facets(
        &self,
        query: &Query,
        fields: &[Field],
        most: usize,
        schema: &Schema,
    ) -> Result<Vec<Facet>, SearchError> {
        for field in fields {
            let definition = schema.expect(*field, &[Kind::Keyword, Kind::Flag])?;
            if definition.sorting != Sorting::Plain {
                return Err(SearchError::NotSortable { field: definition.name.clone() });
            }
        }
        let compiled = self.compiler(schema, self.names(query, schema)?).compile(query)?;
        let weight = compiled.weight(EnableScoring::disabled_from_searcher(&self.searcher))?;
        let mut sums: Vec<Sum> = fields.iter().map(|_| Sum::default()).collect();
        for (reader, columns) in self.searcher.segment_readers().iter().zip(self.columns.iter()) {
            let open = |field: &Field| Counter::open(columns.fields.get(usize::from(field.index)));
            let mut counters = fields.iter().map(open).collect::<Result<Vec<_>, _>>()?;
            count(reader, weight.as_ref(), &mut counters)?;
            for (counter, sum) in counters.into_iter().zip(&mut sums) {
                counter.add_to(sum)?;
            }
        }
        Ok(sums.into_iter().map(|sum| sum.top(most)).collect())
    }
}

fn count(
    reader: &SegmentReader,
    weight: &dyn Weight,
    counters: &mut [Counter<'_>],
) -> Result<(), SearchError> {
    living(reader, weight, &mut |docs| {
        for docs in docs.chunks(BLOCK) {
            for counter in counters.iter_mut() {
                counter.take(docs);
            }
        }
    })
}

/// Counts within a segment, by dictionary number.
enum Counter<'a> {
    Text { column: &'a BytesColumn, counts: Vec<u64>, without: u64 },
    Flag { column: &'a Column<bool>, counts: [u64; 2], without: u64 },
}

impl<'a> Counter<'a> {
    fn open(columns: Option<&'a FieldColumns>) -> Result<Self, SearchError> {
        match columns {
            Some(FieldColumns::Text(column)) => {
                Ok(Self::Text { column, counts: vec![0; column.num_terms()], without: 0 })
            }
            Some(FieldColumns::Flag(column)) => Ok(Self::Flag { column, counts: [0; 2], without: 0 }),
            _ => Err(SearchError::UnknownField),
        }
    }

    /// Counts at most [`BLOCK`] documents.
    fn take(&mut self, docs: &[DocId]) {
        match self {
            Self::Text { column, counts, without } => {
                let mut ords = [None; BLOCK];
                column.ords().first_vals(docs, &mut ords[..docs.len()]);
                for ord in &ords[..docs.len()] {
                    match ord.and_then(|ord| counts.get_mut(ord as usize)) {
                        Some(count) => *count += 1,
                        None => *without += 1,
                    }
                }
            }
            Self::Flag { column, counts, without } => {
                let mut flags = [None; BLOCK];
                column.first_vals(docs, &mut flags[..docs.len()]);
                for flag in &flags[..docs.len()] {
                    match flag {
                        Some(flag) => counts[usize::from(*flag)] += 1,
                        None => *without += 1,
                    }
                }
            }
        }
    }

    fn add_to(self, sum: &mut Sum) -> Result<(), SearchError> {
        match self {
            Self::Text { column, counts, without } => {
                sum.without += without;
                let mut text = Vec::new();
                for (ord, count) in (0u64..).zip(counts).filter(|(_, count)| *count > 0) {
                    text.clear();
                    column.ord_to_bytes(ord, &mut text)?;
                    *sum.values.entry(String::from_utf8_lossy(&text).into_owned()).or_default() += count;
                }
            }
            Self::Flag { counts, without, .. } => {
                sum.without += without;
                for (name, count) in ["false", "true"].into_iter().zip(counts).filter(|(_, count)| *count > 0)
                {
                    *sum.values.entry(name.to_owned()).or_default() += count;
                }
            }
        }
        Ok(())
    }
}

#[derive(Default)]
struct Sum {
    values: HashMap<String, u64>,
    without: u64,
}

impl Sum {
    fn top(self, most: usize) -> Facet {
        let mut values: Vec<(String, u64)> = self.values.into_iter().collect();
        values.sort_unstable_by(|(a, many), (b, more)| more.cmp(many).then_with(|| a.cmp(b)));
        let rest = values.iter().skip(most).map(|(_, count)| count).sum();
        values.truncate(most);
        Facet { values, rest, without: self.without }
    }
}
