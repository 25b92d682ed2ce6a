//! The one thread that writes.
//!
//! Changes queue for it; what waits is written in one transaction, so that many callers share one flush to disk.
//! Each change has a savepoint of its own: one whose guard fails leaves no trace and disturbs nobody.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use parking_lot::Mutex;
use rusqlite::{Connection, Transaction, TransactionBehavior};
use tid::crash;
use tokio::sync::{OwnedSemaphorePermit, oneshot, watch};

use super::apply::{State, apply};
use super::connection::StoreLock;
use super::marks::Marks;
use super::reader;
use crate::bounds::signed;
use crate::error::{Result, again};
use crate::prepare::{Prepared, Write};
use crate::queue::{Job, Room, closed, gather};
use crate::{Collection, DocId, JournalError, Receipt, Seq};

/// How long after a removal, when nothing else is written, the write-ahead log is emptied.
const SCRUB_AFTER: Duration = Duration::from_millis(500);

/// The callers' end.
pub(super) struct Queue {
    jobs: Mutex<Option<Sender<Job>>>,
    room: Room,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Queue {
    /// Starts the writer. It owns the connection and the lock until [`close`](Self::close).
    pub(super) fn start(
        connection: Connection,
        lock: StoreLock,
        marks: Arc<Marks>,
    ) -> Result<(Self, watch::Receiver<Seq>)> {
        let seq = reader::head(&connection)?;
        let (jobs, receiver) = channel();
        let (head, watched) = watch::channel(seq);
        let state = State::new(seq);
        let writer =
            Writer { connection, jobs: receiver, state, head, marks, unscrubbed: false, _lock: lock };
        let thread = std::thread::Builder::new().name("journal-writer".to_owned());
        let thread =
            thread.spawn(move || writer.run()).map_err(|error| JournalError::Engine(Box::new(error)))?;
        let room = Room::new();
        Ok((Self { jobs: Mutex::new(Some(jobs)), room, thread: Mutex::new(Some(thread)) }, watched))
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
    pub(super) fn close(&self) {
        self.room.close();
        drop(self.jobs.lock().take());
        if let Some(thread) = self.thread.lock().take()
            && thread.join().is_err()
        {
            tracing::error!("the journal's writer stopped by a panic");
        }
    }
}

/// The thread's end. Fields drop in order: the lock goes last.
struct Writer {
    connection: Connection,
    jobs: Receiver<Job>,
    state: State,
    head: watch::Sender<Seq>,
    marks: Arc<Marks>,
    /// Removed content is still in the write-ahead log.
    unscrubbed: bool,
    _lock: StoreLock,
}

impl Writer {
    fn run(mut self) {
        while let Some(first) = self.next() {
            let batch = gather(first, || self.jobs.try_recv().ok());
            self.commit(batch);
        }
        self.scrub();
    }

    /// The next job; `None` when the queue is closed and empty.
    fn next(&mut self) -> Option<Job> {
        while self.unscrubbed {
            match self.jobs.recv_timeout(SCRUB_AFTER) {
                Ok(job) => return Some(job),
                Err(RecvTimeoutError::Timeout) => self.scrub(),
                Err(RecvTimeoutError::Disconnected) => return None,
            }
        }
        self.jobs.recv().ok()
    }

    /// Writes the batch and answers everybody in it.
    fn commit(&mut self, batch: Vec<Job>) {
        match self.transact(&batch) {
            Ok((state, answers)) => {
                self.state = state;
                self.unscrubbed |= batch.iter().any(removes);
                self.head.send_if_modified(|head| std::mem::replace(head, self.state.seq) != self.state.seq);
                for (job, answer) in batch.into_iter().zip(answers) {
                    // A caller that went away does not want to know.
                    let _ = job.answer.send(answer);
                }
            }
            Err(error) => {
                tracing::error!(%error, changes = batch.len(), "the journal could not commit");
                for job in batch {
                    let _ = job.answer.send(Err(again(&error)));
                }
            }
        }
    }

    /// One transaction. An error means that nothing of the batch was written.
    fn transact(&self, batch: &[Job]) -> Result<(State, Vec<Result<Receipt>>)> {
        let transaction = Transaction::new_unchecked(&self.connection, TransactionBehavior::Immediate)?;
        let mut state = self.state.clone();
        let mut answers = Vec::with_capacity(batch.len());
        for job in batch {
            answers.push(self.attempt(&mut state, &job.change)?);
        }
        if state.seq != self.state.seq {
            transaction
                .prepare_cached("UPDATE head SET seq = ?1 WHERE one = 1")?
                .execute([signed(state.seq.0)])?;
        }
        crash::point("journal.commit.before");
        let writing = self.marks.write(batch.iter().flat_map(documents));
        transaction.commit()?;
        drop(writing);
        crash::point("journal.commit.after");
        Ok((state, answers))
    }

    /// One change in its savepoint. The outer error is one that has ended the whole transaction.
    fn attempt(&self, state: &mut State, change: &Prepared) -> Result<Result<Receipt>> {
        let run = |sql| self.connection.prepare_cached(sql)?.execute([]);
        run("SAVEPOINT change")?;
        let mut next = state.clone();
        let answer = apply(&self.connection, &mut next, change);
        match &answer {
            Ok(_) => *state = next,
            // SQLite itself gives up the transaction when the disk is full.
            Err(error) if self.connection.is_autocommit() => return Err(again(error)),
            Err(_) => {
                run("ROLLBACK TO change")?;
            }
        }
        run("RELEASE change")?;
        Ok(answer)
    }

    /// Moves the write-ahead log into the file and empties it, so that it does not keep what was removed. A reader
    /// in the middle of something long can prevent it; then it is tried again.
    fn scrub(&mut self) {
        if !self.unscrubbed {
            return;
        }
        let busy: rusqlite::Result<i64> =
            self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0));
        match busy {
            Ok(busy) => self.unscrubbed = busy != 0,
            Err(error) => tracing::warn!(%error, "the write-ahead log could not be emptied after a removal"),
        }
    }
}

/// The documents that a job writes.
fn documents(job: &Job) -> impl Iterator<Item = (Collection, DocId)> {
    job.change.writes.iter().filter_map(|write| match write {
        Write::Put { collection, id, .. } | Write::Remove { collection, id, .. } => {
            Some((*collection, id.cast_unsigned()))
        }
        _ => None,
    })
}

fn removes(job: &Job) -> bool {
    job.change.writes.iter().any(|write| matches!(write, Write::Remove { .. }))
}
