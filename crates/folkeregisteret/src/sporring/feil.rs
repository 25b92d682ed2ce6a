//! Why a question has no answer.

use super::MAKS_TREFF;

/// Why a search or an extract could not be answered. The texts are for the user.
#[derive(Debug, thiserror::Error)]
pub enum Soekefeil {
    /// A parameter or criterion cannot be used; says which, and what would be right. Status 400.
    #[error("{0}")]
    Ugyldig(String),
    /// The combination gives no right to a hit (section 9.1). Status 400.
    #[error("Kombinasjonen av søkekriterier gir ikke rett til treff.")]
    IkkeRettTilTreff,
    /// Over [`MAKS_TREFF`] persons were found (section 9.2). Status 400.
    #[error("Søket gir flere enn {MAKS_TREFF} treff. Avgrens søket.")]
    ForMangeTreff,
    /// Nobody was found, or several. Status 404.
    #[error("Ukjent person, eller ikke entydig treff")]
    IkkeEntydig,
    /// The search was cut off.
    #[error("søket ble avbrutt")]
    Avbrutt,
    /// The index is not ready, or failed.
    #[error(transparent)]
    Indeks(#[from] sok::SearchError),
}
