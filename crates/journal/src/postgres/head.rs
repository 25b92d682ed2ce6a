//! The newest change that this process has written or seen: what followers wait on, and what a replica must have
//! before it may answer.

use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::watch;
use tokio::time::Instant;

use crate::Seq;

/// Only ever rises.
pub(super) struct Head {
    seq: watch::Sender<Seq>,
    /// When the database last said how far it has come.
    heard: Mutex<Option<Instant>>,
}

impl Head {
    pub(super) fn new(seq: Seq) -> Self {
        Self { seq: watch::channel(seq).0, heard: Mutex::new(None) }
    }

    /// A change has been written or seen.
    pub(super) fn raise(&self, seq: Seq) {
        self.seq.send_if_modified(|known| {
            let newer = seq > *known;
            *known = seq.max(*known);
            newer
        });
    }

    /// The database has said how far it has come.
    pub(super) fn heard(&self, seq: Seq) {
        self.raise(seq);
        *self.heard.lock() = Some(Instant::now());
    }

    /// As [`now`](Self::now); `None` if the database has said nothing for so long.
    pub(super) fn fresh(&self, within: Duration) -> Option<Seq> {
        self.heard.lock().is_some_and(|at| at.elapsed() <= within).then(|| self.now())
    }

    pub(super) fn now(&self) -> Seq {
        *self.seq.borrow()
    }

    pub(super) fn watch(&self) -> watch::Receiver<Seq> {
        self.seq.subscribe()
    }
}
