//! Messages in, cases decided, persons changed, senders told: the whole of it without HTTP.

#![expect(clippy::expect_used, reason = "a test says what it needs and fails")]

mod angrep;
mod kontrakter;
mod meldinger;
mod prove;
mod regler;
mod saksflyt;
mod stopp;
mod tilbakemeldinger;
