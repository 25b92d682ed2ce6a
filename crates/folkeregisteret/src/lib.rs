//! Folkeregisteret for consumers: persons, rights packages, look-ups, events and extracts.
//!
//! [`Folkeregister`] is the register as a type. It is a client of the journal: a person is one document with all versions of
//! it ([`bok`]), events are one feed ([`hendelser`]). What the real service does, and how sure that is, stands in the fact
//! sheet; comments here name its sections, and where it leaves something open, the more protective reading is taken.
//!
//! - [`modell`]: the documents, typed, each type a table from which everything else follows.
//! - [`Rettighetspakke::filtrer`]: the one way out. A [`modell::Persondokument`] goes in, an [`Utlevering`] comes out,
//!   and only that can be written to an answer; [`rettighetspakke`] says how doubts are decided.
//! - [`Personindeks`] and [`sporring`]: what persons are found by, and the three ways to ask.
//! - [`xsd`]: our schemas of our XML.
//! - [`endring`]: the only writer; [`innlasting`]: bulk load.
//! - [`nokkel`]: keys of documents; [`logg`]: who looked; [`innsyn`]: telling of it; [`uttrekk`]: extracts.
//! - [`mod@api`] is HTTP.
//!
//! ```
//! use folkeregisteret::modell::Persondokument;
//! use folkeregisteret::{Deler, Rettighetspakke};
//!
//! let lagret = br#"{
//!     "status": [{ "erGjeldende": true, "kilde": "KILDE_DSF", "status": "forsvunnet" }],
//!     "brukAvSamiskSpraak": [{ "erGjeldende": true, "spraak": ["nordsamisk"] }]
//! }"#;
//! let dokument = Persondokument::fra_json(lagret)?;
//! let deler = Deler::les(["status", "brukAvSamiskSpraak"])?;
//!
//! let mut svar = Vec::new();
//! Rettighetspakke::Finans.filtrer(dokument, &deler).skriv_json(&mut svar);
//! assert_eq!(svar, br#"{"status":[{"erGjeldende":true,"status":"aktiv"}]}"#);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod api;
pub mod bok;
pub mod endring;
mod feil;
mod format;
pub mod hendelser;
pub mod indeks;
pub mod innlasting;
pub mod innsyn;
pub mod logg;
pub mod modell;
pub mod nokkel;
pub mod plass;
mod register;
pub mod rettighetspakke;
mod soeking;
pub mod sporring;
mod tallrekke;
pub mod uttrekk;
pub mod xsd;

pub use feil::Feil;
pub use indeks::Personindeks;
pub use register::{Arkivert, Folkeregister, Funnet, Oppsett};
pub use soeking::Status;

pub use rettighetspakke::{
    Deler, Feedutlevering, Hendelsesutlevering, Pakker, Rettighetspakke, Tjeneste, UkjentPart, Utlevering,
    Vern,
};

#[cfg(test)]
mod tests;
