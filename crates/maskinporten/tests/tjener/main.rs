//! The authorization server under test: the production routes with a stopped clock.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test says what it needs and fails")]

mod altinn;
mod bevis;
mod feilkatalog;
mod invarianter;
mod nokkelbytte;
mod prove;
mod selvbetjening;
mod sertifikat;
mod skjema;
mod tokener;
