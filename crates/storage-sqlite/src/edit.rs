//! Native tasks, edited by hand (T2, T3).

use chrono::{DateTime, Utc};
use rusqlite::Connection;
use tallyport_domain::{AccountId, Name, Origin, PersonId, Task, TaskId, search_key};
use tallyport_storage::{StoreError, Subject};

use crate::changes::{Counter, noted, restructured, take};
use crate::errors::Result;
use crate::rows::{Statements, stored};
use crate::tasks;

/// Creates a native task; see the port.
pub(crate) fn add(
    db: &Connection,
    account: AccountId,
    parent: Option<TaskId>,
    name: &Name,
    by: PersonId,
    now: DateTime<Utc>,
) -> Result<TaskId> {
    may_hold(db, account, parent)?;
    let task = TaskId(take(db, account, Counter::Task, 1)?);
    db.run(
        "INSERT INTO tasks (account_id, task_id, parent_id, name, sort_key, search_key, origin)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'native')",
        (account.0, task.0, parent.map(|parent| parent.0), name.as_str(), name.sort_key().as_bytes(), search_key(name.as_str())),
    )?;
    restructured(db, account, Subject::Task(task), Some(by), now)?;
    Ok(task)
}

/// Renames a native task; see the port.
pub(crate) fn rename(
    db: &Connection,
    account: AccountId,
    task: TaskId,
    name: &Name,
    by: PersonId,
    now: DateTime<Utc>,
) -> Result<()> {
    native(db, account, task)?;
    tasks::write_name(db, account, task, name)?;
    restructured(db, account, Subject::Task(task), Some(by), now)
}

/// Moves a native task; see the port.
pub(crate) fn relocate(
    db: &Connection,
    account: AccountId,
    task: TaskId,
    parent: Option<TaskId>,
    by: PersonId,
    now: DateTime<Utc>,
) -> Result<()> {
    native(db, account, task)?;
    if let Some(parent) = parent
        && tasks::above(db, account, parent)?.contains_key(&task)
    {
        return Err(StoreError::Cycle.into());
    }
    may_hold(db, account, parent)?;
    note_access(db, account, task, by, now)?;
    tasks::write_parent(db, account, task, parent)?;
    // Nothing above it is archived any more, so if it stays archived it is for itself.
    db.run(
        "UPDATE tasks SET archived_reason = 'archived_here'
         WHERE account_id = ?1 AND task_id = ?2 AND archived_reason = 'parent_archived'",
        (account.0, task.0),
    )?;
    restructured(db, account, Subject::Task(task), Some(by), now)
}

/// Archives a native task with all below it; see the port.
pub(crate) fn archive(db: &Connection, account: AccountId, task: TaskId, by: PersonId, now: DateTime<Utc>) -> Result<()> {
    native(db, account, task)?;
    nothing_imported_below(db, account, task)?;
    db.run(
        &format!(
            "{BELOW} UPDATE tasks SET archived_at = ?3,
             archived_reason = CASE WHEN task_id = ?2 THEN 'archived_here' ELSE 'parent_archived' END
             WHERE account_id = ?1 AND task_id IN below AND archived_reason IS NULL"
        ),
        (account.0, task.0, stored(now)),
    )?;
    restructured(db, account, Subject::Task(task), Some(by), now)
}

/// Brings a native task back, with all below it and with what it hangs under; see the port.
pub(crate) fn restore(db: &Connection, account: AccountId, task: TaskId, by: PersonId, now: DateTime<Utc>) -> Result<()> {
    native(db, account, task)?;
    nothing_imported_below(db, account, task)?;
    db.run(
        &format!(
            "{BELOW} UPDATE tasks SET archived_reason = NULL, archived_at = NULL
             WHERE account_id = ?1 AND task_id IN below AND archived_reason IS NOT NULL"
        ),
        (account.0, task.0),
    )?;
    for above in tasks::above(db, account, task)?.into_keys() {
        native(db, account, above)?;
        tasks::write_archived(db, account, above, None)?;
        // What else hangs there stays archived, now for itself.
        db.run(
            "UPDATE tasks SET archived_reason = 'archived_here'
             WHERE account_id = ?1 AND parent_id = ?2 AND archived_reason = 'parent_archived'",
            (account.0, above.0),
        )?;
    }
    restructured(db, account, Subject::Task(task), Some(by), now)
}

