//! What runs changed, item by item (I14).
//!
//! A first import has as many items as there are tasks, so that many share a row. Where those of one task stand is in a table of
//! its own, but for its creation: what a run created comes first and in the order of numbers, so that the place can be counted.

use std::ops::Range;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::Scope;

use rusqlite::{Connection, Row};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tallyport_domain::plan::{Item, ItemChange};
use tallyport_domain::{AccountId, Identity, Name, PersonId, Reason, RunId, TaskId};
use tallyport_storage::RunItem;

use crate::bulk;
use crate::errors::{Error, Result};
use crate::rows::{self, RUN, RUN_WIDTH, Statements, from_json, json};

/// How many items share a row.
const TOGETHER: usize = 128;

/// How many rows may lie ready to be written.
const READY: usize = 32;

/// How many changes of a task are told.
const FACTS: u32 = 50;

/// An item as it is stored: without what its place or another field tells.
#[derive(Serialize, Deserialize)]
struct Stored {
    #[serde(default = "creation", skip_serializing_if = "is_creation")]
    change: ItemChange,
    #[serde(skip_serializing_if = "Option::is_none")]
    task: Option<TaskId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    identity: Option<Identity>,
    /// Ends with the name.
    path: Vec<Name>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<Reason>,
    #[serde(skip_serializing_if = "Option::is_none")]
    old_reason: Option<Reason>,
    #[serde(skip_serializing_if = "Option::is_none")]
    old_name: Option<Name>,
    #[serde(skip_serializing_if = "Option::is_none")]
    old_path: Option<Vec<Name>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    person: Option<PersonId>,
}

fn creation() -> ItemChange {
    ItemChange::Created
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
fn is_creation(change: &ItemChange) -> bool {
    *change == creation()
}

/// What an item is about.
#[derive(Clone, Copy)]
enum About {
    Task(TaskId),
    /// A task that has no number before it is written.
    Created(u32),
}

/// Items that share a row, ready to be written.
struct Ready {
    /// The number of the first.
    first: i64,
    json: String,
    /// The numbers of those that are about a task, but for creations that stand where they are looked for.
    about: Vec<(About, i64)>,
}

impl Ready {
    fn of(first: usize, items: Vec<Item>) -> Result<Self> {
        let mut about = Vec::new();
        let mut stored = Vec::with_capacity(items.len());
        for (index, item) in (first..).zip(items) {
            let Item { change, task, created, identity, name: _, path, reason, old_reason, old_name, old_path, person } = item;
            let in_place = is_creation(&change) && created.is_some_and(|created| created as usize == index);
            let created = created.filter(|_| !in_place);
            let concerned = task.map(About::Task).or(created.map(About::Created));
            if let Some(concerned) = concerned {
                about.push((concerned, number(index)?));
            }
            stored.push(Stored { change, task, created, identity, path, reason, old_reason, old_name, old_path, person });
        }
        Ok(Self { first: number(first)?, json: json(&stored)?, about })
    }
}

/// Writes the items of a run down while another thread makes them ready.
pub(crate) struct History<'a> {
    db: &'a Connection,
    account: AccountId,
    run: RunId,
    created: Option<Range<i64>>,
    ready: Receiver<Result<Ready>>,
}

impl<'a> History<'a> {
    /// Begins to make the items of a run ready. `created` are the tasks that it creates, where it does.
    pub(crate) fn ahead<'scope>(
        scope: &'scope Scope<'scope, '_>,
        mut items: impl Iterator<Item = Item> + Send + 'scope,
        (db, account, run): (&'a Connection, AccountId, RunId),
        created: Option<Range<i64>>,
    ) -> Self {
        let (send, ready) = sync_channel(READY);
        scope.spawn(move || {
            for first in (0..).step_by(TOGETHER) {
                let together: Vec<Item> = items.by_ref().take(TOGETHER).collect();
                // Whoever writes may have given up.
                if together.is_empty() || send.send(Ready::of(first, together)).is_err() {
                    break;
                }
            }
        });
        Self { db, account, run, created, ready }
    }

    /// Writes what is ready.
    pub(crate) fn catch_up(&self) -> Result<()> {
        self.ready.try_iter().try_for_each(|ready| self.write(&ready?))
    }

    /// Writes what is left.
    pub(crate) fn finish(self) -> Result<()> {
        if let Some(created) = self.created.as_ref().filter(|created| !created.is_empty()) {
            self.db.run(
                "UPDATE runs SET first_created = ?3, last_created = ?4 WHERE account_id = ?1 AND run_id = ?2",
                (self.account.0, self.run.0, created.start, created.end - 1),
            )?;
        }
        self.ready.iter().try_for_each(|ready| self.write(&ready?))
    }

