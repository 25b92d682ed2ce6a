//! The registers' code lists, compiled in.
//!
//! One module for each list, all of the same shape: a row type with `&'static str` fields, `alle()` for every
//! row in code order (byte order of the code, so `SÆR` stands after `STI`), and `finn(kode)` for one of them.
//! The files under `data/` are the lists; they are read on first use, without copying the text.
//!
//! | Module | Rows | Source |
//! |---|---:|---|
//! | [`organisasjonsformer`] | 46 | Enhetsregisteret's list of 2026 and two forms known from elsewhere |
//! | [`rolletyper`], [`rollegruppetyper`] | 61, 30 | open role data, and the types that are not disclosed there |
//! | [`representanter`] | 4 | recorded role answers |
//! | [`sektorkoder`] | 25 | Statistics Norway, classification 39 |
//! | [`kommuner`] | 359 | the division of 2024, Svalbard and Jan Mayen |
//! | [`naeringskoder`] | 1813 | SN2007, all five levels |
//! | [`naeringskoder_sn2025`] | 1785 | SN2025, in the register from September 2025 |
//! | [`postnummer`] | 5137 | the postal register of September 2024 |
//! | [`landkoder`] | 251 | ISO 3166-1, Kosovo, stateless |
//! | [`folkeregisteret`] | 30 lists | the consumer sheet of Folkeregisteret |
//!
//! Section 1 of the sheet of Enhetsregisteret says where each text was seen; the column `belegg` of a file
//! marks what was observed (`O`) and what was inferred (`I`).
//!
//! ```
//! use kodeverk::{kommuner, naeringskoder, postnummer};
//!
//! let sted = postnummer::finn("5014").unwrap();
//! assert_eq!(sted.poststed, "BERGEN");
//! assert_eq!(kommuner::finn(sted.kommunenummer).unwrap().navn_vanlig, "Bergen");
//!
//! // A search for section B is a search for these prefixes.
//! assert_eq!(naeringskoder::avdelinger("B").collect::<Vec<_>>(), ["05", "06", "07", "08", "09"]);
//! ```

#[macro_use]
mod tabell;
#[macro_use]
mod naering;

pub mod folkeregisteret;
pub mod kommuner;
pub mod landkoder;
pub mod naeringskoder;
pub mod naeringskoder_sn2025;
pub mod organisasjonsformer;
pub mod postnummer;
pub mod representanter;
pub mod rollegruppetyper;
pub mod rolletyper;
pub mod sektorkoder;

pub use naering::Naeringskode;
