//! Messages in, cases decided, persons changed, senders told: the whole of it without HTTP.

#![expect(clippy::expect_used, reason = "a test says what it needs and fails")]

mod angrep;
mod kontrakter;
mod meldinger;
mod prove;
mod regler;
mod regler_doedsfall;
mod regler_ekteskap;
mod regler_farskap;
mod regler_foedsel;
mod regler_kort;
mod saksflyt;
mod stopp;
mod tilbakemeldinger;
