//! Answering a request from a snapshot of the index.

use std::sync::Arc;

use tantivy::query::{EnableScoring, Weight};
use tantivy::{DocId, Searcher, SegmentReader};

use crate::SearchError;
use crate::columns::SegmentColumns;
use crate::compile::{Names, can_loosen, compile};
use crate::keys::{BLOCK, Level, MAX_SORT_KEYS, Source, levels};
use crate::merge::{SegmentList, window};
use crate::place::{Page, Place};
use crate::query::{Hits, Query, Request};
use crate::schema::Schema;
use crate::top::{Entry, Top};

/// The segments at one moment, with their columns open.
pub(crate) struct Snapshot {
    pub(crate) searcher: Searcher,
    /// One for each segment of the searcher, in its order.
    pub(crate) columns: Vec<Arc<SegmentColumns>>,
}

impl Snapshot {
    /// The answer to a request.
    pub(crate) fn search(&self, request: &Request, schema: &Schema) -> Result<Hits, SearchError> {
        let strict = levels(request, schema, Names::All)?;
        if request.limit == 0 {
            return Ok(Hits { total: self.count(&request.query, schema)?, ids: Vec::new() });
        }
        let hits = self.run(request, &Order { levels: &strict, after: None }, schema, Names::All)?;
        if hits.total == 0 && can_loosen(&request.query) {
            let loose = levels(request, schema, Names::Some)?;
            return self.run(request, &Order { levels: &loose, after: None }, schema, Names::Some);
        }
        Ok(hits)
    }

    /// The part of the answer that comes after a place.
    pub(crate) fn page(
        &self,
        request: &Request,
        after: Option<&Place>,
        schema: &Schema,
    ) -> Result<Page, SearchError> {
        let names = self.names(&request.query, schema)?;
        let levels = levels(request, schema, names)?;
        let hits = self.run(request, &Order { levels: &levels, after }, schema, names)?;
        let last = match hits.ids.last() {
            Some(id) => self.place_of(*id, &levels, schema)?,
            None => None,
        };
        Ok(Page { hits, last })
    }

    /// How many documents match.
    pub(crate) fn count(&self, query: &Query, schema: &Schema) -> Result<u64, SearchError> {
        match self.count_with(query, schema, Names::All)? {
            0 if can_loosen(query) => self.count_with(query, schema, Names::Some),
            total => Ok(total),
        }
    }

    /// How the names of a query are matched: in part if no document has all.
    pub(crate) fn names(&self, query: &Query, schema: &Schema) -> Result<Names, SearchError> {
        if can_loosen(query) && self.count_with(query, schema, Names::All)? == 0 {
            return Ok(Names::Some);
        }
        Ok(Names::All)
    }

    fn count_with(&self, query: &Query, schema: &Schema, names: Names) -> Result<u64, SearchError> {
        Ok(compile(query, schema, names)?.count(&self.searcher)? as u64)
    }

    fn run(
        &self,
        request: &Request,
        order: &Order<'_>,
        schema: &Schema,
        names: Names,
    ) -> Result<Hits, SearchError> {
        let query = compile(&request.query, schema, names)?;
        let weight = query.weight(EnableScoring::disabled_from_searcher(&self.searcher))?;
        let wanted = request.offset.saturating_add(request.limit);
        let mut total = 0;
        let mut lists = Vec::with_capacity(self.columns.len());
        for (reader, columns) in self.searcher.segment_readers().iter().zip(&self.columns) {
            let sources = order
                .levels
                .iter()
                .map(|level| Source::new(level, columns))
                .collect::<Result<Vec<_>, _>>()?;
            let after = order.after.map(|place| place.entry(&sources)).transpose()?;
            let mut collector = Collector { columns, sources, top: Top::new(wanted, after), total: 0 };
            living(reader, weight.as_ref(), &mut |docs| collector.take(docs))?;
            total += collector.total;
            lists.push(SegmentList { entries: collector.top.finish(), sources: collector.sources });
        }
        Ok(Hits { total, ids: window(lists, request.offset, request.limit)? })
    }
}

/// In which order, and from where on.
struct Order<'a> {
    levels: &'a [Level],
    after: Option<&'a Place>,
}

/// Hands over the matching documents of a segment that are not deleted, block by block.
pub(crate) fn living(
    reader: &SegmentReader,
    weight: &dyn Weight,
    take: &mut dyn FnMut(&[DocId]),
) -> Result<(), SearchError> {
    let Some(alive) = reader.alive_bitset() else {
        weight.for_each_no_score(reader, take)?;
        return Ok(());
    };
    let mut living = Vec::with_capacity(BLOCK);
    weight.for_each_no_score(reader, &mut |docs| {
        living.clear();
        living.extend(docs.iter().copied().filter(|doc| alive.is_alive(*doc)));
        take(&living);
    })?;
    Ok(())
}

/// Counts a segment's matches and keeps the best.
struct Collector<'a> {
    columns: &'a SegmentColumns,
    sources: Vec<Source<'a>>,
    top: Top,
    total: u64,
}

impl Collector<'_> {
    fn take(&mut self, docs: &[DocId]) {
        self.total += docs.len() as u64;
        let Some((first, rest)) = self.sources.split_first_mut() else {
            return self.take_by_number(docs);
        };
        let mut first_keys = [0; BLOCK];
        let mut ids = [None; BLOCK];
        for docs in docs.chunks(BLOCK) {
            first.fill(docs, self.top.bar(), &mut first_keys[..docs.len()]);
            for (doc, first_key) in docs.iter().zip(first_keys) {
                if first_key > self.top.bar() {
                    continue;
                }
                let mut keys = [0; MAX_SORT_KEYS];
                keys[0] = first_key;
                keys[1..].iter_mut().zip(rest.iter_mut()).for_each(|(key, source)| *key = source.key(*doc));
                self.columns.id.first_vals(&[*doc], &mut ids[..1]);
                self.top.push(Entry { keys, id: ids[0].unwrap_or_default() });
            }
        }
    }

    fn take_by_number(&mut self, docs: &[DocId]) {
        let mut ids = [None; BLOCK];
        for docs in docs.chunks(BLOCK) {
            self.columns.id.first_vals(docs, &mut ids[..docs.len()]);
            for id in &ids[..docs.len()] {
                self.top.push(Entry { keys: [0; MAX_SORT_KEYS], id: id.unwrap_or_default() });
            }
        }
    }
}
