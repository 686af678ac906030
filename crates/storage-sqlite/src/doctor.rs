//! A look at everything that can be wrong with a database and its place, changing nothing.

mod place;
mod tree;

use std::path::Path;

use chrono::{DateTime, Utc};
use rusqlite::Connection;

use crate::contents::{self, Sealed};
use crate::errors::Result;
use crate::lock::Lock;
use crate::place::{beside, resolved};
use crate::rows::{Statements, stored};
use crate::{log, migrate, open, refusal, schema, sound};

/// How well something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// As it should be.
    Ok,
    /// It works, but somebody should look at it.
    Warn,
    /// It does not work, or people's data is in danger.
    Bad,
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which check.
    pub check: &'static str,
    /// How well it is.
    pub state: State,
    /// What was found, in one line.
    pub message: String,
    /// What to do, where there is something to do.
    pub hint: Option<String>,
}

impl Finding {
    /// That all is well.
    #[must_use]
    pub fn ok(check: &'static str, message: impl Into<String>) -> Self {
        Self { check, state: State::Ok, message: message.into(), hint: None }
    }

    /// That somebody should look at it.
    #[must_use]
    pub fn warn(check: &'static str, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { check, state: State::Warn, message: message.into(), hint: Some(hint.into()) }
    }

    /// That something is wrong.
    #[must_use]
    pub fn bad(check: &'static str, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { check, state: State::Bad, message: message.into(), hint: Some(hint.into()) }
    }
}

/// What [`examine`] found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Examination {
    /// Each check that could be made, in order.
    pub findings: Vec<Finding>,
    /// The sealed tokens in the database.
    pub sealed: Vec<Sealed>,
}

/// Looks at a database and its place.
///
/// It works beside other processes and on a database that cannot be opened; what cannot be looked at is left out after the
/// finding that says why. Blocks for as long as reading the whole file takes.
#[must_use]
pub fn examine(database: &Path, now: DateTime<Utc>) -> Examination {
    let mut examination = Examination { findings: vec![engine()], sealed: Vec::new() };
    let findings = &mut examination.findings;
    findings.push(place::file(database));
    let Ok(path) = resolved(database) else { return examination };
    if !path.is_file() {
        return examination;
    }
    findings.extend([place::file_system(&path), place::room(&path), place::rights(&path)].into_iter().flatten());

    findings.push(place::log(&path));

    // Held while we look, so that nobody replaces the file meanwhile.
    let _lock = match Lock::of(&path).and_then(Lock::shared) {
        Ok(lock) => lock,
        Err(error) => {
            findings.push(refused("lock", &error));
            return examination;
        }
    };
    match look(&path, now, findings) {
        Ok(sealed) => examination.sealed = sealed,
        Err(error) => findings.push(refused("database", &refusal::told(&path, error))),
    }
    examination
}

fn engine() -> Finding {
    let version = rusqlite::version();
    if rusqlite::version_number() >= 3_051_003 {
        Finding::ok("engine", format!("SQLite {version}"))
    } else {
        Finding::bad("engine", format!("SQLite {version} can damage a file that several programs write"), "Update Tallyport.")
    }
}

fn refused(check: &'static str, error: &tallyport_storage::StoreError) -> Finding {
    use tallyport_storage::StoreError::{Busy, Corrupt, Full, Unusable};
    match error {
        Unusable { problem, advice } => Finding::bad(check, problem, advice),
        Corrupt(cause) => damaged(check, &cause.to_string()),
        Busy(_) => Finding::bad(check, "another program keeps the database locked", "Stop that program, then look again."),
        Full(_) => Finding::bad(check, "the disk is full", "Make room on the disk."),
        other => {
            Finding::bad(check, format!("the database cannot be read: {}", causes(other)), "Check the disk and the system's log.")
        }
    }
}

fn damaged(check: &'static str, verdict: &str) -> Finding {
    let hint = "Keep a copy of the file and its -wal. Restore a backup (`tallyport backup restore FILE`), or rescue what is left with \
                the .recover command of sqlite3.";
    Finding::bad(check, format!("damaged: {}", verdict.lines().next().unwrap_or_default()), hint)
}

fn causes(error: &dyn std::error::Error) -> String {
    let mut told = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        told.push_str(": ");
        told.push_str(&error.to_string());
        cause = error.source();
    }
    told
}

