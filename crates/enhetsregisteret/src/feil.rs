//! The register's one error enum.
//!
//! What a caller did wrong is a [`Valideringsfeil`] list; what is not there is `Option` or [`crate::Oppslag`].
//! The rest is ours, and becomes the 500 body of sheet section 14.3.

use journal::JournalError;

/// One invalid parameter, as the 400 body lists it (sheet section 14.1).
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Valideringsfeil {
    /// What is wrong, in bokmål, worded as the real service where that is known (section 14.2).
    pub feilmelding: String,
    /// The names of the parameters; for a bad number in the path, the value itself.
    pub parametere: Vec<String>,
    /// The raw value; for lists in the form `[a, b]`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub feilaktig_verdi: Option<String>,
}

/// What the register's operations fail with.
#[derive(Debug, thiserror::Error)]
pub enum Feil {
    /// One or more parameters are invalid: status 400 with the whole list.
    #[error("ugyldige parametere")]
    Ugyldig(Vec<Valideringsfeil>),
    /// The store failed.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The search index failed.
    #[error("søkeindeksen feilet: {0}")]
    Sok(#[from] sok::SearchError),
    /// A stored document is not what the register writes. Run `grunndata verify`.
    #[error("et lagret dokument er ikke gyldig: {0}")]
    Dokument(#[from] crate::modell::UgyldigDokument),
    /// A file could not be read or written.
    #[error("filfeil: {0}")]
    Fil(#[from] std::io::Error),
    /// A spreadsheet could not be written.
    #[error("regnearket kunne ikke skrives: {0}")]
    Regneark(String),
    /// The register that is copied from could not be asked, or its answer not be used.
    #[error(transparent)]
    Oppstroms(#[from] crate::synk::Oppstromsfeil),
    /// A Parquet file could not be written.
    #[error("parquet-filen kunne ikke skrives: {0}")]
    Parquet(String),
    /// Another process, or another part of this one, is making the download files of this directory.
    #[error("nedlastingsfilene lages allerede av en annen")]
    Opptatt,
    /// A background task was cut off.
    #[error("en bakgrunnsjobb ble avbrutt")]
    Avbrutt,
}

impl From<serde_json::Error> for Feil {
    fn from(error: serde_json::Error) -> Self {
        Self::Dokument(error.into())
    }
}
