//! Whether what is in a file fits together.

use rusqlite::Connection;

use crate::errors::Result;
use crate::rows::Statements;

/// The first thing that is wrong with pages, indexes or the constraints of rows.
pub(crate) fn pages(db: &Connection) -> Result<Option<String>> {
    let verdict = db.one("PRAGMA integrity_check(1)", [], |row| Ok(row.get::<_, String>(0)?))?;
    Ok(verdict.filter(|verdict| verdict != "ok"))
}

/// The first table with a row that refers to one that is not there.
pub(crate) fn references(db: &Connection) -> Result<Option<String>> {
    db.one("PRAGMA foreign_key_check", [], |row| {
        Ok(format!("a row of {} refers to one of {} that is not there", row.get::<_, String>(0)?, row.get::<_, String>(2)?))
    })
}
