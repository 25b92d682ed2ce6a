//! Messages in, cases decided, persons changed, senders told: the whole of it without HTTP.

#![expect(clippy::expect_used, reason = "a test says what it needs and fails")]

mod angrep;
mod kontrakter;
mod meldinger;
mod prove;
mod regler;
mod regler_deler;
mod regler_dnummer;
mod regler_doedsbo;
mod regler_doedsfall;
mod regler_ekteskap;
mod regler_endring;
mod regler_farskap;
mod regler_foedsel;
mod regler_innflytting;
mod regler_kort;
mod regler_nummer;
mod regler_posten;
mod regler_rekvisisjon;
mod saksflyt;
mod stopp;
mod tilbakemeldinger;
