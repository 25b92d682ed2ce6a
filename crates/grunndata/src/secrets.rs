//! Files that only their owner may read.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use crate::failure::Failure;

/// Writes a file that must not exist, for its owner alone.
///
/// # Errors
/// When it exists or cannot be written.
pub fn write_new(file: &Path, content: &[u8]) -> Result<(), Failure> {
    let written = || -> io::Result<()> {
        let mut open = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?;
        open.write_all(content)?;
        open.sync_all()
    };
    written().map_err(|error| {
        Failure::failed(
            format!("{} cannot be written: {error}", file.display()),
            "name a file that does not exist, in a directory where you may write",
        )
    })
}

/// Writes a file for its owner alone, over what is there: afterwards there is the old one or the new one, whole.
///
/// # Errors
/// When it cannot be written.
pub fn write(file: &Path, content: &[u8]) -> Result<(), Failure> {
    let aside = file.with_extension("new");
    let _ = fs::remove_file(&aside);
    write_new(&aside, content)?;
    fs::rename(&aside, file).map_err(|error| {
        Failure::failed(
            format!("{} cannot be written: {error}", file.display()),
            "check rights and disk space with `grunndata doctor`",
        )
    })
}

/// Makes a directory, for its owner alone if it is new.
///
/// # Errors
/// When it cannot be made.
pub fn make_dir(dir: &Path) -> Result<(), Failure> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(|error| {
        Failure::failed(
            format!("the directory {} cannot be made: {error}", dir.display()),
            "check rights and disk space with `grunndata doctor`",
        )
    })
}
