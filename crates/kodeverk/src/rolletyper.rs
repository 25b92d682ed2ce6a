//! Role types.

use crate::tabell::ja;

/// A type of role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rolletype {
    /// The code, as in `DAGL`.
    pub kode: &'static str,
    /// The name of the type.
    pub beskrivelse: &'static str,
    /// The code of the role group it stands in. Only for open types is the group sure to be in
    /// [`crate::rollegruppetyper`].
    pub rollegruppe: &'static str,
    /// The open role data have it; the others are known to the register, but not disclosed there.
    pub i_aapne_data: bool,
}

kodeliste!(Rolletype.kode, "rolletyper.csv", |[kode, beskrivelse, rollegruppe, aapen]| Rolletype {
    kode,
    beskrivelse,
    rollegruppe,
    i_aapne_data: ja(aapen),
});

/// The types of the open role data, in code order.
pub fn aapne() -> impl Iterator<Item = &'static Rolletype> + Clone {
    alle().iter().filter(|rad| rad.i_aapne_data)
}
