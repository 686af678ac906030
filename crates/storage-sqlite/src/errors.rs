//! What goes wrong inside, and what of it callers are told.

use rusqlite::{ErrorCode, ffi};
use tallyport_storage::StoreError;

/// What a job or a read can fail with.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// A refusal, to be handed on as it is.
    #[error("the store refused")]
    Refused(#[from] StoreError),
    /// The engine failed.
    #[error("the engine failed")]
    Sqlite(#[from] rusqlite::Error),
    /// A migration failed, or the file was migrated by other ones.
    #[error("the file cannot be migrated")]
    Migration(#[source] Box<refinery::Error>),
    /// A row holds what none of ours would.
    #[error("a row is not readable: {0}")]
    Row(String),
    /// The job panicked.
    #[error("a job panicked: {0}")]
    Panic(String),
}

/// What a job or a read answers.
pub(crate) type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// Whether the machine failed below the engine, after which nothing that was written can be relied on.
    pub(crate) fn is_io(&self) -> bool {
        self.code() == Some(ErrorCode::SystemIoFailure)
    }

    /// What the engine says went wrong, where it was the engine.
    pub(crate) fn code(&self) -> Option<ErrorCode> {
        self.failure().map(|failure| failure.code)
    }

    /// Whether there is no room, be it for the file or for what processes that use it share.
    fn is_full(&self) -> bool {
        self.failure().is_some_and(|it| it.code == ErrorCode::DiskFull || it.extended_code == ffi::SQLITE_IOERR_SHMSIZE)
    }

    fn failure(&self) -> Option<&ffi::Error> {
        let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(self);
        while let Some(error) = cause {
            if let Some(error) = error.downcast_ref::<rusqlite::Error>() {
                return error.sqlite_error();
            }
            cause = error.source();
        }
        None
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Row(error.to_string())
    }
}

impl From<rusqlite::types::FromSqlError> for Error {
    fn from(error: rusqlite::types::FromSqlError) -> Self {
        Self::Row(error.to_string())
    }
}

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        let (code, full) = (error.code(), error.is_full());
        match (error, code) {
            (Error::Refused(refusal), _) => refusal,
            (error, Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)) => Self::Busy(error.into()),
            (error, _) if full => Self::Full(error.into()),
            (error, Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase)) => Self::Corrupt(error.into()),
            (error, _) => Self::Failed(error.into()),
        }
    }
}
