//! Postal codes.

/// A postal code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Postnummer {
    /// Four digits.
    pub postnummer: &'static str,
    /// The postal town, in capitals.
    pub poststed: &'static str,
    /// The municipality, always one of [`crate::kommuner`].
    pub kommunenummer: &'static str,
    /// What is delivered to.
    pub kategori: Kategori,
}

/// What a postal code delivers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kategori {
    /// Street addresses (`G`).
    Gateadresser,
    /// Post office boxes (`P`).
    Postbokser,
    /// Street addresses and boxes (`B`).
    Begge,
    /// Service numbers of large receivers (`S`).
    Servicenummer,
}

impl Kategori {
    fn av(bokstav: &str) -> Self {
        match bokstav {
            "P" => Self::Postbokser,
            "B" => Self::Begge,
            "S" => Self::Servicenummer,
            _ => Self::Gateadresser,
        }
    }
}

kodeliste!(Postnummer.postnummer, "postnummer.csv", |[postnummer, poststed, kommunenummer, kategori]| {
    Postnummer { postnummer, poststed, kommunenummer, kategori: Kategori::av(kategori) }
});
