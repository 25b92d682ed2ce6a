//! Leases on top of records: a record with a holder and an end, set under a guard.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use tid::Timestamp;

use crate::{Change, Guard, Journal, JournalError, Record, Space, Step};

const SPACE: Space = Space("journal/lease");

#[derive(Serialize, Deserialize)]
struct Lease {
    holder: String,
    until: Timestamp,
}

/// See [`Journal::lease`].
pub(crate) async fn take<J: Journal + ?Sized>(
    journal: &J,
    name: &str,
    holder: &str,
    now: Timestamp,
    length: Duration,
) -> Result<bool, JournalError> {
    let guard = match journal.record(SPACE, name.as_bytes()).await? {
        None => Guard::Absent,
        Some(record) => {
            let lease = read(name, &record)?;
            if lease.holder != holder && lease.until > now {
                return Ok(false);
            }
            Guard::SetAt(record.seq)
        }
    };
    let length = i64::try_from(length.as_millis()).unwrap_or(i64::MAX);
    let lease = Lease { holder: holder.to_owned(), until: now.plus_millis(length) };
    let value = serde_json::to_vec(&lease).map_err(|error| JournalError::Engine(Box::new(error)))?;
    let step = Step::Record { space: SPACE, key: name.as_bytes().to_vec(), value: Some(value), guard };
    match journal.append(Change { at: now, steps: vec![step] }).await {
        Ok(_) => Ok(true),
        Err(JournalError::Conflict { .. }) => lost(journal, name, holder, now).await,
        Err(error) => Err(error),
    }
}

/// Somebody was faster. It may have been another task of the same holder; then the lease is held all the same.
async fn lost<J: Journal + ?Sized>(
    journal: &J,
    name: &str,
    holder: &str,
    now: Timestamp,
) -> Result<bool, JournalError> {
    match journal.record(SPACE, name.as_bytes()).await? {
        None => Ok(false),
        Some(record) => {
            let lease = read(name, &record)?;
            Ok(lease.holder == holder && lease.until > now)
        }
    }
}

fn read(name: &str, record: &Record) -> Result<Lease, JournalError> {
    serde_json::from_slice(&record.value)
        .map_err(|_| JournalError::Corrupt(format!("the lease {name} cannot be read")))
}
