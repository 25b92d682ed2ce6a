//! Answering a request from a snapshot of the index.

use tantivy::query::{EnableScoring, Weight};
use tantivy::{Searcher, SegmentReader};

use crate::SearchError;
use crate::columns::{Columns, SegmentColumns};
use crate::compile::{Compiler, Names, can_loosen, graded};
use crate::entries::EntryReader;
use crate::keys::{BLOCK, Level, levels};
use crate::matches::Matches;
use crate::merge::{SegmentList, window};
use crate::place::{Page, Place};
use crate::query::{Hits, Query, Request};
use crate::schema::Schema;
use crate::top::{Entry, Top};
use crate::walk::Walk;

/// In a segment with fewer documents the keys of all matches are read quickly enough.
const SMALL: u32 = if cfg!(test) { 6 } else { 32_768 };

/// The segments at one moment, with their columns open.
pub(crate) struct Snapshot {
    pub(crate) searcher: Searcher,
    /// One for each segment of the searcher, in its order.
    pub(crate) columns: Columns,
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
            return self.loosened(request, schema);
        }
        Ok(hits)
    }

    /// The answer to a request that no document matches with every token of its name. Those with most of the tokens come
    /// first and are few: often they are all that is asked for, and a common word's documents need only be counted.
    fn loosened(&self, request: &Request, schema: &Schema) -> Result<Hits, SearchError> {
        let loose = levels(request, schema, Names::Some)?;
        let order = Order { levels: &loose, after: None };
        let wanted = request.offset.saturating_add(request.limit) as u64;
        let tokens = graded(&request.query).filter(|_| request.sort.is_empty());
        for least in (2..tokens.unwrap_or(0)).rev() {
            let hits = self.run(request, &order, schema, Names::AtLeast(least))?;
            if hits.total >= wanted {
                let total = self.count_with(&request.query, schema, Names::Some)?;
                return Ok(Hits { total, ..hits });
            }
        }
        self.run(request, &order, schema, Names::Some)
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

    pub(crate) fn compiler<'a>(&'a self, schema: &'a Schema, names: Names) -> Compiler<'a> {
        Compiler { schema, columns: &self.columns, names }
    }

    fn count_with(&self, query: &Query, schema: &Schema, names: Names) -> Result<u64, SearchError> {
        if query.is_all() {
            return Ok(self.searcher.num_docs());
        }
        Ok(self.compiler(schema, names).compile(query)?.count(&self.searcher)? as u64)
    }

    fn run(
        &self,
        request: &Request,
        order: &Order<'_>,
        schema: &Schema,
        names: Names,
    ) -> Result<Hits, SearchError> {
        let query = self.compiler(schema, names).compile(&request.query)?;
        let weight = query.weight(EnableScoring::disabled_from_searcher(&self.searcher))?;
        let weight = (!request.query.is_all()).then_some(weight.as_ref());
        let wanted = request.offset.saturating_add(request.limit);
        let mut total = 0;
        let mut lists = Vec::with_capacity(self.columns.len());
        for (reader, columns) in self.searcher.segment_readers().iter().zip(self.columns.iter()) {
            let (count, list) = order.first(wanted, weight, reader, columns)?;
            total += count;
            lists.push(list);
        }
        Ok(Hits { total, ids: window(lists, request.offset, request.limit)? })
    }
}

/// In which order, and from where on.
struct Order<'a> {
    levels: &'a [Level],
    after: Option<&'a Place>,
}

impl Order<'_> {
    /// How many documents of a segment match (all, without a condition), and the first of those after the place.
    fn first<'a>(
        &self,
        wanted: usize,
        condition: Option<&dyn Weight>,
        segment: &SegmentReader,
        columns: &'a SegmentColumns,
    ) -> Result<(u64, SegmentList<'a>), SearchError> {
        let mut reader = EntryReader::new(columns, self.levels)?;
        let after = self.after.map(|place| place.entry(&reader.sources)).transpose()?;
        let walk = Walk::new(self.levels, after, wanted).filter(|_| columns.documents >= SMALL);
        // Going along the order passes this many documents, if there are this many matches.
        let even = (wanted as u64).saturating_mul(segment.num_docs().into()).isqrt();
        let few = if walk.is_some() { usize::try_from(even).unwrap_or(usize::MAX) } else { usize::MAX };
        let matches = match condition {
            None => Matches::All(segment),
            Some(condition) => Matches::gather(segment, condition, few)?,
        };
        let count = matches.count();
        let found = match walk {
            Some(walk) if count > few as u64 => walk.run(&mut reader, &matches)?,
            _ => None,
        };
        let entries = match found {
            Some(found) => found,
            None => collect(&mut reader, matches, Top::new(wanted, after))?,
        };
        Ok((count, SegmentList { entries, sources: reader.sources }))
    }
}

/// The best of the matches, from the keys of all of them.
fn collect(
    reader: &mut EntryReader<'_>,
    matches: Matches<'_>,
    mut top: Top,
) -> Result<Vec<Entry>, SearchError> {
    matches.for_each(&mut |docs| {
        for docs in docs.chunks(BLOCK) {
            reader.read(docs, top.bar(), |entry| top.push(entry));
        }
    })?;
    Ok(top.finish())
}
