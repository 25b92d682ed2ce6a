//! The engine for several machines: any number of nodes on one PostgreSQL 15 or newer.
//!
//! - A change is checked and compressed by its caller, queued, and written by this process's one writer together with
//!   what else waits. The writing transaction locks the head row, so the nodes' writers come one after the other:
//!   that is what gives numbers in commit order, where a bare sequence would not.
//! - An answer means that the database has committed. What a standby lacks is lost when it is promoted, so a cluster
//!   with fail-over must have `synchronous_standby_names` set and `synchronous_commit` at `on` or `remote_apply`;
//!   then nothing that was answered is lost. `synchronous_commit = off` is switched on for what is written here.
//! - A connection that is lost is made again, on the host that can be written to then. Nothing waits without end:
//!   connecting, statements, locks, idle transactions and the queue all have limits, and what is not possible within
//!   them is [`JournalError::Unavailable`]; or [`JournalError::Uncertain`] if the loss was in the middle of the commit
//!   and the database could not be asked since.
//! - Reads may go to a replica. It answers when it has replayed everything that this process has written or shown;
//!   otherwise the primary does. So who has written reads what it wrote.
//! - Followers are woken by `NOTIFY`, and ask once a second besides.
//! - Sessions keep settings, prepared statements and notifications: a connection pooler must pool sessions, not
//!   transactions.
//! - Removed content is deleted in the transaction that removes it. Its bytes stay in dead rows until `VACUUM` and in
//!   the write-ahead log until that is recycled: the operator's retention decides, and the disk is to be encrypted.

mod address;
mod apply;
mod error;
mod head;
mod listen;
mod plan;
mod pool;
mod reader;
mod route;
mod schema;
#[cfg(test)]
mod tests;
mod tls;
mod transfer;
mod writer;

use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use deadpool_postgres::{Client, Pool};
use tokio::sync::watch;
use tokio::task::{AbortHandle, spawn_blocking};

pub use self::address::Address;
use self::error::Trouble;
use self::head::Head;
use self::reader::{HEAD, Reader, column, unsigned};
use self::route::Route;
use self::tls::Tls;
use self::transfer::Rows;
pub(crate) use self::transfer::{DatabaseTarget, rows};
use self::writer::Queue;
use crate::aside::Aside;
use crate::body::{Dictionaries, Due, Trained};
use crate::error::Result;
use crate::names::Names;
use crate::raw::Reached;
use crate::sqlite::FileTarget;
use crate::transfer::{Source, Target};
use crate::verify::Check;
use crate::{
    AsOf, Change, Collection, DocId, Event, Feed, FeedHead, Journal, JournalError, Lower, Mark, Progress,
    Receipt, Record, Seq, Space, VerifyReport, Version, prepare,
};

/// A change with more bytes of bodies than this is compressed on a thread where processor time may be spent.
const SHORT_CHANGE: usize = 64 << 10;

const DICTIONARIES: &str = "SELECT d.number, n.name, d.content FROM grunndata.dictionaries d
    JOIN grunndata.names n ON n.number = d.collection ORDER BY d.number";
const DICTIONARY_OF: &str = "SELECT d.number, d.content FROM grunndata.dictionaries d
    JOIN grunndata.names n ON n.number = d.collection
    WHERE n.kind = 'collection' AND n.name = $1 ORDER BY d.number DESC LIMIT 1";
const DICTIONARY_NUMBER: &str = "SELECT nextval('grunndata.dictionary_numbers')";
/// A writer's own name. Rows of writers that have long gone are no use to anybody.
const REGISTER: &str = "WITH gone AS (DELETE FROM grunndata.writers WHERE seen < now() - interval '30 days')
    SELECT gen_random_uuid()::text";
const FSYNC: &str = "SELECT current_setting('fsync')";

/// Where the store is and how it is used.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// The database.
    pub address: Address,
    /// A read replica.
    pub replica: Option<Address>,
    /// Most connections for reads, to the primary and to the replica each. One more writes, and one listens.
    pub connections: usize,
}

/// A journal in a PostgreSQL database.
pub struct PostgresJournal {
    reader: Reader,
    reading: Pool,
    /// `None`: opened for reading only.
    queue: Option<Queue>,
    head: Arc<Head>,
    listening: Option<AbortHandle>,
}

