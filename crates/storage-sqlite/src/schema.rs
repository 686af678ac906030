//! Whether a file has the tables that its version should have, and nothing else.

use std::collections::BTreeSet;

use refinery::Migration;
use rusqlite::Connection;

use crate::errors::Result;
use crate::migrate;
use crate::rows::Statements;

/// The tables in which the engine keeps what it learned for its planner, with how it makes them.
const STATISTICS: [(&str, &str); 2] = [
    ("sqlite_stat1", "CREATE TABLE sqlite_stat1(tbl,idx,stat)"),
    ("sqlite_stat4", "CREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)"),
];

/// A table, an index, or what else a schema may hold, in the words that made it.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    kind: String,
    name: String,
    table: String,
    sql: String,
}

/// What tells the file from one that the migrations up to `version` made, if anything does.
///
/// A trigger, a view or a function in an index would run with our own statements, so that a file from elsewhere must have none.
pub(crate) fn difference(db: &Connection, version: i64, migrations: &[Migration]) -> Result<Option<String>> {
    let known: Vec<Migration> =
        migrations.iter().filter(|migration| i64::from(migration.version()) <= version).cloned().collect();
    let mut model = Connection::open_in_memory()?;
    migrate::up(&mut model, &known)?;
    let (expected, found) = (entries(&model)?, entries(db)?);
    let foreign = found.difference(&expected).next().map(|entry| format!("an unknown {} {:?}", entry.kind, entry.name));
    let missing = || expected.difference(&found).next().map(|entry| format!("no {} {:?}", entry.kind, entry.name));
    Ok(foreign.or_else(missing))
}

fn entries(db: &Connection) -> Result<BTreeSet<Entry>> {
    let rows = db.all("SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema", [], |row| {
        Ok(Entry { kind: row.get(0)?, name: row.get(1)?, table: row.get(2)?, sql: row.get(3)? })
    })?;
    Ok(rows.into_iter().filter(|entry| !is_statistics(entry)).collect())
}

fn is_statistics(entry: &Entry) -> bool {
    entry.kind == "table" && entry.table == entry.name && STATISTICS.contains(&(&entry.name, &entry.sql))
}
