//! A file that is written beside its place and put there when it is whole and on disk.

use std::fs::File;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::JournalError;
use crate::error::{Result, at_file};

pub(crate) struct Aside {
    file: NamedTempFile,
    to: PathBuf,
}

impl Aside {
    /// Beside `to`, which must not exist.
    pub(crate) fn of(to: &Path) -> Result<Self> {
        if to.exists() {
            return Err(JournalError::NotAllowed(format!("{} exists already", to.display())));
        }
        let file = tempfile::Builder::new().prefix(".backup-").suffix(".partial").tempfile_in(directory(to));
        Ok(Self { file: file.map_err(|error| at_file(directory(to), &error))?, to: to.to_owned() })
    }

    pub(crate) fn path(&self) -> &Path {
        self.file.path()
    }

    /// It is whole.
    pub(crate) fn keep(self) -> Result<()> {
        let Self { file, to } = self;
        file.as_file().sync_all().map_err(|error| at_file(file.path(), &error))?;
        file.persist_noclobber(&to).map_err(|refused| at_file(&to, &refused.error))?;
        sync_directory(&to)
    }
}

/// Flushes the directory that a file lies in: a new name too must survive a power cut.
pub(crate) fn sync_directory(file: &Path) -> Result<()> {
    let directory = directory(file);
    let synced = File::open(directory).and_then(|opened| opened.sync_all());
    synced.map_err(|error| at_file(directory, &error))
}

fn directory(file: &Path) -> &Path {
    match file.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}
