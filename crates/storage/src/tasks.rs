//! The tree as people see and change it (T, P6, P7, W1).

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use tallyport_domain::plan::Item;
use tallyport_domain::{AccountId, Name, PersonId, Place, Run, RunId, Standing, Task, TaskId};

use crate::{Done, Listed, Once, Page, Result, Still};

/// The tasks of an account.
#[async_trait]
pub trait TaskStore: Send + Sync {
    /// The tasks that `viewer` sees, in display order: depth first, siblings by sort key, then by id (T4, P6, P7).
    ///
    /// Who does not see everything gets the tasks they have access to and, not trackable, what those hang under. Somebody whom the
    /// account lacks has access to nothing. A place is one of the whole forest, whatever the viewer sees of it.
    async fn tree_page(
        &self,
        account: AccountId,
        viewer: Viewer,
        wanted: Wanted,
        page: &Page<Place>,
    ) -> Result<Listed<TaskRow, Place>>;

    /// All active ones of them, or archived ones alone.
    async fn tree(&self, account: AccountId, viewer: Viewer, archived: bool) -> Result<Vec<TaskRow>> {
        let which = if archived { Which::Archived } else { Which::Active };
        Ok(self.tree_page(account, viewer, which.into(), &Page::default()).await?.rows)
    }

    /// The tasks that `viewer` has access to or sees anyway whose path holds every word of `text`, case aside: best first, that is
    /// those whose name holds them all before those whose path does, then in display order. What a task merely hangs under is not
    /// found by who has no access to it (P6).
    ///
    /// Each character stands for itself; a text without words finds nothing.
    async fn search_page(
        &self,
        account: AccountId,
        viewer: Viewer,
        text: &str,
        wanted: Wanted,
        page: &Page<Found>,
    ) -> Result<Listed<TaskRow, Found>>;

    /// The best of them. Of all of them, archived ones stand among the others.
    async fn search(&self, account: AccountId, viewer: Viewer, text: &str, which: Which, limit: u32) -> Result<Vec<TaskRow>> {
        let page = Page { after: None, limit: Some(limit) };
        Ok(self.search_page(account, viewer, text, which.into(), &page).await?.rows)
    }

    /// One task, archived or not, if `viewer` sees it: as in the tree, what one's tasks hang under included.
    async fn task(&self, account: AccountId, viewer: Viewer, task: TaskId) -> Result<Option<TaskRow>>;

    /// Creates a native task (T2); answers it as who sees the whole tree does, who `by` is.
    ///
    /// # Errors
    /// `NotFound` for the parent, `ImportedReadOnly` under an imported one (T3), `ParentArchived`, `ReplayDiffers`.
    async fn add_task_once(
        &self,
        account: AccountId,
        parent: Option<TaskId>,
        name: &Name,
        by: PersonId,
        now: DateTime<Utc>,
        once: Option<Once<TaskRow>>,
    ) -> Result<Done<TaskRow>>;

    /// The same without a key; answers its number.
    ///
    /// # Errors
    /// As [`TaskStore::add_task_once`].
    async fn add_task(
        &self,
        account: AccountId,
        parent: Option<TaskId>,
        name: &Name,
        by: PersonId,
        now: DateTime<Utc>,
    ) -> Result<TaskId> {
        Ok(self.add_task_once(account, parent, name, by, now, None).await?.now().task.id)
    }

    /// Renames a native task, or moves it with all below it (T2), if it is still as it was seen; answers it as who sees the whole
    /// tree does, who `by` is. What is archived stays archived: moved, `parent_archived` becomes `archived_here`. Here and below,
    /// a kept task is a native one (I15).
    ///
    /// # Errors
    /// `NotFound`, for the new parent too; `Changed`; `ImportedReadOnly` for the task, and for what is to be put under an imported
    /// one (T3); `ParentArchived`, `Cycle`.
    async fn edit_task(
        &self,
        account: AccountId,
        task: TaskId,
        edit: &TaskEdit,
        by: PersonId,
        now: DateTime<Utc>,
        still: Option<Still<TaskRow>>,
    ) -> Result<TaskRow>;

    /// Renames a task, however it is.
    ///
    /// # Errors
    /// As [`TaskStore::edit_task`].
    async fn rename_task(&self, account: AccountId, task: TaskId, name: &Name, by: PersonId, now: DateTime<Utc>) -> Result<()> {
        self.edit_task(account, task, &TaskEdit::Name(name.clone()), by, now, None).await.map(drop)
    }

