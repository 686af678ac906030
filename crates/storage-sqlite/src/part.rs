//! A file that is being written and gets its name only once it is whole.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use tallyport_storage::StoreError;

use crate::errors::Result;
use crate::place::{LOGS, beside, folder_of, sync_folder};
use crate::refusal::{machine, unusable};

/// The beginning of a file, under its name with `.part` after it. Dropped, it is gone.
#[derive(Debug)]
pub(crate) struct Part {
    path: PathBuf,
    destination: PathBuf,
    /// Held locked, so that no two processes write the same part; the lock of one that died is free.
    file: File,
}

impl Part {
    /// Begins an empty one that only its owner reads, in place of one that a dead process left.
    pub(crate) fn of(destination: &Path) -> Result<Self, StoreError> {
        let path = beside(destination, ".part");
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).write(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let failed = |error| machine(destination, "cannot be made", &error);
        let file = options.open(&path).map_err(failed)?;
        let ours = match file.try_lock() {
            // Whoever had it may have given it its name since it was opened.
            Ok(()) => same(&file, &path),
            Err(TryLockError::WouldBlock) => false,
            // A disk without locks serves one process at a time.
            Err(TryLockError::Error(_)) => true,
        };
        if !ours {
            return Err(unusable(
                destination,
                "is being written by another program",
                "Wait until that is done, or give another name.",
            ));
        }
        file.set_len(0).map_err(failed)?;
        let part = Self { path, destination: destination.to_owned(), file };
        part.remove_logs();
        Ok(part)
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes a copy of everything in a database into it, as of one moment.
    ///
    /// Deleted rows do not come along, and every page and index is made anew.
    pub(crate) fn fill(&self, from: &Connection) -> Result<()> {
        from.execute("VACUUM INTO ?1", [self.path.to_string_lossy()])?;
        Ok(())
    }

    /// Makes it outlive a power cut, and gives it its name. Answers its size.
    pub(crate) fn put_in_place(self) -> Result<u64, StoreError> {
        let failed = |error| machine(&self.destination, "cannot be written", &error);
        self.file.sync_all().map_err(failed)?;
        let bytes = self.file.metadata().map_err(failed)?.len();
        fs::rename(&self.path, &self.destination).map_err(failed)?;
        sync_folder(folder_of(&self.destination)).map_err(failed)?;
        Ok(bytes)
    }

    fn remove_logs(&self) {
        for ending in LOGS {
            let _none_is_fine = fs::remove_file(beside(&self.path, ending));
        }
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // In place, the name is free; another process may have begun a part of its own under it.
        if same(&self.file, &self.path) {
            let _nothing_more_to_do = fs::remove_file(&self.path);
            self.remove_logs();
        }
    }
}

/// Whether the open file is the one of that name.
#[cfg(unix)]
fn same(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (file.metadata(), path.metadata()) {
        (Ok(file), Ok(named)) => (file.dev(), file.ino()) == (named.dev(), named.ino()),
        _ => false,
    }
}

#[cfg(not(unix))]
fn same(_: &File, path: &Path) -> bool {
    path.exists()
}
