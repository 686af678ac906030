//! The log of a file, in which a token that was destroyed may still stand until it is emptied (I15).
//!
//! The mark that it may is written with the change that destroys the token, so that whoever opens the file next makes up for
//! an emptying that a reader or a death prevented.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use crate::errors::Result;
use crate::open::connect;
use crate::rows::Statements;

/// Marks that the log may hold a destroyed token, from the write on in which that is done.
pub(crate) fn mark(db: &Connection) -> Result<()> {
    db.run("UPDATE meta SET value = 1 WHERE name = 'token_in_log'", []).map(drop)
}

/// Whether the log is marked. It may have been emptied since.
pub(crate) fn is_marked(db: &Connection) -> Result<bool> {
    let marked = db.one("SELECT value FROM meta WHERE name = 'token_in_log'", [], |row| Ok(row.get(0)?))?;
    Ok(marked == Some(true))
}

/// Empties the log if it is marked, and takes the mark away.
pub(crate) fn finish_destroying(db: &Connection) -> Result<()> {
    if is_marked(db)? && empty(db)? {
        db.run("UPDATE meta SET value = 0 WHERE name = 'token_in_log'", [])?;
    }
    Ok(())
}

/// Empties the log on a connection of its own, since the writer's is in a transaction whenever it works.
pub(crate) fn empty_beside(path: &Path) -> Result<bool> {
    empty(&connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?)
}

/// Moves everything from the log to the file and empties the log; answers whether no reader kept it from doing so.
fn empty(db: &Connection) -> Result<bool> {
    let busy = db.one("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| Ok(row.get::<_, bool>(0)?))?;
    Ok(busy == Some(false))
}