/// What can be seen from inside.
fn look(path: &Path, now: DateTime<Utc>, findings: &mut Vec<Finding>) -> Result<Vec<Sealed>> {
    let db = open::onlooker(path)?;
    let (state, version) = (open::state(&db, migrate::NEWEST)?, db.pragma_query_value(None, "user_version", |row| row.get(0))?);
    match state {
        open::State::Current => findings.push(Finding::ok("version", format!("version {version}, the newest"))),
        open::State::Older => {
            findings.push(Finding::ok("version", format!("version {version}, to be migrated when it is used next")));
        }
        open::State::New => {
            let hint = "Create its first account: `tallyport account create`.";
            findings.push(Finding::warn("version", "empty", hint));
            return Ok(Vec::new());
        }
        unusable => {
            if let Err(error) = unusable.usable(path) {
                findings.push(refused("version", &error));
            }
            return Ok(Vec::new());
        }
    }
    findings.push(match schema::difference(&db, version, &migrate::all())? {
        None => Finding::ok("tables", "as this version makes them"),
        Some(difference) => {
            let hint = "Somebody changed the tables by hand: undo that, or restore a backup.";
            Finding::bad("tables", format!("there is {difference}"), hint)
        }
    });
    let broken = match sound::pages(&db) {
        Ok(verdict) => verdict,
        Err(error) if error.is_io() => return Err(error),
        Err(error) => Some(causes(&error)),
    };
    if let Some(verdict) = broken {
        findings.push(damaged("pages", &verdict));
        return Ok(Vec::new());
    }
    findings.push(Finding::ok("pages", "whole"));
    findings.push(match sound::references(&db)? {
        None => Finding::ok("references", "whole"),
        Some(verdict) => Finding::bad("references", verdict, "Restore a backup, and report it."),
    });
    if matches!(state, open::State::Current) {
        findings.push(mode(&db)?);
        findings.push(tree::finding(&db)?);
        findings.push(lease(&db, now)?);
        findings.push(unlinking(&db)?);
        return contents::sealed(&db);
    }
    Ok(Vec::new())
}

fn mode(db: &Connection) -> Result<Finding> {
    let mode: String = db.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
    Ok(if mode == "wal" {
        Finding::ok("journal", "written ahead, so that reading and writing do not wait for each other")
    } else {
        Finding::warn(
            "journal",
            format!("the journal mode is {mode}"),
            "It is set right when the database is used by itself next.",
        )
    })
}

/// A run that nobody works on any more (I11).
fn lease(db: &Connection, now: DateTime<Utc>) -> Result<Finding> {
    let name = |row: &rusqlite::Row<'_>| Ok(row.get::<_, String>(0)?);
    let stale = db.all(
        "SELECT name FROM leases JOIN accounts USING (account_id) WHERE expires_at < ?1 ORDER BY account_id",
        [stored(now)],
        name,
    )?;
    let lost = db.all(
        "SELECT DISTINCT a.name FROM runs r JOIN accounts a USING (account_id) LEFT JOIN leases l USING (account_id, run_id)
         WHERE r.outcome IN ('running', 'waiting') AND l.run_id IS NULL ORDER BY 1",
        [],
        name,
    )?;
    Ok(if !lost.is_empty() {
        let hint = "Restore a backup, and report it.";
        Finding::bad("syncs", format!("a sync of {} is on record as under way but cannot end", lost.join(", ")), hint)
    } else if !stale.is_empty() {
        let hint = "Sync again: that closes it and changes nothing else.";
        Finding::warn("syncs", format!("a sync of {} was cut off", stale.join(", ")), hint)
    } else {
        Finding::ok("syncs", "none was cut off")
    })
}

/// A destroyed token that the log may still hold (I15).
fn unlinking(db: &Connection) -> Result<Finding> {
    let log_is_empty = db.path().is_some_and(|path| beside(Path::new(path), "-wal").metadata().map_or(0, |log| log.len()) == 0);
    Ok(if log::is_marked(db)? && !log_is_empty {
        let hint = "Stop the programs that use the database; the next one that opens it removes them.";
        Finding::warn("tokens", "the log may still hold a token that was unlinked or replaced", hint)
    } else {
        Finding::ok("tokens", "no destroyed one is left")
    })
}