impl PostgresJournal {
    /// Opens the store, which is made if the database is empty, and brings its schema up to date.
    ///
    /// # Errors
    /// [`JournalError::Unavailable`] if the database cannot be reached or does not let us in,
    /// [`JournalError::TooNew`] if a newer program wrote the store, [`JournalError::Corrupt`] if it is something else.
    pub async fn open(options: Options) -> Result<Arc<Self>> {
        let tls = Tls::of(&options.address)?;
        let writing = pool::pool(options.address.writable(), tls.clone(), 1)?;
        let client = take(&writing).await?;
        schema::whole(schema::migrate(&client).await?)?;
        let writer: String = column(&client.query_one(REGISTER, &[]).await.map_err(error::from)?, 0)?;
        durable(&client).await?;
        drop(client);
        let reading = pool::pool(options.address.writable(), tls.clone(), options.connections)?;
        let mut journal = Self::reading(reading, replica(&options)?).await?;
        let (head, names) = (Arc::clone(&journal.head), Arc::clone(&journal.reader.names));
        let listening = listen::listen(options.address.writable(), tls, Arc::clone(&head));
        journal.listening = Some(tokio::spawn(listening).abort_handle());
        journal.queue = Some(Queue::start(writing, writer, head, names));
        Ok(Arc::new(journal))
    }

    /// Opens the store for reading, also where nobody can write. Changes are refused, and [`Journal::watch`] does not
    /// hear of others'.
    ///
    /// # Errors
    /// As [`open`](Self::open); [`JournalError::Unavailable`] too if there is no store.
    pub async fn open_read_only(options: Options) -> Result<Arc<Self>> {
        let tls = Tls::of(&options.address)?;
        let reading = pool::pool(options.address.readable(), tls, options.connections)?;
        let client = take(&reading).await?;
        schema::whole(schema::check(&client).await?)?;
        drop(client);
        Ok(Arc::new(Self::reading(reading, replica(&options)?).await?))
    }

    async fn reading(reading: Pool, replica: Option<Pool>) -> Result<Self> {
        let client = take(&reading).await?;
        let seq = Seq(unsigned(&client.query_one(HEAD, &[]).await.map_err(error::from)?, 0)?);
        let mut stored = Vec::new();
        for row in client.query(DICTIONARIES, &[]).await.map_err(error::from)? {
            stored.push((column(&row, 0)?, column(&row, 1)?, column(&row, 2)?));
        }
        drop(client);
        let head = Arc::new(Head::new(seq));
        let reader = Reader {
            route: Route::new(reading.clone(), replica, Arc::clone(&head)),
            names: Arc::new(Names::default()),
            dictionaries: Arc::new(Dictionaries::new(stored)),
        };
        Ok(Self { reader, reading, queue: None, head, listening: None })
    }

    /// How many reads the replica has answered since the store was opened.
    pub fn replica_reads(&self) -> u64 {
        self.reader.route.replica_reads()
    }

    /// The collections that are to train a dictionary now. If another node has trained one meanwhile, that is taken.
    async fn due(&self, collections: Vec<Collection>) -> Result<Vec<Due>> {
        let mut due = Vec::new();
        for collection in collections {
            let trained = self.reader.route.primary(DICTIONARY_OF, &[&collection.0]).await?;
            if let Some(row) = trained.first() {
                let content: Vec<u8> = column(row, 1)?;
                let dictionary = self.reader.dictionaries.learn(column(row, 0)?, Some(&content))?;
                self.reader.dictionaries.adopt(collection, dictionary);
                continue;
            }
            // One that is drawn in vain is no loss.
            if let Some(row) = self.reader.route.primary(DICTIONARY_NUMBER, &[]).await?.first() {
                due.push(Due { collection, number: column(row, 0)? });
            }
        }
        Ok(due)
    }

    fn shut(&self) {
        if let Some(listening) = &self.listening {
            listening.abort();
        }
        if let Some(queue) = &self.queue {
            queue.stop();
        }
        self.reader.route.close();
    }
}

/// A connection, or why there is none.
async fn take(pool: &Pool) -> Result<Client> {
    pool.get().await.map_err(|refused| Trouble::from(refused).error)
}

fn replica(options: &Options) -> Result<Option<Pool>> {
    let pool = |address: &Address| pool::pool(address.readable(), Tls::of(address)?, options.connections);
    options.replica.as_ref().map(pool).transpose()
}

