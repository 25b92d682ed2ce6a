//! The journal's own result, and what engines need to answer with errors.

use std::path::Path;

use crate::JournalError;

pub(crate) type Result<T> = std::result::Result<T, JournalError>;

/// An input or output error on the file `path`.
pub(crate) fn at_file(path: &Path, error: &std::io::Error) -> JournalError {
    JournalError::Unavailable(format!("{}: {error}", path.display()))
}

/// The same failure once more: one failed commit answers every change that was in it.
pub(crate) fn again(error: &JournalError) -> JournalError {
    match error {
        JournalError::Conflict { space } => JournalError::Conflict { space },
        JournalError::NotAllowed(why) => JournalError::NotAllowed(why.clone()),
        JournalError::Corrupt(what) => JournalError::Corrupt(what.clone()),
        JournalError::TooNew { found, known } => JournalError::TooNew { found: *found, known: *known },
        JournalError::Unavailable(why) => JournalError::Unavailable(why.clone()),
        JournalError::Uncertain(why) => JournalError::Uncertain(why.clone()),
        JournalError::Engine(source) => JournalError::Engine(source.to_string().into()),
    }
}
