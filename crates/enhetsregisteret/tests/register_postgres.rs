//! All that `register` tests, on a PostgreSQL database.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test says what it needs and fails")]

#[path = "register/doedsfall.rs"]
mod doedsfall;
#[path = "register/feeder.rs"]
mod feeder;
#[path = "register/filer.rs"]
mod filer;
#[path = "register/importer.rs"]
mod importer;
#[path = "register/koder.rs"]
mod koder;
#[path = "register/oppslag.rs"]
mod oppslag;
#[path = "register/parquetfiler.rs"]
mod parquetfiler;
#[path = "register/personer.rs"]
mod personer;
#[path = "register/prove.rs"]
mod prove;
#[path = "register/sett.rs"]
mod sett;
#[path = "register/sok.rs"]
mod sok;
#[path = "register/stubb.rs"]
mod stubb;
#[path = "register/synk.rs"]
mod synk;
#[path = "register/utvidet.rs"]
mod utvidet;

use std::path::Path;

use ::journal::SharedJournal;
use ::journal::postgres::{Address, Options, PostgresJournal};

/// An empty journal, and its database.
async fn journal(_: &Path) -> (SharedJournal, Option<pgklynge::Database>) {
    let database = pgklynge::Database::new();
    let address = Address::parse(&database.url()).unwrap();
    let journal = PostgresJournal::open(Options { address, replica: None, connections: 8 }).await;
    (journal.unwrap(), Some(database))
}