    fn write(&self, ready: &Ready) -> Result<()> {
        self.db.run(
            "INSERT INTO run_items (account_id, run_id, first, items) VALUES (?1, ?2, ?3, ?4)",
            (self.account.0, self.run.0, ready.first, &ready.json),
        )?;
        let task = |about: About| match (about, &self.created) {
            (About::Task(task), _) => Some(task.0),
            (About::Created(index), Some(created)) => Some(created.start + i64::from(index)),
            (About::Created(_), None) => None,
        };
        let standing: Vec<(i64, i64)> = ready.about.iter().filter_map(|(about, number)| Some((task(*about)?, *number))).collect();
        bulk::insert(self.db, "run_item_tasks (account_id, task_id, run_id, number)", standing.len(), |index, values| {
            let (task, number) = standing[index];
            values.push(self.account.0)?;
            values.push(task)?;
            values.push(self.run.0)?;
            values.push(number)
        })
    }
}

/// The number of an item by its place.
fn number(index: usize) -> Result<i64> {
    i64::try_from(index + 1).map_err(|_| rows::unreadable("a number of an item", index))
}

/// Items that share a row.
struct Together<'r> {
    /// The number of the first.
    first: i64,
    first_created: Option<i64>,
    items: Vec<&'r RawValue>,
}

impl<'r> Together<'r> {
    /// Reads them from three columns.
    fn read(row: &'r Row<'_>, column: usize) -> Result<Self> {
        let items = serde_json::from_str(row.get_ref(column + 2)?.as_str()?)?;
        Ok(Self { first: row.get(column)?, first_created: row.get(column + 1)?, items })
    }

    /// The item of that number, if it is here.
    fn item(&self, number: i64) -> Result<Option<Item>> {
        let index = usize::try_from(number - self.first).ok();
        let Some(stored) = index.and_then(|index| self.items.get(index)) else { return Ok(None) };
        let Stored { change, task, created, identity, path, reason, old_reason, old_name, old_path, person } =
            from_json(stored.get())?;
        let in_place = (change == creation()).then(|| u32::try_from(number - 1).ok()).flatten();
        let numbered = created.or(in_place).zip(self.first_created);
        let task = task.or(numbered.map(|(index, first)| TaskId(first + i64::from(index))));
        let name = path.last().cloned().unwrap_or_default();
        Ok(Some(Item { change, task, created: None, identity, name, path, reason, old_reason, old_name, old_path, person }))
    }
}

/// What a run changed; see the port.
pub(crate) fn items(db: &Connection, account: AccountId, run: RunId, skip: u32, limit: u32) -> Result<Vec<Item>> {
    let wanted = i64::from(skip) + 1..=i64::from(skip) + i64::from(limit);
    let rows = db.all(
        "SELECT first, first_created, items FROM run_items JOIN runs USING (account_id, run_id)
         WHERE account_id = ?1 AND run_id = ?2 AND first <= ?4 AND first >=
             coalesce((SELECT max(first) FROM run_items WHERE account_id = ?1 AND run_id = ?2 AND first <= ?3), 0)
         ORDER BY first",
        (account.0, run.0, wanted.start(), wanted.end()),
        |row| {
            let together = Together::read(row, 0)?;
            let here = (together.first..).take(together.items.len()).filter(|number| wanted.contains(number));
            here.filter_map(|number| together.item(number).transpose()).collect::<Result<Vec<Item>>>()
        },
    )?;
    Ok(rows.into_iter().flatten().collect())
}

/// What happened to a task, newest first, by runs that succeeded.
pub(crate) fn of_task(db: &Connection, account: AccountId, task: TaskId) -> Result<Vec<RunItem>> {
    db.all(
        &format!(
            "WITH standing (account_id, run_id, number) AS (
                 SELECT account_id, run_id, number FROM run_item_tasks WHERE account_id = ?1 AND task_id = ?2
                 UNION ALL
                 SELECT account_id, run_id, 1 + ?2 - first_created FROM runs WHERE account_id = ?1 AND last_created >= ?2
                     AND first_created = (SELECT max(first_created) FROM runs WHERE account_id = ?1 AND first_created <= ?2)
             )
             SELECT {RUN}, number, first, first_created, items
             FROM standing JOIN runs USING (account_id, run_id) JOIN run_items USING (account_id, run_id)
             WHERE outcome = 'succeeded' AND first =
                 (SELECT max(first) FROM run_items i WHERE i.account_id = ?1 AND i.run_id = standing.run_id AND i.first <= number)
             ORDER BY run_id DESC, number LIMIT ?3"
        ),
        (account.0, task.0, FACTS),
        |row| {
            let run = rows::run(row)?;
            let number: i64 = row.get(RUN_WIDTH)?;
            let item = Together::read(row, RUN_WIDTH + 1)?.item(number)?;
            let item = item.ok_or_else(|| Error::Row(format!("run {} has no item {number}", run.id)))?;
            Ok(RunItem { run, item })
        },
    )
}

#[cfg(test)]
mod tests;
