//! The one task of this process that writes.
//!
//! Changes queue for it; what waits goes into one transaction, so that many callers share one flush to disk. The
//! transaction locks the head row: the writers of all nodes come one after the other, which is what gives numbers in
//! commit order.
//!
//! When the connection is lost, the transaction is tried again, on the host that can be written to then. If it was
//! lost while committing, the writer first looks whether it was written: each transaction leaves its number in the
//! writer's own row. The look happens under the head's lock, so the lost transaction is not still under way.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::{ClientWrapper, Pool};
use parking_lot::Mutex;
use tid::crash;
use tokio::sync::{OwnedSemaphorePermit, mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

use super::apply::{self, Columns};
use super::error::Trouble;
use super::head::Head;
use super::plan::{self, Draft, Known, Numbers, Questions};
use super::pool::{bounded, settle};
use crate::error::{Result, again};
use crate::names::{Name, Names};
use crate::prepare::Prepared;
use crate::queue::{Job, Room, closed, gather};
use crate::{FeedHead, JournalError, Receipt, Seq};

/// How long a change goes on trying while the database is away.
const PATIENCE: Duration = Duration::from_secs(10);
/// Between two attempts.
const PAUSE: Duration = Duration::from_millis(100);

/// The callers' end.
pub(super) struct Queue {
    jobs: Mutex<Option<mpsc::UnboundedSender<Job>>>,
    room: Room,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Queue {
    /// Starts the writer named `id`.
    pub(super) fn start(pool: Pool, id: String, head: Arc<Head>, names: Arc<Names>) -> Self {
        let (jobs, receiver) = mpsc::unbounded_channel();
        let state = State { seq: 0, batch: 0, numbers: Numbers::new(), feeds: HashMap::new() };
        let writer = Writer { pool, id, jobs: receiver, state, head, names, away: false };
        let task = tokio::spawn(writer.run());
        Self { jobs: Mutex::new(Some(jobs)), room: Room::new(), task: Mutex::new(Some(task)) }
    }

    /// Waits for room for a change of so many bytes.
    pub(super) async fn room(&self, bytes: usize) -> Result<OwnedSemaphorePermit> {
        self.room.take(bytes).await
    }

    /// Queues a change and waits until it is durable.
    pub(super) async fn write(&self, change: Prepared, room: OwnedSemaphorePermit) -> Result<Receipt> {
        let (answer, answered) = oneshot::channel();
        let job = Job { change, answer, _room: room };
        self.jobs.lock().as_ref().ok_or_else(closed)?.send(job).map_err(|_| closed())?;
        answered.await.map_err(|_| closed())?
    }

    /// Writes what is queued, then stops. Later changes are refused. Again: no effect.
    pub(super) async fn close(&self) {
        self.stop();
        let task = self.task.lock().take();
        if let Some(task) = task
            && task.await.is_err()
        {
            tracing::error!("the journal's writer stopped by a panic");
        }
    }

    /// Refuses later changes; what is queued is still written.
    pub(super) fn stop(&self) {
        self.room.close();
        drop(self.jobs.lock().take());
    }
}

/// What the writer knows of the store, as long as nobody else has written.
#[derive(Clone)]
struct State {
    seq: i64,
    /// Its own transaction that made the store so.
    batch: i64,
    numbers: Numbers,
    feeds: HashMap<i64, FeedHead>,
}

/// A transaction that may or may not have been written.
struct Pending {
    answers: Vec<Result<Receipt>>,
    state: State,
    new: Vec<Name>,
}

struct Writer {
    pool: Pool,
    id: String,
    jobs: mpsc::UnboundedReceiver<Job>,
    state: State,
    head: Arc<Head>,
    names: Arc<Names>,
    /// The last transaction failed because the database was away: the next does not wait for it.
    away: bool,
}

impl Writer {
    async fn run(mut self) {
        while let Some(first) = self.jobs.recv().await {
            let batch = gather(first, || self.jobs.try_recv().ok());
            self.commit(batch).await;
        }
    }

    /// Writes the batch and answers everybody in it, within bounded time.
    async fn commit(&mut self, batch: Vec<Job>) {
        let until = Instant::now() + if self.away { Duration::ZERO } else { PATIENCE };
        let mut pending = None;
        loop {
            match self.attempt(&batch, &mut pending).await {
                Ok(answers) => {
                    self.away = false;
                    for (job, answer) in batch.into_iter().zip(answers) {
                        // A caller that went away does not want to know.
                        let _ = job.answer.send(answer);
                    }
                    return;
                }
                Err(trouble) if trouble.passing && Instant::now() < until => sleep(PAUSE).await,
                Err(trouble) => {
                    self.away = trouble.passing;
                    return refuse(batch, trouble.error, pending.is_some());
                }
            }
        }
    }

    async fn attempt(
        &mut self,
        batch: &[Job],
        pending: &mut Option<Pending>,
    ) -> std::result::Result<Vec<Result<Receipt>>, Trouble> {
        let client = self.pool.get().await?;
        let outcome = bounded(Box::pin(self.transact(&client, batch, pending))).await;
        settle(client, outcome)
    }

    /// One transaction. When it fails, `pending` has it if it may have been written all the same.
    async fn transact(
        &mut self,
        client: &ClientWrapper,
        batch: &[Job],
        pending: &mut Option<Pending>,
    ) -> std::result::Result<Vec<Result<Receipt>>, Trouble> {
        let head = apply::begin(client).await?;
        if let Some(lost) = pending {
            if apply::was_written(client, &self.id, lost.state.batch).await? {
                apply::confirm(client, &self.id).await?;
                return Ok(self.written(pending));
            }
            *pending = None;
        }
        if (head.seq, head.batch) != (self.state.seq, self.state.batch)
            || head.writer.as_ref() != Some(&self.id)
        {
            self.state.feeds.clear();
            self.state.seq = head.seq;
        }
        let (numbers, new) = self.numbers(client, batch).await?;
        let mut questions = Questions::default();
        for job in batch {
            questions.add(&job.change, &numbers, &self.state.feeds);
        }
        let mut known = Known { seq: head.seq, feeds: self.state.feeds.clone(), ..Known::default() };
        apply::ask(client, &questions, &mut known).await?;

        let mut draft = Draft::new(&numbers, &known);
        let answers: Vec<_> = batch.iter().map(|job| draft.change(&job.change)).collect();
        if draft.seq == head.seq {
            apply::abandon(client).await?;
            return Ok(answers);
        }
        let columns = Columns::of(&draft, &new, &numbers);
        let mut feeds = known.feeds.clone();
        feeds.extend(draft.feeds.iter().map(|(feed, head)| (*feed, *head)));
        // Above every transaction of this writer that may have been written.
        self.state.batch += 1;
        let number = self.state.batch;
        let state = State { seq: draft.seq, batch: number, numbers: numbers.clone(), feeds };
        *pending = Some(Pending { answers, state, new });
        crash::point("journal.commit.before");
        if let Err(trouble) = columns.write(client, &self.id, number).await {
            if trouble.undone {
                *pending = None;
            }
            return Err(trouble);
        }
        crash::point("journal.commit.after");
        Ok(self.written(pending))
    }

    /// The transaction is written: its answers, and what is known from now on.
    fn written(&mut self, pending: &mut Option<Pending>) -> Vec<Result<Receipt>> {
        let Some(Pending { answers, state, new }) = pending.take() else { return Vec::new() };
        for name in new {
            if let Some(number) = state.numbers.get(&name) {
                self.names.learn(name, *number);
            }
        }
        self.state = state;
        self.head.raise(Seq(self.state.seq.unsigned_abs()));
        answers
    }

    /// The numbers of all names in the batch, and those names that are new.
    async fn numbers(
        &self,
        client: &ClientWrapper,
        batch: &[Job],
    ) -> std::result::Result<(Numbers, Vec<Name>), Trouble> {
        let used = || batch.iter().flat_map(|job| &job.change.writes).map(plan::name);
        if used().all(|name| self.state.numbers.contains_key(&name)) {
            return Ok((self.state.numbers.clone(), Vec::new()));
        }
        apply::numbers(client, self.state.numbers.keys().copied().chain(used())).await
    }
}

fn refuse(batch: Vec<Job>, error: JournalError, perhaps_written: bool) {
    tracing::error!(%error, changes = batch.len(), "the journal could not commit");
    let error = if perhaps_written { JournalError::Uncertain(error.to_string()) } else { error };
    for job in batch {
        let _ = job.answer.send(Err(again(&error)));
    }
}
