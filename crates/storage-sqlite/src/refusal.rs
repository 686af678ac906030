//! In what words a file is refused: what is wrong, and what somebody can do about it.

use std::io;
use std::path::Path;

use rusqlite::ErrorCode;
use tallyport_storage::StoreError;

use crate::errors::Error;

/// That a file cannot be used: "PATH PROBLEM", and advice as a sentence.
pub(crate) fn unusable(path: &Path, problem: &str, advice: &str) -> StoreError {
    StoreError::Unusable { problem: format!("{} {problem}", path.display()), advice: advice.to_owned() }
}

/// That a database is none of ours.
pub(crate) fn foreign(path: &Path) -> StoreError {
    unusable(path, "is not a database of Tallyport", "Choose another file with --database.")
}

/// That a file is damaged.
pub(crate) fn damaged(path: &Path, verdict: &str) -> StoreError {
    StoreError::Corrupt(format!("{}: {verdict}", path.display()).into())
}

/// That another program has the file for itself.
pub(crate) fn taken(path: &Path) -> StoreError {
    unusable(path, "is being migrated or restored by another program", "Wait until that is done, then try again.")
}

/// That the system refuses something with a file: `doing` says what, as in "cannot be opened".
pub(crate) fn machine(path: &Path, doing: &str, error: &io::Error) -> StoreError {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            StoreError::Full(format!("{}: {error}", path.display()).into())
        }
        io::ErrorKind::ReadOnlyFilesystem => {
            unusable(path, "is on a disk that can only be read", "Mount the disk for writing, or give another path.")
        }
        io::ErrorKind::PermissionDenied => {
            unusable(path, &format!("{doing}: permission denied"), "Give this user the right to write to it and to its folder.")
        }
        _ => unusable(path, &format!("{doing}: {error}"), "Check the path, its permissions and those of its folder."),
    }
}

/// What the engine refuses a file with.
pub(crate) fn told(path: &Path, error: Error) -> StoreError {
    match error.code() {
        Some(ErrorCode::NotADatabase) => foreign(path),
        Some(ErrorCode::DatabaseCorrupt) => damaged(path, &error.to_string()),
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied | ErrorCode::ReadOnly) => read_only(path),
        _ => error.into(),
    }
}

/// That a file can be read at best.
pub(crate) fn read_only(path: &Path) -> StoreError {
    unusable(path, "cannot be opened for writing", "Give this user the right to write to it and to its folder.")
}
