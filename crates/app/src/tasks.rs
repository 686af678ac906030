//! The task tree as people see and change it (T1–T5, P6, P7).

use std::collections::HashMap;
use std::sync::Arc;

use tallyport_domain::{Name, SortKey, TaskId};
use tallyport_storage::{Done, Once, StoreError, TaskRow};

use crate::{Actor, Error, Result, Shared, WhyReason, why};

/// The task tree.
#[derive(Clone)]
pub struct Tasks(pub(crate) Arc<Shared>);

/// Which tasks are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Which {
    /// Active ones.
    #[default]
    Active,
    /// Archived ones.
    Archived,
    /// Both.
    All,
}

impl Tasks {
    /// The tasks that the actor sees, in display order (T4, P6, P7).
    pub async fn tree(&self, actor: &Actor, which: Which) -> Result<Vec<TaskRow>> {
        let store = &self.0.store;
        let (account, viewer) = (actor.account(), actor.viewer());
        match which {
            Which::Active => Ok(store.tree(account, viewer, false).await?),
            Which::Archived => Ok(store.tree(account, viewer, true).await?),
            Which::All => {
                let mut rows = store.tree(account, viewer, false).await?;
                rows.extend(store.tree(account, viewer, true).await?);
                Ok(in_display_order(rows))
            }
        }
    }

    /// The tasks whose path holds every word of `text`, best first (T4, P6).
    pub async fn search(&self, actor: &Actor, text: &str, which: Which, limit: u32) -> Result<Vec<TaskRow>> {
        let store = &self.0.store;
        let (account, viewer) = (actor.account(), actor.viewer());
        if which == Which::Archived {
            // The store mixes archived ones among the others, so the limit can only be taken afterwards.
            let mut found = store.search(account, viewer, text, true, u32::MAX).await?;
            found.retain(|row| row.task.archived.is_some());
            found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
            return Ok(found);
        }
        Ok(store.search(account, viewer, text, which == Which::All, limit).await?)
    }

    /// One task that the actor sees.
    ///
    /// # Errors
    /// `NotFound`, for one that is not to be seen too (P6).
    pub async fn show(&self, actor: &Actor, task: TaskId) -> Result<TaskRow> {
        self.0.task(actor, task).await
    }

    /// Creates a native task (T2).
    ///
    /// # Errors
    /// Managers and administrators only; nothing native under an imported one (T3).
    pub async fn add(&self, actor: &Actor, name: &str, parent: Option<TaskId>) -> Result<TaskRow> {
        Ok(self.add_once(actor, name, parent, None).await?.now())
    }

    /// The same for a request that may come twice: what became of the parent since the first time is not looked at (E7).
    ///
    /// # Errors
    /// As [`Tasks::add`]; `ReplayDiffers`.
    pub async fn add_once(
        &self,
        actor: &Actor,
        name: &str,
        parent: Option<TaskId>,
        once: Option<Once<TaskRow>>,
    ) -> Result<Done<TaskRow>> {
        if !actor.manages() {
            if let Some(parent) = parent {
                self.0.native(actor, parent, "add tasks").await?;
            }
            actor.manager("add tasks")?;
        }
        let (name, by, now) = (Name::typed(name)?, actor.person().id, self.0.clock.now());
        match (self.0.store.add_task_once(actor.account(), parent, &name, by, now, once).await, parent) {
            (Err(StoreError::ImportedReadOnly), Some(parent)) => {
                Err(imported_read_only(actor, &self.0.task(actor, parent).await?))
            }
            (done, _) => Ok(done?),
        }
    }

    /// Renames a native task (T2).
    ///
    /// # Errors
    /// Managers and administrators only; imported ones are read-only (T3).
    pub async fn rename(&self, actor: &Actor, task: TaskId, name: &str) -> Result<TaskRow> {
        let row = self.0.native(actor, task, "rename tasks").await?;
        let name = Name::typed(name)?;
        let done = self.0.store.rename_task(actor.account(), task, &name, actor.person().id, self.0.clock.now()).await;
        done.map_err(|error| read_only(error, actor, &row))?;
        self.0.task(actor, task).await
    }

    /// Moves a native task with all below it (T2).
    ///
    /// # Errors
    /// Managers and administrators only; `ImportedReadOnly` (T3), `Cycle`, `ParentArchived`.
    pub async fn move_to(&self, actor: &Actor, task: TaskId, parent: Option<TaskId>) -> Result<TaskRow> {
        let mut row = self.0.native(actor, task, "move tasks").await?;
        if let Some(parent) = parent {
            row = self.0.native(actor, parent, "move tasks").await?;
        }
        let done = self.0.store.move_task(actor.account(), task, parent, actor.person().id, self.0.clock.now()).await;
        done.map_err(|error| read_only(error, actor, &row))?;
        self.0.task(actor, task).await
    }

    /// Archives a native task with all below it (T2).
    ///
    /// # Errors
    /// Managers and administrators only; imported ones are read-only (T3).
    pub async fn archive(&self, actor: &Actor, task: TaskId) -> Result<TaskRow> {
        let row = self.0.native(actor, task, "archive tasks").await?;
        let done = self.0.store.archive_task(actor.account(), task, actor.person().id, self.0.clock.now()).await;
        done.map_err(|error| read_only(error, actor, &row))?;
        self.0.task(actor, task).await
    }

