//! From the database's errors to the journal's: what has happened to the work, and whether trying again helps.

use deadpool_postgres::{PoolError, TimeoutType};
use tokio_postgres::Error;
use tokio_postgres::error::{DbError, Severity, SqlState};

use crate::JournalError;

/// A statement or transaction that failed.
#[derive(Debug)]
pub(super) struct Trouble {
    /// What the caller is told.
    pub(super) error: JournalError,
    /// It may pass by itself: a restart, a fail-over, a crowd.
    pub(super) passing: bool,
    /// The server has said that it took the transaction back. Otherwise the connection is gone and nobody knows.
    pub(super) undone: bool,
}

impl Trouble {
    /// The database took too long to answer.
    pub(super) fn silence() -> Self {
        let error = JournalError::Unavailable("the database does not answer".to_owned());
        Self { error, passing: true, undone: false }
    }
}

impl From<JournalError> for Trouble {
    fn from(error: JournalError) -> Self {
        Self { error, passing: false, undone: false }
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        match error.as_db_error() {
            None => Self::connection(&error),
            Some(said) => Self {
                error: journal(said),
                passing: is_passing(said.code()),
                undone: said.parsed_severity() == Some(Severity::Error),
            },
        }
    }
}

impl From<PoolError> for Trouble {
    fn from(error: PoolError) -> Self {
        match error {
            PoolError::Backend(error) => Self { undone: true, ..error.into() },
            PoolError::Timeout(TimeoutType::Wait) => {
                let error =
                    JournalError::Unavailable("every connection to the database is in use".to_owned());
                Self { error, passing: true, undone: true }
            }
            PoolError::Timeout(_) => Self { undone: true, ..Self::silence() },
            error => {
                Self { error: JournalError::Unavailable(error.to_string()), passing: false, undone: true }
            }
        }
    }
}

impl Trouble {
    /// Not said by the server, but met on the way to it; or our own misunderstanding of an answer.
    fn connection(error: &Error) -> Self {
        let text = chain(error);
        let source =
            std::error::Error::source(error).and_then(|source| source.downcast_ref::<std::io::Error>());
        if error.is_closed() || source.is_some() {
            return Self { error: JournalError::Unavailable(text), passing: true, undone: false };
        }
        // Connecting, authentication and TLS say so in their text; conversions are ours.
        let passing = text.starts_with("error connecting to server") || text.starts_with("timeout");
        let error = if text.starts_with("error deserializing") {
            JournalError::Corrupt(text)
        } else {
            JournalError::Unavailable(text)
        };
        Self { error, passing, undone: false }
    }
}

/// The same, for those who only pass it on.
pub(super) fn from(error: Error) -> JournalError {
    Trouble::from(error).error
}

/// Sorted by what the operator must do: wait, make room or let us in; restore a backup; or read the message.
/// The server's details and hints stay out: they can quote rows.
fn journal(said: &DbError) -> JournalError {
    let code = said.code();
    let text = format!("{} (SQLSTATE {})", said.message(), code.code());
    let unavailable = ["28", "3D", "42501", "3F", "42P01"];
    match code {
        &SqlState::DATA_CORRUPTED | &SqlState::INDEX_CORRUPTED => JournalError::Corrupt(text),
        code if is_passing(code) || unavailable.iter().any(|class| code.code().starts_with(class)) => {
            JournalError::Unavailable(text)
        }
        _ => JournalError::Engine(text.into()),
    }
}

/// Connections (08), resources (53), shutting down and starting up (57P), lock time-outs, serialisation (40), a server
/// that has become a standby, and a session that was idle in a transaction too long.
fn is_passing(code: &SqlState) -> bool {
    ["08", "53", "57P", "57014", "55P03", "40", "25006", "25P03"]
        .iter()
        .any(|class| code.code().starts_with(class))
}

fn chain(error: &Error) -> String {
    let mut text = error.to_string();
    let mut next = std::error::Error::source(error);
    while let Some(cause) = next {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        next = cause.source();
    }
    text
}
