//! Restoring a backup: checked and made ready beside the database, then put in its place in one step.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use tallyport_domain::{AccountId, Outcome, PersonId, RunError, RunId};
use tallyport_storage::{StoreError, Subject};

use crate::changes::noted;
use crate::contents::{self, Contents, Sealed};
use crate::errors::{Error, Result};
use crate::lock::{Alone, Lock};
use crate::open::{self, Options, State};
use crate::part::Part;
use crate::place::{self, KEPT, LOGS, beside, folder_of, sync_folder};
use crate::refusal::{machine, told, unusable};
use crate::rows::{Statements, counted};
use crate::{invitations, migrate, outbox, runs, schema, sound, tokens};

/// A backup that is checked and ready beside the database. Until it is put in place nobody else can open the database; dropped,
/// it leaves everything as it was.
#[derive(Debug)]
pub struct Restore {
    database: PathBuf,
    part: Part,
    ready: Ready,
    migrated_from: Option<i64>,
    _alone: Alone,
}

/// A backup that is in place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// The database.
    pub database: PathBuf,
    /// The database as it was before, if there was one.
    pub kept_old: Option<PathBuf>,
    /// What is in it now.
    pub contents: Vec<Contents>,
    /// The version that the backup had, where it was an earlier one.
    pub migrated_from: Option<i64>,
    /// How many syncs were under way when the backup was taken, and are on record as interrupted now.
    pub ended_runs: u32,
    /// How many API tokens work: they stay, so that somebody has to look through them.
    pub api_tokens: u32,
}

