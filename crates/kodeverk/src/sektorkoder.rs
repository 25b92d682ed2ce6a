//! Institutional sector codes.

/// An institutional sector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sektorkode {
    /// Four digits, as in `2100`.
    pub kode: &'static str,
    /// The name of the sector.
    pub beskrivelse: &'static str,
}

kodeliste!(Sektorkode.kode, "institusjonelle_sektorkoder.csv", |[kode, beskrivelse]| Sektorkode {
    kode,
    beskrivelse,
});
