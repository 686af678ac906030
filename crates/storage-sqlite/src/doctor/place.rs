//! Around the file: where it is, how much room it has, who may read it.

use std::path::Path;

use super::Finding;
use crate::place::{LOGS, beside, folder_of, network};

/// With less room than this, writing will soon fail.
const SCARCE: u64 = 64 * 1024 * 1024;
/// The log is cut back to this after a peak.
const LOG: u64 = 64 * 1024 * 1024;

/// Whether there is a file.
pub(super) fn file(database: &Path) -> Finding {
    let hint = "Create an account (`tallyport account create`), restore a backup, or give another path with --database.";
    match database.metadata() {
        Ok(found) if found.is_file() => Finding::ok("file", database.display().to_string()),
        Ok(_) => Finding::bad("file", format!("{} is not a file", database.display()), "Give the path of one with --database."),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Finding::bad("file", format!("{} does not exist", database.display()), hint)
        }
        Err(error) => Finding::bad("file", format!("{}: {error}", database.display()), "Check the path and its permissions."),
    }
}

/// Whether locks can be relied on.
pub(super) fn file_system(path: &Path) -> Option<Finding> {
    match network(folder_of(path)).ok()? {
        None => Some(Finding::ok("file system", "of this machine")),
        Some(name) => {
            let message = format!("a network file system ({name}), where locks cannot be relied on");
            Some(Finding::bad("file system", message, "Put the database on a disk of this machine."))
        }
    }
}

/// How much more the disk takes.
#[cfg(unix)]
pub(super) fn room(path: &Path) -> Option<Finding> {
    let disk = rustix::fs::statvfs(folder_of(path)).ok()?;
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    let size = path.metadata().map_or(0, |file| file.len());
    let told = format!("{} free on the disk", bytes(free));
    // A migration, and a backup on the same disk, need as much again.
    Some(if free < SCARCE.max(size) { Finding::warn("room", told, "Make room on the disk.") } else { Finding::ok("room", told) })
}

#[cfg(not(unix))]
pub(super) fn room(_: &Path) -> Option<Finding> {
    None
}

fn bytes(count: u64) -> String {
    match count {
        0..10_000_000 => format!("{} kB", count / 1_000),
        10_000_000..10_000_000_000 => format!("{} MB", count / 1_000_000),
        _ => format!("{} GB", count / 1_000_000_000),
    }
}

/// Whether others can read it, and whether it has a second name.
#[cfg(unix)]
pub(super) fn rights(path: &Path) -> Option<Finding> {
    use std::os::unix::fs::MetadataExt;

    let file = path.metadata().ok()?;
    if file.nlink() > 1 {
        let hint = "Remove the other names: a database that is opened under two of them is damaged.";
        return Some(Finding::bad("rights", format!("the file has {} names", file.nlink()), hint));
    }
    let mut all = std::iter::once(path.to_owned()).chain(LOGS.map(|ending| beside(path, ending)));
    let open = all.find(|path| path.metadata().is_ok_and(|file| file.mode() & 0o077 != 0));
    Some(match open {
        None => Finding::ok("rights", "nobody but its owner can read it"),
        Some(path) => {
            let (name, mode) = (path.display(), path.metadata().map_or(0, |file| file.mode() & 0o777));
            Finding::warn(
                "rights",
                format!("others may use {name} (mode {mode:o})"),
                format!("Take that right away: `chmod 600 {name}`."),
            )
        }
    })
}

#[cfg(not(unix))]
pub(super) fn rights(_: &Path) -> Option<Finding> {
    None
}

/// How much waits in the log.
pub(super) fn log(path: &Path) -> Finding {
    let size = beside(path, "-wal").metadata().map_or(0, |log| log.len());
    let told = format!("{} in the log", bytes(size));
    if size > LOG {
        Finding::warn(
            "log",
            told,
            "A program that reads for very long keeps it from shrinking: stop the programs that use the database.",
        )
    } else {
        Finding::ok("log", told)
    }
}
