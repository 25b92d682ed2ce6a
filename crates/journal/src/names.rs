//! Collections, feeds and spaces have names in code and small numbers in rows.

use std::collections::HashMap;

use parking_lot::RwLock;

use crate::{Collection, Feed, Space};

/// A name together with what it is a name of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Name {
    pub(crate) kind: &'static str,
    pub(crate) name: &'static str,
}

impl From<Collection> for Name {
    fn from(collection: Collection) -> Self {
        Self { kind: "collection", name: collection.0 }
    }
}

impl From<Feed> for Name {
    fn from(feed: Feed) -> Self {
        Self { kind: "feed", name: feed.0 }
    }
}

impl From<Space> for Name {
    fn from(space: Space) -> Self {
        Self { kind: "space", name: space.0 }
    }
}

/// The committed names that have been met. Numbers never change, so what is cached stays true.
#[derive(Debug, Default)]
pub(crate) struct Names(RwLock<HashMap<Name, i64>>);

impl Names {
    /// The number of a name that was met before.
    pub(crate) fn known(&self, name: Name) -> Option<i64> {
        self.0.read().get(&name).copied()
    }

    /// A name has been met.
    pub(crate) fn learn(&self, name: Name, number: i64) {
        self.0.write().insert(name, number);
    }
}
