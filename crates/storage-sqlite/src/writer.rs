//! The one writer of a process: a thread of its own that lets what waits share a commit.
//!
//! A commit costs a write to the disk that is waited for, whatever is in it. So the thread takes all the jobs that wait, runs
//! them in one transaction, and answers them only once that is on the disk. An answer of success means that the change is saved,
//! one of failure that it is not, and [`StoreError::Unknown`] is neither.
//!
//! What a job that fails has written must not be saved with the others. Most of those that fail have written nothing; only where
//! one has do all of them run again, each behind a savepoint. Savepoints from the start would cost a copy of every page that a
//! job touches, which the engine puts into a temporary file.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use rusqlite::Connection;
use tallyport_storage::StoreError;
use tokio::sync::{mpsc, oneshot};

use crate::errors::{Error, Result};

/// How many jobs may wait; one more is refused as busy.
const QUEUE: usize = 1024;

/// How many jobs share a commit at most, so that the first of them does not wait for ever.
const SHARED: usize = 128;

/// How much of the file the writing connection remembers, in KiB. A first import looks up a parent for every task and touches every
/// index; with the engine's own 2 MiB each page would go to the log and back dozens of times.
const CACHE: i64 = 8 * 1024;

/// How long the log grows before it is moved into the file, in pages: the longer, the more often a page is written only there.
const LOG: i64 = 4000;

/// Opens the connection anew after an I/O error, and looks whether the file is sound.
pub(crate) type Reopen = Box<dyn FnMut() -> Result<Connection, StoreError> + Send>;

/// The way to who writes. Dropped, it waits until everything in the queue is done.
pub(crate) struct Writer(Way);

enum Way {
    /// A thread of its own, and the queue in which it finds what waits.
    Thread { queue: Option<mpsc::Sender<Box<dyn Job>>>, thread: Option<JoinHandle<()>> },
    /// Whoever asks, each after the other.
    InPlace(Mutex<Work>),
}

impl Writer {
    /// Works over a connection on the thread of who asks, and lets them read over it as well.
    pub(crate) fn in_place(connection: Connection, reopen: Reopen) -> Self {
        Self(Way::InPlace(Mutex::new(Work { connection: Some(connection), reopen, shaken: false })))
    }

    /// Starts the thread over a connection.
    pub(crate) fn start(connection: Connection, reopen: Reopen) -> Result<Self, StoreError> {
        give_room(&connection);
        let (queue, jobs) = mpsc::channel(QUEUE);
        let work = Work { connection: Some(connection), reopen, shaken: false };
        let thread = std::thread::Builder::new().name("tallyport-writer".to_owned()).spawn(move || work.all(jobs));
        let thread = thread.map_err(|error| StoreError::Failed(error.into()))?;
        Ok(Self(Way::Thread { queue: Some(queue), thread: Some(thread) }))
    }

    /// What it works with, where that is done in place.
    pub(crate) fn here(&self) -> Option<MutexGuard<'_, Work>> {
        match &self.0 {
            Way::InPlace(work) => Some(work.lock().unwrap_or_else(PoisonError::into_inner)),
            Way::Thread { .. } => None,
        }
    }

    /// Runs a job in a transaction and answers once that is saved.
    ///
    /// The job may run more than once; whatever it did before its last run is undone. Dropping the future does not stop it.
    ///
    /// # Errors
    /// What the job answers, and whatever keeps it from being saved.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        job: impl FnMut(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.begin(job)?.await.unwrap_or_else(|_| Err(stopped()))
    }

    /// Puts a job in the queue; what is answered need not be waited for.
    ///
    /// # Errors
    /// `Busy` where too many wait.
    pub(crate) fn begin<T: Send + 'static>(
        &self,
        job: impl FnMut(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<oneshot::Receiver<Result<T, StoreError>>, StoreError> {
        let (reply, answer) = oneshot::channel();
        let job = Box::new(Queued { job, outcome: None, reply });
        match &self.0 {
            Way::Thread { queue, .. } => {
                queue.as_ref().ok_or_else(stopped)?.try_send(job).map_err(|refused| match refused {
                    mpsc::error::TrySendError::Full(_) => StoreError::Busy("too many writes are waiting".into()),
                    mpsc::error::TrySendError::Closed(_) => stopped(),
                })?;
            }
            Way::InPlace(work) => work.lock().unwrap_or_else(PoisonError::into_inner).work(vec![job]),
        }
        Ok(answer)
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        let Way::Thread { queue, thread } = &mut self.0 else { return };
        *queue = None;
        if let Some(thread) = thread.take() {
            // It catches what jobs throw, so there is nothing to hear from it.
            let _ = thread.join();
        }
    }
}

fn given_up() -> StoreError {
    StoreError::Failed("the database was given up after an I/O error".into())
}

