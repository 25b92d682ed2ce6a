//! A copy of the whole store, while it is in use.

use std::fs::File;
use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use super::error::{Result, at_file};
use super::shared::Session;
use super::{Told, reader};
use crate::{JournalError, Seq};

/// Pages copied between two words about progress: 4 MiB.
const STEP: i32 = 512;

/// Copies to a file beside the target and renames it when it is whole and on disk. The read transaction holds the
/// copy to one moment, and keeps the copying from beginning anew whenever somebody writes.
pub(super) fn backup(session: &Session<'_>, to: &Path, told: &Told) -> Result<Seq> {
    if to.exists() {
        return Err(JournalError::NotAllowed(format!("{} exists already", to.display())));
    }
    let directory = match to.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let aside = tempfile::Builder::new().prefix(".backup-").suffix(".partial").tempfile_in(directory);
    let aside = aside.map_err(|error| at_file(directory, &error))?;

    let snapshot = session.connection.unchecked_transaction()?;
    let seq = reader::head(session.connection)?;
    copy(session.connection, aside.path(), told)?;
    snapshot.commit()?;

    aside.as_file().sync_all().map_err(|error| at_file(aside.path(), &error))?;
    aside.persist_noclobber(to).map_err(|refused| at_file(to, &refused.error))?;
    // The rename too must survive a power cut.
    File::open(directory).and_then(|opened| opened.sync_all()).map_err(|error| at_file(directory, &error))?;
    Ok(seq)
}

fn copy(from: &Connection, to: &Path, told: &Told) -> Result<()> {
    let mut target = Connection::open(to)?;
    // Nobody else knows the file, and it is flushed when whole.
    target.pragma_update(None, "synchronous", "OFF")?;
    let copying = Backup::new(from, &mut target)?;
    loop {
        let step = copying.step(STEP)?;
        let pages = copying.progress();
        let (total, left) = (pages.pagecount.unsigned_abs(), pages.remaining.unsigned_abs());
        told.tell(u64::from(total - left.min(total)), u64::from(total));
        match step {
            StepResult::Done => return Ok(()),
            StepResult::Busy | StepResult::Locked => std::thread::sleep(Duration::from_millis(20)),
            _ => {}
        }
    }
}
