//! Whom a board member may represent.

/// A kind of representative, given on board roles (`valgtAv`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Representant {
    /// The code, as in `AREP`.
    pub kode: &'static str,
    /// The name of the kind.
    pub beskrivelse: &'static str,
}

kodeliste!(Representant.kode, "representanter.csv", |[kode, beskrivelse]| Representant { kode, beskrivelse });