fn stopped() -> StoreError {
    StoreError::Failed("the writer has stopped".into())
}

/// How a job ended, as far as the transaction is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Done,
    Failed,
    Io,
}

/// A job of any type.
trait Job: Send {
    /// Runs it, and keeps what it answered.
    fn run(&mut self, connection: &Connection) -> Verdict;

    /// Hands over what the last run answered, or `instead` where a success was not saved.
    fn answer(self: Box<Self>, instead: Option<StoreError>);
}

struct Queued<T, F> {
    job: F,
    outcome: Option<Result<T>>,
    reply: oneshot::Sender<Result<T, StoreError>>,
}

impl<T: Send, F: FnMut(&Connection) -> Result<T> + Send> Job for Queued<T, F> {
    fn run(&mut self, connection: &Connection) -> Verdict {
        let outcome = caught(|| (self.job)(connection));
        let verdict = match &outcome {
            Ok(_) => Verdict::Done,
            Err(error) if error.is_io() => Verdict::Io,
            Err(_) => Verdict::Failed,
        };
        self.outcome = Some(outcome);
        verdict
    }

    fn answer(self: Box<Self>, instead: Option<StoreError>) {
        let answer = match (self.outcome, instead) {
            (Some(Err(error)), None) => Err(error.into()),
            (_, Some(instead)) => Err(instead),
            (Some(Ok(value)), None) => Ok(value),
            (None, None) => Err(stopped()),
        };
        // Whoever asked may have gone away.
        let _ = self.reply.send(answer);
    }
}

/// Does something that panics at worst.
fn caught<T>(act: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(act)).unwrap_or_else(|panic| Err(Error::Panic(words(&*panic))))
}

fn words(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("no words").to_owned()
}

/// What writing is done with.
pub(crate) struct Work {
    /// Nothing once the file cannot be relied on any more.
    connection: Option<Connection>,
    reopen: Reopen,
    /// Whether there was an I/O error already: a second one is the last.
    shaken: bool,
}

impl Drop for Work {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.as_ref().filter(|connection| connection.total_changes() > 0) {
            // Only statistics for the query planner: the next one to close gathers them as well.
            let _ = connection.execute_batch("PRAGMA optimize");
        }
    }
}

/// How a transaction ended.
enum Ended {
    /// What each job answered holds: saved where it succeeded, undone where it failed.
    Settled,
    /// It could not begin, so no job ran.
    NotBegun(rusqlite::Error),
    /// Nothing of it is saved, and it is safe to go on.
    Undone(rusqlite::Error),
    /// Nothing of it is saved, since one that failed had written something.
    Spoiled,
    /// After an I/O error nobody knows.
    Unknown(String),
}

impl Work {
    fn all(mut self, mut jobs: mpsc::Receiver<Box<dyn Job>>) {
        while let Some(first) = jobs.blocking_recv() {
            let mut batch = vec![first];
            while batch.len() < SHARED
                && let Ok(next) = jobs.try_recv()
            {
                batch.push(next);
            }
            self.work(batch);
        }
    }

    /// Runs jobs in one transaction, or one after the other where that does not work out.
    fn work(&mut self, mut batch: Vec<Box<dyn Job>>) {
        let Some(connection) = &self.connection else {
            return answer(batch, given_up);
        };
        let shared = batch.len() > 1;
        match transaction(connection, &mut batch) {
            Ended::Settled => batch.into_iter().for_each(|job| job.answer(None)),
            Ended::Undone(_) if shared => batch.into_iter().for_each(|job| self.work(vec![job])),
            Ended::NotBegun(error) | Ended::Undone(error) => answer(batch, || Error::Sqlite(again(&error)).into()),
            // Behind savepoints nothing is.
            Ended::Spoiled => answer(batch, || StoreError::Failed("one write spoilt another".into())),
            Ended::Unknown(error) => {
                self.recover();
                answer(batch, || StoreError::Unknown(error.clone().into()));
            }
        }
    }

    /// Reads in one transaction, so that everything in it is of one moment. Whatever else it does is undone.
    ///
    /// # Errors
    /// What the read answers, and whatever keeps it from being run.
    pub(crate) fn read<T>(&mut self, read: impl FnOnce(&Connection) -> Result<T>) -> Result<T, StoreError> {
        let connection = self.connection.as_ref().ok_or_else(given_up)?;
        let begun = execute(connection, "BEGIN").map_err(Error::from);
        let answer = begun.and_then(|()| caught(|| read(connection)));
        // What went wrong first is what is told.
        let ended = rollback(connection).map_err(Error::from);
        let answer = answer.and_then(|answer| ended.map(|()| answer));
        if answer.as_ref().is_err_and(Error::is_io) {
            self.recover();
        }
        answer.map_err(StoreError::from)
    }

