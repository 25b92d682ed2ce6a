//! A synthetic nation, the same from the same seed on every machine.
//!
//! [`Nasjon`] lays out main units, sub-units and roles with years of history behind them, in the documents of
//! Enhetsregisteret, and the people of Folkeregisteret, some of whom hold the roles. Its figures are close to the real register's (section 17 of the register's sheet), its
//! names cannot be mistaken for anybody's, its organisation numbers come from the test series, and its first
//! slots hold one unit for every documented state (`harde.rs`, a table).
//!
//! # How it is made
//!
//! Every main unit has a *slot*, a number from 0. All that is true of the unit follows from the seed and the slot:
//!
//! - its *plan* (`plan`): form, day of registration, fate. Cheap, and the only thing others may look at;
//! - its *life* (`liv`, `underliv`): the steps of the unit, its sub-units and its roles, in order of time;
//! - its *state* (`tilstand`) after so many steps;
//! - its *documents* in a state (`enhetsdok`, `underdok`, `rolledok`).
//!
//! So the units of today and the history of the feeds are two readings of the same lives and cannot
//! disagree. Units that others lean on (auditors, municipalities, main companies abroad) stand on fixed slots and
//! live always (`faste`). Nothing is kept but the size; a nation of a million is streamed like one of a
//! thousand.
//!
//! The people (`folk`) live in *hamlets*: families that are made together, independent of all other hamlets. Their books are
//! written step by step, so that every version of a document, and the event that tells of it, is one reading of the same
//! life. A holder of a role is picked among them; who dies is marked, and followed by another, in the units' documents.
//!
//! # How a register of people is filled
//!
//! A small one in order of time, document and events of each change together: [`Nasjon::personhistorie`]. A large one in two
//! passes, since nobody can hold ten million documents that change in turn: [`Nasjon::grend_for_grend`] gives all versions of one
//! person after the other, and [`Feedrekke`] gathers twelve bytes for each event and gives them back in the feed's order.
//! What names a version in the second pass is the person's running number and the version's ([`Feedplass`]).
//!
//! ```
//! use std::convert::Infallible;
//! use syntetisk::{Feedrekke, Nasjon, Oppsett};
//!
//! let nasjon = Nasjon::new(Oppsett { enheter: 1000, personer: 1000, ..Oppsett::default() });
//! let mut rekke = Feedrekke::default();
//! nasjon.grend_for_grend(
//!     2,
//!     |grend| {
//!         let (mut dokumenter, mut plasser) = (0, Vec::new());
//!         for i in 0..grend.antall() {
//!             let mut versjoner = grend.versjoner(i);
//!             while let Some(versjon) = versjoner.next() {
//!                 dokumenter += u32::from(versjon.dokument.is_some()); // a register writes it down here
//!                 plasser.extend(versjon.feedplasser());
//!             }
//!         }
//!         (dokumenter, plasser)
//!     },
//!     |(_dokumenter, plasser)| {
//!         rekke.extend(plasser);
//!         Ok::<(), Infallible>(())
//!     },
//! )?;
//! assert!(rekke.i_rekke().is_sorted_by_key(|plass| plass.at)); // and publishes the events here
//! # Ok::<(), Infallible>(())
//! ```
//!
//! # What comes out
//!
//! ```
//! use syntetisk::{Nasjon, Oppsett};
//!
//! let nasjon = Nasjon::new(Oppsett { fro: 42, enheter: 1000, ..Oppsett::default() });
//! assert_eq!(nasjon.enheter().count(), 1000);
//! assert_eq!(nasjon.enheter().next().unwrap().navn, Nasjon::new(nasjon.oppsett()).enheter().next().unwrap().navn);
//! ```

mod enhetsdok;
mod faste;
mod folk;
mod former;
mod harde;
mod historie;
mod kalender;
mod koder;
mod liv;
mod matrikkel;
mod naering;
mod nasjon;
mod navn;
mod plan;
mod rolledok;
mod roller;
pub mod skriv;
mod sted;
mod tekst;
mod terning;
mod tilstand;
mod underdok;
mod underliv;

pub use folk::{Feedplass, Feedrekke, Grend, Personendring, Personhistorie, Versjon, Versjoner};
pub use historie::{Endring, Hendelse, Historie};
pub use matrikkel::Matrikkelenhet;
pub use nasjon::{Nasjon, Oppsett};
