//! Opening a file: what it must be, who else may use it, and the settings of every connection.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use refinery::Migration;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use tallyport_storage::StoreError;

use crate::errors::{Error, Result};
use crate::migrate;
use crate::rows::Statements;

/// What marks a file as one of Tallyport's, in its header.
const APPLICATION_ID: i64 = 0x544c_5950;

/// How long a write waits for one of another process.
const BUSY: Duration = Duration::from_secs(5);

/// The settings of every connection, beside how long it waits.
///
/// Full synchronisation, since with less a power cut takes commits that were answered. No trust in the schema, so that a file
/// from elsewhere runs no functions from it. Secure deletion, since unlinking destroys the token (I15).
const SETTINGS: &str = "\
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    PRAGMA trusted_schema = OFF;
    PRAGMA cell_size_check = ON;
    PRAGMA mmap_size = 0;
    PRAGMA secure_delete = ON;
    PRAGMA journal_size_limit = 67108864;";

/// How many statements a connection keeps prepared.
const STATEMENTS: usize = 128;

/// How to open a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// Whether to make the file where there is none; it is an error otherwise.
    pub create: bool,
}

/// A lock beside the file that every process which uses it holds, so that none migrates it under another.
#[derive(Debug)]
pub(crate) struct SharedLock(#[expect(dead_code, reason = "held, not read: closing the file gives the lock back")] File);

/// A file that is ready for use.
pub(crate) struct Opened {
    pub(crate) path: PathBuf,
    pub(crate) writer: Connection,
    pub(crate) lock: SharedLock,
}

/// Opens a file, and makes or migrates it where that is called for.
///
/// # Errors
/// `Unusable` where the file cannot be used, in words that say what to do.
pub(crate) fn open(path: &Path, options: Options, migrations: &[Migration]) -> Result<Opened, StoreError> {
    check_place(path, options)?;
    let path = &resolved(path)?;
    let lock = File::options().create(true).truncate(false).write(true).open(beside(path, ".lock"));
    let lock =
        lock.map_err(|error| unusable(path, &format!("cannot be locked: {error}"), "check the permissions of its folder"))?;
    // Whoever comes first has the file alone and may migrate it. Everybody else waits here until that is done.
    match lock.try_lock() {
        Ok(()) => {
            make_ready(path, migrations)?;
            lock.unlock().map_err(|error| lock_failed(path, &error))?;
        }
        Err(TryLockError::WouldBlock) => {}
        Err(TryLockError::Error(error)) => return Err(lock_failed(path, &error)),
    }
    lock.lock_shared().map_err(|error| lock_failed(path, &error))?;

    let writer = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(|error| told(path, error))?;
    let state = state(&writer, migrations).map_err(|error| told(path, error))?.usable(path)?;
    if !matches!(state, State::Current) {
        return Err(unusable(path, "has to be migrated but is in use", "stop the other programs that use it, then try again"));
    }
    finish_unlinking(&writer).map_err(|error| told(path, error))?;
    Ok(Opened { path: path.clone(), writer, lock: SharedLock(lock) })
}

/// Opens the connection of the writer anew, if the file is sound.
pub(crate) fn reopen(path: &Path) -> Result<Connection, StoreError> {
    let writer = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(StoreError::from)?;
    must_be_sound(path, &writer)?;
    Ok(writer)
}

/// Refuses a file whose pages do not fit together.
fn must_be_sound(path: &Path, connection: &Connection) -> Result<(), StoreError> {
    let check = connection.one("PRAGMA quick_check(1)", [], |row| Ok(row.get::<_, String>(0)?));
    match check.map_err(|error| told(path, error))? {
        Some(verdict) if verdict == "ok" => Ok(()),
        verdict => Err(damaged(path, &verdict.unwrap_or_default())),
    }
}

/// Opens a connection that cannot write.
pub(crate) fn reader(path: &Path) -> Result<Connection, StoreError> {
    let connection = connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(StoreError::from)?;
    connection.pragma_update(None, "query_only", true).map_err(Error::from)?;
    Ok(connection)
}

/// Makes or migrates a file that nobody else uses.
fn make_ready(path: &Path, migrations: &[Migration]) -> Result<(), StoreError> {
    create(path)?;
    // Whoever closes the file last takes the log away, unless it died.
    let died = beside(path, "-wal").metadata().is_ok_and(|log| log.len() > 0);
    let mut connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(|error| told(path, error))?;
    let state = state(&connection, migrations).map_err(|error| told(path, error))?.usable(path)?;
    if died {
        must_be_sound(path, &connection)?;
    }
    if matches!(state, State::Current) {
        return Ok(());
    }
    write_ahead(&connection).map_err(|error| told(path, error))?;
    migrate::up(&mut connection, migrations).map_err(|error| told(path, error))?;
    migrate::sort_keys(&mut connection).map_err(|error| told(path, error))
}

/// Makes an empty file that only its owner reads.
///
/// An existing one is never opened except by the engine: closing it would give away the locks of every other connection to it
/// in this process.
fn create(path: &Path) -> Result<(), StoreError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(unusable(path, &format!("cannot be made: {error}"), "check the permissions of its folder")),
    }
}

/// Opens a connection with the settings that all of them have.
fn connect(path: &Path, flags: OpenFlags) -> Result<Connection> {
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.execute_batch(SETTINGS)?;
    Ok(connection)
}

/// Makes readers and the writer not wait for each other; the file remembers it.
fn write_ahead(connection: &Connection) -> Result<()> {
    let mode: String = connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
    if mode == "wal" { Ok(()) } else { Err(Error::Row(format!("the journal mode stays {mode}"))) }
}

