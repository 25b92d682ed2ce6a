//! Our queries in the engine's terms.

use std::ops::{Bound, RangeInclusive};
use std::sync::Arc;

use tantivy::Term;
use tantivy::query::{
    AllQuery, BooleanQuery, EmptyQuery, Occur, Query as EngineQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::IndexRecordOption;

use crate::SearchError;
use crate::columns::Columns;
use crate::document::keyword_form;
use crate::navn::{self, NameQuery};
use crate::near::tolerance;
use crate::phrase::phrase;
use crate::prefix::PrefixQuery;
use crate::query::Query;
use crate::range::RangeQuery;
use crate::schema::{Definition, Field, Kind, Schema};

type Compiled = Result<Box<dyn EngineQuery>, SearchError>;
type Clause = (Occur, Box<dyn EngineQuery>);

/// How many of a name's tokens must match; see [`Query::Name`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Names {
    All,
    /// So many, of a name with few tokens, all different.
    AtLeast(usize),
    Some,
}

/// Tokens of a name that is looked for by how many of them match: with more there are too many sets of them.
const GRADED: RangeInclusive<usize> = 3..=5;

/// What queries are translated with.
#[derive(Clone, Copy)]
pub(crate) struct Compiler<'a> {
    pub(crate) schema: &'a Schema,
    pub(crate) columns: &'a Columns,
    pub(crate) names: Names,
}

impl Compiler<'_> {
    /// Translates a query.
    pub(crate) fn compile(&self, query: &Query) -> Compiled {
        let expect = |field: Field, kind: Kind| self.schema.expect(field, &[kind]);
        Ok(match query {
            Query::All => Box::new(AllQuery),
            Query::None => Box::new(EmptyQuery),
            Query::And(parts) => self.all_of(parts)?,
            Query::Or(parts) => {
                let parts = parts.iter().map(|part| self.compile(part));
                any_of(parts.collect::<Result<_, _>>()?)
            }
            Query::Not(_) | Query::Range(..) => self.all_of(std::slice::from_ref(query))?,
            Query::Equals(field, value) => {
                one_of(expect(*field, Kind::Keyword)?, std::slice::from_ref(value))
            }
            Query::OneOf(field, values) => one_of(expect(*field, Kind::Keyword)?, values),
            Query::Prefix(field, prefix) => {
                let definition = expect(*field, Kind::Keyword)?;
                let prefix = keyword_form(prefix, definition).into_bytes();
                Box::new(PrefixQuery::new(definition.layout.main, prefix))
            }
            Query::Flag(field, value) => {
                let term = Term::from_field_bool(expect(*field, Kind::Flag)?.layout.main, *value);
                Box::new(TermQuery::new(term, IndexRecordOption::Basic))
            }
            Query::Tokens(field, words) => all_words(expect(*field, Kind::Tokens)?, words),
            Query::Name(field, name) => name_tokens(expect(*field, Kind::Name)?, name, self.names),
            Query::NameNear(field, name, edits) => near_tokens(expect(*field, Kind::Name)?, name, *edits),
            Query::NamePhrase(field, words) => {
                let definition = expect(*field, Kind::Name)?;
                let words = NameQuery::new(words).folded;
                if words.is_empty() {
                    Box::new(EmptyQuery)
                } else {
                    phrase(*field, definition.layout.main, words)
                }
            }
            Query::Ids(ids) => {
                any_term(ids.iter().map(|id| Term::from_field_u64(self.schema.id(), *id)).collect())
            }
        })
    }

    fn all_of(&self, parts: &[Query]) -> Compiled {
        let mut clauses = Vec::with_capacity(parts.len() + 1);
        let mut ranges: Vec<RangeQuery> = Vec::new();
        for part in parts {
            clauses.push(match part {
                Query::Range(field, from, to) => {
                    self.schema.expect(*field, &[Kind::Number])?;
                    self.add_range(*field, (*from, *to), &mut ranges);
                    continue;
                }
                // What is excluded is never loosened: that would exclude more.
                Query::Not(excluded) => {
                    (Occur::MustNot, Self { names: Names::All, ..*self }.compile(excluded)?)
                }
                _ => (Occur::Must, self.compile(part)?),
            });
        }
        clauses.extend(ranges.into_iter().map(|range| -> Clause { (Occur::Must, Box::new(range)) }));
        if clauses.len() == 1 && clauses[0].0 == Occur::Must {
            return Ok(clauses.swap_remove(0).1);
        }
        if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
            clauses.push((Occur::Must, Box::new(AllQuery)));
        }
        Ok(Box::new(BooleanQuery::new(clauses)))
    }

    /// Adds a range to those of its column, so that each column is read once.
    fn add_range(&self, field: Field, (from, to): (Bound<i64>, Bound<i64>), ranges: &mut Vec<RangeQuery>) {
        let first = match from {
            Bound::Included(number) => Some(number),
            Bound::Excluded(number) => number.checked_add(1),
            Bound::Unbounded => Some(i64::MIN),
        };
        let last = match to {
            Bound::Included(number) => Some(number),
            Bound::Excluded(number) => number.checked_sub(1),
            Bound::Unbounded => Some(i64::MAX),
        };
        // Below the least and above the greatest number there is nothing.
        let bounds = match (first, last) {
            (Some(first), Some(last)) => first..=last,
            _ => RangeInclusive::new(i64::MAX, i64::MIN),
        };
        match ranges.iter_mut().find(|range| range.field == field) {
            Some(range) => range.bounds.push(bounds),
            None => {
                ranges.push(RangeQuery { field, columns: Arc::clone(self.columns), bounds: vec![bounds] });
            }
        }
    }
}

