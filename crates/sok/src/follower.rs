//! Keeps an index in step with a feed of the journal.

use std::collections::HashSet;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use journal::{AsOf, Collection, Event, Feed, SharedJournal, Version};
use parking_lot::Mutex;
use tokio::sync::Semaphore;
use tokio::time::sleep;

use crate::SearchError;
use crate::checkpoint::{Checkpoint, Mark};
use crate::document::Document;
use crate::generation;
use crate::index::{Index, Live, RebuildReason};
use crate::writer::{Budget, LiveWriter};

/// Turns a document of the journal into what is searched, under the same number; `None` keeps it out. Not called for removed documents.
pub type Mapping = Arc<dyn Fn(&Version) -> Option<Document> + Send + Sync>;

/// Which documents an event is about, when its subject is not simply their number. See [`Follower::with_route`].
#[derive(Clone, Copy)]
struct Route {
    document: fn(u64) -> u64,
    onward: fn(&Version) -> Option<u64>,
}

/// Called with (documents done, documents in all if known) while an index is built.
pub(crate) type OnProgress = Arc<dyn Fn(u64, Option<u64>) + Send + Sync>;

/// Events taken in with one commit: enough to carry an import, few enough to be visible within the second.
const BATCH: usize = 2_000;

/// From so many waiting events on, and half as many as there are documents, building anew is quicker.
const FAR_BEHIND: u64 = 100_000;

/// After a change, how long to gather others before taking them in together.
const GATHER: Duration = Duration::from_millis(50);

/// How long to wait after a failure: at first, and at most.
const RETRY: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(30));

/// So many failures of the index in a row mean it is damaged.
const FAILURES_OF_DAMAGE: u32 = 3;

/// Builds an index from a collection, and takes in the changes its feed announces.
///
/// The feed's subjects are the documents' numbers, unless there is a route ([`Follower::with_route`]). There is one
/// follower an index.
pub struct Follower {
    pub(crate) journal: SharedJournal,
    pub(crate) feed: Feed,
    pub(crate) collection: Collection,
    pub(crate) index: Index,
    pub(crate) mapping: Mapping,
    pub(crate) budget: Budget,
    pub(crate) progress: OnProgress,
    pub(crate) writer: Arc<Mutex<Option<LiveWriter>>>,
    pub(crate) turns: Arc<Semaphore>,
    route: Route,
    /// The checkpoint has been compared with the journal.
    compared: bool,
}

impl Follower {
    /// A follower that has done nothing yet.
    pub fn new(
        journal: SharedJournal,
        feed: Feed,
        collection: Collection,
        index: Index,
        mapping: Mapping,
    ) -> Self {
        let budget = Budget::default();
        let progress: OnProgress = Arc::new(|_, _| {});
        let writer = Arc::new(Mutex::new(None));
        let turns = Arc::new(Semaphore::new(1));
        let route = Route { document: |subject| subject, onward: |_| None };
        Self {
            journal,
            feed,
            collection,
            index,
            mapping,
            budget,
            progress,
            writer,
            turns,
            route,
            compared: false,
        }
    }

    /// What a rebuild may use.
    #[must_use]
    pub fn with_budget(mut self, budget: Budget) -> Self {
        self.budget = budget;
        self
    }

    /// Followers that share turns build one after another: together they would need the memory of all and be done no
    /// sooner.
    #[must_use]
    pub fn with_turns(mut self, turns: &Arc<Semaphore>) -> Self {
        self.turns = Arc::clone(turns);
        self
    }

    /// How events lead to documents: `document` finds a number in an event's subject, `onward` says of what stands under a
    /// number that another one may have changed with it. Both are looked at, and so is what that one leads to.
    #[must_use]
    pub fn with_route(mut self, document: fn(u64) -> u64, onward: fn(&Version) -> Option<u64>) -> Self {
        self.route = Route { document, onward };
        self
    }

    /// Who hears how far a rebuild is, as (documents done, documents in all if known).
    #[must_use]
    pub fn with_progress(mut self, progress: impl Fn(u64, Option<u64>) + Send + Sync + 'static) -> Self {
        self.progress = Arc::new(progress);
        self
    }

    /// Takes in everything the journal has, building the index first if need be; how many events were taken in.
    ///
    /// # Errors
    /// [`SearchError::Journal`] or an error of the index. What was committed stays; the next call goes on from there.
    pub async fn catch_up(&mut self) -> Result<u64, SearchError> {
        self.prepare().await?;
        let mut taken = 0;
        loop {
            let Some(live) = self.index.live() else { return Err(SearchError::NotReady) };
            let events = self.journal.read(self.feed, live.checkpoint.position + 1, BATCH).await?;
            let Some(last) = events.last() else { return Ok(taken) };
            let position = last.position;
            let checkpoint = Checkpoint {
                format: self.index.format().to_owned(),
                position,
                event: Some(Mark::from(last)),
            };
            let changed = self.changed(&events).await?;
            self.apply(live, changed, checkpoint).await?;
            taken += events.len() as u64;
        }
    }

