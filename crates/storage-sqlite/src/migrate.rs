//! The schema: numbered migrations, forward only, embedded, and never edited once released.

use std::sync::OnceLock;

use chrono::DateTime;
use refinery::{Migration, Runner};
use rusqlite::Connection;
use tallyport_domain::SortKey;
use tallyport_storage::StoreError;

use crate::errors::{Error, Result};
use crate::rows::Statements;

mod embedded {
    refinery::embed_migrations!("migrations");
}

/// The version that a file has after all of them; a test holds it against them.
pub(crate) const NEWEST: i64 = 3;

/// The migrations by which a file is judged. Nearly all files need none of them, and reading them takes longer than opening a file.
pub(crate) struct Known {
    newest: i64,
    list: OnceLock<Vec<Migration>>,
}

impl Known {
    /// Those of this build.
    pub(crate) const fn ours() -> Self {
        Self { newest: NEWEST, list: OnceLock::new() }
    }

    /// The version that a file has after them.
    pub(crate) fn newest(&self) -> i64 {
        self.newest
    }

    /// The migrations themselves.
    pub(crate) fn list(&self) -> &[Migration] {
        self.list.get_or_init(all)
    }
}

#[cfg(test)]
impl From<Vec<Migration>> for Known {
    fn from(list: Vec<Migration>) -> Self {
        Self { newest: newest(&list), list: list.into() }
    }
}

/// Every migration that this build knows.
pub(crate) fn all() -> Vec<Migration> {
    embedded::migrations::runner().get_migrations().clone()
}

/// The version that a file has after these.
#[cfg(test)]
pub(crate) fn newest(migrations: &[Migration]) -> i64 {
    migrations.iter().map(|migration| i64::from(migration.version())).max().unwrap_or(0)
}

/// The table in which the runner keeps what it applied; the one table that a file may have before the first migration.
pub(crate) const HISTORY: &str = "refinery_schema_history";

/// Whether a file has no table, apart from that one.
pub(crate) fn has_no_tables(connection: &Connection) -> Result<bool> {
    Ok(connection.one("SELECT 1 FROM sqlite_schema WHERE tbl_name <> ?1", [HISTORY], |_| Ok(()))?.is_none())
}

/// What is wrong with the runner's own record, if anything is: it relies on the record being as it wrote it, and panics.
pub(crate) fn record(connection: &Connection) -> Result<Option<String>> {
    if connection.one("SELECT 1 FROM sqlite_schema WHERE name = ?1", [HISTORY], |_| Ok(()))?.is_none() {
        return Ok(None);
    }
    let rows = connection.all("SELECT applied_on, checksum FROM refinery_schema_history", [], |row| {
        let (applied_on, checksum) = (row.get_ref(0)?.as_str().ok(), row.get_ref(1)?.as_str().ok());
        Ok(applied_on.is_some_and(is_instant) && checksum.is_some_and(|checksum| checksum.parse::<u64>().is_ok()))
    })?;
    Ok(rows.contains(&false).then(|| "its record of migrations cannot be read".to_owned()))
}

/// Whether a text is an instant in the one of the many spellings that the runner writes.
fn is_instant(text: &str) -> bool {
    let spelled = |(place, byte): (usize, u8)| match place {
        4 | 7 => byte == b'-',
        10 => byte == b'T',
        13 | 16 => byte == b':',
        19 => byte == b'.' || byte == b'Z',
        _ => byte.is_ascii_digit() || (place + 1 == text.len() && byte == b'Z'),
    };
    let leaps = text.get(17..19) == Some("60");
    text.bytes().enumerate().all(spelled) && !leaps && DateTime::parse_from_rfc3339(text).is_ok()
}

/// Brings the file to the newest version, in one transaction: whatever cuts it off leaves the old version.
///
/// # Errors
/// A migration that fails, or one that was applied and differs from the one that is known now; `Corrupt` where the record of
/// those that were applied cannot be read.
pub(crate) fn up(connection: &mut Connection, migrations: &[Migration]) -> Result<()> {
    if let Some(verdict) = record(connection)? {
        return Err(Error::Refused(StoreError::Corrupt(verdict.into())));
    }
    Runner::new(migrations).set_grouped(true).run(connection).map(drop).map_err(|error| Error::Migration(Box::new(error)))
}

/// Writes the sort keys anew where those in the file do not compare with those of this build, or nothing says that they do (T4).
pub(crate) fn sort_keys(connection: &mut Connection) -> Result<()> {
    if sorts_alike(connection)? {
        return Ok(());
    }
    let transaction = connection.transaction()?;
    let tasks = transaction.all("SELECT account_id, task_id, name FROM tasks", [], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, String>(2)?))
    })?;
    for (account, task, name) in tasks {
        let key = SortKey::of(&name);
        transaction
            .run("UPDATE tasks SET sort_key = ?3 WHERE account_id = ?1 AND task_id = ?2", (account, task, key.as_bytes()))?;
    }
    transaction.run("INSERT OR REPLACE INTO meta (name, value) VALUES ('sort_key_version', ?1)", [SortKey::VERSION])?;
    Ok(transaction.commit()?)
}

/// Whether the sort keys in the file compare with those of this build.
pub(crate) fn sorts_alike(connection: &Connection) -> Result<bool> {
    let stored = connection.one("SELECT value FROM meta WHERE name = 'sort_key_version'", [], |row| Ok(row.get(0)?))?;
    Ok(stored == Some(i64::from(SortKey::VERSION)))
}

#[cfg(test)]
mod released;
#[cfg(test)]
mod tests;
