//! Documents in whose name some words stand next to each other.

use std::sync::Arc;

use tantivy::columnar::StrColumn;
use tantivy::query::{
    BooleanQuery, ConstScorer, EnableScoring, Explanation, Query, Scorer, TermQuery, Weight,
};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, Term};

use crate::columns::{OrdPattern, tokens};
use crate::navn::stand_together;
use crate::prefix::{PrefixQuery, explain};
use crate::schema::{Column, Field, column};

/// The query for the folded words, of which there is at least one; the last may be the start of a word.
pub(crate) fn phrase(field: Field, engine: tantivy::schema::Field, words: Vec<String>) -> Box<dyn Query> {
    let mut parts: Vec<Box<dyn Query>> = Vec::with_capacity(words.len());
    if let Some((last, first)) = words.split_last() {
        for word in first {
            let term = Term::from_field_text(engine, word);
            parts.push(Box::new(TermQuery::new(term, IndexRecordOption::Basic)));
        }
        parts.push(Box::new(PrefixQuery::new(engine, last.as_bytes())));
    }
    if words.len() == 1 {
        return parts.swap_remove(0);
    }
    let candidates = Arc::new(BooleanQuery::intersection(parts));
    Box::new(PhraseQuery { column: column(Column::Main, field.index), words, candidates })
}

/// Keeps the candidates whose column of tokens has the words in a row.
#[derive(Debug, Clone)]
struct PhraseQuery {
    column: String,
    words: Vec<String>,
    candidates: Arc<dyn Query>,
}

impl Query for PhraseQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(PhraseWeight {
            column: self.column.clone(),
            words: self.words.clone(),
            candidates: self.candidates.weight(scoring)?,
        }))
    }
}

struct PhraseWeight {
    column: String,
    words: Vec<String>,
    candidates: Box<dyn Weight>,
}

impl Weight for PhraseWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let tokens = tokens(reader, &self.column)?;
        let words = OrdPattern::all(&self.words, &tokens)?;
        let candidates = self.candidates.scorer(reader, 1.0)?;
        let mut docs = PhraseDocs { candidates, tokens, words, name: Vec::new() };
        docs.settle();
        Ok(Box::new(ConstScorer::new(docs, boost)))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        explain(self, reader, doc)
    }
}

struct PhraseDocs {
    candidates: Box<dyn Scorer>,
    tokens: StrColumn,
    words: Vec<OrdPattern>,
    /// The tokens of the current candidate's name.
    name: Vec<u64>,
}

impl PhraseDocs {
    /// Goes forward to the first candidate that matches, perhaps the current one.
    fn settle(&mut self) -> DocId {
        loop {
            let doc = self.candidates.doc();
            if doc == TERMINATED {
                return doc;
            }
            self.name.clear();
            self.name.extend(self.tokens.term_ords(doc));
            if stand_together(&self.words, &self.name) {
                return doc;
            }
            self.candidates.advance();
        }
    }
}

impl DocSet for PhraseDocs {
    fn advance(&mut self) -> DocId {
        self.candidates.advance();
        self.settle()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.candidates.seek(target);
        self.settle()
    }

    fn doc(&self) -> DocId {
        self.candidates.doc()
    }

    fn size_hint(&self) -> u32 {
        self.candidates.size_hint()
    }

    fn cost(&self) -> u64 {
        self.candidates.cost()
    }
}
