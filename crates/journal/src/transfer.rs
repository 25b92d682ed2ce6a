//! A whole store from one engine to another, row by row as they are stored.
//!
//! The target is not a store before it is whole and found equal to its source. A move that was cut off goes on where
//! it stopped, if the source is still as it was; otherwise it begins anew.

use std::path::PathBuf;

use async_trait::async_trait;

use crate::error::Result;
use crate::postgres::{self, Address};
use crate::raw::{Page, Reached};
use crate::sqlite;
use crate::{JournalError, Progress, Seq};

/// One end of a move.
#[derive(Debug, Clone, PartialEq)]
pub enum End {
    /// A SQLite store.
    File(PathBuf),
    /// A PostgreSQL database.
    Database(Address),
}

/// What was moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    /// The newest change, in both now.
    pub seq: Seq,
    /// Versions, events and records.
    pub rows: u64,
    /// An earlier move was gone on with.
    pub resumed: bool,
}

/// A store that is read, all at one moment.
#[async_trait]
pub(crate) trait Source: Send {
    /// Its newest change.
    fn seq(&self) -> Seq;
    /// Its versions, events and records.
    fn rows(&self) -> u64;
    /// The next page; `None` at the end.
    async fn next(&mut self) -> Result<Option<Page>>;
}

/// A store that is being filled.
#[async_trait]
pub(crate) trait Target: Send {
    /// How far an earlier move of a store with this head has come. Of another store: it is emptied.
    async fn begin(&mut self, seq: Seq) -> Result<Reached>;
    /// Writes a page; it is durable soon.
    async fn put(&mut self, page: Page) -> Result<()>;
    /// Everything is there, on disk: it is a store now.
    async fn finish(&mut self) -> Result<()>;
}

/// Moves a store; `from` stays as it is. Reports rows copied and compared.
///
/// # Errors
/// [`JournalError::NotAllowed`] if the target holds something else; [`JournalError::Unavailable`] if an end cannot be
/// reached, or somebody has it open for writing; [`JournalError::Corrupt`] if the two are not equal in the end.
pub async fn transfer(from: &End, to: &End, progress: Progress<'_>) -> Result<Moved> {
    if from == to {
        return Err(JournalError::NotAllowed("both ends are the same store".to_owned()));
    }
    let _held = hold(from)?;
    let mut target = target(to).await?;
    let seq = source(from, Reached::default()).await?.seq();
    let reached = target.begin(seq).await?;
    let resumed = reached != Reached::default();
    let mut rows = source(from, reached).await?;
    let mut done = 0;
    let total = rows.rows();
    while let Some(page) = rows.next().await? {
        done += page.rows();
        target.put(page).await?;
        progress(done.min(total), Some(2 * total));
    }
    let (mut here, mut there) = (source(from, Reached::default()).await?, half(to).await?);
    if here.seq() != seq || rows.seq() != seq {
        let now = here.seq();
        return Err(JournalError::NotAllowed(format!(
            "the store went on from change {seq} to {now} while it was moved; stop what writes to it"
        )));
    }
    equal(here.as_mut(), there.as_mut(), &|done| progress(total + done, Some(2 * total))).await?;
    drop(there);
    target.finish().await?;
    Ok(Moved { seq, rows: total, resumed })
}

/// Both have the same rows in the same order.
async fn equal(here: &mut dyn Source, there: &mut dyn Source, told: &(dyn Fn(u64) + Sync)) -> Result<()> {
    let mut done = 0;
    loop {
        let (one, other) = (here.next().await?, there.next().await?);
        if one != other {
            return Err(JournalError::Corrupt(format!(
                "the copy differs, within the {} rows after {done}",
                crate::raw::PAGE_ROWS
            )));
        }
        let Some(page) = one else { return Ok(()) };
        done += page.rows();
        told(done);
    }
}

/// Nobody writes to a file while it is moved. A database cannot be held; it is looked at again in the end.
fn hold(from: &End) -> Result<Option<sqlite::Held>> {
    match from {
        End::File(path) => sqlite::hold(path).map(Some),
        End::Database(_) => Ok(None),
    }
}

async fn source(end: &End, from: Reached) -> Result<Box<dyn Source>> {
    Ok(match end {
        End::File(path) => Box::new(sqlite::rows(path, from).await?),
        End::Database(address) => Box::new(postgres::rows(address, from, true).await?),
    })
}

async fn target(end: &End) -> Result<Box<dyn Target>> {
    Ok(match end {
        End::File(path) => Box::new(sqlite::FileTarget::beside(path)?),
        End::Database(address) => Box::new(postgres::DatabaseTarget::open(address).await?),
    })
}

/// The target before it is a store.
async fn half(end: &End) -> Result<Box<dyn Source>> {
    Ok(match end {
        End::File(path) => Box::new(sqlite::rows(&sqlite::half(path), Reached::default()).await?),
        End::Database(address) => Box::new(postgres::rows(address, Reached::default(), false).await?),
    })
}
