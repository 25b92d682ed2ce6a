//! What a command says when it cannot do what it was asked: one line of what, one line of what to do.

use std::fmt;
use std::process::ExitCode;

/// Why a command ended. The numbers are part of the command line's contract; scripts may rely on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// 1: it did not work, for a reason outside the caller's words (disk, port, store, …).
    Failed,
    /// 2: the command line or the configuration is wrong.
    Usage,
    /// 3: it worked, but records of the input were rejected; the rest is loaded.
    Rejected,
    /// 4: the store was read and contradicts itself.
    Corrupt,
}

impl Exit {
    /// The process's exit code.
    pub const fn code(self) -> u8 {
        match self {
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Rejected => 3,
            Self::Corrupt => 4,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// A failed command: what happened, and what the user can do about it. There is always a hint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The exit code.
    pub exit: Exit,
    /// What happened, on one line, without a full stop.
    pub message: String,
    /// What to do about it, on one line.
    pub hint: String,
}

impl Failure {
    /// A failure of the surroundings, exit code 1.
    pub fn failed(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { exit: Exit::Failed, message: message.into(), hint: hint.into() }
    }

    /// A mistake in the command line or the configuration, exit code 2.
    pub fn usage(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { exit: Exit::Usage, message: message.into(), hint: hint.into() }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}\nhint: {}", self.message, self.hint)
    }
}

impl std::error::Error for Failure {}

/// An error with the errors that caused it, on one line.
pub fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        let said = next.to_string();
        if !text.contains(&said) {
            text.push_str(": ");
            text.push_str(&said);
        }
        cause = next.source();
    }
    text
}
