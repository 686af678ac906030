//! Backups: a whole copy of one moment, taken while others write.

use std::path::{Path, PathBuf};

use rusqlite::{ErrorCode, OpenFlags};
use tallyport_storage::StoreError;

use crate::errors::Error;
use crate::lock::Lock;
use crate::open::{self, Options, State};
use crate::part::Part;
use crate::place::{self, LOGS, beside};
use crate::refusal::{damaged, machine, told, unusable};
use crate::{contents, migrate, sound};

/// A backup that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    /// Where it is.
    pub file: PathBuf,
    /// How large it is.
    pub bytes: u64,
    /// The version of what is in it.
    pub schema: i64,
    /// What is in it.
    pub contents: Vec<contents::Contents>,
}

/// Copies a database into a file of its own, which holds everything that was saved before this began.
///
/// Other processes go on writing meanwhile. The file has its name only once it is whole, checked and on the disk. Keys are not
/// in it. A database of an earlier version is copied as it is.
///
/// # Errors
/// `Unusable` for a database that cannot be used, a file that cannot be written, and one that exists unless `replace`;
/// `Corrupt`, `Busy`, `Full`.
pub fn backup(database: &Path, file: &Path, replace: bool) -> Result<Backup, StoreError> {
    place::check(database, Options { create: false })?;
    let database = &place::resolved(database)?;
    let file = destination(database, file, replace)?;
    let _lock = Lock::of(database)?.shared()?;
    let from = open::connect(database, OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(|error| told(database, error))?;
    let state = open::state(&from, migrate::NEWEST).map_err(|error| told(database, error))?.usable(database)?;
    if matches!(state, State::New) {
        return Err(unusable(database, "is empty", "Choose another file with --database."));
    }

    let part = Part::of(&file)?;
    part.fill(&from).map_err(|error| failed(database, &file, error))?;
    let copy = open::connect(part.path(), OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(|error| told(&file, error))?;
    if let Some(verdict) = sound::pages(&copy).map_err(|error| told(&file, error))? {
        return Err(damaged(&file, &verdict));
    }
    let schema = copy.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(Error::from)?;
    let contents = contents::of(&copy)?;
    drop(copy);
    place_is_free(&file, replace)?;
    let bytes = part.put_in_place()?;
    Ok(Backup { file, bytes, schema, contents })
}

/// Where the backup goes: never over a database that somebody may be using.
fn destination(database: &Path, file: &Path, replace: bool) -> Result<PathBuf, StoreError> {
    if file.is_dir() {
        return Err(unusable(file, "is a folder", "Give the path of a file in it."));
    }
    if !place::folder_of(file).is_dir() {
        return Err(unusable(file, "is in a folder that does not exist", "Make the folder first, or give another path."));
    }
    let file = place::resolved(file)?;
    if file.to_str().is_none() {
        return Err(unusable(&file, "has a name that is not UTF-8", "Give another name."));
    }
    place_is_free(&file, replace)?;
    let beside_it = LOGS.into_iter().chain([".lock", ".key", ".part"]).map(|ending| beside(database, ending));
    if file == *database || beside_it.into_iter().any(|other| file == other) {
        return Err(unusable(&file, "belongs to the database itself", "Give another name."));
    }
    if beside(&file, "-wal").exists() {
        return Err(unusable(&file, "is a database in use", "Give another name."));
    }
    Ok(file)
}

fn place_is_free(file: &Path, replace: bool) -> Result<(), StoreError> {
    match file.symlink_metadata() {
        Ok(_) if !replace => Err(unusable(file, "exists already", "Give another name, or say --yes to replace it.")),
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(machine(file, "cannot be made", &error)),
    }
}

/// What copying failed with: either of the two files may be the cause.
fn failed(database: &Path, file: &Path, error: Error) -> StoreError {
    match error.code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => damaged(database, &error.to_string()),
        _ => told(file, error),
    }
}
