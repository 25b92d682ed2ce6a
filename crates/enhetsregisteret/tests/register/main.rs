//! The register through its own router: every endpoint, every error, every representation. Here on the embedded
//! engine; `register_postgres.rs` is the same on the other.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test says what it needs and fails")]

mod doedsfall;
mod feeder;
mod filer;
mod importer;
mod koder;
mod oppslag;
mod parquetfiler;
mod personer;
mod prove;
mod sett;
mod sok;
mod stubb;
mod synk;
mod utvidet;

use std::path::Path;

use ::journal::SharedJournal;
use ::journal::sqlite::{Options, SqliteJournal};

/// An empty journal; and its database, if it is in one.
async fn journal(mappe: &Path) -> (SharedJournal, Option<pgklynge::Database>) {
    let journal = SqliteJournal::open(&mappe.join("grunndata.sqlite"), Options::default());
    (std::future::ready(journal.unwrap()).await, None)
}
