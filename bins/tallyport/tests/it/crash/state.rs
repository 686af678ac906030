//! What is in a database, without what is another each time.

use std::path::Path;

use rusqlite::Connection;
use rusqlite::types::Value;

use super::copy;

/// What is in a database: whatever is not of one moment, or of chance.
#[derive(Debug)]
pub(super) struct State {
    /// People, tasks, assignments, members, and time but for its instants.
    pub(super) tree: Vec<String>,
    /// The link to Toggl.
    pub(super) link: Vec<String>,
    /// Runs that have no end yet.
    pub(super) open_runs: Vec<i64>,
    /// Runs that are on record as interrupted.
    pub(super) interrupted: Vec<i64>,
}

const TREE: [&str; 8] = [
    "SELECT 'account', name, last_person, last_task FROM accounts",
    "SELECT 'person', person_id, email, name, role, active FROM people",
    "SELECT 'task', task_id, parent_id, name, origin, kind, external_id, color, billable, archived_reason FROM tasks",
    "SELECT 'assignment', task_id, person_id, automatic_since IS NULL, manual_since IS NULL, manual_by, suppressed,
        formerly_automatic, made_by_unlinking FROM assignments",
    "SELECT 'member', workspace_id, email, name, joined FROM members",
    "SELECT 'entry', entry_id, person_id, task_id, ended_at IS NULL, way, zone, note, billable FROM entries",
    "SELECT 'tag', entry_id, name FROM entry_tags JOIN tags USING (account_id, tag_id)",
    "SELECT 'done', number, entry_id, action FROM audit",
];

const LINK: [&str; 3] = [
    "SELECT 'integration', linked, owner_id, token_rejected, selection, settings FROM integrations",
    "SELECT 'token', account_id FROM tokens",
    "SELECT 'workspace', external_id, name FROM workspaces",
];

impl State {
    /// Whether this is what the other holds, whatever runs there were.
    pub(super) fn holds_what(&self, other: &Self) -> bool {
        self.tree == other.tree && self.link == other.link
    }

    /// Looks at a copy, so that the next command finds the files as a dead process left them. They must be sound.
    pub(super) fn of(database: &Path) -> Self {
        let look = database.with_extension("look");
        copy(database, &look);
        let db = Connection::open(&look).unwrap();
        assert_eq!(rows(&db, "PRAGMA integrity_check"), ["Text(\"ok\")"]);
        assert_eq!(rows(&db, "PRAGMA foreign_key_check"), Vec::<String>::new());
        let runs = |wanted: &str| {
            let mut found = db.prepare(&format!("SELECT run_id FROM runs WHERE {wanted} ORDER BY 1")).unwrap();
            let ids: Vec<i64> = found.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
            ids
        };
        Self {
            tree: TREE.iter().flat_map(|sql| rows(&db, sql)).collect(),
            link: LINK.iter().flat_map(|sql| rows(&db, sql)).collect(),
            open_runs: runs("ended_at IS NULL"),
            interrupted: runs("error ->> 'code' = 'interrupted'"),
        }
    }
}

fn rows(db: &Connection, sql: &str) -> Vec<String> {
    let mut found = db.prepare(sql).unwrap();
    let columns = found.column_count();
    let row = |row: &rusqlite::Row<'_>| -> rusqlite::Result<String> {
        let values: rusqlite::Result<Vec<String>> =
            (0..columns).map(|column| Ok(format!("{:?}", row.get::<_, Value>(column)?))).collect();
        Ok(values?.join(" "))
    };
    let mut rows: Vec<String> = found.query_map([], row).unwrap().map(Result::unwrap).collect();
    rows.sort_unstable();
    rows
}