    /// Moves a task, however it is.
    ///
    /// # Errors
    /// As [`TaskStore::edit_task`].
    async fn move_task(
        &self,
        account: AccountId,
        task: TaskId,
        parent: Option<TaskId>,
        by: PersonId,
        now: DateTime<Utc>,
    ) -> Result<()> {
        self.edit_task(account, task, &TaskEdit::Parent(parent), by, now, None).await.map(drop)
    }

    /// Archives a native task with all below it; those below get `parent_archived`, what was archived keeps its reason and time
    /// (T2).
    ///
    /// # Errors
    /// `NotFound`, `ImportedReadOnly` (T3).
    async fn archive_task(&self, account: AccountId, task: TaskId, by: PersonId, now: DateTime<Utc>) -> Result<()>;

    /// Brings a native task back with all below it, whatever archived that, and with what it hangs under (T2).
    ///
    /// What else hangs under those stays archived, as of when it was: `parent_archived` becomes `archived_here`, since what is
    /// above is archived no more.
    ///
    /// # Errors
    /// `NotFound`, `ImportedReadOnly` (T3).
    async fn restore_task(&self, account: AccountId, task: TaskId, by: PersonId, now: DateTime<Utc>) -> Result<()>;

    /// Deletes a native task with all below it, and the assignments on them; what runs recorded of them stays, and their numbers
    /// are never given again (T2, I7).
    ///
    /// # Errors
    /// `NotFound`, `ImportedReadOnly` (T3).
    async fn delete_task(&self, account: AccountId, task: TaskId, by: PersonId, now: DateTime<Utc>) -> Result<()>;

    /// What is on record about why a task is as it is (W1).
    ///
    /// # Errors
    /// `NotFound`.
    async fn task_facts(&self, account: AccountId, task: TaskId) -> Result<TaskFacts>;
}

/// Which tasks by their state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Which {
    /// Active ones.
    #[default]
    Active,
    /// Archived ones.
    Archived,
    /// Both.
    All,
}

impl Which {
    /// Whether those are meant that are archived, or those that are not.
    #[must_use]
    pub fn holds(self, archived: bool) -> bool {
        match self {
            Self::Active => !archived,
            Self::Archived => archived,
            Self::All => true,
        }
    }
}

/// Which tasks of a tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Wanted {
    /// By their state.
    pub which: Which,
    /// Only those that hang under this one directly.
    pub parent: Option<TaskId>,
}

impl From<Which> for Wanted {
    fn from(which: Which) -> Self {
        Self { which, parent: None }
    }
}

/// Where a task stands in what a search finds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Found {
    /// Whether it takes its path to hold all words, so that it comes after those whose name does.
    pub by_path: bool,
    /// Then in display order.
    pub place: Place,
}

/// Who looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Viewer {
    /// The person, whose access decides what is trackable (P7).
    pub person: PersonId,
    /// Whether they see the whole tree (P7).
    pub sees_all: bool,
}

/// What is changed of a native task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TaskEdit {
    /// What it is called.
    Name(Name),
    /// What it hangs under.
    Parent(Option<TaskId>),
}

/// A task in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskRow {
    /// The task.
    pub task: Task,
    /// How deep it is; the root of a tree has level 1.
    pub level: u32,
    /// The names from the root of its tree down to it.
    pub path: Vec<Name>,
    /// Whether the viewer may track time on it: assigned to it or to one above, and it is active (P7, I9).
    pub trackable: bool,
}

/// What is on record about a task (W1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskFacts {
    /// What runs changed of it, newest first, at most fifty.
    pub items: Vec<RunItem>,
    /// Who has it directly, or had it taken away (P5), and how: by person.
    pub standings: Vec<StandingFact>,
}

/// A change by a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunItem {
    /// The run; its proof and warnings may be left empty here.
    pub run: Run,
    /// The change.
    pub item: Item,
}

/// How somebody stands to a task, and since when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandingFact {
    /// Who.
    pub person: PersonId,
    /// How.
    pub standing: Standing,
    /// When the automatic assignment was made, and by which run, if a run made it.
    pub automatic_since: Option<(DateTime<Utc>, Option<RunId>)>,
    /// When and by whom the manual one was made.
    pub manual_since: Option<(DateTime<Utc>, PersonId)>,
}
