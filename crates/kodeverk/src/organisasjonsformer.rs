//! Organisation forms.

use crate::tabell::{ja, verdi};

/// An organisation form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Organisasjonsform {
    /// The code, as in `AS`.
    pub kode: &'static str,
    /// The name of the form.
    pub beskrivelse: &'static str,
    /// The date (`yyyy-MM-dd`) from which the form is no longer used.
    pub utgaatt: Option<&'static str>,
    /// Units have it.
    pub gjelder_enheter: bool,
    /// Sub-units have it.
    pub gjelder_underenheter: bool,
    /// The register's own list shows it (in 2026). The others exist on units that are deleted or not open.
    pub i_listen: bool,
}

kodeliste!(Organisasjonsform.kode, "organisasjonsformer.csv", |[
    kode,
    beskrivelse,
    utgaatt,
    enheter,
    underenheter,
    i_listen,
]| Organisasjonsform {
    kode,
    beskrivelse,
    utgaatt: verdi(utgaatt),
    gjelder_enheter: ja(enheter),
    gjelder_underenheter: ja(underenheter),
    i_listen: ja(i_listen),
});