impl Restore {
    /// Checks a backup and makes a copy of it ready, migrated where it is of an earlier version.
    ///
    /// The backup itself is only read. Nothing in it is trusted: it must be whole, have our tables and nothing that could run.
    ///
    /// # Errors
    /// `Unusable` where another process has the database open, where it is none of ours, and for a file that is no backup.
    pub fn prepare(database: &Path, backup: &Path, now: DateTime<Utc>) -> Result<Self, StoreError> {
        place::check(database, Options { create: true })?;
        let database = place::resolved(database)?;
        let backup = source(&database, backup)?;
        let alone = Lock::of(&database)?.try_alone()?.map_err(|_| in_use(&database))?;
        must_not_be_foreign(&database)?;
        place::drop_second_names(&database);

        let from = untrusted(&backup).map_err(|error| refused(&backup, error))?;
        let (state, version) = known(&backup, &from)?;
        let part = Part::of(&database)?;
        part.fill(&from).map_err(|error| unwritten(&backup, &database, error))?;
        drop(from);

        let mut copy = open::connect(part.path(), OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(|error| told(&database, error))?;
        let ready = make_ready(&mut copy, now).map_err(|error| told(&database, error))?;
        copy.close().map_err(|(_, error)| told(&database, error.into()))?;
        let migrated_from = matches!(state, State::Older).then_some(version).filter(|version| *version < migrate::NEWEST);
        Ok(Self { database, part, ready, migrated_from, _alone: alone })
    }

    /// The database that would be replaced.
    #[must_use]
    pub fn database(&self) -> &Path {
        &self.database
    }

    /// What is in the backup.
    #[must_use]
    pub fn contents(&self) -> &[Contents] {
        &self.ready.contents
    }

    /// The sealed tokens in the backup.
    #[must_use]
    pub fn sealed(&self) -> &[Sealed] {
        &self.ready.sealed
    }

    /// Puts the backup in the place of the database, which is kept under another name.
    ///
    /// Whenever this is cut off, one of the two is in place, whole.
    ///
    /// # Errors
    /// `Unusable` where a program that does not know our lock uses the database, and where the folder cannot be written.
    pub fn put_in_place(self, now: DateTime<Utc>) -> Result<Restored, StoreError> {
        let Self { database, part, ready: Ready { contents, ended_runs, api_tokens, .. }, migrated_from, _alone } = self;
        let kept_old = set_aside(&database, now)?;
        part.put_in_place()?;
        Ok(Restored { database, kept_old, contents, migrated_from, ended_runs, api_tokens })
    }
}

/// The backup, which must be a file other than the database.
fn source(database: &Path, backup: &Path) -> Result<PathBuf, StoreError> {
    match backup.metadata() {
        Ok(found) if found.is_file() => {}
        Ok(_) => return Err(unusable(backup, "is not a file", MADE_BY_US)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(unusable(backup, "does not exist", MADE_BY_US)),
        Err(error) => return Err(machine(backup, "cannot be read", &error)),
    }
    let backup = place::resolved(backup)?;
    if backup == *database || backup == beside(database, ".part") {
        return Err(unusable(&backup, "belongs to the database itself", MADE_BY_US));
    }
    Ok(backup)
}

const MADE_BY_US: &str = "Give a file that `tallyport backup create` made.";

fn in_use(database: &Path) -> StoreError {
    unusable(database, "is in use", "Stop the other programs that use it, then try again.")
}

/// Refuses to replace somebody else's database: the path may be mistyped. One that is damaged is what restoring is for.
fn must_not_be_foreign(database: &Path) -> Result<(), StoreError> {
    if !database.exists() {
        return Ok(());
    }
    let found = untrusted(database).and_then(|db| open::state(&db, migrate::NEWEST));
    match found {
        Ok(State::Foreign) => State::Foreign.usable(database).map(drop),
        _ => Ok(()),
    }
}

/// Opens a file from anywhere, to be read.
fn untrusted(path: &Path) -> Result<Connection> {
    let connection = open::onlooker(path)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    Ok(connection)
}

/// What the backup is to this build, with its version, if it can be restored.
fn known(backup: &Path, db: &Connection) -> Result<(State, i64), StoreError> {
    let refused = |error| refused(backup, error);
    let state = open::state(db, migrate::NEWEST).map_err(refused)?;
    match state {
        State::New | State::Foreign => return Err(no_backup(backup)),
        State::Newer { .. } | State::Older | State::Current => {}
    }
    let state = state.usable(backup)?;
    let version = db.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(|error| refused(error.into()))?;
    if let Some(difference) = schema::difference(db, version, &migrate::all()).map_err(refused)? {
        return Err(unusable(backup, &format!("has {difference}, which no backup of Tallyport has"), MADE_BY_US));
    }
    for check in [sound::pages, sound::references, migrate::record] {
        if let Some(verdict) = check(db).map_err(refused)? {
            return Err(broken(backup, &verdict));
        }
    }
    Ok((state, version))
}

fn no_backup(backup: &Path) -> StoreError {
    unusable(backup, "is not a backup of Tallyport", MADE_BY_US)
}

fn broken(backup: &Path, verdict: &str) -> StoreError {
    unusable(backup, &format!("is damaged ({verdict})"), "Take another backup.")
}

/// What reading the backup failed with.
fn refused(backup: &Path, error: Error) -> StoreError {
    match error.code() {
        Some(ErrorCode::NotADatabase) => no_backup(backup),
        Some(ErrorCode::DatabaseCorrupt) => broken(backup, &error.to_string()),
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied | ErrorCode::ReadOnly) => {
            unusable(backup, "cannot be read", "Give this user the right to read it.")
        }
        _ => error.into(),
    }
}

/// What copying failed with: reading the backup or writing beside the database.
fn unwritten(backup: &Path, database: &Path, error: Error) -> StoreError {
    match error.code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => broken(backup, &error.to_string()),
        _ => told(database, error),
    }
}

/// What became of the copy.
#[derive(Debug)]
struct Ready {
    contents: Vec<Contents>,
    sealed: Vec<Sealed>,
    ended_runs: u32,
    api_tokens: u32,
}

/// Makes the copy one that can be used at once.
fn make_ready(copy: &mut Connection, now: DateTime<Utc>) -> Result<Ready> {
    migrate::up(copy, &migrate::all())?;
    migrate::sort_keys(copy)?;
    let transaction = copy.transaction()?;
    let ended_runs = leave_the_past(&transaction, now)?;
    let api_tokens = tokens::working(&transaction, now)?;
    let (contents, sealed) = (contents::of(&transaction)?, contents::sealed(&transaction)?);
    transaction.commit()?;
    open::write_ahead(copy)?;
    Ok(Ready { contents, sealed, ended_runs, api_tokens })
}

