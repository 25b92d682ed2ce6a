//! The tier of a name, from a segment's columns of tokens.

use tantivy::DocId;

use crate::SearchError;
use crate::columns::{NameColumns, OrdPattern};
use crate::keys::{BLOCK, MISSING};
use crate::navn::{Fit, LAST_FULL_TIER, LAST_START_TIER, NameQuery, Pattern, best_tier};

/// What the query says about every document whose tier is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Known {
    /// Nothing: the name may not match at all.
    Nothing,
    /// Its name has every token, folded.
    HasAll,
    /// Its name has some token, and no name has every token.
    LacksSome,
}

/// Computes what [`crate::navn::tier`] defines, on dictionary numbers instead of texts.
///
/// A common word is in half a million names, so most tiers are found without reading the whole name: from its first
/// token and from whether it has accents.
pub(crate) struct TierReader<'a> {
    columns: &'a NameColumns,
    known: Known,
    folded: Vec<OrdPattern>,
    accented: Vec<OrdPattern>,
    /// Folding leaves the search as it is.
    plain: bool,
    /// The tokens of the name that is being looked at.
    name: Vec<u64>,
}

impl<'a> TierReader<'a> {
    pub(crate) fn new(
        query: &NameQuery,
        known: Known,
        columns: &'a NameColumns,
    ) -> Result<Self, SearchError> {
        Ok(Self {
            columns,
            known,
            folded: OrdPattern::all(&query.folded, &columns.folded)?,
            accented: OrdPattern::all(&query.tokens, &columns.accented)?,
            plain: query.is_plain(),
            name: Vec::new(),
        })
    }

    /// The tiers of at most [`BLOCK`] documents, [`MISSING`] for names that do not match; exact up to `bar`.
    pub(crate) fn fill(&mut self, docs: &[DocId], bar: u64, tiers: &mut [u64]) {
        let (mut firsts, mut lengths) = ([None; BLOCK], [None; BLOCK]);
        if self.known == Known::HasAll {
            self.columns.folded.ords().first_vals(docs, &mut firsts[..docs.len()]);
            self.columns.length.first_vals(docs, &mut lengths[..docs.len()]);
        }
        for (i, (doc, tier)) in docs.iter().zip(tiers).enumerate() {
            let marked = || lengths[i].is_some_and(|length| length & 1 == 1);
            *tier = match self.known {
                Known::HasAll if self.may_start(firsts[i]) => self.full_tier(*doc),
                Known::HasAll if bar <= u64::from(LAST_START_TIER) => MISSING,
                Known::HasAll if marked() => self.full_tier(*doc),
                // Without accents in the name, both spellings of it are one.
                Known::HasAll => u64::from(if self.plain { LAST_FULL_TIER - 1 } else { LAST_FULL_TIER }),
                Known::LacksSome => self.part_tier(*doc),
                Known::Nothing => self.full_tier(*doc),
            };
        }
    }

    /// True unless the name's first token rules out that the name starts with the search.
    fn may_start(&self, first: Option<u64>) -> bool {
        match (self.folded.as_slice(), first) {
            ([only], Some(first)) => only.starts(&first),
            ([begin, ..], Some(first)) => begin.is(&first),
            _ => false,
        }
    }

    pub(crate) fn full_tier(&mut self, doc: DocId) -> u64 {
        self.name.clear();
        self.name.extend(self.columns.folded.term_ords(doc));
        let folded = Fit::of(&self.folded, &self.name);
        let accented = if self.columns.length.first(doc).is_some_and(|length| length & 1 == 1) {
            self.name.clear();
            self.name.extend(self.columns.accented.term_ords(doc));
            Fit::of(&self.accented, &self.name)
        } else if self.plain {
            folded
        } else {
            Fit::default()
        };
        best_tier(self.folded.len(), accented, folded).map_or(MISSING, u64::from)
    }

    fn part_tier(&mut self, doc: DocId) -> u64 {
        self.name.clear();
        self.name.extend(self.columns.folded.term_ords(doc));
        best_tier(self.folded.len(), Fit::default(), Fit::part(&self.folded, &self.name))
            .map_or(MISSING, u64::from)
    }
}