/// Deletes a native task with all below it; see the port.
pub(crate) fn delete(db: &Connection, account: AccountId, task: TaskId, by: PersonId, now: DateTime<Utc>) -> Result<()> {
    native(db, account, task)?;
    nothing_imported_below(db, account, task)?;
    nothing_tracked_below(db, account, task)?;
    note_access(db, account, task, by, now)?;
    for table in ["assignments", "tasks"] {
        let sql = format!("{BELOW} DELETE FROM {table} WHERE account_id = ?1 AND task_id IN below");
        db.run(&sql, (account.0, task.0))?;
    }
    restructured(db, account, Subject::Task(task), Some(by), now)
}

/// Refuses where somebody tracked time on a task or below it, running or not (T2).
fn nothing_tracked_below(db: &Connection, account: AccountId, task: TaskId) -> Result<()> {
    let sql = format!("{BELOW} SELECT 1 FROM entries WHERE account_id = ?1 AND task_id IN below LIMIT 1");
    match db.one(&sql, (account.0, task.0), |_| Ok(()))? {
        Some(()) => Err(StoreError::HasTime.into()),
        None => Ok(()),
    }
}

/// Notes that what people have is about to change: all who have an assignment on the task, below it, or above it (E6).
fn note_access(db: &Connection, account: AccountId, task: TaskId, by: PersonId, now: DateTime<Utc>) -> Result<()> {
    let people = db.all(
        &format!(
            "{BELOW}, above (task_id, parent_id) AS (
                 SELECT task_id, parent_id FROM tasks WHERE account_id = ?1 AND task_id = ?2 UNION
                 SELECT t.task_id, t.parent_id FROM above a JOIN tasks t ON t.account_id = ?1 AND t.task_id = a.parent_id
             ) SELECT DISTINCT person_id FROM assignments
             WHERE account_id = ?1 AND (task_id IN below OR task_id IN (SELECT task_id FROM above))
             AND (automatic_since IS NOT NULL OR manual_since IS NOT NULL) ORDER BY person_id"
        ),
        (account.0, task.0),
        |row| Ok(PersonId(row.get(0)?)),
    )?;
    for person in people {
        noted(db, account, Subject::Access(person), Some(by), now)?;
    }
    Ok(())
}

/// A task and all below it, of the account in the first parameter and the task in the second.
const BELOW: &str = "WITH RECURSIVE below (task_id) AS (
    VALUES (?2) UNION
    SELECT t.task_id FROM below b JOIN tasks t ON t.account_id = ?1 AND t.parent_id = b.task_id
)";

/// A task that may be edited here (T3).
fn native(db: &Connection, account: AccountId, task: TaskId) -> Result<Task> {
    let task = tasks::known(db, account, task)?;
    if matches!(task.origin, Origin::Imported(_)) { Err(StoreError::ImportedReadOnly.into()) } else { Ok(task) }
}

/// Whether a native task may hang there.
fn may_hold(db: &Connection, account: AccountId, parent: Option<TaskId>) -> Result<()> {
    let Some(parent) = parent else { return Ok(()) };
    if native(db, account, parent)?.archived.is_some() { Err(StoreError::ParentArchived.into()) } else { Ok(()) }
}

/// Refuses where the mirror would change along: enabling again makes a task that was kept, and moved, imported where it is
/// until the next sync finds its place (I16, T3).
fn nothing_imported_below(db: &Connection, account: AccountId, task: TaskId) -> Result<()> {
    let imported = db.one(
        &format!("{BELOW} SELECT 1 FROM tasks WHERE account_id = ?1 AND task_id IN below AND origin = 'imported' LIMIT 1"),
        (account.0, task.0),
        |_| Ok(()),
    )?;
    if imported.is_some() { Err(StoreError::ImportedReadOnly.into()) } else { Ok(()) }
}
