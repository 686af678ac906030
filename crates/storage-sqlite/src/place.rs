//! Where a database can be: paths, the files beside it, and the file systems that will not do.

use std::fs::{File, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use tallyport_storage::StoreError;

use crate::open::Options;
use crate::refusal::{machine, unusable};

/// What the engine keeps beside a file while it is in use, and after a death.
pub(crate) const LOGS: [&str; 3] = ["-wal", "-shm", "-journal"];

/// The one path of the file, whatever links lead to it: the lock beside it must be the same for everybody.
pub(crate) fn resolved(path: &Path) -> Result<PathBuf, StoreError> {
    let resolved = match (path.canonicalize(), path.file_name()) {
        (Ok(resolved), _) => Ok(resolved),
        (Err(_), Some(name)) => folder_of(path).canonicalize().map(|folder| folder.join(name)),
        (Err(error), None) => Err(error),
    };
    resolved.map_err(|error| unusable(path, &format!("cannot be found: {error}"), "Give the path of a file."))
}

/// The folder that a file is in.
pub(crate) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// The file beside this one with that ending.
pub(crate) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Makes names that were given to files in this folder outlive a power cut.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// What stands between a database's name and the time in the name that it gets when a backup takes its place.
pub(crate) const KEPT: &str = ".before-restore-";

/// Whether nothing was left undone with a file: it is there under one name, and no log waits beside it for being read.
pub(crate) fn was_left_in_order(path: &Path) -> bool {
    path.metadata().is_ok_and(|file| has_one_name(&file)) && !has_log(path)
}

/// Whether there is a log with something in it. Whoever closes the file last takes it away, unless they died.
pub(crate) fn has_log(path: &Path) -> bool {
    beside(path, "-wal").metadata().is_ok_and(|log| log.len() > 0)
}

/// Takes away the second names that a restore which was cut off left: a file that is opened under two names is damaged.
///
/// Only for who has the file alone.
pub(crate) fn drop_second_names(path: &Path) {
    let Some(name) = path.file_name().map(|name| beside(Path::new(name), KEPT)) else { return };
    let Ok(entries) = folder_of(path).read_dir() else { return };
    let kept =
        entries.flatten().filter(|entry| entry.file_name().as_encoded_bytes().starts_with(name.as_os_str().as_encoded_bytes()));
    for entry in kept.filter(|entry| is_one_file(&entry.path(), path)) {
        let _doctor_says = std::fs::remove_file(entry.path());
    }
}

#[cfg(unix)]
fn has_one_name(file: &Metadata) -> bool {
    std::os::unix::fs::MetadataExt::nlink(file) == 1
}

#[cfg(not(unix))]
fn has_one_name(_: &Metadata) -> bool {
    true
}

/// Whether two names are of one file.
#[cfg(unix)]
fn is_one_file(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (one.symlink_metadata(), other.metadata()) {
        (Ok(one), Ok(other)) => other.nlink() > 1 && (one.dev(), one.ino()) == (other.dev(), other.ino()),
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_one_file(_: &Path, _: &Path) -> bool {
    false
}

/// Looks whether the place is one where a database can be.
pub(crate) fn check(path: &Path, options: Options) -> Result<(), StoreError> {
    match path.metadata() {
        Ok(found) if found.is_dir() => return Err(unusable(path, "is a folder", "Give the path of a file in it.")),
        Ok(found) if !found.is_file() => return Err(unusable(path, "is not a file", "Give the path of one.")),
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound && options.create => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(unusable(path, "does not exist", "Create an account to make it, or give another path."));
        }
        Err(error) => return Err(machine(path, "cannot be opened", &error)),
    }
    let folder = folder_of(path);
    match folder.metadata() {
        Ok(found) if found.is_dir() => check_file_system(path, folder),
        _ => Err(unusable(path, "is in a folder that does not exist", "Make the folder first, or give another path.")),
    }
}

fn check_file_system(path: &Path, folder: &Path) -> Result<(), StoreError> {
    match network(folder).map_err(|error| machine(path, "cannot be examined", &error))? {
        None => Ok(()),
        Some(name) => Err(unusable(
            path,
            &format!("is on a network file system ({name}), where locks cannot be relied on"),
            "Put it on a disk of this machine.",
        )),
    }
}

/// The name of the network file system that a folder is on.
#[cfg(target_os = "linux")]
pub(crate) fn network(folder: &Path) -> io::Result<Option<&'static str>> {
    let system = rustix::fs::statfs(folder)?;
    Ok(network_file_system(u64::try_from(system.f_type).unwrap_or(0)))
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn network(_: &Path) -> io::Result<Option<&'static str>> {
    Ok(None)
}

/// The name of a file system that is on another machine, by the number that Linux gives its kind.
#[cfg(any(target_os = "linux", test))]
fn network_file_system(kind: u64) -> Option<&'static str> {
    // The kernel's numbers have 32 bits; some machines extend their sign.
    match kind & 0xffff_ffff {
        0x6969 => Some("NFS"),
        0x517b | 0xff53_4d42 | 0xfe53_4d42 => Some("SMB"),
        0x0102_1997 => Some("9P"),
        0x5346_414f | 0x6b41_4653 => Some("AFS"),
        0x00c3_6400 => Some("Ceph"),
        0x7375_7245 => Some("Coda"),
        0x0bd0_0bd0 => Some("Lustre"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn network_file_systems_are_known_by_their_numbers() {
        for (kind, name) in [(0x6969, "NFS"), (0xff53_4d42, "SMB"), (0xffff_ffff_ff53_4d42, "SMB"), (0x0102_1997, "9P")] {
            assert_eq!(network_file_system(kind), Some(name));
        }
        // ext4, btrfs, xfs, tmpfs, zfs, overlayfs and FUSE
        for kind in [0xef53, 0x9123_683e, 0x5846_5342, 0x0102_1994, 0x2fc1_2fc1, 0x794c_7630, 0x6573_5546] {
            assert_eq!(network_file_system(kind), None, "{kind:x}");
        }
    }
}