/// Ends what was going on when the backup was taken: a restored copy must not bring it back to life.
///
/// Whoever is to come in signs in anew, and whoever was invited is invited anew. Tokens stay, since programs have them that
/// nobody watches; how many work is told, so that somebody looks through them.
fn leave_the_past(db: &Connection, now: DateTime<Utc>) -> Result<u32> {
    db.run("DELETE FROM secrets WHERE kind IN ('session', 'link')", [])?;
    db.run("DELETE FROM sessions", [])?;
    db.run("DELETE FROM links", [])?;
    invitations::revoke_everywhere(db, now)?;
    outbox::withhold_everywhere(db, now)?;
    end_runs(db, now)
}

/// Closes the runs that were under way, which nobody works on any more (I11), and drops what they had read: it is of the past.
fn end_runs(db: &Connection, now: DateTime<Utc>) -> Result<u32> {
    let error = RunError {
        code: "interrupted".to_owned(),
        message: "The database was restored from a backup that was taken during this sync; nothing was changed".to_owned(),
    };
    let sql = "SELECT account_id, run_id, started_by FROM runs WHERE outcome IN ('running', 'waiting')";
    let open =
        db.all(sql, [], |row| Ok((AccountId(row.get(0)?), RunId(row.get(1)?), row.get::<_, Option<i64>>(2)?.map(PersonId))))?;
    for (account, run, started_by) in &open {
        runs::end_under_way(db, *account, *run, Outcome::Failed, Some(&error), now)?;
        noted(db, *account, Subject::Run(*run), *started_by, now)?;
    }
    db.run("DELETE FROM leases", [])?;
    db.run("DELETE FROM staged_parts", [])?;
    Ok(counted(open.len()))
}

/// Gives the database another name beside its own, and takes its logs out of the way of the one that is to come.
fn set_aside(database: &Path, now: DateTime<Utc>) -> Result<Option<PathBuf>, StoreError> {
    let exists = database.exists();
    if exists {
        settle(database)?;
    }
    let failed = |error| machine(database, "cannot be kept under another name", &error);
    let aside = free_name(database, now);
    if exists {
        // A second name first, so that the database is there at every moment. Not every disk has second names.
        fs::hard_link(database, &aside).or_else(|_| fs::rename(database, &aside)).map_err(failed)?;
    }
    for ending in LOGS {
        let log = beside(database, ending);
        if log.exists() {
            // The log of a database that cannot be read belongs to what may be rescued of it.
            if ending == "-shm" { fs::remove_file(&log) } else { fs::rename(&log, beside(&aside, ending)) }.map_err(failed)?;
        }
    }
    sync_folder(folder_of(database)).map_err(failed)?;
    Ok(exists.then_some(aside))
}

/// Moves everything from the log into the file, which succeeds only where nobody else is connected.
///
/// One that is too damaged for that keeps its log.
fn settle(database: &Path) -> Result<(), StoreError> {
    let settled = open::connect(database, OpenFlags::SQLITE_OPEN_READ_WRITE)
        .and_then(|db| Ok(db.pragma_update_and_check(None, "journal_mode", "DELETE", |row| row.get::<_, String>(0))?));
    match settled {
        Ok(mode) if mode == "wal" => Err(in_use(database)),
        Err(error) if matches!(error.code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)) => Err(in_use(database)),
        Ok(_) | Err(_) => Ok(()),
    }
}

/// A name for the old database that says when it was replaced.
fn free_name(database: &Path, now: DateTime<Utc>) -> PathBuf {
    let name = format!("{KEPT}{}", now.format("%Y%m%dT%H%M%SZ"));
    let names = (1..).map(|number| if number == 1 { name.clone() } else { format!("{name}-{number}") });
    let mut free = names.map(|name| beside(database, &name)).filter(|path| LOGS.iter().all(|log| !beside(path, log).exists()));
    free.find(|path| path.symlink_metadata().is_err()).expect("there are more names than files")
}
