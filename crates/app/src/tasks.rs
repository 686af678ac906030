//! The task tree as people see and change it (T1–T5, P6, P7).

use std::sync::Arc;

use chrono::{DateTime, Utc};
use tallyport_domain::{Name, PersonId, Place, TaskId};
use tallyport_storage::{Done, Found, Listed, Once, Page, Still, StoreError, TaskEdit, TaskRow, Wanted, Which};

use crate::{Actor, Error, Result, Shared, WhyReason, why};

/// The task tree.
#[derive(Clone)]
pub struct Tasks(pub(crate) Arc<Shared>);

impl Tasks {
    /// The tasks that the actor sees, in display order (T4, P6, P7).
    pub async fn tree(&self, actor: &Actor, which: Which) -> Result<Vec<TaskRow>> {
        Ok(self.tree_page(actor, which.into(), &Page::default()).await?.rows)
    }

    /// A part of the same, or of those that hang under one task.
    ///
    /// # Errors
    /// `NotFound` for what they hang under, where the actor does not see it (P6).
    pub async fn tree_page(&self, actor: &Actor, wanted: Wanted, page: &Page<Place>) -> Result<Listed<TaskRow, Place>> {
        self.seen_parent(actor, wanted).await?;
        Ok(self.0.store.tree_page(actor.account(), actor.viewer(), wanted, page).await?)
    }

    /// A part of those of them whose path holds every word of `text`, best first (T4, P6).
    ///
    /// # Errors
    /// As [`Tasks::tree_page`].
    pub async fn search(&self, actor: &Actor, text: &str, wanted: Wanted, page: &Page<Found>) -> Result<Listed<TaskRow, Found>> {
        self.seen_parent(actor, wanted).await?;
        Ok(self.0.store.search_page(actor.account(), actor.viewer(), text, wanted, page).await?)
    }

    /// Refuses a parent that the actor does not see.
    async fn seen_parent(&self, actor: &Actor, wanted: Wanted) -> Result<()> {
        match wanted.parent {
            Some(parent) => self.0.task(actor, parent).await.map(drop),
            None => Ok(()),
        }
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
        self.rename_if(actor, task, name, None).await
    }

    /// The same where it is still as it was seen.
    ///
    /// # Errors
    /// As [`Tasks::rename`]; `Changed`.
    pub async fn rename_if(&self, actor: &Actor, task: TaskId, name: &str, still: Option<Still<TaskRow>>) -> Result<TaskRow> {
        let row = self.0.native(actor, task, "rename tasks").await?;
        self.edit(actor, task, &TaskEdit::Name(Name::typed(name)?), still, &row).await
    }

    /// Moves a native task with all below it (T2).
    ///
    /// # Errors
    /// Managers and administrators only; `ImportedReadOnly` (T3), `Cycle`, `ParentArchived`.
    pub async fn move_to(&self, actor: &Actor, task: TaskId, parent: Option<TaskId>) -> Result<TaskRow> {
        self.move_to_if(actor, task, parent, None).await
    }

    /// The same where it is still as it was seen.
    ///
    /// # Errors
    /// As [`Tasks::move_to`]; `Changed`.
    pub async fn move_to_if(
        &self,
        actor: &Actor,
        task: TaskId,
        parent: Option<TaskId>,
        still: Option<Still<TaskRow>>,
    ) -> Result<TaskRow> {
        let mut row = self.0.native(actor, task, "move tasks").await?;
        if let Some(parent) = parent {
            row = self.0.native(actor, parent, "move tasks").await?;
        }
        self.edit(actor, task, &TaskEdit::Parent(parent), still, &row).await
    }

    /// Edits a native task; `row` is the one that an import may have made read-only meanwhile.
    async fn edit(
        &self,
        actor: &Actor,
        task: TaskId,
        edit: &TaskEdit,
        still: Option<Still<TaskRow>>,
        row: &TaskRow,
    ) -> Result<TaskRow> {
        let (by, now) = (actor.person().id, self.0.clock.now());
        let edited = self.0.store.edit_task(actor.account(), task, edit, by, now, still).await;
        edited.map_err(|error| read_only(error, actor, row))
    }

    /// Archives a native task with all below it (T2).
    ///
    /// # Errors
    /// Managers and administrators only; imported ones are read-only (T3).
    pub async fn archive(&self, actor: &Actor, task: TaskId) -> Result<TaskRow> {
        let store = &self.0.store;
        self.done(actor, task, "archive tasks", |by, now| store.archive_task(actor.account(), task, by, now)).await?;
        self.0.task(actor, task).await
    }

    /// Brings a native task back, with all below it and with what it hangs under (T2).
    ///
    /// # Errors
    /// Managers and administrators only; imported ones are read-only (T3).
    pub async fn restore(&self, actor: &Actor, task: TaskId) -> Result<TaskRow> {
        let store = &self.0.store;
        self.done(actor, task, "restore tasks", |by, now| store.restore_task(actor.account(), task, by, now)).await?;
        self.0.task(actor, task).await
    }

    /// Deletes a native task with all below it (T2).
    ///
    /// # Errors
    /// Managers and administrators only; imported ones are read-only (T3).
    pub async fn delete(&self, actor: &Actor, task: TaskId) -> Result<()> {
        let store = &self.0.store;
        self.done(actor, task, "delete tasks", |by, now| store.delete_task(actor.account(), task, by, now)).await
    }

    /// Does something to a native task with all below it, for who may; an import may have made it read-only meanwhile.
    async fn done<F: Future<Output = Result<(), StoreError>>>(
        &self,
        actor: &Actor,
        task: TaskId,
        doing: &'static str,
        something: impl FnOnce(PersonId, DateTime<Utc>) -> F,
    ) -> Result<()> {
        let row = self.0.native(actor, task, doing).await?;
        let done = something(actor.person().id, self.0.clock.now()).await;
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
