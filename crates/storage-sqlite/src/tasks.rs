//! The tree as people see it, and the columns of a task that several writers write (T, P6, P7, W1).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use rusqlite::Connection;
use tallyport_domain::{AccountId, Archived, Name, PersonId, Place, Task, TaskId, search_key};
use tallyport_storage::{
    Done, Found, Listed, Once, Page, Still, StoreError, TaskEdit, TaskFacts, TaskRow, TaskStore, Viewer, Wanted,
};

use crate::Sqlite;
use crate::assignments;
use crate::changes::missing;
use crate::edit;
use crate::errors::Result;
use crate::forest::{self, Direct, Forest};
use crate::history;
use crate::once::once;
use crate::rows::{self, Statements, TASK, TASK_WIDTH, stored};
use crate::search;

/// A task, if the account has it.
fn find(db: &Connection, account: AccountId, task: TaskId) -> Result<Option<Task>> {
    db.one(&format!("SELECT {TASK} FROM tasks WHERE account_id = ?1 AND task_id = ?2"), (account.0, task.0), rows::task)
}

/// A task that the account has.
pub(crate) fn known(db: &Connection, account: AccountId, task: TaskId) -> Result<Task> {
    find(db, account, task)?.ok_or_else(|| missing("task"))
}

/// A task and what it hangs under, upwards, by what each hangs under.
pub(crate) fn above(db: &Connection, account: AccountId, task: TaskId) -> Result<BTreeMap<TaskId, Option<TaskId>>> {
    let chain = db.all(
        "WITH RECURSIVE above (task_id, parent_id) AS (
             SELECT task_id, parent_id FROM tasks WHERE account_id = ?1 AND task_id = ?2
             UNION
             SELECT t.task_id, t.parent_id FROM above a JOIN tasks t ON t.account_id = ?1 AND t.task_id = a.parent_id
         ) SELECT task_id, parent_id FROM above",
        (account.0, task.0),
        |row| Ok((TaskId(row.get(0)?), row.get::<_, Option<i64>>(1)?.map(TaskId))),
    )?;
    Ok(chain.into_iter().collect())
}

/// Writes what a task is called, and what it is sorted and found by (T4).
pub(crate) fn write_name(db: &Connection, account: AccountId, task: TaskId, name: &Name) -> Result<()> {
    db.run(
        "UPDATE tasks SET name = ?3, sort_key = ?4, search_key = ?5 WHERE account_id = ?1 AND task_id = ?2",
        (account.0, task.0, name.as_str(), name.sort_key().as_bytes(), search_key(name.as_str())),
    )
    .map(drop)
}

/// Writes what a task hangs under; nobody looks whether it may.
pub(crate) fn write_parent(db: &Connection, account: AccountId, task: TaskId, parent: Option<TaskId>) -> Result<()> {
    db.run(
        "UPDATE tasks SET parent_id = ?3 WHERE account_id = ?1 AND task_id = ?2",
        (account.0, task.0, parent.map(|parent| parent.0)),
    )
    .map(drop)
}

/// Writes whether a task is archived, and why and since when; what is below it stays as it is.
pub(crate) fn write_archived(db: &Connection, account: AccountId, task: TaskId, archived: Option<Archived>) -> Result<()> {
    db.run(
        "UPDATE tasks SET archived_reason = ?3, archived_at = ?4 WHERE account_id = ?1 AND task_id = ?2",
        (account.0, task.0, archived.map(|archived| archived.reason.as_str()), archived.map(|archived| stored(archived.at))),
    )
    .map(drop)
}

fn tree(
    db: &Connection,
    account: AccountId,
    viewer: Viewer,
    wanted: Wanted,
    page: &Page<Place>,
) -> Result<Listed<TaskRow, Place>> {
    let direct = assignments::direct(db, account, viewer.person)?;
    Ok(Forest::load(db, account)?.seen(&direct, viewer.sees_all, wanted, page))
}

