//! What no official API gives: the register as it was, its history, and a search that helps.
//!
//! Served on a path of its own ([`crate::api::Api::utvidet`]), never on the imitated surface.
//!
//! - [`historikk`]: documents as of a time or a change, and what every version changed.
//! - [`sok`]: the search; [`visning`] and [`markoer`] carry it past any depth at one moment, [`fasett`] counts.
//! - [`hint`]: what to know about an answer that looks right and is not.
//! - [`personer`]: people and their roles, only in business activity, which [`naering`] decides; [`personindeks`] finds
//!   the units.
//! - [`ansatte`]: what is known about the number of employees where it is not shown.

pub mod ansatte;
pub mod fasett;
pub mod hint;
pub mod historikk;
pub mod markoer;
pub mod naering;
pub mod personer;
pub mod personindeks;
pub mod sok;
pub mod visning;
