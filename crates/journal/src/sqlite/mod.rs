//! The embedded engine: one SQLite file in WAL mode, one thread that writes, connections that read beside it.
//!
//! - A change is checked and compressed by its caller, queued, and written by the writer together with what else
//!   waits; the answer comes after the flush to disk (`synchronous = FULL`).
//! - Single look-ups are microseconds and run on the calling thread; long reads run on threads where waiting is
//!   allowed, a few at a time.
//! - Removed content is overwritten in the file (`secure_delete`), and soon after in the write-ahead log too,
//!   which is emptied when the writer is next idle. What the file system or the disk keeps of overwritten blocks
//!   is beyond the program; encrypt the disk.
//! - The file has a lock beside it (`….lock`): one process writes. Any number may read, with
//!   [`SqliteJournal::open_read_only`].

mod apply;
mod backup;
mod connection;
mod error;
mod marks;
mod names;
mod raw;
mod reader;
mod schema;
mod shared;
#[cfg(test)]
mod tests;
mod transfer;
mod verify;
mod writer;

use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::{mpsc, watch};
use tokio::task::spawn_blocking;

use self::marks::Marks;
use self::shared::{Session, Shared};
pub(crate) use self::transfer::{FileTarget, Held, half, hold, rows};
use self::writer::Queue;
use crate::body::{Due, Trained};
use crate::error::Result;
use crate::{
    AsOf, Change, Collection, DocId, Event, Feed, FeedHead, Journal, JournalError, Lower, Mark, Progress,
    Receipt, Record, Seq, Space, VerifyReport, Version, prepare,
};

/// A read of more rows than this goes to a thread where waiting is allowed.
const SHORT_READ: usize = 64;
/// A change with more bytes of bodies than this is compressed on a thread where processor time may be spent.
const SHORT_CHANGE: usize = 64 << 10;

/// How the engine uses memory. The defaults suit a register of national size on a small machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Page cache of the writer, in bytes.
    pub cache_bytes: usize,
    /// Page cache of each reading connection, in bytes. Small: most pages come from the mapped file.
    pub reader_cache_bytes: usize,
    /// How much of the file is mapped into memory, in bytes. Mapped pages belong to the operating system's cache.
    pub mmap_bytes: usize,
    /// Reading connections kept open while nobody uses them.
    pub idle_readers: usize,
    /// Long reads (scans, backup, verification) at the same time.
    pub bulk_reads: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            cache_bytes: 64 << 20,
            reader_cache_bytes: 4 << 20,
            mmap_bytes: 192 << 20,
            idle_readers: 16,
            bulk_reads: 4,
        }
    }
}

/// A journal in one SQLite file.
pub struct SqliteJournal {
    shared: Arc<Shared>,
    /// `None`: opened for reading only.
    queue: Option<Arc<Queue>>,
    /// `None`: another process writes.
    marks: Option<Arc<Marks>>,
    head: watch::Receiver<Seq>,
    /// Keeps `head` alive when there is no writer.
    _still: Option<watch::Sender<Seq>>,
}

impl SqliteJournal {
    /// Opens the store at `path`, which is made if there is none, and brings its schema up to date.
    ///
    /// # Errors
    /// [`JournalError::Unavailable`] if another process has it open or the file cannot be reached,
    /// [`JournalError::TooNew`] if a newer program wrote it, [`JournalError::Corrupt`] if it is something else.
    pub fn open(path: &Path, options: Options) -> Result<Arc<Self>> {
        let lock = connection::StoreLock::take(path)?;
        let connection = connection::for_writing(path, &options)?;
        schema::migrate(&connection)?;
        let shared = Shared::open(path, options)?;
        let marks = Arc::new(Marks::default());
        let (queue, head) = Queue::start(connection, lock, Arc::clone(&marks))?;
        Ok(Arc::new(Self { shared, queue: Some(Arc::new(queue)), marks: Some(marks), head, _still: None }))
    }

    /// Opens the store at `path` for reading, also while another process writes to it. Changes are refused, and
    /// [`Journal::watch`] does not hear of the other process's.
    ///
    /// # Errors
    /// As [`open`](Self::open), but for the lock; [`JournalError::Unavailable`] too if the file does not exist.
    pub fn open_read_only(path: &Path) -> Result<Arc<Self>> {
        let shared = Shared::open(path, Options::default())?;
        let (sender, head) = watch::channel(shared.read(|session| reader::head(session.connection))?);
        Ok(Arc::new(Self { shared, queue: None, marks: None, head, _still: Some(sender) }))
    }

    /// Writes what is queued, stops the writer and releases the lock; later calls are refused. Waits for the disk,
    /// so call it where waiting is allowed. Dropping the journal does the same.
    pub fn close(&self) {
        close(&self.shared, self.queue.as_deref());
    }

    /// Runs `work` as a long read and passes on what it tells of its progress.
    async fn long_with_progress<T: Send + 'static>(
        &self,
        progress: Progress<'_>,
        work: impl FnOnce(&Session<'_>, &Told) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (told, mut heard) = mpsc::unbounded_channel();
        let work = self.shared.read_long(move |session| work(session, &Told(told)));
        tokio::pin!(work);
        loop {
            tokio::select! {
                biased;
                Some((done, total)) = heard.recv() => progress(done, total),
                result = &mut work => {
                    while let Ok((done, total)) = heard.try_recv() {
                        progress(done, total);
                    }
                    return result;
                }
            }
        }
    }
}

