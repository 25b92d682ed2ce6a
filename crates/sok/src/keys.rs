//! Order keys: numbers that can be compared within a segment.
//!
//! Numbers and flags have the same key everywhere. A text's key is its place in the segment's dictionary, doubled and
//! even, so that a text from another segment that is not in the dictionary has an odd key between its neighbours.

use tantivy::DocId;
use tantivy::columnar::{BytesColumn, Column, TermOrdHit};

use crate::SearchError;
use crate::columns::{FieldColumns, SegmentColumns, find};
use crate::compile::Names;
use crate::navn::NameQuery;
use crate::nearby::NearReader;
use crate::query::{Direction, RankingName, Request};
use crate::rank::{Known, TierReader};
use crate::schema::{Field, Kind, Schema, Sorting};

/// How many levels an order can have.
pub const MAX_SORT_KEYS: usize = 4;

/// How many documents the engine hands over at a time.
pub(crate) const BLOCK: usize = tantivy::COLLECT_BLOCK_BUFFER_LEN;

/// Sorts last in both directions.
pub(crate) const MISSING: u64 = u64::MAX;

/// A document's keys, level by level; unused levels are zero.
pub(crate) type Keys = [u64; MAX_SORT_KEYS];

/// One level of the order of a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Level {
    /// By a field.
    Field(Field, Direction),
    /// By the tier of a name.
    Tier(Field, NameQuery, Known),
    /// By the tier of a name that may be so many edits away.
    Near(Field, NameQuery, u8),
    /// By the length of a name, the shorter first.
    Length(Field),
}

/// The levels of a request's order.
pub(crate) fn levels(request: &Request, schema: &Schema, names: Names) -> Result<Vec<Level>, SearchError> {
    if request.sort.is_empty() {
        let Some(RankingName { field, text, required, edits }) = request.query.ranking_name() else {
            return Ok(Vec::new());
        };
        schema.expect(field, &[Kind::Name])?;
        let known = match names {
            Names::All if required => Known::HasAll,
            Names::Some | Names::AtLeast(_) if required => Known::LacksSome,
            _ => Known::Nothing,
        };
        let by_name = Level::Field(field, Direction::Ascending);
        let text = NameQuery::new(text);
        let tier = match edits {
            Some(edits) => Level::Near(field, text, edits),
            None => Level::Tier(field, text, known),
        };
        return Ok(vec![tier, Level::Length(field), by_name]);
    }
    if request.sort.len() > MAX_SORT_KEYS {
        return Err(SearchError::TooManySortKeys);
    }
    let sortable = |field| {
        let definition = schema.expect(field, &[Kind::Keyword, Kind::Number, Kind::Flag, Kind::Name])?;
        if definition.sorting == Sorting::None {
            return Err(SearchError::NotSortable { field: definition.name.clone() });
        }
        Ok(())
    };
    let levels = request.sort.iter().map(|key| {
        sortable(key.field)?;
        Ok(Level::Field(key.field, key.direction))
    });
    levels.collect()
}

