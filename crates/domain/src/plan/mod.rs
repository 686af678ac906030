//! The plan: what a sync changes, computed from the tree and a complete snapshot and from nothing else (I10).

mod apply;
mod assign;
mod diff;
mod draft;
mod guard;
mod items;
mod known;
mod listing;
mod mapping;
mod paths;
mod room;
mod tree;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use guard::{Consent, Hold, ShownChanges};
pub use items::{Item, ItemChange};

use crate::{
    Archived, Color, ExternalId, Grant, Identity, Member, Name, PersonId, Roster, Selection, Settings, Snapshot, Task, TaskId,
};

/// The account's tree and assignments before the sync.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Current {
    /// Every task of the account, native ones included, in any order.
    pub tasks: Vec<Task>,
    /// The automatic assignments (P2).
    pub automatic: BTreeSet<Grant>,
    /// The automatic assignments that somebody took away and that stay away (P5).
    pub suppressions: BTreeSet<Grant>,
}

/// What decides the plan beside tree and snapshot.
#[derive(Debug, Clone, Copy)]
pub struct Terms<'a> {
    /// The workspaces that are mirrored.
    pub selection: &'a Selection,
    /// Whether private projects come over (I21).
    pub settings: &'a Settings,
    /// Who is matched (P4) and who gets the root (P3).
    pub roster: &'a Roster,
    /// The time that newly archived tasks get (I8).
    pub at: DateTime<Utc>,
}

/// What a sync changes. The same tree, snapshot and terms give the same plan, whatever the order of their lists.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// Tasks to create: each after the one it hangs under; within a kind by external id.
    pub created: Vec<NewTask>,
    /// Tasks to change, by id. One whose every field is unchanged is not in it.
    pub changed: Vec<TaskChange>,
    /// Automatic assignments to make on tasks that exist.
    pub assign: BTreeSet<Grant>,
    /// Automatic assignments to end.
    pub withdraw: BTreeSet<Grant>,
    /// Automatic assignments to make on tasks of `created`: person and index, by index and then by person.
    pub assign_created: Vec<(PersonId, u32)>,
    /// The members to remember, for each workspace in which they were read (P4).
    pub members: Vec<(ExternalId, Vec<Member>)>,
    /// How many active imported tasks stay as they are; a change of colour or billing alone counts as none.
    pub unchanged: u32,
    /// What an administrator should know of this run (I5, I8, I10, P5).
    pub warnings: Vec<Warning>,
}

/// What a new or moved task hangs under.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Nothing: it is the root of a tree.
    Top,
    /// A task that exists.
    Under(TaskId),
    /// The task that the plan creates at this index of [`Plan::created`].
    UnderCreated(u32),
}

/// A task to create; it is active.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTask {
    /// What it mirrors.
    pub identity: Identity,
    /// What it hangs under.
    pub place: Place,
    /// What it is called.
    pub name: Name,
    /// Its colour.
    pub color: Option<Color>,
    /// Whether time on it is billable.
    pub billable: Option<bool>,
}

/// A task to change: for each field nothing, or what it becomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskChange {
    /// Which task.
    pub task: TaskId,
    /// What it is called from now on.
    pub name: Option<Name>,
    /// What it hangs under from now on.
    pub place: Option<Place>,
    /// Whether it is archived from now on.
    pub archived: Option<Option<Archived>>,
    /// Its colour from now on.
    pub color: Option<Option<Color>>,
    /// Whether time on it is billable from now on.
    pub billable: Option<Option<bool>>,
    /// Set where a task that was kept as a native one is mirrored again (I16): what it mirrors.
    pub adopted: Option<Identity>,
}

impl TaskChange {
    /// A change of nothing yet.
    #[must_use]
    pub fn none(task: TaskId) -> Self {
        Self { task, name: None, place: None, archived: None, color: None, billable: None, adopted: None }
    }

    /// Whether it changes nothing at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::none(self.task)
    }
}

/// How much a run changed, as its record says it (I14).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Tasks created.
    pub created: u32,
    /// Tasks renamed.
    pub renamed: u32,
    /// Tasks that hang under another task now.
    pub moved: u32,
    /// Tasks that were active and are archived now.
    pub archived: u32,
    /// Tasks that were archived and are active now.
    pub restored: u32,
    /// Active imported tasks without a change.
    pub unchanged: u32,
    /// Automatic assignments made.
    pub assigned: u32,
    /// Automatic assignments ended.
    pub withdrawn: u32,
}

/// Something that an administrator should know of a run; none of these keeps it from succeeding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Warning {
    /// A workspace is listed but refuses its own lists; it stays as it is (I8).
    WorkspaceRefused {
        /// The workspace.
        workspace: Name,
        /// What the source said.
        detail: String,
    },
    /// A workspace's plan has no tasks any more; those imported earlier stay as they are (I10).
    TasksUnreadable {
        /// The workspace.
        workspace: Name,
        /// How many tasks stay; those archived for a reason of their own aside.
        tasks: u32,
    },
    /// The credential may not read a workspace's members; the last known ones stand (P5).
    MembersUnreadable {
        /// The workspace.
        workspace: Name,
    },
    /// Projects whose client is deleted or unknown hang under their workspace (I5).
    ClientsUnknown {
        /// The workspace.
        workspace: Name,
        /// How many projects of the tree.
        projects: u32,
    },
    /// Archived clients stay active because an active project hangs under them (I5).
    ArchivedClientsKept {
        /// The workspace.
        workspace: Name,
        /// How many clients.
        clients: u32,
    },
    /// Tasks whose project is not to be seen are not imported, or are archived where they were (I5).
    ProjectsUnknown {
        /// The workspace.
        workspace: Name,
        /// How many tasks, done ones aside.
        tasks: u32,
    },
}

/// Computes what a sync changes.
///
/// Pure: the plan depends on nothing but its arguments, and not on the order of their lists. It never makes a cycle, and
/// planning again on what it makes gives an empty plan.
#[must_use]
pub fn plan(current: &Current, snapshot: &Snapshot, terms: Terms<'_>) -> Plan {
    let tree = tree::Tree::of(current);
    let listing = listing::Listing::of(snapshot, terms);
    let (mut draft, warnings) = mapping::wanted(&tree, &listing, terms.selection);
    room::make_room(&tree, &mut draft);
    let mut plan = diff::diff(&tree, &draft, terms.at);
    plan.warnings = warnings;
    assign::assign(&mut plan, &tree, &draft, &listing, current, terms.roster);
    plan.warnings.sort();
    plan.warnings.dedup();
    plan
}

impl Plan {
    /// Whether it changes neither tasks nor assignments.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.created.is_empty()
            && self.changed.is_empty()
            && self.assign.is_empty()
            && self.withdraw.is_empty()
            && self.assign_created.is_empty()
    }
}

/// As a number of a record: a tree has fewer than four thousand million tasks.
fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
