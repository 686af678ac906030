//! Tallyport's storage on one file of `SQLite`.
//!
//! [`Sqlite`] implements every port of `tallyport-storage`. Writes go through one thread that lets them share commits, reads
//! through a few connections of their own; an answer of success means that the change is on the disk. Any number of processes
//! may use one file at once, on one machine.

mod apply;
mod assignments;
mod backup;
mod bearer;
mod bulk;
mod changes;
mod contents;
mod doctor;
mod edit;
mod errors;
mod forest;
mod history;
mod integration;
mod invitations;
mod keys;
mod links;
mod lock;
mod log;
mod migrate;
mod once;
mod open;
mod outbox;
mod part;
mod passwords;
mod people;
mod place;
mod profile;
mod readers;
mod refusal;
mod restore;
mod rows;
mod runs;
mod schedules;
mod schema;
mod search;
mod secrets;
mod sessions;
mod sound;
mod stamp;
mod sweep;
mod sync;
mod tasks;
mod time;
mod tokens;
mod writer;

use std::path::Path;
use std::sync::Arc;

use rusqlite::Connection;
use tallyport_storage::StoreError;

pub use backup::{Backup, backup};
pub use contents::{Contents, Sealed};
pub use doctor::{Examination, Finding, State, examine};
pub use open::Options;
pub use restore::{Restore, Restored};

/// A store on one file. Dropped, it finishes the writes that wait, and closes the file.
pub struct Sqlite {
    // In the order in which they are closed.
    writer: writer::Writer,
    readers: readers::Readers,
    last_outline: search::LastOutline,
}

impl Drop for Sqlite {
    /// Closes idle readers before the writer: whoever closes last empties the log, and a reader may not. A log that is left
    /// behind looks like a process that died.
    fn drop(&mut self) {
        self.readers.forget();
    }
}

impl Sqlite {
    /// Opens a file, makes it where `options` say so, and migrates one of an earlier version if nobody else uses it.
    ///
    /// Blocks: it waits for another process that is migrating the file.
    ///
    /// # Errors
    /// `Unusable` where the file cannot be used, in words that say what to do; `Corrupt`, `Busy`, `Full`.
    pub fn open(path: impl AsRef<Path>, options: Options) -> Result<Self, StoreError> {
        Self::over(open::open(path.as_ref(), options, &migrate::Known::ours())?, writer::Writer::start)
    }

    /// Opens a file for a program that is over after a few questions, each after the other: all of them are answered over one
    /// connection on the thread that asks, which is blocked meanwhile.
    ///
    /// # Errors
    /// As [`Sqlite::open`].
    pub fn open_in_place(path: impl AsRef<Path>, options: Options) -> Result<Self, StoreError> {
        let opened = open::open(path.as_ref(), options, &migrate::Known::ours())?;
        Self::over(opened, |connection, reopen| Ok(writer::Writer::in_place(connection, reopen)))
    }

    fn over(
        opened: open::Opened,
        writer: impl FnOnce(Connection, writer::Reopen) -> Result<writer::Writer, StoreError>,
    ) -> Result<Self, StoreError> {
        let readers = readers::Readers::of(opened.path.clone(), Arc::new(opened.lock));
        let others = readers.clone();
        let reopen = Box::new(move || {
            others.forget();
            open::reopen(&opened.path)
        });
        Ok(Self { writer: writer(opened.writer, reopen)?, readers, last_outline: search::LastOutline::default() })
    }

    /// Finishes the writes that wait, and closes the file, as dropping it does. Blocks until that is done.
    pub fn close(self) {}

    /// Reads, all of one moment.
    async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Connection) -> errors::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        if let Some(mut work) = self.writer.here() {
            return work.read(read);
        }
        self.readers.run(read).await
    }

    /// Reads with one statement, which is not worth the way to another thread.
    async fn glance<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Connection) -> errors::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        if let Some(mut work) = self.writer.here() {
            return work.read(read);
        }
        self.readers.glance(read).await
    }

    /// Empties the log, in which a token that was destroyed may still stand.
    ///
    /// Where a reader is in the way, or anything else, that is done when the file is opened next.
    async fn empty_log(&self) {
        let path = self.readers.path();
        let emptied = tokio::task::spawn_blocking(move || log::empty_beside(&path)).await;
        drop(emptied);
    }

    /// Writes, and answers once that is saved. The job may run more than once.
    async fn write<T: Send + 'static>(
        &self,
        job: impl FnMut(&Connection) -> errors::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.writer.run(job).await
    }
}

#[cfg(test)]
mod tests;
