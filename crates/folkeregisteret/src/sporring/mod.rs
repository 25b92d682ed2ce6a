//! Questions about persons, independent of HTTP: from parameters to a question that is valid, from there to persons.
//!
//! - [`Soek`]: the hit list of `personer/soek` (consumer sheet, section 9.2).
//! - [`Entydigsoek`]: the one person of `personer/entydigsoek` (section 9.1), with the table of what gives a right to a hit.
//! - [`Uttrekkskriterier`]: what `uttrekk/tilpasset` takes out (section 10).
//! - [`Kjennetegn`]: who somebody from abroad may be already; asked inside the program only.
//!
//! All are asked of a [`crate::Personindeks`] for a package, on a thread that may block: they take a few milliseconds of
//! processor time and read from disk. [`crate::Folkeregister::soek`] and [`crate::Folkeregister::entydigsoek`] do so.
//!
//! # Where the sheet leaves it open
//!
//! 1. A word of a name is whole between what is neither letter nor digit: `Lise` is a word of `Anne-Lise`. `Anne-Lise` as
//!    one word of a question asks for both.
//! 2. The words of a historical search may be of different names of the person, the last of now and the first of then.
//!    Parts of addresses are always of the same one ([`crate::indeks`] says how).
//! 3. Searched are homes, and places of stay with `inkluderOppholdsadresse`; the unique search has no such switch, so
//!    homes only.
//! 4. `adressenavn` without `husnummer` in a unique search hits addresses without a number only, if the right to a hit
//!    rests on it; where the right comes of something else it only narrows.
//! 5. Over 10 000 hits is an error whatever `maksTreff` is; `maksTreff` cuts the list of a search that was narrow enough.
//! 6. A criterion of an entity that the package does not get is refused, as an addition to others too: an answer would tell
//!    whether the value is right.
//! 7. The dead are hit by the unique search; terminated persons by all searches.
//! 8. A parameter given twice, and a criterion of an extract that does not exist, are refused; a parameter that does not exist
//!    is not looked at. An empty one is not given.

mod entydig;
mod feil;
mod kjennetegn;
mod krav;
mod parametre;
mod soek;
mod uttrekk;

pub use entydig::{Entydigsoek, Kriterium, RETT_TIL_TREFF};
pub use feil::Soekefeil;
pub use kjennetegn::Kjennetegn;
pub use soek::{MAKS_TREFF, Soek, Treff};
pub use uttrekk::{Statusgruppe, Uttrekkskriterier};
