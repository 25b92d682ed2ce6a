//! Names with typing errors, in the index: the words of a dictionary that are near a word, and the tiers of names.

use tantivy::columnar::TermOrdHit;
use tantivy::postings::TermInfo;
use tantivy::query::FuzzyTermQuery;
use tantivy::schema::Field;
use tantivy::{DocId, InvertedIndexReader, Term};

use crate::SearchError;
use crate::columns::{NameColumns, OrdPattern, find};
use crate::keys::MISSING;
use crate::navn::{LAST_FULL_TIER, NameQuery, Pattern};
use crate::near::{edits, tolerance};
use crate::rank::{Known, TierReader};

/// The terms of a segment that are at most so many edits from a word, those left out that start with it.
pub(crate) fn nearby(
    word: &str,
    most: u8,
    field: Field,
    inverted: &InvertedIndexReader,
) -> tantivy::Result<Vec<(String, TermInfo)>> {
    let automaton = FuzzyTermQuery::new(Term::from_field_text(field, word), most, true).automaton()?;
    let mut stream = inverted.terms().search(automaton).into_stream()?;
    let mut found = Vec::new();
    while stream.advance() {
        let term = String::from_utf8_lossy(stream.key());
        if !term.starts_with(word) {
            found.push((term.into_owned(), stream.value().clone()));
        }
    }
    Ok(found)
}

/// Computes what [`crate::near::tier`] defines, on dictionary numbers instead of texts.
pub(crate) struct NearReader<'a> {
    columns: &'a NameColumns,
    exact: TierReader<'a>,
    words: Vec<Word>,
    /// The tokens of the name that is being looked at.
    name: Vec<u64>,
}

/// One token of the search.
struct Word {
    prefix: OrdPattern,
    /// The tokens near it with their edits, by number.
    near: Vec<(u64, u8)>,
}

impl Word {
    fn new(word: &str, most: u8, columns: &NameColumns) -> Result<Self, SearchError> {
        let mut near = Vec::new();
        if most > 0 {
            for (term, _) in nearby(word, most, columns.field, &columns.words)? {
                if let (Some(edits), TermOrdHit::Exact(ord)) =
                    (edits(word, &term, most), find(&columns.folded, term.as_bytes())?)
                {
                    near.push((ord, edits));
                }
            }
        }
        near.sort_unstable();
        Ok(Self { prefix: OrdPattern::new(word, &columns.folded)?, near })
    }

    /// The edits to the nearest of the tokens.
    fn cost(&self, name: &[u64]) -> Option<u8> {
        let one = |token: &u64| {
            if self.prefix.starts(token) {
                return Some(0);
            }
            let at = self.near.binary_search_by_key(token, |(ord, _)| *ord).ok()?;
            Some(self.near[at].1)
        };
        name.iter().filter_map(one).min()
    }
}

impl<'a> NearReader<'a> {
    pub(crate) fn new(query: &NameQuery, cap: u8, columns: &'a NameColumns) -> Result<Self, SearchError> {
        let word = |word: &String| Word::new(word, tolerance(word, cap), columns);
        Ok(Self {
            columns,
            exact: TierReader::new(query, Known::Nothing, columns)?,
            words: query.folded.iter().map(word).collect::<Result<_, _>>()?,
            name: Vec::new(),
        })
    }

    /// The tiers of the documents, [`MISSING`] for names that do not match.
    pub(crate) fn fill(&mut self, docs: &[DocId], tiers: &mut [u64]) {
        for (doc, tier) in docs.iter().zip(tiers) {
            *tier = self.tier(*doc);
        }
    }

    fn tier(&mut self, doc: DocId) -> u64 {
        let exact = self.exact.full_tier(doc);
        if exact <= u64::from(LAST_FULL_TIER) {
            return exact;
        }
        self.name.clear();
        self.name.extend(self.columns.folded.term_ords(doc));
        let costs = self.words.iter().map(|word| word.cost(&self.name)).collect::<Option<Vec<u8>>>();
        let costs = costs.filter(|costs| !costs.is_empty());
        costs.map_or(MISSING, |costs| {
            u64::from(LAST_FULL_TIER) + costs.into_iter().map(u64::from).sum::<u64>()
        })
    }
}
