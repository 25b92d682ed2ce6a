//! Which server answers a read: the replica when it has everything that this process has written or seen, otherwise
//! the primary.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use deadpool_postgres::{ClientWrapper, Pool};
use parking_lot::Mutex;
use tokio::time::{Instant, sleep, timeout};
use tokio_postgres::Row;

use super::error::Trouble;
use super::head::Head;
use super::pool::{Values, bounded, rows, settle};
use super::reader::{HEAD, unsigned};
use crate::error::Result;
use crate::{Mark, Seq};

/// How long a read goes on trying while the database is away.
const PATIENCE: Duration = Duration::from_secs(2);
/// Between two attempts.
const PAUSE: Duration = Duration::from_millis(50);
/// How long a replica gets, and how long it is left alone after it has failed.
const REPLICA_WITHIN: Duration = Duration::from_secs(2);

/// Without a word from the database for so long, nothing is known to be unchanged.
const WORD_WITHIN: Duration = Duration::from_secs(3);

/// The servers that reads go to.
pub(super) struct Route {
    primary: Pool,
    replica: Option<Replica>,
    head: Arc<Head>,
}

/// A read replica.
struct Replica {
    pool: Pool,
    /// It has failed: not before this.
    resting: Mutex<Option<Instant>>,
    answered: AtomicU64,
}

impl Route {
    pub(super) fn new(primary: Pool, replica: Option<Pool>, head: Arc<Head>) -> Self {
        let replica =
            replica.map(|pool| Replica { pool, resting: Mutex::new(None), answered: AtomicU64::new(0) });
        Self { primary, replica, head }
    }

    /// Something of this change has been shown: from now on nobody is shown less.
    pub(super) fn saw(&self, seq: Seq) {
        self.head.raise(seq);
    }

    /// Stands for everything that this process has written or been shown, all documents together.
    ///
    /// What was read under this mark has at least that, so it may be shown again wherever a replica that has replayed
    /// as much may answer. The primary shows what all nodes have written, of which nobody knows without asking it.
    pub(super) fn mark(&self) -> Option<Mark> {
        self.replica.as_ref()?;
        self.head.fresh(WORD_WITHIN).map(|seq| Mark(seq.0))
    }

    /// How many reads the replica has answered.
    pub(super) fn replica_reads(&self) -> u64 {
        self.replica.as_ref().map_or(0, |replica| replica.answered.load(Ordering::Relaxed))
    }

    /// The rows of one statement. Tried again for a while when the connection is lost: it must be one that can be done
    /// twice.
    pub(super) async fn rows(&self, sql: &'static str, values: Values<'_>) -> Result<Vec<Row>> {
        if let Some(replica) = &self.replica
            && let Some(rows) = replica.rows(self.head.now(), sql, values).await
        {
            return Ok(rows);
        }
        self.primary(sql, values).await
    }

    /// As [`rows`](Self::rows), never of the replica.
    pub(super) async fn primary(&self, sql: &str, values: Values<'_>) -> Result<Vec<Row>> {
        let until = Instant::now() + PATIENCE;
        loop {
            match self.attempt(sql, values).await {
                Ok(rows) => return Ok(rows),
                Err(trouble) if trouble.passing && Instant::now() < until => sleep(PAUSE).await,
                Err(trouble) => return Err(trouble.error),
            }
        }
    }

    async fn attempt(&self, sql: &str, values: Values<'_>) -> std::result::Result<Vec<Row>, Trouble> {
        let client = self.primary.get().await?;
        let outcome = bounded(rows(&client, sql, values)).await;
        settle(client, outcome)
    }

    /// Closes the connections; later reads are refused.
    pub(super) fn close(&self) {
        self.primary.close();
        if let Some(replica) = &self.replica {
            replica.pool.close();
        }
    }
}

impl Replica {
    /// The rows, if it has replayed everything up to `wanted` and is well.
    async fn rows(&self, wanted: Seq, sql: &str, values: Values<'_>) -> Option<Vec<Row>> {
        if self.resting.lock().is_some_and(|until| Instant::now() < until) {
            return None;
        }
        let outcome = timeout(REPLICA_WITHIN, self.ask(wanted, sql, values)).await;
        match outcome.unwrap_or_else(|_| Err(Trouble::silence())) {
            Ok(rows) => {
                self.answered.fetch_add(u64::from(rows.is_some()), Ordering::Relaxed);
                rows
            }
            Err(trouble) => {
                *self.resting.lock() = Some(Instant::now() + REPLICA_WITHIN);
                tracing::warn!(error = %trouble.error, "the read replica does not answer; the primary does");
                None
            }
        }
    }

    async fn ask(
        &self,
        wanted: Seq,
        sql: &str,
        values: Values<'_>,
    ) -> std::result::Result<Option<Vec<Row>>, Trouble> {
        let client = self.pool.get().await?;
        let outcome = ask(&client, wanted, sql, values).await;
        settle(client, outcome)
    }
}

/// The head and the rows in one go; the rows are of the same moment as the head or a later one.
async fn ask(
    client: &ClientWrapper,
    wanted: Seq,
    sql: &str,
    values: Values<'_>,
) -> std::result::Result<Option<Vec<Row>>, Trouble> {
    let (head, asked) = (client.prepare_cached(HEAD).await?, client.prepare_cached(sql).await?);
    let (head, rows) = tokio::join!(biased; client.query_one(&head, &[]), client.query(&asked, values));
    let (head, rows) = (Seq(unsigned(&head?, 0)?), rows?);
    Ok((head >= wanted).then_some(rows))
}
