//! Tidy: what the compiler and the linter cannot see, held in the ordinary test run.
//!
//! Each test reads the source tree and names the file and line that breaks a rule, so that the rule can be read
//! off its message.

#![expect(clippy::expect_used, clippy::panic, reason = "a test says what it needs and fails")]

mod architecture;
mod crash_points;
mod dependencies;
mod deploy;
mod papers;
mod sizes;
mod tree;
mod words;
