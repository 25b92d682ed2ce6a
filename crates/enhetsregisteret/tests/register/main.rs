//! The register through its own router: every endpoint, every error, every representation.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test says what it needs and fails")]

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
