//! The newest change that this process has written or seen: what followers wait on, and what a replica must have
//! before it may answer.

use tokio::sync::watch;

use crate::Seq;

/// Only ever rises.
pub(super) struct Head(watch::Sender<Seq>);

impl Head {
    pub(super) fn new(seq: Seq) -> Self {
        Self(watch::channel(seq).0)
    }

    /// A change has been written or seen.
    pub(super) fn raise(&self, seq: Seq) {
        self.0.send_if_modified(|known| {
            let newer = seq > *known;
            *known = seq.max(*known);
            newer
        });
    }

    pub(super) fn now(&self) -> Seq {
        *self.0.borrow()
    }

    pub(super) fn watch(&self) -> watch::Receiver<Seq> {
        self.0.subscribe()
    }
}
