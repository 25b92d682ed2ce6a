//! Documents with a term that starts with a text, or is near it.

use crate::matches::in_blocks;
use crate::nearby::nearby;
use tantivy::postings::{SegmentPostings, TermInfo};
use tantivy::query::{
    BitSetDocSet, ConstScorer, EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{BitSet, DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError};

/// At most so many terms are read lazily; each costs a comparison per document.
const MAX_LAZY: usize = 4;

/// A term in more than one of so many documents is read lazily: next to a rarer condition most of it is skipped.
const LAZY_SHARE: u32 = 64;

/// After so many jumps the lists are read out after all: jumping in a list costs much more than in a set.
const MAX_SEEKS: u32 = 4_096;

/// Matches documents with at least one term of the field that starts with the text, or is so many edits from it.
#[derive(Debug, Clone)]
pub(crate) struct PrefixQuery {
    pub(crate) field: Field,
    pub(crate) prefix: Vec<u8>,
    pub(crate) edits: u8,
}

impl PrefixQuery {
    /// Only terms that start with the text.
    pub(crate) fn new(field: Field, prefix: impl Into<Vec<u8>>) -> Self {
        Self { field, prefix: prefix.into(), edits: 0 }
    }
}

impl Query for PrefixQuery {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for PrefixQuery {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let mut terms = self.terms(reader)?;
        match terms.as_slice() {
            [] => return Ok(Box::new(EmptyScorer)),
            [only] => return Ok(Box::new(ConstScorer::new(postings(only, self.field, reader)?, boost))),
            _ => {}
        }
        terms.sort_unstable_by_key(|term| std::cmp::Reverse(term.doc_freq));
        let frequent = |term: &&TermInfo| term.doc_freq > reader.max_doc() / LAZY_SHARE;
        let lazy = terms.iter().take(MAX_LAZY).take_while(frequent).count();
        let (frequent, rest) = terms.split_at(lazy);
        let rest = BitSetDocSet::from(self.set(rest, reader)?);
        if frequent.is_empty() {
            return Ok(Box::new(ConstScorer::new(rest, boost)));
        }
        let lists =
            frequent.iter().map(|term| postings(term, self.field, reader)).collect::<Result<_, _>>()?;
        Ok(Box::new(ConstScorer::new(AnyOf::new(lists, rest, reader.max_doc()), boost)))
    }

    /// Called when there is no other condition: then every list is read to its end, and a set does that best.
    fn for_each_no_score(
        &self,
        reader: &SegmentReader,
        callback: &mut dyn FnMut(&[DocId]),
    ) -> tantivy::Result<()> {
        in_blocks(BitSetDocSet::from(self.set(&self.terms(reader)?, reader)?), callback);
        Ok(())
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        explain(self, reader, doc)
    }
}

impl PrefixQuery {
    fn terms(&self, reader: &SegmentReader) -> tantivy::Result<Vec<TermInfo>> {
        let inverted = reader.inverted_index(self.field)?;
        let mut range = inverted.terms().range().ge(&self.prefix);
        if let Some(end) = prefix_end(&self.prefix) {
            range = range.lt(&end);
        }
        let mut stream = range.without_keys().into_stream()?;
        let mut terms = Vec::new();
        while stream.advance() {
            terms.push(stream.value().clone());
        }
        if self.edits > 0 {
            let text = String::from_utf8_lossy(&self.prefix);
            let near = nearby(&text, self.edits, self.field, &inverted)?;
            terms.extend(near.into_iter().map(|(_, info)| info));
        }
        Ok(terms)
    }

    /// The documents that have any of the terms.
    fn set(&self, terms: &[TermInfo], reader: &SegmentReader) -> tantivy::Result<BitSet> {
        let inverted = reader.inverted_index(self.field)?;
        let mut set = BitSet::with_max_value(reader.max_doc());
        for term in terms {
            let mut block = inverted.read_block_postings_from_terminfo(term, IndexRecordOption::Basic)?;
            while !block.docs().is_empty() {
                for doc in block.docs() {
                    set.insert(*doc);
                }
                block.advance();
            }
        }
        Ok(set)
    }
}

fn postings(term: &TermInfo, field: Field, reader: &SegmentReader) -> tantivy::Result<SegmentPostings> {
    Ok(reader.inverted_index(field)?.read_postings_from_terminfo(term, IndexRecordOption::Basic)?)
}

/// Says whether the document matches; nothing here has a score worth explaining.
pub(crate) fn explain(
    weight: &dyn Weight,
    reader: &SegmentReader,
    doc: DocId,
) -> tantivy::Result<Explanation> {
    let mut scorer = weight.scorer(reader, 1.0)?;
    if scorer.doc() <= doc && scorer.seek(doc) == doc {
        Ok(Explanation::new("matches", 1.0))
    } else {
        Err(TantivyError::InvalidArgument("the document does not match".to_owned()))
    }
}

/// The first byte string after all those that start with `prefix`; `None` if there is none.
pub(crate) fn prefix_end(prefix: &[u8]) -> Option<Vec<u8>> {
    let last = prefix.iter().rposition(|byte| *byte < u8::MAX)?;
    let mut end = prefix[..=last].to_vec();
    end[last] += 1;
    Some(end)
}

/// The union of a few long lists and some sets.
struct AnyOf {
    lists: Vec<SegmentPostings>,
    sets: Vec<BitSetDocSet>,
    doc: DocId,
    max_doc: DocId,
    seeks: u32,
}

impl AnyOf {
    fn new(lists: Vec<SegmentPostings>, set: BitSetDocSet, max_doc: DocId) -> Self {
        let mut union = Self { lists, sets: vec![set], doc: TERMINATED, max_doc, seeks: 0 };
        union.doc = union.lowest();
        union
    }

    fn lowest(&self) -> DocId {
        let lists = self.lists.iter().map(DocSet::doc);
        lists.chain(self.sets.iter().map(DocSet::doc)).min().unwrap_or(TERMINATED)
    }

    /// Reads what is left of the lists into a set.
    fn read_out(&mut self) {
        let mut set = BitSet::with_max_value(self.max_doc);
        for list in &mut self.lists {
            while list.doc() != TERMINATED {
                set.insert(list.doc());
                list.advance();
            }
        }
        self.lists.clear();
        self.sets.push(BitSetDocSet::from(set));
    }
}

impl DocSet for AnyOf {
    fn advance(&mut self) -> DocId {
        if self.doc == TERMINATED {
            return TERMINATED;
        }
        self.seek(self.doc + 1)
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.seeks += 1;
        if self.seeks == MAX_SEEKS {
            self.read_out();
        }
        for list in &mut self.lists {
            if list.doc() < target {
                list.seek(target);
            }
        }
        for set in &mut self.sets {
            if set.doc() < target {
                set.seek(target);
            }
        }
        self.doc = self.lowest();
        self.doc
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        let lists = self.lists.iter().map(SegmentPostings::doc_freq);
        lists.chain(self.sets.iter().map(DocSet::size_hint)).fold(0, u32::saturating_add)
    }
}

#[cfg(test)]
mod tests {
    use super::prefix_end;

    #[test]
    fn the_end_of_a_prefix_is_just_after_it() {
        assert_eq!(prefix_end(b"ab"), Some(b"ac".to_vec()));
        assert_eq!(prefix_end(b"a\xff\xff"), Some(b"b".to_vec()));
        assert_eq!(prefix_end(b"\xff"), None);
        assert_eq!(prefix_end(b""), None);
    }
}