    /// Makes sure that there is an index that belongs to the journal, building one if need be.
    ///
    /// # Errors
    /// As [`Follower::catch_up`].
    pub async fn prepare(&mut self) -> Result<(), SearchError> {
        if !self.compared {
            let index = self.index.clone();
            blocking(move || Ok(generation::clear(index.dir())?)).await?;
        }
        if self.index.fault().is_none()
            && let Some(reason) = self.disagreement().await?
        {
            self.index.condemn(reason);
        }
        if let Some(reason) = self.index.fault() {
            self.rebuild(&reason).await?;
        }
        self.compared = true;
        Ok(())
    }

    /// Follows the journal until `shutdown` is done. Failures are logged and tried again.
    pub async fn run(mut self, shutdown: impl Future<Output = ()> + Send) {
        let mut changes = self.journal.watch();
        tokio::pin!(shutdown);
        let mut failures = 0;
        loop {
            changes.borrow_and_update();
            let outcome = tokio::select! {
                outcome = self.catch_up() => outcome,
                () = &mut shutdown => return,
            };
            let next = async {
                match outcome {
                    Ok(_) => {
                        failures = 0;
                        let open = changes.changed().await.is_ok();
                        sleep(GATHER).await;
                        open
                    }
                    Err(error) => {
                        failures += 1;
                        self.note(&error, failures);
                        sleep(RETRY.1.min(RETRY.0 * 2u32.saturating_pow(failures - 1))).await;
                        true
                    }
                }
            };
            tokio::select! {
                open = next => if !open { return },
                () = &mut shutdown => return,
            }
        }
    }

    fn note(&mut self, error: &SearchError, failures: u32) {
        tracing::error!(feed = self.feed.0, %error, failures, "the search index could not be brought up to date");
        *self.writer.lock() = None;
        self.compared = false;
        let of_index = matches!(error, SearchError::Engine(_) | SearchError::Io(_));
        if of_index && failures >= FAILURES_OF_DAMAGE {
            self.index.condemn(RebuildReason::Damaged(error.to_string()));
        }
    }

    /// Why the index does not fit the journal, if it does not.
    async fn disagreement(&self) -> Result<Option<RebuildReason>, SearchError> {
        let Some(Live { generation, checkpoint }) = self.index.live() else {
            return Ok(Some(RebuildReason::Missing));
        };
        let head = self.journal.feed_head(self.feed).await?.position;
        if checkpoint.position > head {
            return Ok(Some(RebuildReason::AheadOfJournal));
        }
        if !self.compared && checkpoint.event != self.mark(checkpoint.position).await? {
            return Ok(Some(RebuildReason::OtherJournal));
        }
        let waiting = head - checkpoint.position;
        let documents = generation.snapshot().searcher.num_docs();
        Ok((waiting > FAR_BEHIND.max(documents / 2)).then_some(RebuildReason::FarBehind))
    }

    /// The mark of the event at a position; `None` at the feed's beginning.
    pub(crate) async fn mark(&self, position: u64) -> Result<Option<Mark>, SearchError> {
        if position == 0 {
            return Ok(None);
        }
        Ok(self.journal.read(self.feed, position, 1).await?.first().map(Mark::from))
    }

    /// The documents the events are about, each once, as they are now.
    async fn changed(&self, events: &[Event]) -> Result<Vec<(u64, Option<Version>)>, SearchError> {
        let mut seen = HashSet::with_capacity(events.len());
        let numbers = events.iter().map(|event| (self.route.document)(event.subject));
        let mut next: Vec<u64> = numbers.filter(|id| seen.insert(*id)).collect();
        let mut changed = Vec::with_capacity(next.len());
        while !next.is_empty() {
            let versions = self.journal.get_many(self.collection, &next, AsOf::Now).await?;
            let onward = versions.iter().flatten().filter(|version| !version.removed);
            let onward = onward.filter_map(self.route.onward).filter(|id| seen.insert(*id)).collect();
            changed.extend(next.into_iter().zip(versions));
            next = onward;
        }
        Ok(changed)
    }

    /// Writes, commits and makes visible; all of it on a thread that may block, so that it is not left half done.
    async fn apply(
        &self,
        live: Live,
        changed: Vec<(u64, Option<Version>)>,
        checkpoint: Checkpoint,
    ) -> Result<(), SearchError> {
        let (index, mapping, writer) =
            (self.index.clone(), Arc::clone(&self.mapping), Arc::clone(&self.writer));
        blocking(move || {
            let document =
                |version: Option<Version>| version.filter(|v| !v.removed).and_then(|v| mapping(&v));
            let changes: Vec<_> = changed.into_iter().map(|(id, version)| (id, document(version))).collect();
            let mut slot = writer.lock();
            // Taken out, so that after a failure it is opened anew and what was not committed is forgotten.
            let mut writer = match slot.take() {
                Some(writer) if Arc::ptr_eq(&writer.generation, &live.generation) => writer,
                _ => LiveWriter::open(Arc::clone(&live.generation))?,
            };
            writer.apply(&changes, index.schema(), &checkpoint)?;
            *slot = Some(writer);
            index.advance(&live.generation, checkpoint)
        })
        .await
    }
}

/// Runs work that blocks, off the async threads.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, SearchError> + Send + 'static,
) -> Result<T, SearchError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| SearchError::Stopped(error.to_string()))?
}
