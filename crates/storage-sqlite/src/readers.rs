//! Connections for reading: a few, opened when they are first needed, beside the writer and never in its way.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use tallyport_storage::StoreError;
use tokio::sync::Semaphore;

use crate::errors::Result;
use crate::rows::Statements as _;
use crate::stamp::Watch;
use crate::{lock, open};

/// How many reads run at once in one process; more wait for one of these to end.
const AT_ONCE: usize = 4;

/// The readers of a file.
#[derive(Clone)]
pub(crate) struct Readers {
    path: Arc<PathBuf>,
    turns: Arc<Semaphore>,
    idle: Arc<Mutex<Idle>>,
    watch: Arc<Mutex<Watch>>,
    /// Reads that outlive their store still keep others from migrating the file under them.
    _lock: Arc<lock::Shared>,
}

/// Connections that nobody uses now.
#[derive(Default)]
struct Idle {
    connections: Vec<Connection>,
    /// Grows with each I/O error, so that none that is older is used again.
    generation: u64,
}

impl Readers {
    /// Readers of a file that is open and migrated already.
    pub(crate) fn of(path: PathBuf, lock: Arc<lock::Shared>) -> Self {
        let turns = Arc::new(Semaphore::new(AT_ONCE));
        Self { path: Arc::new(path), turns, idle: Arc::default(), watch: Arc::default(), _lock: lock }
    }

    /// The file.
    pub(crate) fn path(&self) -> Arc<PathBuf> {
        Arc::clone(&self.path)
    }

    /// Reads in one transaction, so that everything in it is of one moment.
    ///
    /// # Errors
    /// What the read answers, and whatever keeps it from being run.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(|error| StoreError::Failed(error.into()))?;
        let readers = self.clone();
        let task = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            readers.read(read)
        });
        task.await.map_err(|error| StoreError::Failed(error.into()))?
    }

    /// Reads with one statement, which needs no transaction to be of one moment, on the thread of who asks, where a connection is
    /// idle: that is over before another thread would have woken. Where none is, it takes its turn as any other read.
    ///
    /// # Errors
    /// As [`Readers::run`].
    pub(crate) async fn glance<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let turn = self.turns.try_acquire().ok().filter(|_| self.has_idle());
        match turn {
            Some(_turn) => self.with(read),
            None => self.run(read).await,
        }
    }

    fn has_idle(&self) -> bool {
        !self.idle.lock().unwrap_or_else(PoisonError::into_inner).connections.is_empty()
    }

    /// Closes what is idle and keeps what is in use from being used again.
    pub(crate) fn forget(&self) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.connections.clear();
        idle.generation += 1;
        drop(idle);
        self.watch.lock().unwrap_or_else(PoisonError::into_inner).close();
    }

    /// What tells whether anybody changed the file; see the port.
    pub(crate) async fn stamp(&self) -> Result<i64, StoreError> {
        let (watch, path) = (Arc::clone(&self.watch), self.path());
        let look = move || watch.lock().unwrap_or_else(PoisonError::into_inner).look(&path);
        tokio::task::spawn_blocking(look).await.map_err(|error| StoreError::Failed(error.into()))?
    }

    fn read<T>(&self, read: impl FnOnce(&Connection) -> Result<T>) -> Result<T, StoreError> {
        self.with(|connection| {
            connection.run("BEGIN", [])?;
            let answer = read(connection);
            // Nothing was written, so that either way of ending it is the same. What went wrong first is what is told.
            let ended = connection.run("COMMIT", []);
            let answer = answer?;
            ended?;
            Ok(answer)
        })
    }

    /// Does something with a connection that nobody else uses meanwhile.
    fn with<T>(&self, act: impl FnOnce(&Connection) -> Result<T>) -> Result<T, StoreError> {
        let (kept, generation) = {
            let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
            (idle.connections.pop(), idle.generation)
        };
        let connection = match kept {
            Some(connection) => connection,
            None => open::reader(&self.path)?,
        };
        let answer = act(&connection);
        if connection.is_autocommit() && !answer.as_ref().is_err_and(crate::errors::Error::is_io) {
            let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
            if idle.generation == generation {
                idle.connections.push(connection);
            }
        }
        answer.map_err(StoreError::from)
    }
}
