//! Countries.

/// A country or territory, Kosovo (`XK`), or stateless (`XX`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Land {
    /// Two capital letters (ISO 3166-1 alpha-2).
    pub landkode: &'static str,
    /// Three capital letters (ISO 3166-1 alpha-3).
    pub alfa3: &'static str,
    /// The name as the APIs write it: `Norge`.
    pub navn: &'static str,
    /// The name as older registers write it: in capitals, some shortened, some outdated.
    pub navn_register: &'static str,
}

kodeliste!(Land.landkode, "landkoder.csv", |[landkode, alfa3, navn, navn_register]| Land {
    landkode,
    alfa3,
    navn,
    navn_register,
});
