//! What waits to be written: the same limits in every engine.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use crate::error::Result;
use crate::prepare::Prepared;
use crate::{JournalError, Receipt};

/// Most changes in one transaction.
pub(crate) const BATCH_CHANGES: usize = 256;
/// A transaction takes no further change when it has this much.
pub(crate) const BATCH_BYTES: usize = 16 << 20;
/// Room in the queue, in KiB of bodies as they came from the callers.
const QUEUE_KIB: u32 = 64 << 10;

/// One waiting change.
pub(crate) struct Job {
    pub(crate) change: Prepared,
    pub(crate) answer: oneshot::Sender<Result<Receipt>>,
    /// Given back when the job is done.
    pub(crate) _room: OwnedSemaphorePermit,
}

/// The queue's room.
pub(crate) struct Room(Arc<Semaphore>);

impl Room {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Semaphore::new(QUEUE_KIB as usize)))
    }

    /// Waits for room for a change of so many bytes.
    pub(crate) async fn take(&self, bytes: usize) -> Result<OwnedSemaphorePermit> {
        let kib = u32::try_from(bytes / 1024 + 1).unwrap_or(QUEUE_KIB).min(QUEUE_KIB);
        Arc::clone(&self.0).acquire_many_owned(kib).await.map_err(|_| closed())
    }

    /// Nobody gets room any more.
    pub(crate) fn close(&self) {
        self.0.close();
    }
}

pub(crate) fn closed() -> JournalError {
    JournalError::Unavailable("the store is closed".to_owned())
}

/// The first job and what waits behind it, as much as one transaction takes.
pub(crate) fn gather(first: Job, mut waiting: impl FnMut() -> Option<Job>) -> Vec<Job> {
    let mut bytes = first.change.bytes;
    let mut batch = vec![first];
    while batch.len() < BATCH_CHANGES && bytes < BATCH_BYTES {
        let Some(job) = waiting() else { break };
        bytes += job.change.bytes;
        batch.push(job);
    }
    batch
}
