//! The lock beside a file, by which processes agree who may migrate or replace it.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tallyport_storage::StoreError;

use crate::place::beside;
use crate::refusal::{machine, taken, unusable};

/// How long and how often a file that somebody has alone is asked for.
const PAUSE: Duration = Duration::from_millis(50);
const ATTEMPTS: u32 = 100;

/// The lock of a file, not held yet.
#[derive(Debug)]
pub(crate) struct Lock {
    database: PathBuf,
    file: File,
}

/// Held by every process that uses the file, so that none migrates or replaces it under another.
#[derive(Debug)]
pub(crate) struct Shared(Lock);

/// Held by the one process that migrates or replaces the file.
#[derive(Debug)]
pub(crate) struct Alone(Lock);

impl Lock {
    /// Opens the lock of a database, and makes it where there is none.
    pub(crate) fn of(database: &Path) -> Result<Self, StoreError> {
        let file = File::options().create(true).truncate(false).write(true).open(beside(database, ".lock"));
        let file = file.map_err(|error| machine(database, "cannot be locked", &error))?;
        Ok(Self { database: database.to_owned(), file })
    }

    /// Takes the file for this process alone, unless another one uses it.
    pub(crate) fn try_alone(self) -> Result<Result<Alone, Self>, StoreError> {
        match self.file.try_lock() {
            Ok(()) => Ok(Ok(Alone(self))),
            Err(TryLockError::WouldBlock) => Ok(Err(self)),
            Err(TryLockError::Error(error)) => Err(failed(&self.database, &error)),
        }
    }

    /// Takes the file to use it beside others; waits a while for one that has it alone.
    #[expect(clippy::disallowed_methods, reason = "a lock of files has no waiting with an end")]
    pub(crate) fn shared(self) -> Result<Shared, StoreError> {
        for _ in 0..ATTEMPTS {
            match self.file.try_lock_shared() {
                Ok(()) => return Ok(Shared(self)),
                Err(TryLockError::WouldBlock) => std::thread::sleep(PAUSE),
                Err(TryLockError::Error(error)) => return Err(failed(&self.database, &error)),
            }
        }
        Err(taken(&self.database))
    }

    fn release(self) -> Result<Self, StoreError> {
        self.file.unlock().map_err(|error| failed(&self.database, &error))?;
        Ok(self)
    }
}

impl Alone {
    /// Lets others at the file again.
    pub(crate) fn release(self) -> Result<Lock, StoreError> {
        self.0.release()
    }
}

impl Shared {
    /// Lets go of the file, and leaves others some time with it where `pause` says so.
    #[expect(clippy::disallowed_methods, reason = "a lock of files has no waiting with an end")]
    pub(crate) fn release(self, pause: bool) -> Result<Lock, StoreError> {
        let lock = self.0.release()?;
        if pause {
            std::thread::sleep(PAUSE);
        }
        Ok(lock)
    }
}

fn failed(database: &Path, error: &io::Error) -> StoreError {
    unusable(database, &format!("cannot be locked: {error}"), "Put it on a disk that has file locks.")
}
