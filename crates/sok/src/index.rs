//! The index as its users see it.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::RwLock;
use tokio::sync::watch;

use crate::SearchError;
use crate::checkpoint::{self, Checkpoint};
use crate::generation::{self, Generation};
use crate::query::{Hits, Query, Request};
use crate::schema::Schema;
use crate::view::View;

/// Why an index must be built anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RebuildReason {
    /// There is none.
    Missing,
    /// It cannot be opened, or writing to it failed again and again.
    Damaged(String),
    /// It was written with other fields or by another version.
    OtherFormat,
    /// It is built further than its journal goes: the journal has been put back.
    AheadOfJournal,
    /// It was built from another journal.
    OtherJournal,
    /// So many events are waiting that building anew is quicker.
    FarBehind,
    /// Somebody asked for it.
    Requested,
}

impl fmt::Display for RebuildReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("there is none"),
            Self::Damaged(fault) => write!(f, "it is damaged: {fault}"),
            Self::OtherFormat => f.write_str("it was written in another format"),
            Self::AheadOfJournal => f.write_str("it is ahead of the journal"),
            Self::OtherJournal => f.write_str("it was built from another journal"),
            Self::FarBehind => f.write_str("it is far behind the journal"),
            Self::Requested => f.write_str("it was asked for"),
        }
    }
}

impl RebuildReason {
    /// True if what the index holds is right, though perhaps old: it answers until the new one is there.
    fn leaves_usable(&self) -> bool {
        matches!(self, Self::FarBehind | Self::Requested | Self::Damaged(_))
    }
}

/// A searchable index on disk. Cheap to clone; all clones are the same index.
#[derive(Clone)]
pub struct Index(Arc<Inner>);

struct Inner {
    dir: PathBuf,
    schema: Schema,
    format: String,
    state: RwLock<State>,
    position: watch::Sender<Option<u64>>,
}

struct State {
    /// The number of the newest generation on disk, usable or not; 0 for none.
    number: u64,
    live: Option<Live>,
    /// Why it must be rebuilt, if it must.
    fault: Option<RebuildReason>,
}

#[derive(Clone)]
pub(crate) struct Live {
    pub(crate) generation: Arc<Generation>,
    pub(crate) checkpoint: Checkpoint,
}

impl fmt::Debug for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Index({}, position {:?})", self.0.dir.display(), self.position())
    }
}

impl Index {
    /// Opens the index in a directory of its own, which is made if need be.
    ///
    /// `version` is the caller's: raise it when documents are turned into values in another way. An index that is
    /// missing, damaged or of another format opens too; it answers [`SearchError::NotReady`] until a
    /// [`crate::Follower`] has built it.
    ///
    /// # Errors
    /// [`SearchError::Io`] when the directory cannot be made or read.
    pub fn open(dir: &Path, schema: Schema, version: u32) -> Result<Self, SearchError> {
        fs::create_dir_all(dir)?;
        let format = checkpoint::format(&schema, version);
        let number = generation::newest(dir)?;
        let (live, fault) = match number {
            None => (None, Some(RebuildReason::Missing)),
            Some(number) => match Generation::open(&generation::directory(dir, number), &schema) {
                Err(error) => (None, Some(RebuildReason::Damaged(error.to_string()))),
                Ok((_, checkpoint)) if checkpoint.format != format => {
                    (None, Some(RebuildReason::OtherFormat))
                }
                Ok((generation, checkpoint)) => {
                    (Some(Live { generation: Arc::new(generation), checkpoint }), None)
                }
            },
        };
        let position = watch::Sender::new(live.as_ref().map(|live| live.checkpoint.position));
        let state = RwLock::new(State { number: number.unwrap_or(0), live, fault });
        Ok(Self(Arc::new(Inner { dir: dir.to_owned(), schema, format, state, position })))
    }

    /// Answers a request. Takes no lock while it works; call it from a thread that may be busy for some milliseconds.
    ///
    /// # Errors
    /// [`SearchError::NotReady`] before the index is built; an error naming the field when the request asks something of it
    /// that it cannot do; [`SearchError::Engine`] when the index is damaged.
    pub fn search(&self, request: &Request) -> Result<Hits, SearchError> {
        self.generation()?.snapshot().search(request, &self.0.schema)
    }

