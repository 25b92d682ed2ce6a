//! Municipalities in the division of 2024, and the areas outside it.

/// A municipality, or Svalbard (`2100`) or Jan Mayen (`2211`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kommune {
    /// Four digits, of which the first two are the county.
    pub kommunenummer: &'static str,
    /// The register's spelling: capitals, Norwegian short form without qualifier. Not unique: there are two
    /// `HERØY`.
    pub navn: &'static str,
    /// The name in ordinary spelling.
    pub navn_vanlig: &'static str,
}

kodeliste!(Kommune.kommunenummer, "kommuner.csv", |[kommunenummer, navn, navn_vanlig]| Kommune {
    kommunenummer,
    navn,
    navn_vanlig,
});
