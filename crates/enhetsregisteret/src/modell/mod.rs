//! The documents of the register.
//!
//! A unit is stored as the compact JSON that the API sends, without links, keys in the API's own order: see
//! [`dokument`]. Storing the wire form keeps what we do not know (a field the real register adds tomorrow is
//! not lost) and makes a look-up cheap: read, add links, send. [`felt`] is the one table of which fields there
//! are and which profile each belongs to.
//!
//! The structs of [`enhet`] and [`rolle`] are the typed view of the same documents: what the synthetic nation
//! writes, what the index reads, and what the OpenAPI document describes.

pub mod dokument;
pub mod enhet;
pub mod felt;
pub mod rolle;
pub mod rolleform;

pub use dokument::{Dokument, UgyldigDokument};
pub use enhet::{Adresse, Enhet, Kode, Kodeverdi, Slettet, Underenhet};
pub use felt::{Enhetstype, Versjon};
pub use rolle::{Rolle, Rollegruppe, Roller};
