//! The first matches of a search found by going along its order, instead of reading the keys of everything that matches.

use tantivy::DocId;

use crate::SearchError;
use crate::entries::EntryReader;
use crate::keys::{BLOCK, Level, MISSING};
use crate::matches::Matches;
use crate::navn::{LAST_FULL_TIER, token_length};
use crate::rank::Known;
use crate::top::Entry;

/// How far an order is kept: at least, and at most.
const LENGTHS: (usize, usize) = if cfg!(test) { (4, 16) } else { (16_384, 262_144) };

/// When that is not far enough, so many times as far.
const FARTHER: usize = 4;

/// Documents looked at in one go.
const STEP: usize = if cfg!(test) { 4 } else { BLOCK };

/// The tier of names that start with the search, spelt as it is: the last one that is not rare.
const START_TIER: u64 = 2;

/// A way to the first matches of an order.
pub(crate) struct Walk<'a> {
    /// The levels that are gone along.
    order: &'a [Level],
    /// Documents that come before what is asked for.
    after: Option<Entry>,
    wanted: usize,
    /// Under a tier, only documents up to this are taken.
    tier: u64,
    /// After longer names than this, no document has a lower tier.
    length: Option<u64>,
}

impl<'a> Walk<'a> {
    /// The way to the first `wanted` entries after a place; `None` if there is no way along the order.
    pub(crate) fn new(levels: &'a [Level], after: Option<Entry>, wanted: usize) -> Option<Self> {
        let walk = Self { order: levels, after, wanted, tier: MISSING, length: None };
        match levels {
            [Level::Near(..), ..] => None,
            [Level::Tier(_, name, known), order @ ..] => {
                let lowest =
                    if *known == Known::LacksSome { u64::from(LAST_FULL_TIER) + 1 } else { START_TIER };
                // What is after a place has no lower tier than the place has.
                let tier = after.map_or(lowest, |after| lowest.max(after.keys[0]));
                Some(Self { order, tier, length: Some(token_length(&name.folded) as u64), ..walk })
            }
            _ => Some(walk),
        }
    }

    /// The entries in order; `None` if the matches are too far between.
    pub(crate) fn run(
        &self,
        reader: &mut EntryReader<'_>,
        matches: &Matches<'_>,
    ) -> Result<Option<Vec<Entry>>, SearchError> {
        let (documents, count) = (reader.columns.documents as usize, matches.count() as usize);
        let expected = self.wanted.min(count).saturating_mul(documents) / count.max(1);
        // To pass a document costs less than to read the keys of a match.
        let most = count.clamp(LENGTHS.0, LENGTHS.1);
        let mut length = LENGTHS.0;
        while length <= most {
            if length > expected {
                let lead = reader.columns.lead(self.order, length)?;
                let lead = &lead[..length.min(documents)];
                if let Some(found) = self.along(lead, reader, matches) {
                    return Ok(Some(found));
                }
                if lead.len() == documents {
                    break;
                }
            }
            length *= FARTHER;
        }
        Ok(None)
    }

    /// The entries along the beginning of the order, if they are all there.
    fn along(
        &self,
        lead: &[DocId],
        reader: &mut EntryReader<'_>,
        matches: &Matches<'_>,
    ) -> Option<Vec<Entry>> {
        let start = match (self.after, self.length) {
            (Some(after), None) => lead.partition_point(|doc| reader.entry(*doc) <= after),
            _ => 0,
        };
        let (mut found, mut step) = (Vec::new(), Vec::with_capacity(STEP));
        for docs in lead[start..].chunks(STEP) {
            step.clear();
            step.extend(docs.iter().copied().filter(|doc| matches.contains(*doc)));
            reader.read(&step, self.tier, |entry| {
                if self.after.is_none_or(|after| entry > after) {
                    found.push(entry);
                }
            });
            if self.is_reached(&found) {
                break;
            }
        }
        let whole = self.length.is_none() && lead.len() == reader.columns.documents as usize;
        if !whole && !self.is_reached(&found) {
            return None;
        }
        found.sort_unstable();
        found.truncate(self.wanted);
        Some(found)
    }

    /// True if nothing better is to come.
    fn is_reached(&self, found: &[Entry]) -> bool {
        let lowest = |length| found.last().is_some_and(|last| last.keys[1] > length);
        found.len() >= self.wanted && self.length.is_none_or(lowest)
    }
}