/// True if the query means something else with [`Names::Some`].
pub(crate) fn can_loosen(query: &Query) -> bool {
    match query {
        Query::Name(_, text) => NameQuery::new(text).tokens.len() > 1,
        Query::And(parts) | Query::Or(parts) => parts.iter().any(can_loosen),
        _ => false,
    }
}

/// How many tokens a query's name has, if those who have more of them are surely before those who have fewer: a search by
/// relevance for one name of a few tokens, all different.
pub(crate) fn graded(query: &Query) -> Option<usize> {
    let name = query.ranking_name().filter(|name| name.required && name.edits.is_none())?;
    let mut tokens = NameQuery::new(name.text).folded;
    let count = tokens.len();
    tokens.sort_unstable();
    tokens.dedup();
    (count == tokens.len() && GRADED.contains(&count) && names_in(query) == 1).then_some(count)
}

fn names_in(query: &Query) -> usize {
    match query {
        Query::Name(..) => 1,
        Query::And(parts) | Query::Or(parts) => parts.iter().map(names_in).sum(),
        _ => 0,
    }
}

fn any_of(mut parts: Vec<Box<dyn EngineQuery>>) -> Box<dyn EngineQuery> {
    match parts.len() {
        0 => Box::new(EmptyQuery),
        1 => parts.swap_remove(0),
        _ => Box::new(BooleanQuery::union(parts)),
    }
}

fn every_of(mut parts: Vec<Box<dyn EngineQuery>>) -> Box<dyn EngineQuery> {
    match parts.len() {
        0 => Box::new(EmptyQuery),
        1 => parts.swap_remove(0),
        _ => Box::new(BooleanQuery::intersection(parts)),
    }
}

fn any_term(mut terms: Vec<Term>) -> Box<dyn EngineQuery> {
    match terms.len() {
        0 => Box::new(EmptyQuery),
        1 => Box::new(TermQuery::new(terms.swap_remove(0), IndexRecordOption::Basic)),
        _ => Box::new(TermSetQuery::new(terms)),
    }
}

fn one_of(definition: &Definition, values: &[String]) -> Box<dyn EngineQuery> {
    let term =
        |value: &String| Term::from_field_text(definition.layout.main, &keyword_form(value, definition));
    any_term(values.iter().map(term).collect())
}

fn all_words(definition: &Definition, text: &str) -> Box<dyn EngineQuery> {
    let mut words: Vec<String> = navn::tokens(text).iter().map(|token| navn::fold(token)).collect();
    words.sort_unstable();
    words.dedup();
    every_of(words.iter().map(|word| one_of(definition, std::slice::from_ref(word))).collect())
}

fn name_tokens(definition: &Definition, name: &str, names: Names) -> Box<dyn EngineQuery> {
    let mut prefixes = NameQuery::new(name).folded;
    prefixes.sort_unstable();
    prefixes.dedup();
    let field = definition.layout.main;
    let query =
        |prefix: &String| -> Box<dyn EngineQuery> { Box::new(PrefixQuery::new(field, prefix.clone())) };
    match names {
        Names::All => every_of(prefixes.iter().map(query).collect()),
        Names::AtLeast(count) => {
            let sets = (0..1_usize << prefixes.len()).filter(|set| set.count_ones() as usize == count);
            let every = |set: usize| {
                let chosen = prefixes.iter().enumerate().filter(|(i, _)| set >> i & 1 == 1);
                every_of(chosen.map(|(_, prefix)| query(prefix)).collect())
            };
            any_of(sets.map(every).collect())
        }
        Names::Some => any_of(prefixes.iter().map(query).collect()),
    }
}

fn near_tokens(definition: &Definition, name: &str, edits: u8) -> Box<dyn EngineQuery> {
    let mut words = NameQuery::new(name).folded;
    words.sort_unstable();
    words.dedup();
    let field = definition.layout.main;
    let words = words.into_iter().map(|word| -> Box<dyn EngineQuery> {
        let edits = tolerance(&word, edits);
        Box::new(PrefixQuery { field, prefix: word.into_bytes(), edits })
    });
    every_of(words.collect())
}
