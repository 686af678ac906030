//! Files in which somebody has tracked time for years, written past everything that would take years.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::Connection;
use tallyport_domain::PersonId;
use tallyport_domain::time::Day;

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

/// Whose years were written.
pub(crate) struct Years {
    days: i64,
}

impl Years {
    const PEOPLE: i64 = 200;
    /// The number of the first of them.
    const FIRST: i64 = 10_000;
    /// Of a person on a day.
    const A_DAY: i64 = 7;
    /// A Monday, 2024-11-04.
    const BEGIN: i64 = 20_031;

    pub(crate) fn person(number: i64) -> PersonId {
        PersonId(Self::FIRST + number % Self::PEOPLE)
    }

    pub(crate) fn first() -> Day {
        Day::from_number(Self::BEGIN)
    }

    pub(crate) fn last(&self) -> Day {
        Day::from_number(Self::BEGIN + self.days - 1)
    }

    /// The Monday of some week that is whole, with a month before it.
    pub(crate) fn monday(&self, number: i64) -> Day {
        let weeks = (self.days - 70) / 7;
        Day::from_number(Self::BEGIN + 63 + number % weeks * 7)
    }
}

/// So many entries of two hundred people, seven a day of each: a third billable, one in fifty on no task and one in ten with a
/// tag. In a week somebody works on eight tasks. The engine learns what is there.
pub(crate) fn years(file: &Path, entries: i64) -> Result<Years> {
    let days = entries / Years::PEOPLE / Years::A_DAY + 1;
    let file = Connection::open(file)?;
    let (people, first, a_day, begin) = (Years::PEOPLE, Years::FIRST, Years::A_DAY, Years::BEGIN);
    file.execute_batch(&format!(
        "PRAGMA synchronous = OFF;
         BEGIN;
         WITH RECURSIVE n (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < {people} - 1)
         INSERT INTO people (account_id, person_id, email, email_key, name, role, active)
             SELECT 1, {first} + n, mail, mail, 'Person ' || n, 'member', 1
             FROM (SELECT n, 'person' || n || '@nordlicht.example' AS mail FROM n);
         CREATE TEMP TABLE places AS SELECT row_number() OVER (ORDER BY task_id) - 1 AS place, task_id FROM tasks WHERE account_id = 1;
         CREATE UNIQUE INDEX temp.places_place ON places (place);
         CREATE TEMP TABLE seeded AS
         WITH RECURSIVE n (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < {entries} - 1),
              p AS (SELECT n + 1 AS id, n % {people} AS who, {begin} + n / {people} / {a_day} AS day, n / {people} % {a_day} AS turn FROM n)
         SELECT id, {first} + who AS person, day, (day * 86400 + 28800 + turn * 4200) AS start, 1800 + id * 7919 % 2100 AS seconds,
                CASE WHEN id % 50 <> 0 THEN
                    (SELECT task_id FROM places WHERE place = (who * 13 + day / 7 * 5 + (id + turn) % 8) % (SELECT count(*) FROM places))
                END AS task, id % 3 = 0 AS billable
         FROM p;
         INSERT INTO entries SELECT 1, id, person, task, start * 1000000, (start + seconds) * 1000000, 'stopped', 'UTC', day,
                'Call ' || id, billable, 0, person, start * 1000000, person, (start + seconds) * 1000000 FROM seeded ORDER BY id;
         INSERT INTO entry_days SELECT 1, person, day, id, task, billable, seconds FROM seeded ORDER BY person, day, id;
         INSERT INTO tags SELECT 1, value, 'tag ' || value, 'tag ' || value FROM json_each('[1,2,3,4,5]');
         INSERT INTO entry_tags SELECT 1, id, 1 + id / 10 % 5 FROM seeded WHERE id % 10 = 0 ORDER BY id;
         UPDATE accounts SET last_entry = {entries}, last_tag = 5;
         DROP TABLE seeded;
         DROP TABLE places;
         COMMIT;
         ANALYZE;
         PRAGMA wal_checkpoint(TRUNCATE);"
    ))?;
    Ok(Years { days })
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
