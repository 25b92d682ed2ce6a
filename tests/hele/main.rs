//! Whole-system tests: the real binary, a real directory, real HTTP.
//!
//! [`program`] runs commands and reads what they said; [`server`] starts servers and talks to them; [`nation`] is a
//! small demo nation that is made once for the whole test run and copied for each test. Here the store is a file;
//! `postgres.rs` runs what does not depend on that with the store in a database.

#![expect(clippy::expect_used, clippy::panic, reason = "a test says what it needs and fails")]

mod angrep;
mod commands;
mod crash;
mod demo;
mod doedsfall;
mod drift;
mod folk;
mod folkesoek;
mod maskinporten;
mod nation;
mod nedlastinger;
mod nyheter;
mod produsent;
mod program;
mod server;
mod signatur;
mod speil;
mod spor;
mod tls;

/// Whether the store is in a database.
const IN_DATABASE: bool = false;