/// One task with what it hangs under, as far up as what is imported goes, and whether a person has any of these.
///
/// One statement, since a task is what is asked for most often; and no list to look in, for which a table would be made each time.
static PLACED: LazyLock<String> = LazyLock::new(|| {
    let columns = TASK.split(", ").map(|column| format!("t.{column}")).collect::<Vec<_>>().join(", ");
    let given = ["t", "a", "b", "c", "d"].map(|at| {
        format!(
            "EXISTS (SELECT 1 FROM assignments x WHERE x.account_id = ?1 AND x.task_id = {at}.task_id AND x.person_id = ?3
             AND (x.automatic_since IS NOT NULL OR x.manual_since IS NOT NULL))"
        )
    });
    format!(
        "SELECT {columns}, a.name, b.name, c.name, d.name, d.parent_id, {}
         FROM tasks t
         LEFT JOIN tasks a ON a.account_id = ?1 AND a.task_id = t.parent_id
         LEFT JOIN tasks b ON b.account_id = ?1 AND b.task_id = a.parent_id
         LEFT JOIN tasks c ON c.account_id = ?1 AND c.task_id = b.parent_id
         LEFT JOIN tasks d ON d.account_id = ?1 AND d.task_id = c.parent_id
         WHERE t.account_id = ?1 AND t.task_id = ?2",
        given.join(" OR ")
    )
});

/// What [`PLACED`] finds.
struct Placed {
    task: Task,
    /// The names from the task's own upwards.
    upwards: Vec<Name>,
    /// What comes after those.
    next: Option<TaskId>,
    given: bool,
}

impl Placed {
    fn find(db: &Connection, account: AccountId, viewer: Viewer, task: TaskId) -> Result<Option<Self>> {
        db.one(&PLACED, (account.0, task.0, viewer.person.0), |row| {
            let task = rows::task(row)?;
            let mut upwards = Vec::with_capacity(5);
            upwards.push(task.name.clone());
            for column in TASK_WIDTH..TASK_WIDTH + 4 {
                let Some(name) = row.get_ref(column)?.as_str_or_null()? else { break };
                upwards.push(Name::from_source(name));
            }
            let next = row.get::<_, Option<i64>>(TASK_WIDTH + 4)?.map(TaskId);
            Ok(Self { task, upwards, next, given: row.get(TASK_WIDTH + 5)? })
        })
    }

    /// Whether it says all that there is to say to whoever looks.
    fn is_enough(&self, viewer: Viewer) -> bool {
        self.next.is_none() && (self.given || viewer.sees_all)
    }

    fn row(mut self) -> TaskRow {
        self.upwards.reverse();
        forest::row(self.task, self.upwards, self.given)
    }
}

/// One task with its path, without putting the whole forest in order.
fn one(db: &Connection, account: AccountId, viewer: Viewer, task: TaskId) -> Result<Option<TaskRow>> {
    let Some(mut found) = Placed::find(db, account, viewer, task)? else { return Ok(None) };
    if !found.is_enough(viewer) {
        let direct = assignments::direct(db, account, viewer.person)?;
        let from = found.next.take();
        found.given |= further_up(db, account, from, &mut found.upwards, &direct)?;
        if !(found.given || viewer.sees_all || is_above_one_of(db, account, task, &direct)?) {
            return Ok(None);
        }
    }
    Ok(Some(found.row()))
}

/// Goes on upwards with a path; whether one of these assignments is on the way.
fn further_up(db: &Connection, account: AccountId, from: Option<TaskId>, path: &mut Vec<Name>, direct: &Direct) -> Result<bool> {
    let mut given = false;
    let mut next = from;
    let mut passed = BTreeSet::new();
    // A tree that cannot be must not hang us.
    while let Some(id) = next.filter(|id| passed.insert(*id)) {
        let above = known(db, account, id)?;
        given |= direct.contains_key(&id);
        path.push(above.name);
        next = above.parent;
    }
    Ok(given)
}

