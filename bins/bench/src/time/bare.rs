//! The least that starts and stops a timer durably: one table, one row a commit, by a program that does nothing else.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension as _};

use crate::Result;

/// The settings that our own connections have, as far as they cost anything.
const SETTINGS: &str = "\
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;";

const TABLE: &str = "\
    CREATE TABLE IF NOT EXISTS entries (
        id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL, task_id INTEGER, note TEXT NOT NULL, started_at INTEGER NOT NULL,
        ended_at INTEGER
    ) STRICT;
    CREATE INDEX IF NOT EXISTS running ON entries (person_id) WHERE ended_at IS NULL;";

/// Opens a file, and makes it where there is none.
pub(crate) fn open(file: &Path) -> Result<Connection> {
    let file = Connection::open(file)?;
    file.execute_batch(SETTINGS)?;
    file.execute_batch(TABLE)?;
    Ok(file)
}

/// Saves that a timer was started.
pub(crate) fn insert(file: &Connection, task: i64, note: &str) -> rusqlite::Result<i64> {
    let sql = "INSERT INTO entries (person_id, task_id, note, started_at) VALUES (1, ?1, ?2, unixepoch())";
    file.prepare_cached(sql)?.insert((task, note))
}

/// Saves that it was stopped.
pub(crate) fn end(file: &Connection, entry: i64) -> rusqlite::Result<()> {
    let sql = "UPDATE entries SET ended_at = unixepoch() WHERE id = ?1 AND ended_at IS NULL";
    file.prepare_cached(sql)?.execute([entry]).map(drop)
}

/// What a whole program does: starts a timer, stops it, or says what runs.
pub(crate) fn track(what: &str, file: &Path) -> Result<()> {
    let file = Connection::open(file)?;
    file.execute_batch(SETTINGS)?;
    let running = || {
        let sql = "SELECT id, note FROM entries WHERE person_id = 1 AND ended_at IS NULL";
        file.query_row(sql, [], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?))).optional()
    };
    match what {
        "start" => println!("{}", insert(&file, 1, "Call")?),
        "stop" => {
            if let Some((id, _)) = running()? {
                end(&file, id)?;
                println!("{id}");
            }
        }
        "status" => println!("{:?}", running()?),
        _ => return Err(format!("nothing is called {what}").into()),
    }
    Ok(())
}
