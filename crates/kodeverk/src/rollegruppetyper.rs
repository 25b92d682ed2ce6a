//! Types of role groups.

use crate::tabell::ja;

/// A type of role group, under which the roles of a unit are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rollegruppetype {
    /// The code, as in `STYR`.
    pub kode: &'static str,
    /// The name of the type.
    pub beskrivelse: &'static str,
    /// The open role data have it; the others are known to the register, but not disclosed there.
    pub i_aapne_data: bool,
}

kodeliste!(Rollegruppetype.kode, "rollegruppetyper.csv", |[kode, beskrivelse, aapen]| Rollegruppetype {
    kode,
    beskrivelse,
    i_aapne_data: ja(aapen),
});

/// The types of the open role data, in code order.
pub fn aapne() -> impl Iterator<Item = &'static Rollegruppetype> + Clone {
    alle().iter().filter(|rad| rad.i_aapne_data)
}
