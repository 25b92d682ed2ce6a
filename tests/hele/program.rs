//! The binary, run to its end.

use std::path::Path;
use std::process::{Command, Output, Stdio};

/// What a command said and how it ended.
pub(crate) struct Said {
    /// The exit code; `None` if a signal ended it.
    pub(crate) code: Option<i32>,
    /// Standard output.
    pub(crate) out: String,
    /// Standard error.
    pub(crate) err: String,
}

impl Said {
    /// The same, having checked that it went well.
    pub(crate) fn ok(self) -> Self {
        assert_eq!(self.code, Some(0), "it failed:\n{}{}", self.out, self.err);
        self
    }
}

/// The binary, without the settings of the machine that the tests run on.
pub(crate) fn command(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_grunndata"));
    command.arg("--data").arg(data).current_dir(data.parent().expect("the data directory lies in another"));
    command.env_clear().stdin(Stdio::null());
    command
}

/// Runs a command on a data directory.
pub(crate) fn run(data: &Path, arguments: &[&str]) -> Said {
    said(&command(data).args(arguments).output().expect("the binary runs"))
}

pub(crate) fn said(output: &Output) -> Said {
    Said {
        code: output.status.code(),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}
