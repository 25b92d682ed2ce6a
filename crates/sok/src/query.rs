//! What can be asked of an index.

use std::fmt;
use std::ops::Bound;

use crate::schema::Field;

/// A condition on documents.
#[derive(Clone, PartialEq, Eq)]
pub enum Query {
    /// Every document.
    All,
    /// No document.
    None,
    /// All of these; every document if there are none.
    And(Vec<Query>),
    /// At least one of these; no document if there are none.
    Or(Vec<Query>),
    /// Not this.
    Not(Box<Query>),
    /// A keyword is this value.
    Equals(Field, String),
    /// A keyword is one of these values.
    OneOf(Field, Vec<String>),
    /// A keyword starts with this text.
    Prefix(Field, String),
    /// A number lies within the bounds.
    Range(Field, Bound<i64>, Bound<i64>),
    /// A flag is set to this. A document without the flag matches neither.
    Flag(Field, bool),
    /// A free text has every word of this one. No words match nothing.
    Tokens(Field, String),
    /// A name matches this text, as [`crate::navn`] says.
    ///
    /// If no document at all answers the whole query, it is asked again with every `Name` that is not under a
    /// [`Query::Not`] matching when *some* token does.
    Name(Field, String),
    /// A name is near this text, as [`crate::near`] says, with at most so many edits in a word
    /// ([`crate::near::MAX_EDITS`] is the most). Zero: every token must match. Never asked again in another way.
    NameNear(Field, String, u8),
    /// The words of this text stand next to each other in the name ([`crate::navn::consecutive`]).
    NamePhrase(Field, String),
    /// The document's number is one of these.
    Ids(Vec<u64>),
}

impl fmt::Debug for Query {
    /// The shape only: what people search for may be personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("All"),
            Self::None => f.write_str("None"),
            Self::And(parts) => f.debug_tuple("And").field(parts).finish(),
            Self::Or(parts) => f.debug_tuple("Or").field(parts).finish(),
            Self::Not(part) => f.debug_tuple("Not").field(part).finish(),
            Self::Equals(field, _) => write!(f, "Equals({})", field.index),
            Self::OneOf(field, values) => write!(f, "OneOf({}, {} values)", field.index, values.len()),
            Self::Prefix(field, _) => write!(f, "Prefix({})", field.index),
            Self::Range(field, _, _) => write!(f, "Range({})", field.index),
            Self::Flag(field, _) => write!(f, "Flag({})", field.index),
            Self::Tokens(field, _) => write!(f, "Tokens({})", field.index),
            Self::Name(field, _) => write!(f, "Name({})", field.index),
            Self::NameNear(field, _, edits) => write!(f, "NameNear({}, {edits})", field.index),
            Self::NamePhrase(field, _) => write!(f, "NamePhrase({})", field.index),
            Self::Ids(ids) => write!(f, "Ids({})", ids.len()),
        }
    }
}

impl Query {
    /// True if it is plain that every document matches.
    pub(crate) fn is_all(&self) -> bool {
        match self {
            Self::All => true,
            Self::And(parts) => parts.iter().all(Self::is_all),
            _ => false,
        }
    }

    /// The name that decides relevance: the first that is not under a [`Query::Not`].
    pub(crate) fn ranking_name(&self) -> Option<RankingName<'_>> {
        match self {
            Self::Name(field, text) => Some(RankingName { field: *field, text, required: true, edits: None }),
            Self::NameNear(field, text, edits) => {
                Some(RankingName { field: *field, text, required: true, edits: Some(*edits) })
            }
            Self::And(parts) => parts.iter().find_map(Self::ranking_name),
            Self::Or(parts) => {
                let name = parts.iter().find_map(Self::ranking_name)?;
                Some(RankingName { required: name.required && parts.len() == 1, ..name })
            }
            _ => None,
        }
    }
}

/// See [`Query::ranking_name`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct RankingName<'a> {
    pub(crate) field: Field,
    pub(crate) text: &'a str,
    /// No document is found that this name does not match.
    pub(crate) required: bool,
    /// Names may be so many edits a word away; `None`: not near, but as written or in part.
    pub(crate) edits: Option<u8>,
}

/// Which way to sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Smallest first.
    Ascending,
    /// Largest first.
    Descending,
}

/// One level of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SortKey {
    /// A sortable field.
    pub field: Field,
    /// Which way. Documents without a value come last either way.
    pub direction: Direction,
}

/// A search: condition, order and window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Which documents.
    pub query: Query,
    /// In which order, at most [`crate::MAX_SORT_KEYS`] levels. Empty: by relevance if the query has a name, otherwise by
    /// number. Documents that are equal on every level come by number.
    pub sort: Vec<SortKey>,
    /// How many to pass over.
    pub offset: usize,
    /// How many to answer with.
    pub limit: usize,
}

/// The answer to a [`Request`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Hits {
    /// How many documents match in all.
    pub total: u64,
    /// The numbers of those in the window, in order.
    pub ids: Vec<u64>,
}