/// Where a segment's keys of one level come from.
pub(crate) enum Source<'a> {
    Number(&'a Column<i64>, Direction),
    Flag(&'a Column<bool>, Direction),
    Text(&'a BytesColumn, Direction),
    Length(&'a Column<u64>),
    Tier(Box<TierReader<'a>>),
    Near(Box<NearReader<'a>>),
}

impl<'a> Source<'a> {
    /// The source of a level, whose field has been checked by [`levels`].
    pub(crate) fn new(level: &Level, columns: &'a SegmentColumns) -> Result<Self, SearchError> {
        let of =
            |field: &Field| columns.fields.get(usize::from(field.index)).ok_or(SearchError::UnknownField);
        Ok(match level {
            Level::Field(field, direction) => match of(field)? {
                FieldColumns::Number(column) => Self::Number(column, *direction),
                FieldColumns::Flag(column) => Self::Flag(column, *direction),
                FieldColumns::Text(column) => Self::Text(column, *direction),
                FieldColumns::Name(name) => Self::Text(&name.collated, *direction),
                FieldColumns::None => return Err(SearchError::UnknownField),
            },
            Level::Tier(field, query, known) => match of(field)? {
                FieldColumns::Name(name) => Self::Tier(Box::new(TierReader::new(query, *known, name)?)),
                _ => return Err(SearchError::UnknownField),
            },
            Level::Near(field, query, edits) => match of(field)? {
                FieldColumns::Name(name) => Self::Near(Box::new(NearReader::new(query, *edits, name)?)),
                _ => return Err(SearchError::UnknownField),
            },
            Level::Length(field) => match of(field)? {
                FieldColumns::Name(name) => Self::Length(&name.length),
                _ => return Err(SearchError::UnknownField),
            },
        })
    }

    /// The keys of at most [`BLOCK`] documents. A key that is above `bar` may come out as any other above it.
    pub(crate) fn fill(&mut self, docs: &[DocId], bar: u64, keys: &mut [u64]) {
        match self {
            Self::Number(column, direction) => fill(column, docs, keys, |n| directed(number(n), *direction)),
            Self::Flag(column, direction) => {
                fill(column, docs, keys, |f| directed(1 + u64::from(f), *direction));
            }
            Self::Text(column, direction) => {
                fill(column.ords(), docs, keys, |ord| directed(2 * ord + 2, *direction));
            }
            Self::Length(column) => fill(column, docs, keys, |length| length >> 1),
            Self::Tier(reader) => reader.fill(docs, bar, keys),
            Self::Near(reader) => reader.fill(docs, keys),
        }
    }

    /// The key of one document.
    pub(crate) fn key(&mut self, doc: DocId) -> u64 {
        let mut key = [MISSING];
        self.fill(&[doc], MISSING, &mut key);
        key[0]
    }

    /// The text column behind the keys, if they are places in a dictionary.
    pub(crate) fn text(&self) -> Option<(&'a BytesColumn, Direction)> {
        if let Self::Text(column, direction) = self { Some((column, *direction)) } else { None }
    }
}

fn fill<T: Copy + PartialOrd + std::fmt::Debug + Send + Sync + 'static>(
    column: &Column<T>,
    docs: &[DocId],
    keys: &mut [u64],
    key: impl Fn(T) -> u64,
) {
    let mut values = [None; BLOCK];
    let values = &mut values[..docs.len()];
    column.first_vals(docs, values);
    values.iter().zip(keys).for_each(|(value, to)| *to = value.map_or(MISSING, &key));
}

/// The number as unsigned, in the same order.
fn number(n: i64) -> u64 {
    n.cast_unsigned() ^ (1 << 63)
}

/// Turned round for descending; never [`MISSING`]. Distinct for keys above 0.
fn directed(key: u64, direction: Direction) -> u64 {
    let key = if direction == Direction::Ascending { key } else { !key };
    key.min(MISSING - 1)
}

/// The text behind a key of a text column.
pub(crate) fn text_of(key: u64, column: &BytesColumn, direction: Direction) -> std::io::Result<Vec<u8>> {
    let place = directed(key, direction);
    let mut text = Vec::new();
    column.ord_to_bytes(place / 2 - 1, &mut text)?;
    Ok(text)
}

/// The key that a text has, or would have, in a column.
pub(crate) fn key_of(text: &[u8], column: &BytesColumn, direction: Direction) -> std::io::Result<u64> {
    let place = match find(column, text)? {
        TermOrdHit::Exact(ord) => 2 * ord + 2,
        TermOrdHit::Next(ord) => 2 * ord + 1,
    };
    Ok(directed(place, direction))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_order_and_missing_stays_last() {
        let numbers = [i64::MIN + 1, -5, 0, 7, i64::MAX - 1];
        for pair in numbers.windows(2) {
            assert!(number(pair[0]) < number(pair[1]));
            assert!(
                directed(number(pair[0]), Direction::Descending)
                    > directed(number(pair[1]), Direction::Descending)
            );
        }
        assert!(directed(number(i64::MIN), Direction::Descending) < MISSING);
        assert!(directed(number(i64::MAX), Direction::Ascending) < MISSING);
    }
}