/// Says so when the server's settings do not let an answer mean that a change is on disk.
async fn durable(client: &Client) -> Result<()> {
    let fsync: String = column(&client.query_one(FSYNC, &[]).await.map_err(error::from)?, 0)?;
    if fsync == "off" {
        tracing::warn!("the database has fsync = off: a power cut can lose what was acknowledged");
    }
    Ok(())
}

impl Drop for PostgresJournal {
    fn drop(&mut self) {
        self.shut();
    }
}

impl std::fmt::Debug for PostgresJournal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PostgresJournal").field("head", &self.head.now()).finish_non_exhaustive()
    }
}

#[async_trait]
impl Journal for PostgresJournal {
    async fn append(&self, change: Change) -> Result<Receipt> {
        let Some(queue) = &self.queue else {
            return Err(JournalError::Unavailable("the store is opened for reading only".to_owned()));
        };
        let bytes = prepare::weigh(&change)?;
        let room = queue.room(bytes).await?;
        let dictionaries = Arc::clone(&self.reader.dictionaries);
        let due = self.due(prepare::show(&dictionaries, &change)).await?;
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
        self.reader.get(collection, id, as_of).await
    }

    fn mark(&self, _: Collection, _: DocId) -> Option<Mark> {
        self.reader.route.mark()
    }

    async fn get_many(
        &self,
        collection: Collection,
        ids: &[DocId],
        as_of: AsOf,
    ) -> Result<Vec<Option<Version>>> {
        self.reader.get_many(collection, ids, as_of).await
    }

    async fn versions(&self, collection: Collection, id: DocId) -> Result<Vec<Version>> {
        self.reader.versions(collection, id).await
    }

    async fn scan(
        &self,
        collection: Collection,
        at: Seq,
        after: Option<DocId>,
        limit: usize,
    ) -> Result<Vec<Version>> {
        self.reader.scan(collection, at, after, limit).await
    }

    async fn head(&self) -> Result<Seq> {
        self.reader.head().await
    }

    async fn disk_bytes(&self) -> Result<u64> {
        self.reader.disk_bytes().await
    }

    async fn feed_head(&self, feed: Feed) -> Result<FeedHead> {
        self.reader.feed_head(feed).await
    }

    async fn first(&self, feed: Feed, lower: Lower) -> Result<u64> {
        self.reader.first(feed, lower).await
    }

    async fn read(&self, feed: Feed, from: u64, limit: usize) -> Result<Vec<Event>> {
        self.reader.read(feed, from, limit).await
    }

    async fn read_about(&self, feed: Feed, subjects: &[DocId]) -> Result<Vec<Event>> {
        self.reader.read_about(feed, subjects).await
    }

    async fn record(&self, space: Space, key: &[u8]) -> Result<Option<Record>> {
        self.reader.record(space, key).await
    }

    async fn records(
        &self,
        space: Space,
        prefix: &[u8],
        after: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<Record>> {
        self.reader.records(space, prefix, after, limit).await
    }

    fn watch(&self) -> watch::Receiver<Seq> {
        self.head.watch()
    }

    async fn close(&self) {
        if let Some(queue) = &self.queue {
            queue.close().await;
        }
        self.shut();
    }

    /// Into a SQLite store: one file, whole, which any grunndata can open, verify, or move into a database again.
    async fn backup(&self, to: &Path, progress: Progress<'_>) -> Result<Seq> {
        let aside = Aside::of(to)?;
        let mut rows = Rows::begin(&self.reading, Reached::default()).await?;
        let mut target = FileTarget::at(aside.path())?;
        target.begin(rows.seq()).await?;
        let (mut done, total) = (0, rows.rows());
        while let Some(page) = rows.next().await? {
            done += page.rows();
            target.put(page).await?;
            progress(done, Some(total));
        }
        target.finish().await?;
        drop(target);
        aside.keep()?;
        Ok(rows.seq())
    }

    async fn verify(&self, progress: Progress<'_>) -> Result<VerifyReport> {
        let mut rows = Rows::begin(&self.reading, Reached::default()).await?;
        let mut check = Check::new(rows.seq());
        let total = rows.rows();
        while let Some(page) = rows.next().await? {
            let looking = spawn_blocking(move || {
                check.page(page);
                check
            });
            check = looking.await.map_err(|error| JournalError::Engine(Box::new(error)))?;
            progress(check.done(), Some(total.max(check.done())));
        }
        progress(check.done(), Some(total.max(check.done())));
        Ok(check.report)
    }
}
