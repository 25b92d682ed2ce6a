//! The one error enum. What a sender did wrong is [`crate::mottak::Avvist`].

use journal::JournalError;

/// What operations fail with.
#[derive(Debug, thiserror::Error)]
pub enum Feil {
    /// The store failed.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The register of persons failed.
    #[error(transparent)]
    Register(#[from] folkeregisteret::Feil),
    /// A stored message or case is not what is written.
    #[error("en lagret melding eller sak kan ikke leses (linje {} kolonne {})", .0.line(), .0.column())]
    Lagret(#[from] serde_json::Error),
    /// What should be there is not.
    #[error("{0} mangler i lageret")]
    Mangler(&'static str),
    /// A contract cannot be read.
    #[error(transparent)]
    Kontrakt(#[from] crate::kontrakt::UgyldigKontrakt),
}

impl Feil {
    /// Whether it lies in the message or in what is stored, so that trying again would end in the same.
    pub const fn er_meldingens(&self) -> bool {
        matches!(
            self,
            Self::Lagret(_)
                | Self::Journal(JournalError::NotAllowed(_))
                | Self::Register(
                    folkeregisteret::Feil::Dokument(_)
                        | folkeregisteret::Feil::FullBok(_)
                        | folkeregisteret::Feil::Journal(JournalError::NotAllowed(_))
                )
        )
    }

    /// Whether another node was faster, and the same may be tried again.
    pub const fn er_konflikt(&self) -> bool {
        matches!(
            self,
            Self::Journal(JournalError::Conflict { .. })
                | Self::Register(folkeregisteret::Feil::Journal(JournalError::Conflict { .. }))
        )
    }
}
