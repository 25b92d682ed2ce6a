//! A copy of the whole store, while it is in use.

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use super::shared::Session;
use super::{Told, reader};
use crate::Seq;
use crate::aside::Aside;
use crate::error::Result;

/// Pages copied between two words about progress: 4 MiB.
const STEP: i32 = 512;

/// The read transaction holds the copy to one moment, and keeps the copying from beginning anew whenever somebody
/// writes.
pub(super) fn backup(session: &Session<'_>, to: &Path, told: &Told) -> Result<Seq> {
    let aside = Aside::of(to)?;
    let snapshot = session.connection.unchecked_transaction()?;
    let seq = reader::head(session.connection)?;
    copy(session.connection, aside.path(), told)?;
    snapshot.commit()?;
    aside.keep()?;
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
