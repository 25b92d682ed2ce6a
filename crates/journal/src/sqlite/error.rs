//! From SQLite's errors to the journal's.

use rusqlite::ErrorCode;

use crate::JournalError;

pub(super) type Result<T> = std::result::Result<T, JournalError>;

impl From<rusqlite::Error> for JournalError {
    /// Sorted by what the operator must do: wait or make room, run `grunndata verify`, or read the message.
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::Error as Sql;
        if matches!(
            error,
            Sql::FromSqlConversionFailure(..) | Sql::IntegralValueOutOfRange(..) | Sql::InvalidColumnType(..)
        ) {
            return Self::Corrupt(error.to_string());
        }
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Corrupt(error.to_string()),
            Some(ErrorCode::DiskFull) => Self::Unavailable("the disk is full".to_owned()),
            Some(
                ErrorCode::DatabaseBusy
                | ErrorCode::DatabaseLocked
                | ErrorCode::CannotOpen
                | ErrorCode::ReadOnly
                | ErrorCode::PermissionDenied,
            ) => Self::Unavailable(error.to_string()),
            _ => Self::Engine(Box::new(error)),
        }
    }
}

/// An input or output error on the file `path`.
pub(super) fn at_file(path: &std::path::Path, error: &std::io::Error) -> JournalError {
    JournalError::Unavailable(format!("{}: {error}", path.display()))
}

/// The same failure once more: one failed commit answers every change that was in it.
pub(super) fn again(error: &JournalError) -> JournalError {
    match error {
        JournalError::Conflict { space } => JournalError::Conflict { space },
        JournalError::NotAllowed(why) => JournalError::NotAllowed(why.clone()),
        JournalError::Corrupt(what) => JournalError::Corrupt(what.clone()),
        JournalError::TooNew { found, known } => JournalError::TooNew { found: *found, known: *known },
        JournalError::Unavailable(why) => JournalError::Unavailable(why.clone()),
        JournalError::Engine(source) => JournalError::Engine(source.to_string().into()),
    }
}