    /// Never goes on with a connection after an I/O error: what it takes for written may not be.
    fn recover(&mut self) {
        self.connection = None;
        if !self.shaken {
            self.shaken = true;
            self.connection = (self.reopen)().ok().inspect(give_room);
        }
    }
}

/// Lets a connection remember as much as writing needs. It is as good without, only slower.
fn give_room(connection: &Connection) {
    _ = connection.pragma_update(None, "cache_size", -CACHE);
    _ = connection.pragma_update(None, "wal_autocheckpoint", LOG);
}

fn answer(batch: Vec<Box<dyn Job>>, error: impl Fn() -> StoreError) {
    for job in batch {
        job.answer(Some(error()));
    }
}

/// The same error for one more job.
fn again(error: &rusqlite::Error) -> rusqlite::Error {
    match error {
        rusqlite::Error::SqliteFailure(code, text) => rusqlite::Error::SqliteFailure(*code, text.clone()),
        other => rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_ERROR), Some(other.to_string())),
    }
}

/// Runs all jobs in one transaction: each undone by itself where it fails, and the others saved together.
fn transaction(connection: &Connection, batch: &mut [Box<dyn Job>]) -> Ended {
    let ended = match &mut *batch {
        [job] => within(connection, || alone(connection, &mut **job)),
        jobs => within(connection, || jobs.iter_mut().try_for_each(|job| together(connection, &mut **job))),
    };
    match ended {
        Ended::Spoiled => within(connection, || batch.iter_mut().try_for_each(|job| apart(connection, &mut **job))),
        ended => ended,
    }
}

/// Runs a transaction.
fn within(connection: &Connection, steps: impl FnOnce() -> Result<(), Ended>) -> Ended {
    match execute(connection, "BEGIN IMMEDIATE") {
        Err(error) if is_io(&error) => return Ended::Unknown(error.to_string()),
        Err(error) => return Ended::NotBegun(error),
        Ok(()) => {}
    }
    let saved = steps().and_then(|()| if connection.is_autocommit() { Ok(()) } else { Ok(execute(connection, "COMMIT")?) });
    let ended = saved.map_or_else(|ended| ended, |()| Ended::Settled);
    // A connection that cannot be brought out of its transaction is of no more use.
    rollback(connection).map_or_else(|error| Ended::Unknown(error.to_string()), |()| ended)
}

/// Runs a job that shares its transaction, in which nothing is undone of one by itself.
fn together(connection: &Connection, job: &mut dyn Job) -> Result<(), Ended> {
    let before = connection.total_changes();
    match run(connection, job)? {
        Verdict::Failed if connection.total_changes() != before => Err(Ended::Spoiled),
        _ => Ok(()),
    }
}

/// Runs a job that shares its transaction, behind a savepoint.
fn apart(connection: &Connection, job: &mut dyn Job) -> Result<(), Ended> {
    execute(connection, "SAVEPOINT job")?;
    if run(connection, job)? == Verdict::Failed {
        execute(connection, "ROLLBACK TO job")?;
    }
    Ok(execute(connection, "RELEASE job")?)
}

/// Runs a job that shares its transaction.
fn run(connection: &Connection, job: &mut dyn Job) -> Result<Verdict, Ended> {
    match job.run(connection) {
        Verdict::Io => Err(Ended::Unknown("an I/O error before saving".to_owned())),
        // The engine has rolled back everything: the others have to run again.
        _ if connection.is_autocommit() => Err(Ended::Undone(gone())),
        verdict => Ok(verdict),
    }
}

/// Runs a job that has its transaction to itself.
fn alone(connection: &Connection, job: &mut dyn Job) -> Result<(), Ended> {
    match job.run(connection) {
        Verdict::Io => Err(Ended::Unknown("an I/O error before saving".to_owned())),
        Verdict::Done if connection.is_autocommit() => Err(Ended::Undone(gone())),
        Verdict::Done => Ok(()),
        Verdict::Failed => Ok(rollback(connection)?),
    }
}

/// Leaves the transaction, if it is still open.
fn rollback(connection: &Connection) -> Result<(), rusqlite::Error> {
    if connection.is_autocommit() { Ok(()) } else { execute(connection, "ROLLBACK") }
}

fn execute(connection: &Connection, sql: &str) -> Result<(), rusqlite::Error> {
    connection.prepare_cached(sql)?.execute([]).map(drop)
}

fn is_io(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(rusqlite::ErrorCode::SystemIoFailure)
}

fn gone() -> rusqlite::Error {
    let aborted = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_ABORT_ROLLBACK);
    rusqlite::Error::SqliteFailure(aborted, Some("the transaction was rolled back".to_owned()))
}

impl From<rusqlite::Error> for Ended {
    fn from(error: rusqlite::Error) -> Self {
        if is_io(&error) { Self::Unknown(error.to_string()) } else { Self::Undone(error) }
    }
}

#[cfg(test)]
mod tests;