/// Whether somebody who has these tasks sees this one above them, for context (P6).
fn is_above_one_of(db: &Connection, account: AccountId, task: TaskId, direct: &Direct) -> Result<bool> {
    for given in direct.keys() {
        if above(db, account, *given)?.contains_key(&task) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A task as somebody sees it who sees the whole tree.
fn managed(db: &Connection, account: AccountId, by: PersonId, task: TaskId) -> Result<TaskRow> {
    one(db, account, Viewer { person: by, sees_all: true }, task)?.ok_or_else(|| missing("task"))
}

fn add(
    db: &Connection,
    account: AccountId,
    parent: Option<TaskId>,
    name: &Name,
    by: PersonId,
    now: DateTime<Utc>,
) -> Result<TaskRow> {
    let task = edit::add(db, account, parent, name, by, now)?;
    managed(db, account, by, task)
}

fn change(
    db: &Connection,
    account: AccountId,
    task: TaskId,
    edit: &TaskEdit,
    by: PersonId,
    now: DateTime<Utc>,
    still: Option<&Still<TaskRow>>,
) -> Result<TaskRow> {
    if let Some(still) = still {
        still.check(&managed(db, account, by, task)?)?;
    }
    match edit {
        TaskEdit::Name(name) => edit::rename(db, account, task, name, by, now)?,
        TaskEdit::Parent(parent) => edit::relocate(db, account, task, *parent, by, now)?,
    }
    managed(db, account, by, task)
}

fn facts(db: &Connection, account: AccountId, task: TaskId) -> Result<TaskFacts> {
    known(db, account, task)?;
    let items = history::of_task(db, account, task)?;
    Ok(TaskFacts { items, standings: assignments::of_task(db, account, task)? })
}

#[async_trait]
impl TaskStore for Sqlite {
    async fn tree_page(
        &self,
        account: AccountId,
        viewer: Viewer,
        wanted: Wanted,
        page: &Page<Place>,
    ) -> Result<Listed<TaskRow, Place>, StoreError> {
        let page = page.clone();
        self.read(move |db| tree(db, account, viewer, wanted, &page)).await
    }

    async fn search_page(
        &self,
        account: AccountId,
        viewer: Viewer,
        text: &str,
        wanted: Wanted,
        page: &Page<Found>,
    ) -> Result<Listed<TaskRow, Found>, StoreError> {
        let (text, page, last) = (text.to_owned(), page.clone(), self.last_outline.clone());
        self.read(move |db| search::search(db, &last, account, viewer, &text, wanted, &page)).await
    }

    async fn task(&self, account: AccountId, viewer: Viewer, task: TaskId) -> Result<Option<TaskRow>, StoreError> {
        match self.glance(move |db| Placed::find(db, account, viewer, task)).await? {
            Some(found) if found.is_enough(viewer) => Ok(Some(found.row())),
            Some(_) => self.read(move |db| one(db, account, viewer, task)).await,
            None => Ok(None),
        }
    }

    async fn add_task_once(
        &self,
        account: AccountId,
        parent: Option<TaskId>,
        name: &Name,
        by: PersonId,
        now: DateTime<Utc>,
        key: Option<Once<TaskRow>>,
    ) -> Result<Done<TaskRow>, StoreError> {
        let name = name.clone();
        self.write(move |db| once(db, account, by, now, key.as_ref(), || add(db, account, parent, &name, by, now))).await
    }

    async fn edit_task(
        &self,
        account: AccountId,
        task: TaskId,
        edit: &TaskEdit,
        by: PersonId,
        now: DateTime<Utc>,
        still: Option<Still<TaskRow>>,
    ) -> Result<TaskRow, StoreError> {
        let edit = edit.clone();
        self.write(move |db| change(db, account, task, &edit, by, now, still.as_ref())).await
    }

    async fn archive_task(&self, account: AccountId, task: TaskId, by: PersonId, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.write(move |db| edit::archive(db, account, task, by, now)).await
    }

    async fn restore_task(&self, account: AccountId, task: TaskId, by: PersonId, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.write(move |db| edit::restore(db, account, task, by, now)).await
    }

    async fn delete_task(&self, account: AccountId, task: TaskId, by: PersonId, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.write(move |db| edit::delete(db, account, task, by, now)).await
    }

    async fn task_facts(&self, account: AccountId, task: TaskId) -> Result<TaskFacts, StoreError> {
        self.read(move |db| facts(db, account, task)).await
    }
}
