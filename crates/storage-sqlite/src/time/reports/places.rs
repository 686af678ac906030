//! What the places of sums are called.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;
use tallyport_domain::time::Tag;
use tallyport_domain::{AccountId, TagId, Task, TaskId};
use tallyport_storage::TaskRow;

use crate::errors::Result;
use crate::forest::Forest;
use crate::rows::{self, Statements as _, TASK, TASK_WIDTH, unreadable};

/// These tasks with all that they hang under, in display order.
pub(super) fn tasks(db: &Connection, account: AccountId, tasks: &BTreeSet<TaskId>) -> Result<Vec<TaskRow>> {
    let sql = format!("SELECT {TASK}, sort_key FROM tasks WHERE account_id = ?1 AND task_id = ?2");
    let mut known: BTreeMap<TaskId, (Task, Box<[u8]>)> = BTreeMap::new();
    for task in tasks {
        let mut next = Some(*task);
        while let Some(task) = next.filter(|task| !known.contains_key(task)) {
            let found = db.one(&sql, (account.0, task.0), |row| {
                Ok((rows::task(row)?, Box::<[u8]>::from(row.get_ref(TASK_WIDTH)?.as_blob()?)))
            })?;
            next = found.as_ref().and_then(|(task, _)| task.parent);
            known.extend(found.map(|found| (task, found)));
        }
    }
    Ok(Forest::of(known.into_values().collect()).rows())
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
