//! Whole-system tests with the store in a PostgreSQL database: what `main.rs` tests and does not depend on a file, and
//! several nodes.

#![expect(clippy::expect_used, clippy::panic, reason = "a test says what it needs and fails")]

mod crash;
mod demo;
mod doedsfall;
mod drift;
mod flytting;
mod nation;
mod nodes;
mod produsent;
mod program;
mod server;

/// Whether the store is in a database.
const IN_DATABASE: bool = true;
