//! The register's one error enum. What a caller did wrong is the API's own matter.

use journal::JournalError;

/// What the register's operations fail with.
#[derive(Debug, thiserror::Error)]
pub enum Feil {
    /// The store failed.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// A stored document is not what the register writes. Run `grunndata verify`.
    #[error("et lagret dokument er ikke gyldig: {0}")]
    Dokument(#[from] crate::modell::UgyldigDokument),
    /// A person has more versions than a book can hold.
    #[error(transparent)]
    FullBok(#[from] crate::bok::FullBok),
    /// The store's secret for keys of documents cannot be used.
    #[error("lagerets nøkkel for dokumentidentifikatorer kan ikke brukes")]
    Dokumentnokkel,
    /// The search index is not ready, or failed.
    #[error(transparent)]
    Sok(#[from] sok::SearchError),
    /// A background task was cut off.
    #[error("en bakgrunnsjobb ble avbrutt")]
    Avbrutt,
}
