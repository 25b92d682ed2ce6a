//! Norwegian identifiers as types that cannot hold an invalid value.
//!
//! Parsing is the validation: whoever holds a [`Personidentifikator`] holds eleven digits with a date that
//! exists and control digits that add up. There is no other way to make one, so nothing downstream checks
//! again. All types are small and `Copy`, order like their text, and (with the default feature `serde`) read
//! and write themselves as JSON strings.
//!
//! | Type | Form | Beyond the form |
//! |---|---|---|
//! | [`Organisasjonsnummer`] | 9 digits | control digit and test series are questions, not conditions |
//! | [`Personidentifikator`] | 11 digits | date, both control digits, the rules before and after 2032 |
//! | [`Kommunenummer`], [`Fylkesnummer`], [`Postnummer`] | 4, 2, 4 digits | whether the code is in use is for a code list to say |
//! | [`Landkode`], [`LandkodeAlfa3`] | 2, 3 capital letters | as above |
//!
//! Every failure is a variant of [`UgyldigIdentifikator`]. Neither its text nor the `Debug` and `Display` of a
//! person's number show the number, so they may be logged. Where a number shall be seen, the call says so:
//! [`Personidentifikator::vis`], [`UgyldigIdentifikator::melding`].
//!
//! # Example
//!
//! ```
//! use identifikator::{Dato, Kjoenn, Organisasjonsnummer, Personidentifikator, Serie, Slag, UgyldigIdentifikator};
//!
//! // The register asks for nine digits only; the control digit is a question of its own.
//! let nummer: Organisasjonsnummer = "310100005".parse()?;
//! assert!(nummer.er_syntetisk() && nummer.har_gyldig_kontrollsiffer());
//! assert_eq!(Organisasjonsnummer::parse("31010000"), Err(UgyldigIdentifikator::Organisasjonsnummer));
//!
//! // A synthetic nation numbers its units by slot.
//! let foerste = Organisasjonsnummer::syntetisk(Serie::To, 0).unwrap();
//! assert!(foerste < Organisasjonsnummer::syntetisk(Serie::To, 1).unwrap());
//!
//! // Numbers of persons: read, ask, and show only when asked to.
//! let person = Personidentifikator::parse("41814061033")?;
//! assert_eq!(person.slag(), Slag::DNummer);
//! assert_eq!(person.foedselsdato(), Dato::ny(1940, 1, 1));
//! assert_eq!(person.to_string(), "***********");
//! assert_eq!(person.vis().to_string(), "41814061033");
//!
//! // Synthetic numbers of a date, in the order in which they are handed out.
//! let dato = Dato::ny(1990, 5, 17).unwrap();
//! let neste = Personidentifikator::syntetiske(Slag::Foedselsnummer, dato, Some(Kjoenn::Kvinne)).next();
//! assert_eq!(neste.and_then(Personidentifikator::kjoenn), Some(Kjoenn::Kvinne));
//! # Ok::<(), UgyldigIdentifikator>(())
//! ```

#[macro_use]
mod makro;

mod dato;
mod feil;
mod landkode;
mod organisasjonsnummer;
mod personidentifikator;
mod sted;

pub use dato::Dato;
pub use feil::UgyldigIdentifikator;
pub use landkode::{Landkode, LandkodeAlfa3};
pub use organisasjonsnummer::{Organisasjonsnummer, Serie};
pub use personidentifikator::{Kjoenn, Personidentifikator, Regelverk, Slag, Syntetisk, Vist};
pub use sted::{Fylkesnummer, Kommunenummer, Postnummer};

/// Compiles and runs the example of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
