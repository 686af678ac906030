//! How the engine goes about it: by one key or index each, whatever it has learned of what is there.

use rusqlite::Connection;

use super::super::sheet;
use super::{PEOPLE, export, filter, sums};
use crate::open::{self, Options};
use crate::rows::Statements as _;

fn plan(db: &Connection, sql: &str) -> Vec<String> {
    let mut statement = db.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    let mut rows = statement.raw_query();
    let mut steps = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        steps.push(row.get(3).unwrap());
    }
    steps
}

/// Somebody with nearly all of the time, many with next to none, and a tag that is on everything: what makes a planner skip
/// through a key.
fn skew(db: &Connection) {
    db.execute_batch(
        "PRAGMA foreign_keys = OFF;
         WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 200)
         INSERT INTO tasks (account_id, task_id, parent_id, name, sort_key, search_key, origin)
             SELECT 1, n, nullif(n / 2, 0), 'T', x'00', 't', 'native' FROM n;
         WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 20000)
         INSERT INTO entries (account_id, entry_id, person_id, task_id, started_at, ended_at, way, zone, day, note, billable, made_by,
                              made_at, changed_by, changed_at)
             SELECT 1, n, CASE WHEN n > 60 THEN 1 ELSE n END, 1, n * 1000000, n * 1000000, 'stopped', 'UTC', n % 30, '', 0, 1, 0, 1, 0
             FROM n;
         INSERT INTO entry_days (account_id, person_id, day, entry_id, task_id, billable, seconds)
             SELECT account_id, person_id, day, entry_id, task_id, billable, 60 FROM entries;
         INSERT INTO entry_tags (account_id, entry_id, tag_id) SELECT account_id, entry_id, 1 FROM entries;
         ANALYZE;",
    )
    .unwrap();
}

#[test] // E8
fn each_statement_takes_one_way_whatever_the_engine_has_learned() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tallyport.db");
    let opened =
        open::open(&path, Options { create: true }, &crate::migrate::Known::ours()).map_err(|error| error.to_string()).unwrap();
    let after = export::after();
    let ways = [
        (PEOPLE, &["SEARCH people USING PRIMARY KEY (account_id=?)"][..]),
        (sums::DAYS, &["SEARCH entry_days USING PRIMARY KEY (account_id=? AND person_id=? AND day>? AND day<?)"]),
        (sums::ENTRY_DAYS, &["SEARCH entry_days USING PRIMARY KEY (account_id=? AND person_id=? AND day>? AND day<?)"]),
        (
            sheet::LINK,
            &[
                "SEARCH t USING PRIMARY KEY (account_id=? AND task_id=?)",
                "CORRELATED SCALAR SUBQUERY 1",
                "SEARCH a USING PRIMARY KEY (account_id=? AND task_id=? AND person_id=?)",
            ],
        ),
        (sums::ARCHIVED, &["SEARCH tasks USING PRIMARY KEY (account_id=? AND task_id=?)"]),
        (sums::TOTAL, &["SEARCH entry_days USING PRIMARY KEY (account_id=? AND person_id=? AND day>? AND day<?)"]),
        (
            sums::TAGGED_DAYS,
            &[
                "SEARCH d USING PRIMARY KEY (account_id=? AND person_id=? AND day>? AND day<?)",
                "SEARCH t USING PRIMARY KEY (account_id=? AND entry_id=?) LEFT-JOIN",
            ],
        ),
        (filter::TAGGED, &["SEARCH entry_tags USING COVERING INDEX entry_tags_tag (account_id=? AND tag_id=?)"]),
        (
            export::FIRST,
            &[
                "SEARCH d USING PRIMARY KEY (account_id=? AND person_id=? AND day>? AND day<?)",
                "SEARCH e USING PRIMARY KEY (account_id=? AND entry_id=?)",
            ],
        ),
        (
            &after,
            &[
                "SEARCH e USING INDEX entries_start (account_id=? AND person_id=? AND (started_at,entry_id)>(?,?) AND started_at<?)",
                "CORRELATED SCALAR SUBQUERY 1",
                "SEARCH d USING INDEX entry_days_entry (account_id=? AND entry_id=?)",
            ],
        ),
    ];
    let db = &opened.writer;
    for learned in [false, true] {
        if learned {
            skew(db);
        }
        for (sql, way) in &ways {
            assert_eq!(plan(db, sql), *way, "learned: {learned}, {sql}");
        }
        let below = plan(db, filter::BELOW);
        assert!(below.iter().any(|step| step.contains("tasks_parent (account_id=? AND parent_id=?)")), "{below:?}");
        assert!(below.iter().all(|step| !step.starts_with("SCAN t")), "{below:?}");
    }
    assert!(db.one("SELECT 1 FROM sqlite_stat1", [], |_| Ok(())).unwrap().is_some(), "it has learned something");
}