/// What a file is to this build.
enum State {
    /// Empty.
    New,
    /// Ours, of an earlier version.
    Older,
    /// Ours, as it should be.
    Current,
    /// Ours, of a later version.
    Newer { version: i64, newest: i64 },
    /// Somebody else's.
    Foreign,
}

impl State {
    /// Whether the file can be used at all.
    fn usable(self, path: &Path) -> Result<Self, StoreError> {
        match self {
            Self::Foreign => Err(foreign(path)),
            Self::Newer { version, newest } => {
                let problem = format!("has version {version}, but this Tallyport knows versions up to {newest}");
                Err(unusable(path, &problem, "use the newer Tallyport that wrote it"))
            }
            usable => Ok(usable),
        }
    }
}

/// Looks at a file without changing it.
fn state(connection: &Connection, migrations: &[Migration]) -> Result<State> {
    let newest = migrate::newest(migrations);
    let application: i64 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let tables = connection
        .one("SELECT count(*) FROM sqlite_schema WHERE tbl_name <> ?1", [migrate::HISTORY], |row| Ok(row.get::<_, i64>(0)?))?;
    Ok(match (application, version) {
        (0, 0) if tables == Some(0) => State::New,
        (APPLICATION_ID, version) if version > newest => State::Newer { version, newest },
        (APPLICATION_ID, version) if version == newest && migrate::sorts_alike(connection)? => State::Current,
        (APPLICATION_ID, 1..) => State::Older,
        _ => State::Foreign,
    })
}

/// The one path of the file, whatever links lead to it: the lock beside it must be the same for everybody.
fn resolved(path: &Path) -> Result<PathBuf, StoreError> {
    let resolved = match (path.canonicalize(), path.file_name()) {
        (Ok(resolved), _) => Ok(resolved),
        (Err(_), Some(name)) => folder_of(path).canonicalize().map(|folder| folder.join(name)),
        (Err(error), None) => Err(error),
    };
    resolved.map_err(|error| unusable(path, &format!("cannot be found: {error}"), "give the path of a file"))
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Looks whether the place is one where a database can be.
fn check_place(path: &Path, options: Options) -> Result<(), StoreError> {
    match path.metadata() {
        Ok(found) if found.is_dir() => return Err(unusable(path, "is a folder", "give the path of a file in it")),
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound && options.create => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(unusable(path, "does not exist", "create an account to make it, or give another path"));
        }
        Err(error) => return Err(unusable(path, &format!("cannot be opened: {error}"), "check the path and its permissions")),
    }
    let folder = folder_of(path);
    match folder.metadata() {
        Ok(found) if found.is_dir() => check_file_system(path, folder),
        _ => Err(unusable(path, "is in a folder that does not exist", "make the folder first, or give another path")),
    }
}

#[cfg(target_os = "linux")]
fn check_file_system(path: &Path, folder: &Path) -> Result<(), StoreError> {
    let system = rustix::fs::statfs(folder);
    let system = system.map_err(|error| unusable(path, &format!("cannot be examined: {error}"), "check the path"))?;
    match network_file_system(u64::try_from(system.f_type).unwrap_or(0)) {
        None => Ok(()),
        Some(name) => Err(unusable(
            path,
            &format!("is on a network file system ({name}), where locks cannot be relied on"),
            "put it on a disk of this machine",
        )),
    }
}

#[cfg(not(target_os = "linux"))]
fn check_file_system(_: &Path, _: &Path) -> Result<(), StoreError> {
    Ok(())
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

/// Empties the log if it may still hold a destroyed token because something kept [`crate::Sqlite`] from doing so (I15).
fn finish_unlinking(connection: &Connection) -> Result<()> {
    let waiting = connection.one("SELECT value FROM meta WHERE name = 'token_in_log'", [], |row| Ok(row.get::<_, bool>(0)?))?;
    if waiting == Some(true) && empty_log(connection)? {
        connection.run("UPDATE meta SET value = 0 WHERE name = 'token_in_log'", [])?;
    }
    Ok(())
}

/// [`empty_log`] on a connection of its own, since the writer's is in a transaction whenever it works.
pub(crate) fn empty_log_of(path: &Path) -> Result<bool> {
    empty_log(&connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?)
}

/// Moves everything from the log to the file and empties the log; answers whether no reader kept it from doing so.
fn empty_log(connection: &Connection) -> Result<bool> {
    let busy = connection.one("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| Ok(row.get::<_, bool>(0)?))?;
    Ok(busy == Some(false))
}

/// The file beside the database with this ending.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn lock_failed(path: &Path, error: &io::Error) -> StoreError {
    unusable(path, &format!("cannot be locked: {error}"), "put it on a disk that has file locks")
}

fn foreign(path: &Path) -> StoreError {
    unusable(path, "is not a database of Tallyport", "give another path")
}

/// What opening failed with, in words where somebody can do something about it.
fn told(path: &Path, error: Error) -> StoreError {
    match error.code() {
        Some(ErrorCode::NotADatabase) => foreign(path),
        Some(ErrorCode::DatabaseCorrupt) => damaged(path, &error.to_string()),
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied | ErrorCode::ReadOnly) => {
            unusable(path, "cannot be opened for writing", "check its permissions and those of its folder")
        }
        _ => error.into(),
    }
}

/// That a file is damaged, and what can be done about it.
fn damaged(path: &Path, verdict: &str) -> StoreError {
    let advice = "restore the last backup, or save what can be read with the .recover command of sqlite3";
    StoreError::Corrupt(format!("{} is damaged ({verdict}); {advice}", path.display()).into())
}

fn unusable(path: &Path, problem: &str, advice: &str) -> StoreError {
    StoreError::Unusable(format!("{} {problem}; {advice}", path.display()))
}

#[cfg(test)]
mod tests;