    /// How many documents match; the `total` of a search with the same query.
    ///
    /// # Errors
    /// As [`Index::search`].
    pub fn count(&self, query: &Query) -> Result<u64, SearchError> {
        self.generation()?.snapshot().count(query, &self.0.schema)
    }

    /// What the index holds now, to be asked several things.
    ///
    /// # Errors
    /// [`SearchError::NotReady`] before the index is built.
    pub fn view(&self) -> Result<View, SearchError> {
        let live = self.live().ok_or(SearchError::NotReady)?;
        Ok(View::new(live.generation.snapshot(), self.0.schema.clone(), live.checkpoint.position))
    }

    /// How many documents the index holds.
    ///
    /// # Errors
    /// [`SearchError::NotReady`] before the index is built.
    pub fn documents(&self) -> Result<u64, SearchError> {
        Ok(self.generation()?.snapshot().searcher.num_docs())
    }

    /// The feed position up to which the index answers; `None` before it is built.
    pub fn position(&self) -> Option<u64> {
        *self.0.position.borrow()
    }

    /// Waits until the index answers with everything up to a feed position.
    pub async fn wait_for(&self, position: u64) {
        let mut positions = self.0.position.subscribe();
        // The sender lives in `self`, so the wait cannot end early.
        let _ = positions.wait_for(|now| now.is_some_and(|now| now >= position)).await;
    }

    /// Reads every file and compares checksums; the names of the damaged ones.
    ///
    /// # Errors
    /// [`SearchError::NotReady`] before the index is built, [`SearchError::Engine`] when files cannot be read at all.
    pub fn verify(&self) -> Result<Vec<String>, SearchError> {
        let damaged = self.generation()?.engine.validate_checksum()?;
        let mut names: Vec<String> = damaged.iter().map(|path| path.display().to_string()).collect();
        names.sort_unstable();
        Ok(names)
    }

    /// Why the index must be built anew, if it must.
    pub fn fault(&self) -> Option<RebuildReason> {
        self.0.state.read().fault.clone()
    }

    pub(crate) fn schema(&self) -> &Schema {
        &self.0.schema
    }

    pub(crate) fn dir(&self) -> &Path {
        &self.0.dir
    }

    pub(crate) fn format(&self) -> &str {
        &self.0.format
    }

    pub(crate) fn live(&self) -> Option<Live> {
        self.0.state.read().live.clone()
    }

    fn generation(&self) -> Result<Arc<Generation>, SearchError> {
        let state = self.0.state.read();
        state.live.as_ref().map(|live| Arc::clone(&live.generation)).ok_or(SearchError::NotReady)
    }

    /// Marks the index for rebuilding. What it answers until then depends on the reason.
    pub(crate) fn condemn(&self, reason: RebuildReason) {
        let mut state = self.0.state.write();
        if !reason.leaves_usable() {
            state.live = None;
            self.0.position.send_replace(None);
        }
        state.fault = Some(reason);
    }

    /// The number of the generation after the newest.
    pub(crate) fn next_number(&self) -> u64 {
        self.0.state.read().number + 1
    }

    /// Puts a finished generation in place of the one before, which is deleted.
    pub(crate) fn replace(&self, number: u64, generation: Generation, checkpoint: Checkpoint) {
        let position = checkpoint.position;
        let live = Live { generation: Arc::new(generation), checkpoint };
        let old = {
            let mut state = self.0.state.write();
            let old = std::mem::replace(&mut *state, State { number, live: Some(live), fault: None });
            old.number
        };
        self.0.position.send_replace(Some(position));
        let old = generation::directory(&self.0.dir, old);
        if let Err(error) = fs::remove_dir_all(&old)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!(%error, "an old index could not be deleted; the next start tries again");
        }
    }

    /// Makes a commit of the live generation visible.
    pub(crate) fn advance(
        &self,
        generation: &Arc<Generation>,
        checkpoint: Checkpoint,
    ) -> Result<(), SearchError> {
        generation.refresh(&self.0.schema)?;
        let position = checkpoint.position;
        let mut state = self.0.state.write();
        if let Some(live) = state.live.as_mut().filter(|live| Arc::ptr_eq(&live.generation, generation)) {
            live.checkpoint = checkpoint;
            self.0.position.send_replace(Some(position));
        }
        Ok(())
    }
}
