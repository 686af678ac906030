//! The lock by which servers agree who serves a database: one, while any number of commands works beside it.

use std::fs::{File, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use crate::{Error, Result};

/// Held by the one server of a database; the system gives it back when the process ends, however it does.
#[derive(Debug)]
pub(crate) struct ServerLock(#[expect(dead_code, reason = "held, not read: closing the file gives the lock back")] File);

impl ServerLock {
    /// Takes it, and leaves the number of this process in the file, for whoever is refused.
    ///
    /// # Errors
    /// [`Error::Served`] where another server has it; a file that cannot be made or locked.
    pub(crate) fn take(database: &Path) -> Result<Self> {
        let path = path(database);
        let failed = |cause: io::Error| Error::ServerLock { path: path.display().to_string(), cause };
        let mut file = File::options().create(true).truncate(false).read(true).write(true).open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Error::Served { database: database.display().to_string(), process: holder(&mut file) });
            }
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        // Who is refused is told the number; a server that could not leave it serves none the worse.
        let _told = leave(&mut file);
        Ok(Self(file))
    }
}

/// The file beside the database, the same whatever links lead there.
fn path(database: &Path) -> PathBuf {
    let folder = database.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let resolved = database.canonicalize().ok().or_else(|| Some(folder.canonicalize().ok()?.join(database.file_name()?)));
    let mut path = resolved.unwrap_or_else(|| database.to_owned()).into_os_string();
    path.push(".server.lock");
    path.into()
}

fn leave(file: &mut File) -> io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "{}", std::process::id())
}

fn holder(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.take(20).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_server_has_a_database_whatever_name_it_goes_by() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("t.db");
        File::create(&database).unwrap();
        let other_name = folder.path().join("u.db");
        let held = ServerLock::take(&database).unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink(&database, &other_name).unwrap();
        let refused = ServerLock::take(if cfg!(unix) { &other_name } else { &database }).unwrap_err();
        assert!(matches!(refused, Error::Served { process: Some(process), .. } if process == std::process::id()), "{refused}");
        drop(held);
        ServerLock::take(&database).unwrap();
    }
}
