//! What goes wrong on our side. What a caller of the token endpoint did wrong is [`crate::bevis::Avslag`]; what a
//! caller of the administration did wrong is [`crate::admin::Avvist`].

use journal::JournalError;

/// What operations fail with when nobody outside is to blame.
#[derive(Debug, thiserror::Error)]
pub enum Feil {
    /// The store failed.
    #[error(transparent)]
    Journal(JournalError),
    /// Somebody else changed the same thing at the same moment; nothing was written.
    #[error("noen andre endret det samme samtidig")]
    Samtidig,
    /// A stored record is not what the program writes. Run `grunndata verify`.
    #[error("en lagret post i {rom} er ikke gyldig: {arsak}")]
    Post {
        /// The space it lies in.
        rom: &'static str,
        /// What is wrong, without its content.
        arsak: serde_json::Error,
    },
    /// A signing key could not be made, opened or used. The text never holds key material.
    #[error("signeringsnøkkelen kan ikke brukes: {0}")]
    Nokkel(&'static str),
    /// A background task was cut off.
    #[error("en bakgrunnsjobb ble avbrutt")]
    Avbrutt,
}

impl From<JournalError> for Feil {
    fn from(feil: JournalError) -> Self {
        match feil {
            JournalError::Conflict { .. } => Self::Samtidig,
            annen => Self::Journal(annen),
        }
    }
}
