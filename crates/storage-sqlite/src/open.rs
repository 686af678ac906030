//! Opening a file: what it must be, who else may use it, and the settings of every connection.

use std::fs::OpenOptions;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use tallyport_storage::StoreError;

use crate::errors::{Error, Result};
use crate::lock::{Lock, Shared};
use crate::log;
use crate::migrate::{self, Known};
use crate::part::Part;
use crate::place::{self, beside};
use crate::refusal::{damaged, foreign, machine, read_only, told, unusable};
use crate::rows::Statements;

/// What marks a file as one of Tallyport's, in its header.
pub(crate) const APPLICATION_ID: i64 = 0x544c_5950;

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

/// How often a file is looked at that has to be migrated while others use it, who may be as short-lived as we are.
const ATTEMPTS: u32 = 5;

/// How many statements a connection keeps prepared.
const STATEMENTS: usize = 128;

/// How to open a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// Whether to make the file where there is none; it is an error otherwise.
    pub create: bool,
}

/// A file that is ready for use.
pub(crate) struct Opened {
    pub(crate) path: PathBuf,
    pub(crate) writer: Connection,
    pub(crate) lock: Shared,
}

/// Opens a file, and makes or migrates it where that is called for.
///
/// Nearly every file was left in order, and then one connection is all it takes.
///
/// # Errors
/// `Unusable` where the file cannot be used, in words that say what to do.
pub(crate) fn open(path: &Path, options: Options, known: &Known) -> Result<Opened, StoreError> {
    place::check(path, options)?;
    let path = &place::resolved(path)?;
    let mut lock = Lock::of(path)?;
    let mut in_order = place::was_left_in_order(path);
    for _ in 0..ATTEMPTS {
        if !in_order {
            // Whoever comes first has the file alone and may migrate it. Everybody else waits until that is done.
            lock = match lock.try_alone()? {
                Ok(alone) => {
                    make_ready(path, known)?;
                    alone.release()?
                }
                Err(lock) => lock,
            };
        }
        let shared = lock.shared()?;
        if let Some(writer) = current(path, known, in_order)? {
            log::finish_destroying(&writer).map_err(|error| told(path, error))?;
            return Ok(Opened { path: path.clone(), writer, lock: shared });
        }
        lock = shared.release(!in_order)?;
        in_order = false;
    }
    Err(unusable(path, "has to be migrated but is in use", "Stop the other programs that use it, then try again."))
}

/// Opens the writer's connection, unless the file has to be made ready first.
fn current(path: &Path, known: &Known, in_order: bool) -> Result<Option<Connection>, StoreError> {
    let writer = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(|error| told(path, error))?;
    // Where the file may only be read, the engine opens it all the same.
    if writer.is_readonly("main").map_err(|error| told(path, error.into()))? {
        return Err(read_only(path));
    }
    let state = state(&writer, known.newest()).map_err(|error| told(path, error))?.usable(path)?;
    // A copy that somebody put here may have lost the setting that whoever has it alone gives it back.
    let ready = matches!(state, State::Current) && (!in_order || is_write_ahead(&writer).map_err(|error| told(path, error))?);
    Ok(ready.then_some(writer))
}

/// Opens the connection of the writer anew, if the file is sound.
pub(crate) fn reopen(path: &Path) -> Result<Connection, StoreError> {
    let writer = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(StoreError::from)?;
    must_be_sound(path, &writer)?;
    Ok(writer)
}

/// Refuses a file whose pages do not fit together.
pub(crate) fn must_be_sound(path: &Path, connection: &Connection) -> Result<(), StoreError> {
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

/// Opens a connection to look at a file as it is: no log is emptied that was there, and none left behind that was not.
pub(crate) fn onlooker(path: &Path) -> Result<Connection> {
    let has_log = beside(path, "-wal").exists();
    connect(path, if has_log { OpenFlags::SQLITE_OPEN_READ_ONLY } else { OpenFlags::SQLITE_OPEN_READ_WRITE })
}

/// Makes or migrates a file that nobody else uses.
fn make_ready(path: &Path, known: &Known) -> Result<(), StoreError> {
    create(path)?;
    place::drop_second_names(path);
    let died = place::has_log(path);
    let mut connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(|error| told(path, error))?;
    let state = state(&connection, known.newest()).map_err(|error| told(path, error))?.usable(path)?;
    if died {
        must_be_sound(path, &connection)?;
    }
    // A copy that somebody put here may have lost this setting.
    write_ahead(&connection).map_err(|error| told(path, error))?;
    if matches!(state, State::Current) {
        return Ok(());
    }
    if matches!(state, State::Older) {
        keep_copy(path, &connection)?;
    }
    migrate::up(&mut connection, known.list()).map_err(|error| told(path, error))?;
    migrate::sort_keys(&mut connection).map_err(|error| told(path, error))
}

/// Copies the file as it is before a migration, in place of the copy of the one before.
fn keep_copy(path: &Path, connection: &Connection) -> Result<(), StoreError> {
    let copy = Part::of(&beside(path, ".before-migration"))?;
    copy.fill(connection).map_err(|error| told(path, error))?;
    copy.put_in_place().map(drop)
}

/// Makes an empty file that only its owner reads.
///
/// An existing one is never opened except by the engine: closing it would give away the locks of every other connection to it
/// in this process.
pub(crate) fn create(path: &Path) -> Result<(), StoreError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(machine(path, "cannot be made", &error)),
    }
}

/// Opens a connection with the settings that all of them have.
pub(crate) fn connect(path: &Path, flags: OpenFlags) -> Result<Connection> {
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // One plan for each statement, whatever is bound to it. Otherwise the engine makes some of them anew with every value, which
    // takes ten times as long as running them.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.execute_batch(SETTINGS)?;
    Ok(connection)
}

/// Makes readers and the writer not wait for each other; the file remembers it.
pub(crate) fn write_ahead(connection: &Connection) -> Result<()> {
    let mode: String = connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
    if mode == "wal" { Ok(()) } else { Err(Error::Row(format!("the journal mode stays {mode}"))) }
}

/// Whether it is so.
fn is_write_ahead(connection: &Connection) -> Result<bool> {
    Ok(connection.pragma_query_value(None, "journal_mode", |row| Ok(row.get_ref(0)?.as_str()? == "wal"))?)
}

/// What a file is to this build.
#[derive(Debug)]
pub(crate) enum State {
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
    pub(crate) fn usable(self, path: &Path) -> Result<Self, StoreError> {
        match self {
            Self::Foreign => Err(foreign(path)),
            Self::Newer { version, newest } => {
                let problem = format!("has version {version}, but this Tallyport knows versions up to {newest}");
                Err(unusable(path, &problem, "Use the newer Tallyport that wrote it."))
            }
            usable => Ok(usable),
        }
    }
}

/// Looks at a file without changing it, where `newest` is the version that it should have.
pub(crate) fn state(connection: &Connection, newest: i64) -> Result<State> {
    let application: i64 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    Ok(match (application, version) {
        (0, 0) if migrate::has_no_tables(connection)? => State::New,
        (APPLICATION_ID, version) if version > newest => State::Newer { version, newest },
        (APPLICATION_ID, version) if version == newest && migrate::sorts_alike(connection)? => State::Current,
        (APPLICATION_ID, 1..) => State::Older,
        _ => State::Foreign,
    })
}

#[cfg(test)]
mod tests;