    /// Brings a native task back, with all below it and with what it hangs under (T2).
    ///
    /// # Errors
    /// Managers and administrators only; imported ones are read-only (T3).
    pub async fn restore(&self, actor: &Actor, task: TaskId) -> Result<TaskRow> {
        let row = self.0.native(actor, task, "restore tasks").await?;
        let done = self.0.store.restore_task(actor.account(), task, actor.person().id, self.0.clock.now()).await;
        done.map_err(|error| read_only(error, actor, &row))?;
        self.0.task(actor, task).await
    }

    /// Deletes a native task with all below it (T2).
    ///
    /// # Errors
    /// Managers and administrators only; imported ones are read-only (T3).
    pub async fn delete(&self, actor: &Actor, task: TaskId) -> Result<()> {
        let row = self.0.native(actor, task, "delete tasks").await?;
        let done = self.0.store.delete_task(actor.account(), task, actor.person().id, self.0.clock.now()).await;
        done.map_err(|error| read_only(error, actor, &row))
    }

    /// Why a task is as it is (W1).
    ///
    /// # Errors
    /// `NotFound`, for one that is not to be seen too (P6).
    pub async fn why(&self, actor: &Actor, task: TaskId) -> Result<(TaskRow, Vec<WhyReason>)> {
        let row = self.0.task(actor, task).await?;
        let facts = self.0.store.task_facts(actor.account(), task).await?;
        let people = self.0.store.people(actor.account()).await?;
        let reasons = why::reasons(actor, &row, &facts, &people);
        Ok((row, reasons))
    }
}

impl Shared {
    /// A task that the actor sees; absent, foreign and invisible ones read alike (A1, P6).
    pub(crate) async fn task(&self, actor: &Actor, task: TaskId) -> Result<TaskRow> {
        self.store.task(actor.account(), actor.viewer(), task).await?.ok_or(Error::NotFound("task"))
    }

    /// A task that the actor sees and whose structure they may change.
    ///
    /// What is imported is read-only whoever asks, so that is said before the role is looked at (T3).
    async fn native(&self, actor: &Actor, task: TaskId, doing: &'static str) -> Result<TaskRow> {
        let row = self.task(actor, task).await?;
        if row.task.origin.imported().is_some() {
            return Err(imported_read_only(actor, &row));
        }
        actor.manager(doing)?;
        Ok(row)
    }
}

fn imported_read_only(actor: &Actor, row: &TaskRow) -> Error {
    Error::ImportedReadOnly { name: row.task.name.to_string(), administrator: actor.administers() }
}

/// Says which task is read-only where the store found it to be, a sync having been faster than we were.
fn read_only(error: StoreError, actor: &Actor, row: &TaskRow) -> Error {
    match error {
        StoreError::ImportedReadOnly => imported_read_only(actor, row),
        other => other.into(),
    }
}

/// Brings rows of two walks through one forest into the order of a single one: depth first, siblings by sort key, then by id.
fn in_display_order(rows: Vec<TaskRow>) -> Vec<TaskRow> {
    let mut by_id: HashMap<TaskId, TaskRow> = HashMap::with_capacity(rows.len());
    for row in rows {
        by_id.insert(row.task.id, row);
    }
    let mut below: HashMap<Option<TaskId>, Vec<(SortKey, TaskId)>> = HashMap::new();
    for row in by_id.values() {
        let parent = row.task.parent.filter(|parent| by_id.contains_key(parent));
        below.entry(parent).or_default().push((row.task.name.sort_key(), row.task.id));
    }
    for siblings in below.values_mut() {
        siblings.sort_unstable_by(|one, other| other.cmp(one));
    }
    let mut ordered = Vec::with_capacity(by_id.len());
    let mut open = below.remove(&None).unwrap_or_default();
    while let Some((_, task)) = open.pop() {
        open.extend(below.remove(&Some(task)).unwrap_or_default());
        ordered.extend(by_id.remove(&task));
    }
    ordered
}

#[cfg(test)]
mod tests {
    use tallyport_domain::{Origin, Task};

    use super::*;

    fn row(id: i64, parent: Option<i64>, name: &str) -> TaskRow {
        let name = Name::from_source(name);
        let task = Task {
            id: TaskId(id),
            parent: parent.map(TaskId),
            name: name.clone(),
            origin: Origin::Native,
            color: None,
            billable: None,
            archived: None,
        };
        TaskRow { task, level: 1, path: vec![name], trackable: false }
    }

    #[test] // T4
    fn two_walks_become_one_in_display_order() {
        let active = [row(1, None, "B"), row(2, Some(1), "task 10"), row(5, None, "a")];
        let archived = [row(3, Some(1), "Task 9"), row(4, Some(3), "below"), row(6, None, "A")];
        let ordered = in_display_order(active.into_iter().chain(archived).collect());
        let ids: Vec<i64> = ordered.iter().map(|row| row.task.id.0).collect();
        assert_eq!(ids, [5, 6, 1, 3, 4, 2]);
    }
}
