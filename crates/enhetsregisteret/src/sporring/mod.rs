//! Typed queries: what a search is, independent of HTTP.
//!
//! [`parametre`] is the table of the APIs' search parameters; [`les`] turns a query string into a
//! [`Sporring`], or into the list of everything that is wrong with it. A `Sporring` speaks of index fields by
//! the names of [`crate::indeks`], and can be checked against a document by hand ([`brute`] in tests does).

pub mod les;
pub mod parametre;
pub mod regler;
pub mod sortering;

pub use les::{Lest, les};
pub use parametre::{PARAMETRE, Parameter};
pub use sortering::{Retning, Sortering};

/// One condition on a unit. All conditions of a [`Sporring`] must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filter {
    /// Name search with relevance (sheet section 7.1).
    Navn(String),
    /// Name search with relevance, at most so many typing errors in a word (our own surface).
    NavnNaer(String, u8),
    /// The text occurs consecutively in the name (section 16.2).
    NavnSammenhengende(String),
    /// One of these units.
    Enheter(Vec<u32>),
    /// The field has one of these values.
    EnAv(&'static str, Vec<String>),
    /// The flag has this value.
    Flagg(&'static str, bool),
    /// The number is within these bounds, both inclusive. Dates are days since 1970-01-01.
    Mellom(&'static str, Option<i64>, Option<i64>),
    /// The text field holds every word of one of these texts.
    Tekst(&'static str, Vec<String>),
    /// One of these holds.
    Eller(Vec<Filter>),
}

/// A search: conditions, order, and which part of the result.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sporring {
    /// All must hold.
    pub filtre: Vec<Filter>,
    /// The order; empty: by relevance when there is a name, otherwise by name.
    pub sortering: Vec<Sortering>,
}

impl Sporring {
    /// Whether the search has a name, and so an order of relevance.
    pub fn har_navn(&self) -> bool {
        self.filtre
            .iter()
            .any(|f| matches!(f, Filter::Navn(_) | Filter::NavnNaer(..) | Filter::NavnSammenhengende(_)))
    }
}
