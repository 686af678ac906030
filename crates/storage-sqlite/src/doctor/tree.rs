//! What has to hold of every tree, whatever was synced into it.

use std::collections::HashMap;

use rusqlite::Connection;
use tallyport_domain::{Task, TaskId};

use super::Finding;
use crate::errors::Result;
use crate::rows::{self, Statements, TASK};

/// The first thing that cannot be, in any account.
pub(super) fn finding(db: &Connection) -> Result<Finding> {
    let accounts = db.all("SELECT account_id, name FROM accounts ORDER BY account_id", [], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?))
    })?;
    let mut many = 0;
    for (account, name) in accounts {
        let sql = format!("SELECT {TASK} FROM tasks WHERE account_id = ?1 ORDER BY task_id");
        let tasks = db.all(&sql, [account], rows::task)?;
        if let Some(fault) = fault(&tasks) {
            return Ok(Finding::bad("tree", format!("in {name}, {fault}"), "Restore a backup, and report it."));
        }
        many += tasks.len();
    }
    Ok(Finding::ok("tree", format!("every task in its place, {many} in all")))
}

fn fault(tasks: &[Task]) -> Option<String> {
    let by_id: HashMap<TaskId, &Task> = tasks.iter().map(|task| (task.id, task)).collect();
    let mut identities = HashMap::new();
    for task in tasks {
        if let Some(identity) = task.origin.identity()
            && let Some(other) = identities.insert(identity, task.id)
        {
            return Some(format!("tasks {other} and {} are the same in Toggl", task.id)); // I7
        }
        let mut steps = 0;
        let mut above = task.parent;
        while let Some(id) = above {
            let Some(parent) = by_id.get(&id) else { return Some(format!("task {id} is missing above task {}", task.id)) };
            steps += 1;
            if steps > tasks.len() {
                return Some(format!("task {} hangs under itself", task.id)); // T2
            }
            above = parent.parent;
        }
        let Some(imported) = task.origin.imported() else { continue };
        let Some(parent) = task.parent.and_then(|parent| by_id.get(&parent)) else { continue };
        if task.archived.is_none() && parent.archived.is_some() && parent.origin.imported().is_some() {
            return Some(format!("task {} is active below the archived task {}", task.id, parent.id)); // I8
        }
        if let Some(holder) = parent.origin.imported()
            && holder.kind() >= imported.kind()
        {
            return Some(format!("task {} hangs under a {} of Toggl", task.id, holder.kind().as_str())); // I5
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use tallyport_domain::{Archived, ExternalId, Identity, Name, Origin, Reason};

    use super::*;

    fn task(id: i64, parent: Option<i64>, origin: Origin) -> Task {
        let (id, parent) = (TaskId(id), parent.map(TaskId));
        Task { id, parent, name: Name::from_source("x"), origin, color: None, billable: None, archived: None }
    }

    fn tree() -> Vec<Task> {
        let imported = |id, parent, identity| task(id, parent, Origin::Imported(identity));
        vec![
            imported(1, None, Identity::Root),
            imported(2, Some(1), Identity::Workspace(ExternalId(100))),
            imported(3, Some(2), Identity::Project(ExternalId(7))),
            imported(4, Some(3), Identity::Task(ExternalId(8))),
            task(5, Some(4), Origin::Native),
        ]
    }

    fn archived(mut tasks: Vec<Task>, at: usize) -> Vec<Task> {
        tasks[at].archived = Some(Archived { reason: Reason::ArchivedInToggl, at: DateTime::UNIX_EPOCH });
        tasks
    }

    fn hung(mut tasks: Vec<Task>, at: usize, parent: i64) -> Vec<Task> {
        tasks[at].parent = Some(TaskId(parent));
        tasks
    }

    #[test] // T2, I5, I7, I8
    fn each_thing_that_cannot_be_is_seen() {
        assert_eq!(fault(&tree()), None);
        assert_eq!(fault(&archived(tree(), 3)), None);
        assert_eq!(fault(&archived(tree(), 2)).unwrap(), "task 4 is active below the archived task 3");
        assert_eq!(fault(&hung(tree(), 2, 5)).unwrap(), "task 3 hangs under itself");
        assert_eq!(fault(&hung(tree(), 4, 99)).unwrap(), "task 99 is missing above task 5");
        assert_eq!(fault(&hung(archived(tree(), 4), 2, 1)), None);
        let mut twice = tree();
        twice.push(task(6, Some(3), Origin::Kept(Identity::Task(ExternalId(8)))));
        assert_eq!(fault(&twice).unwrap(), "tasks 4 and 6 are the same in Toggl");
        let mut nested = tree();
        nested.push(task(7, Some(4), Origin::Imported(Identity::Task(ExternalId(9)))));
        assert_eq!(fault(&nested).unwrap(), "task 7 hangs under a task of Toggl");
    }
}
