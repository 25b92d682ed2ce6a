//! Building an index anew from the journal.

use std::sync::Arc;

use journal::Version;
use tokio::sync::{AcquireError, OwnedSemaphorePermit, mpsc};

use crate::SearchError;
use crate::checkpoint::Checkpoint;
use crate::follower::{Follower, Mapping, OnProgress, blocking};
use crate::generation::{Generation, finish, unfinished};
use crate::index::{Index, RebuildReason};
use crate::writer::{Budget, Builder};

/// Documents read from the journal at a time.
const PAGE: usize = 1_000;

/// Pages read ahead of the indexing.
const AHEAD: usize = 2;

impl Follower {
    /// Builds the index anew in a directory beside the old one, and swaps them when it is done.
    ///
    /// The feed's end is read before the journal's, and the journal is read as of its end: whatever changes meanwhile
    /// has its event after the checkpoint, and is taken in afterwards.
    ///
    /// # Errors
    /// As [`Follower::catch_up`]. The old index stays as it was.
    pub async fn rebuild(&mut self, reason: &RebuildReason) -> Result<(), SearchError> {
        // The semaphore is never closed.
        let turn = Arc::clone(&self.turns).acquire_owned().await;
        tracing::info!(collection = self.collection.0, %reason, "building the search index anew");
        *self.writer.lock() = None;
        let position = self.journal.feed_head(self.feed).await?.position;
        let event = self.mark(position).await?;
        let at = self.journal.head().await?;
        let checkpoint = Checkpoint { format: self.index.format().to_owned(), position, event };

        let (pages, received) = mpsc::channel(AHEAD);
        let build = Build {
            index: self.index.clone(),
            mapping: Arc::clone(&self.mapping),
            budget: self.budget,
            progress: Arc::clone(&self.progress),
            expected: self.index.documents().ok(),
            turn,
        };
        let building = tokio::spawn(blocking(move || build.run(received, &checkpoint)));
        let mut after = None;
        let read = loop {
            match self.journal.scan(self.collection, at, after, PAGE).await {
                Err(error) => break Err(error),
                Ok(page) => {
                    let last = page.len() < PAGE;
                    after = page.last().map(|version| version.id);
                    // An error of the builder closes the channel; it is reported below.
                    if pages.send(Page::Versions(page)).await.is_err() || last {
                        break Ok(());
                    }
                }
            }
        };
        if read.is_ok() {
            let _ = pages.send(Page::End).await;
        }
        drop(pages);
        let built = building.await.map_err(|error| SearchError::Stopped(error.to_string()))?;
        read?;
        let documents = built?;
        tracing::info!(collection = self.collection.0, documents, position, "the search index is built");
        Ok(())
    }
}

/// What the reader hands to the builder.
enum Page {
    Versions(Vec<Version>),
    /// Everything has been read: without this the build is abandoned.
    End,
}

/// The blocking half of a rebuild.
struct Build {
    index: Index,
    mapping: Mapping,
    budget: Budget,
    progress: OnProgress,
    expected: Option<u64>,
    turn: Result<OwnedSemaphorePermit, AcquireError>,
}

impl Build {
    /// Takes pages until the end, then puts the new generation in place; how many documents it has.
    fn run(self, mut pages: mpsc::Receiver<Page>, checkpoint: &Checkpoint) -> Result<u64, SearchError> {
        let (dir, schema, number) = (self.index.dir(), self.index.schema(), self.index.next_number());
        let mut builder = Builder::create(&unfinished(dir, number), schema, self.budget)?;
        let mut done = 0;
        (self.progress)(done, self.expected);
        loop {
            match pages.blocking_recv() {
                Some(Page::Versions(versions)) => {
                    let kept = versions.iter().filter(|version| !version.removed);
                    let documents: Vec<_> = kept.filter_map(|version| (self.mapping)(version)).collect();
                    builder.add(&documents)?;
                    done += documents.len() as u64;
                    (self.progress)(done, self.expected.map(|expected| expected.max(done)));
                }
                Some(Page::End) => break,
                None => {
                    return Err(SearchError::Stopped("the journal could not be read to its end".to_owned()));
                }
            }
        }
        // What is left is done on one thread: the next may begin.
        drop(self.turn);
        let documents = builder.finish(checkpoint)?;
        let (generation, checkpoint) = Generation::open(&finish(dir, number)?, schema)?;
        self.index.replace(number, generation, checkpoint);
        (self.progress)(documents, Some(documents));
        Ok(documents)
    }
}
