//! An index at one moment.

use std::fmt;
use std::ops::ControlFlow;
use std::sync::Arc;

use crate::SearchError;
use crate::facets::Facet;
use crate::place::{Page, Place};
use crate::query::{Hits, Query, Request};
use crate::schema::{Field, Schema};
use crate::search::Snapshot;
use crate::visit::Seen;

/// What the index held at one moment, and answers for as long as the view is kept. Cheap to clone.
///
/// A view holds on to the files of its moment, on disk too: keep few, and not for long.
#[derive(Clone)]
pub struct View {
    snapshot: Arc<Snapshot>,
    schema: Schema,
    position: u64,
}

impl fmt::Debug for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "View(position {})", self.position)
    }
}

impl View {
    pub(crate) fn new(snapshot: Arc<Snapshot>, schema: Schema, position: u64) -> Self {
        Self { snapshot, schema, position }
    }

    /// The feed position up to which it answers, at least.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// As [`crate::Index::search`].
    ///
    /// # Errors
    /// As there.
    pub fn search(&self, request: &Request) -> Result<Hits, SearchError> {
        self.snapshot.search(request, &self.schema)
    }

    /// As [`crate::Index::count`].
    ///
    /// # Errors
    /// As there.
    pub fn count(&self, query: &Query) -> Result<u64, SearchError> {
        self.snapshot.count(query, &self.schema)
    }

    /// Shows all documents that match, some at a time and in no particular order, until told to stop: of each its number,
    /// and the first that it has in a [`crate::Kind::Number`].
    ///
    /// What is not wanted is not looked for, so the first few of very many cost little; nothing is gathered, so neither do
    /// all of them cost memory. Every token of a [`Query::Name`] must match.
    ///
    /// # Errors
    /// As [`crate::Index::search`].
    pub fn visit(
        &self,
        query: &Query,
        field: Field,
        show: &mut dyn FnMut(&[Seen]) -> ControlFlow<()>,
    ) -> Result<(), SearchError> {
        self.snapshot.visit(query, field, &self.schema, show)
    }

    /// Answers a request from `after` on, and with the place where the next page begins.
    ///
    /// # Errors
    /// As [`crate::Index::search`]; [`SearchError::OtherOrder`] when the place is of another order.
    pub fn page(&self, request: &Request, after: Option<&Place>) -> Result<Page, SearchError> {
        self.snapshot.page(request, after, &self.schema)
    }

    /// For each field, which values the documents have and how often; at most `most` values of each.
    ///
    /// # Errors
    /// As [`crate::Index::search`]; [`SearchError::NotSortable`] for a keyword that is not sortable by its own value.
    pub fn facets(&self, query: &Query, fields: &[Field], most: usize) -> Result<Vec<Facet>, SearchError> {
        self.snapshot.facets(query, fields, most, &self.schema)
    }
}
