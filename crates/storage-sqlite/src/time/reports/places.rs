//! What the places of sums are called.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, Row};
use tallyport_domain::time::Tag;
use tallyport_domain::{AccountId, TagId, Task, TaskId};
use tallyport_storage::TaskRow;

use crate::errors::Result;
use crate::forest::Forest;
use crate::rows::{self, Statements as _, TASK, TASK_WIDTH, unreadable};

/// These tasks with all that they hang under, in display order.
pub(super) fn tasks(db: &Connection, account: AccountId, tasks: &BTreeSet<TaskId>) -> Result<Vec<TaskRow>> {
    let sql = format!("SELECT {TASK}, sort_key FROM tasks WHERE account_id = ?1 AND task_id = ?2");
    // One statement for all of them: to find it again each time takes as long as running it.
    let mut statement = db.prepare_cached(&sql)?;
    let mut known: BTreeMap<TaskId, (Task, Box<[u8]>)> = BTreeMap::new();
    for task in tasks {
        let mut next = Some(*task);
        while let Some(task) = next.filter(|task| !known.contains_key(task)) {
            let mut found = statement.query((account.0, task.0))?;
            let found = found.next()?.map(keyed).transpose()?;
            next = found.as_ref().and_then(|(task, _)| task.parent);
            known.extend(found.map(|found| (task, found)));
        }
    }
    Ok(Forest::of(known.into_values().collect()).rows())
}

/// A task with the key that it is sorted by.
fn keyed(row: &Row<'_>) -> Result<(Task, Box<[u8]>)> {
    Ok((rows::task(row)?, row.get_ref(TASK_WIDTH)?.as_blob()?.into()))
}

/// These tags.
pub(super) fn tags(db: &Connection, account: AccountId, tags: &BTreeSet<TagId>) -> Result<BTreeMap<TagId, Tag>> {
    let mut named = BTreeMap::new();
    for id in tags {
        let sql = "SELECT name FROM tags WHERE account_id = ?1 AND tag_id = ?2";
        let name = db.one(sql, (account.0, id.0), |row| {
            let name = row.get_ref(0)?.as_str()?;
            Tag::typed(name).map_err(|_| unreadable("a tag", name))
        })?;
        named.extend(name.map(|name| (*id, name)));
    }
    Ok(named)
}
