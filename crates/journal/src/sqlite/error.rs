//! From SQLite's errors to the journal's.

use rusqlite::ErrorCode;

use crate::JournalError;

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
