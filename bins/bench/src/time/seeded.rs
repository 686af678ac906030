//! Files in which somebody has tracked time for years, written past everything that would take years.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::Connection;

use crate::Result;

/// Half an hour each, one after the other, the last one some days ago.
fn begin(entries: usize) -> DateTime<Utc> {
    let last = DateTime::from_timestamp(1_790_000_000, 0).unwrap_or_default();
    last - TimeDelta::minutes(30) * i32::try_from(entries).unwrap_or_default()
}

/// Entries of the first person of the first account, on all tasks in turn, each with what hangs on it.
pub(crate) fn product(file: &Path, entries: usize) -> Result<()> {
    let file = Connection::open(file)?;
    let (first, many) = (begin(entries).timestamp(), i64::try_from(entries)?);
    file.execute_batch(&format!(
        "BEGIN;
         CREATE TEMP TABLE seeded AS
         WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {many}),
              t AS (SELECT task_id, row_number() OVER (ORDER BY task_id) - 1 AS place, count(*) OVER () AS many FROM tasks WHERE account_id = 1)
         SELECT n AS id, task_id, {first} + n * 1800 AS start FROM n JOIN t ON place = n % many;
         INSERT INTO entries SELECT 1, id, 1, task_id, start * 1000000, (start + 1800) * 1000000, 'stopped', 'UTC', start / 86400,
                'Call ' || id, 0, 0, 1, start * 1000000, 1, (start + 1800) * 1000000 FROM seeded;
         INSERT INTO entry_days SELECT 1, 1, start / 86400, id, task_id, 0, 1800 FROM seeded;
         INSERT INTO changes (account_id, number, subject, subject_id, person_id, by_id, at)
             SELECT 1, (SELECT last_change FROM accounts) + id, 'entry', id, 1, 1, start * 1000000 FROM seeded;
         INSERT INTO audit (account_id, number, step, entry_id, action, by_id, at, after)
             SELECT 1, (SELECT last_change FROM accounts) + id, (SELECT last_change FROM accounts) + id, id, 'created', 1, start * 1000000, '{{}}' FROM seeded;
         UPDATE accounts SET last_entry = {many}, last_change = last_change + {many};
         DROP TABLE seeded;
         COMMIT;"
    ))?;
    Ok(())
}

/// As many rows of the floor.
pub(crate) fn floor(file: &Path, entries: usize) -> Result<()> {
    let file = super::bare::open(file)?;
    let (first, many) = (begin(entries).timestamp(), i64::try_from(entries)?);
    file.execute_batch(&format!(
        "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {many})
         INSERT INTO entries SELECT n, 1, n % 1000, 'Call ' || n, {first} + n * 1800, {first} + n * 1800 + 1800 FROM n;"
    ))?;
    Ok(())
}

/// As many intervals as timewarrior keeps them: a file for each month.
pub(crate) fn timewarrior(folder: &Path, entries: usize) -> Result<()> {
    let data = folder.join("data");
    fs::create_dir_all(&data)?;
    fs::write(folder.join("timewarrior.cfg"), "")?;
    let (mut month, mut text) = (String::new(), String::new());
    for number in 0..entries {
        let from = begin(entries) + TimeDelta::minutes(30) * i32::try_from(number)?;
        let (this, to) = (from.format("%Y-%m").to_string(), from + TimeDelta::minutes(30));
        if this != month && !text.is_empty() {
            fs::write(data.join(format!("{month}.data")), std::mem::take(&mut text))?;
        }
        month = this;
        let instant = |at: DateTime<Utc>| at.format("%Y%m%dT%H%M%SZ");
        writeln!(text, "inc {} - {} # task{}", instant(from), instant(to), number % 1000)?;
    }
    fs::write(data.join(format!("{month}.data")), text)?;
    Ok(())
}
