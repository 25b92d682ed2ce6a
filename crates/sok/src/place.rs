//! A place in an ordered result: where the next page begins, however deep it is.

use tantivy::query::EnableScoring;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, TERMINATED, Term};

use crate::SearchError;
use crate::keys::{Keys, Level, MAX_SORT_KEYS, MISSING, Source, key_of, text_of};
use crate::query::Hits;
use crate::schema::Schema;
use crate::search::Snapshot;
use crate::top::Entry;

/// The place of a document in an order, in values that hold in every index with the same fields.
#[derive(Clone, PartialEq, Eq)]
pub struct Place {
    levels: Vec<Value>,
    id: u64,
}

#[derive(Clone, PartialEq, Eq)]
enum Value {
    /// The same in every segment.
    Key(u64),
    /// A text, whose key each segment has its own of.
    Text(Vec<u8>),
}

impl std::fmt::Debug for Place {
    /// Without number and values: they may be personal data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Place({} levels)", self.levels.len())
    }
}

/// A part of a result.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// The documents, and how many match in all.
    pub hits: Hits,
    /// The place of the last document of the page; the next page comes after it. `None` when the page is empty.
    pub last: Option<Place>,
}

const KEY: u8 = 0;
const TEXT: u8 = 1;

impl Place {
    /// As bytes, for a cursor.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = self.id.to_be_bytes().to_vec();
        for value in &self.levels {
            match value {
                Value::Key(key) => {
                    out.push(KEY);
                    out.extend_from_slice(&key.to_be_bytes());
                }
                Value::Text(text) => {
                    out.push(TEXT);
                    out.extend_from_slice(&(text.len() as u64).to_be_bytes());
                    out.extend_from_slice(text);
                }
            }
        }
        out
    }

    /// From the bytes of [`Place::to_bytes`]; `None` when they are not such.
    pub fn from_bytes(mut bytes: &[u8]) -> Option<Self> {
        let id = number(&mut bytes)?;
        let mut levels = Vec::new();
        while let Some((kind, rest)) = bytes.split_first() {
            bytes = rest;
            let value = number(&mut bytes)?;
            levels.push(match *kind {
                KEY => Value::Key(value),
                TEXT => {
                    let (text, rest) = bytes.split_at_checked(usize::try_from(value).ok()?)?;
                    bytes = rest;
                    Value::Text(text.to_vec())
                }
                _ => return None,
            });
        }
        (levels.len() <= MAX_SORT_KEYS).then_some(Self { levels, id })
    }

    /// The entry a segment would have for the place.
    pub(crate) fn entry(&self, sources: &[Source<'_>]) -> Result<Entry, SearchError> {
        if self.levels.len() != sources.len() {
            return Err(SearchError::OtherOrder);
        }
        let mut keys: Keys = [0; MAX_SORT_KEYS];
        for ((key, value), source) in keys.iter_mut().zip(&self.levels).zip(sources) {
            *key = match (value, source.text()) {
                (Value::Text(text), Some((column, direction))) => key_of(text, column, direction)?,
                (Value::Key(key), None) => *key,
                (Value::Key(MISSING), Some(_)) => MISSING,
                _ => return Err(SearchError::OtherOrder),
            };
        }
        Ok(Entry { keys, id: self.id, doc: DocId::MAX })
    }
}

fn number(bytes: &mut &[u8]) -> Option<u64> {
    let (number, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(u64::from_be_bytes(*number))
}

impl Snapshot {
    /// Where a document stands in an order.
    pub(crate) fn place_of(
        &self,
        id: u64,
        levels: &[Level],
        schema: &Schema,
    ) -> Result<Option<Place>, SearchError> {
        let Some((segment, doc)) = self.find(id, schema)? else { return Ok(None) };
        let mut values = Vec::with_capacity(levels.len());
        for level in levels {
            let mut source = Source::new(level, &self.columns[segment])?;
            let key = source.key(doc);
            values.push(match source.text() {
                Some((column, direction)) if key != MISSING => Value::Text(text_of(key, column, direction)?),
                _ => Value::Key(key),
            });
        }
        Ok(Some(Place { levels: values, id }))
    }

    /// The segment and the row of a document.
    fn find(&self, id: u64, schema: &Schema) -> Result<Option<(usize, DocId)>, SearchError> {
        let query =
            tantivy::query::TermQuery::new(Term::from_field_u64(schema.id(), id), IndexRecordOption::Basic);
        let weight =
            tantivy::query::Query::weight(&query, EnableScoring::disabled_from_searcher(&self.searcher))?;
        for (segment, reader) in self.searcher.segment_readers().iter().enumerate() {
            let mut docs = weight.scorer(reader, 1.0)?;
            while docs.doc() != TERMINATED {
                if !reader.is_deleted(docs.doc()) {
                    return Ok(Some((segment, docs.doc())));
                }
                docs.advance();
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn bytes_that_are_not_a_place_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            if let Some(place) = Place::from_bytes(&bytes) {
                prop_assert_eq!(place.to_bytes(), bytes);
            }
        }
    }
}