fn close(shared: &Shared, queue: Option<&Queue>) {
    // Readers first: the last connection to go is then the writer's, which empties the write-ahead log.
    shared.close();
    if let Some(queue) = queue {
        queue.close();
    }
}

impl Drop for SqliteJournal {
    fn drop(&mut self) {
        self.close();
    }
}

impl std::fmt::Debug for SqliteJournal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SqliteJournal").field("head", &*self.head.borrow()).finish_non_exhaustive()
    }
}

/// Where long work tells how far it has come: (done, total if known).
struct Told(mpsc::UnboundedSender<(u64, Option<u64>)>);

impl Told {
    fn tell(&self, done: u64, total: u64) {
        // A caller that went away does not want to know.
        let _ = self.0.send((done, Some(total)));
    }
}

#[async_trait]
impl Journal for SqliteJournal {
    async fn append(&self, change: Change) -> Result<Receipt> {
        let Some(queue) = &self.queue else {
            return Err(JournalError::Unavailable("the store is opened for reading only".to_owned()));
        };
        let bytes = prepare::weigh(&change)?;
        let room = queue.room(bytes).await?;
        let dictionaries = Arc::clone(&self.shared.dictionaries);
        let due: Vec<Due> = prepare::show(&dictionaries, &change)
            .into_iter()
            .map(|collection| Due { collection, number: dictionaries.next_number() })
            .collect();
        let (prepared, trained) = if bytes <= SHORT_CHANGE && due.is_empty() {
            prepare::prepare(&dictionaries, change, &due)?
        } else {
            let work = spawn_blocking(move || prepare::prepare(&dictionaries, change, &due));
            work.await.map_err(|error| JournalError::Engine(Box::new(error)))??
        };
        let receipt = queue.write(prepared, room).await?;
        trained.into_iter().for_each(Trained::stored);
        Ok(receipt)
    }

    async fn get(&self, collection: Collection, id: DocId, as_of: AsOf) -> Result<Option<Version>> {
        self.shared.read(|session| session.get(collection, id, as_of))
    }

    fn mark(&self, collection: Collection, id: DocId) -> Option<Mark> {
        self.marks.as_ref()?.of(collection, id)
    }

    async fn get_many(
        &self,
        collection: Collection,
        ids: &[DocId],
        as_of: AsOf,
    ) -> Result<Vec<Option<Version>>> {
        if ids.len() <= SHORT_READ {
            return self.shared.read(|session| session.get_many(collection, ids, as_of));
        }
        let ids = ids.to_vec();
        self.shared.read_long(move |session| session.get_many(collection, &ids, as_of)).await
    }

    async fn versions(&self, collection: Collection, id: DocId) -> Result<Vec<Version>> {
        self.shared.read(|session| session.versions(collection, id))
    }

    async fn scan(
        &self,
        collection: Collection,
        at: Seq,
        after: Option<DocId>,
        limit: usize,
    ) -> Result<Vec<Version>> {
        if limit <= SHORT_READ {
            return self.shared.read(|session| session.scan(collection, at, after, limit));
        }
        self.shared.read_long(move |session| session.scan(collection, at, after, limit)).await
    }

    async fn head(&self) -> Result<Seq> {
        self.shared.read(|session| reader::head(session.connection))
    }

    async fn disk_bytes(&self) -> Result<u64> {
        self.shared.disk_bytes()
    }

    async fn feed_head(&self, feed: Feed) -> Result<FeedHead> {
        self.shared.read(|session| session.feed_head(feed))
    }

    async fn first(&self, feed: Feed, lower: Lower) -> Result<u64> {
        self.shared.read(|session| session.first(feed, lower))
    }

    async fn read(&self, feed: Feed, from: u64, limit: usize) -> Result<Vec<Event>> {
        // Events are short: a page of a thousand is still well below a millisecond.
        if limit <= 16 * SHORT_READ {
            return self.shared.read(|session| session.read(feed, from, limit));
        }
        self.shared.read_long(move |session| session.read(feed, from, limit)).await
    }

    async fn read_about(&self, feed: Feed, subjects: &[DocId]) -> Result<Vec<Event>> {
        if subjects.len() <= SHORT_READ {
            return self.shared.read(|session| session.read_about(feed, subjects));
        }
        let subjects = subjects.to_vec();
        self.shared.read_long(move |session| session.read_about(feed, &subjects)).await
    }

    async fn record(&self, space: Space, key: &[u8]) -> Result<Option<Record>> {
        self.shared.read(|session| session.record(space, key))
    }

    async fn records(
        &self,
        space: Space,
        prefix: &[u8],
        after: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<Record>> {
        if limit <= SHORT_READ {
            return self.shared.read(|session| session.records(space, prefix, after, limit));
        }
        let (prefix, after) = (prefix.to_vec(), after.map(<[u8]>::to_vec));
        self.shared.read_long(move |session| session.records(space, &prefix, after.as_deref(), limit)).await
    }

    fn watch(&self) -> watch::Receiver<Seq> {
        self.head.clone()
    }

    async fn close(&self) {
        let (shared, queue) = (Arc::clone(&self.shared), self.queue.clone());
        if spawn_blocking(move || close(&shared, queue.as_deref())).await.is_err() {
            tracing::error!("the store was not closed in good order");
        }
    }

    async fn backup(&self, to: &Path, progress: Progress<'_>) -> Result<Seq> {
        let to = to.to_owned();
        self.long_with_progress(progress, move |session, told| backup::backup(session, &to, told)).await
    }

    async fn verify(&self, progress: Progress<'_>) -> Result<VerifyReport> {
        self.long_with_progress(progress, verify::verify).await
    }
}
