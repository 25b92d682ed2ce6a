//! Folkeregisteret for consumers: the person document, its rights packages and its two forms.
//!
//! - [`modell`]: the documents, typed, each type a table from which everything else follows.
//! - [`Rettighetspakke::filtrer`]: the one way out. A [`modell::Persondokument`] goes in, an [`Utlevering`] comes out,
//!   and only that can be written to an answer; [`rettighetspakke`] says how doubts are decided.
//! - [`Personindeks`] and [`sporring`]: what persons are found by, and the three ways to ask.
//! - [`xsd`]: our schemas of our XML.
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

mod format;
pub mod indeks;
pub mod modell;
pub mod rettighetspakke;
pub mod sporring;
pub mod xsd;

pub use indeks::Personindeks;
pub use rettighetspakke::{
    Deler, Feedutlevering, Hendelsesutlevering, Pakker, Rettighetspakke, Tjeneste, UkjentPart, Utlevering,
    Vern,
};

#[cfg(test)]
mod tests;
