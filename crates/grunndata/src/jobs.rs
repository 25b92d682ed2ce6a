//! Work that exactly one of the nodes on a store may do: who has the lease does it.

use std::sync::Arc;
use std::time::Duration;

use journal::SharedJournal;
use tid::Clock;
use tokio::time::sleep;

use crate::serving::Stopping;

/// How long a lease lasts. A node that dies holds the work up for so long.
const LENGTH: Duration = Duration::from_secs(30);
/// How often it is renewed, and how often others ask for it.
const RENEW_EVERY: Duration = Duration::from_secs(8);

/// One node's claim to a piece of work.
#[derive(Clone)]
pub(crate) struct Claim {
    /// The store that all nodes share.
    pub(crate) journal: SharedJournal,
    /// The work.
    pub(crate) name: &'static str,
    /// This node, as no other is called.
    pub(crate) holder: String,
    /// The nodes' clocks must agree to within some seconds.
    pub(crate) clock: Arc<dyn Clock>,
}

impl Claim {
    /// Whether the lease is this node's now. A store that does not answer gives nobody anything.
    pub(crate) async fn take(&self) -> bool {
        let taken = self.journal.lease(self.name, &self.holder, self.clock.now(), LENGTH).await;
        taken.unwrap_or_else(|error| {
            tracing::warn!(work = self.name, %error, "the lease could not be asked for");
            false
        })
    }

    /// Keeps a lease that was taken, until it is time to stop or somebody else has it.
    pub(crate) async fn hold(self, stopping: Stopping) {
        tokio::select! {
            () = self.keep() => {}
            () = stopping.wait() => {}
        }
    }

    /// Does the work whenever the lease is this node's, until it is time to stop. `work` gets what tells it to stop:
    /// it is time, or the lease is lost.
    pub(crate) async fn work<W: Future<Output = ()> + Send>(
        &self,
        stopping: Stopping,
        work: impl Fn(Stopping) -> W + Send,
    ) {
        let stop = stopping.clone().wait();
        tokio::pin!(stop);
        loop {
            if self.take().await {
                tracing::info!(work = self.name, "this node does it now");
                let (_switch, switched) = Stopping::with_switch();
                tokio::select! {
                    () = work(switched) => return,
                    () = self.keep() => tracing::warn!(work = self.name, "another node does it now"),
                    () = &mut stop => return self.release().await,
                }
            }
            tokio::select! {
                () = sleep(RENEW_EVERY) => {}
                () = &mut stop => return,
            }
        }
    }

    /// Gives the lease back, so that another node need not wait until it runs out.
    async fn release(&self) {
        if let Err(error) =
            self.journal.lease(self.name, &self.holder, self.clock.now(), Duration::ZERO).await
        {
            tracing::warn!(work = self.name, %error, "the lease could not be given back");
        }
    }

    /// Renews the lease for as long as it can be: until somebody else has it, or it may have run out.
    async fn keep(&self) {
        let mut misses = 0;
        while misses < 2 {
            sleep(RENEW_EVERY).await;
            misses = if self.take().await { 0 } else { misses + 1 };
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use journal::sqlite::{Options, SqliteJournal};
    use tid::{StoppedClock, Timestamp};

    use super::*;

    #[tokio::test]
    async fn one_node_works_and_another_goes_on_when_it_is_gone() {
        let place = tempfile::tempdir().unwrap();
        let journal = SqliteJournal::open(&place.path().join("journal"), Options::default()).unwrap();
        let clock = Arc::new(StoppedClock::at(Timestamp::from_millis(0)));
        let claim = |holder: &str| Claim {
            journal: journal.clone(),
            name: "prøve",
            holder: holder.to_owned(),
            clock: clock.clone(),
        };
        let (a, b) = (claim("a"), claim("b"));
        assert!(a.take().await && !b.take().await);
        clock.advance_millis(29_999);
        assert!(!b.take().await);
        clock.advance_millis(1);

        let done = Arc::new(AtomicUsize::new(0));
        let (switch, stopping) = Stopping::with_switch();
        let counted = done.clone();
        let working = tokio::spawn(async move {
            b.work(stopping, |stop| {
                counted.fetch_add(1, Ordering::Relaxed);
                stop.wait()
            })
            .await;
        });
        while done.load(Ordering::Relaxed) == 0 {
            tokio::task::yield_now().await;
        }
        assert!(!a.take().await, "b has it");
        drop(switch);
        working.await.unwrap();
        assert!(a.take().await, "b has given it back");
        assert_eq!(done.load(Ordering::Relaxed), 1);
    }
}
