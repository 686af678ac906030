//! A plan told item by item, with old and new values: what a preview shows and what history records (I13, I14).

use serde::{Deserialize, Serialize};

use super::paths::{Paths, Spot};
use super::tree::ById;
use super::{Counts, Current, NewTask, Plan, TaskChange};
use crate::{Grant, Identity, Name, PersonId, Reason, Task, TaskId};

/// What happens to an item. A task that is renamed and moved at once is two items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemChange {
    /// A task comes in.
    Created,
    /// A task gets another name.
    Renamed,
    /// A task hangs under another one.
    Moved,
    /// An active task goes to the archive.
    Archived,
    /// An archived task comes back.
    Restored,
    /// An archived task stays archived, for another reason (I8).
    ReasonChanged,
    /// A task gets another colour or billing; recorded, but not counted.
    Recolored,
    /// A task that was kept as a native one is mirrored again (I16).
    Adopted,
    /// A person gets an automatic assignment.
    Assigned,
    /// A person loses an automatic assignment.
    Withdrawn,
}

/// One change to one task or assignment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// What happens.
    pub change: ItemChange,
    /// The task's number; for a task that the plan creates nothing, until a store gave it one.
    pub task: Option<TaskId>,
    /// Where in [`Plan::created`] the task stands, if the plan creates it.
    pub created: Option<u32>,
    /// What the task mirrors; nothing for a native one that has to make room (I16).
    pub identity: Option<Identity>,
    /// What it is called after the change.
    pub name: Name,
    /// The names from the root down to it, after the change, its own included.
    pub path: Vec<Name>,
    /// Why it is archived, for changes of the archive.
    pub reason: Option<Reason>,
    /// Why it was archived before, where it was.
    pub old_reason: Option<Reason>,
    /// What it was called, where that changes.
    pub old_name: Option<Name>,
    /// Where it was, where that changes.
    pub old_path: Option<Vec<Name>>,
    /// Whose assignment it is.
    pub person: Option<PersonId>,
}

impl Item {
    fn of(change: ItemChange, name: Name, path: Vec<Name>) -> Self {
        Self {
            change,
            task: None,
            created: None,
            identity: None,
            name,
            path,
            reason: None,
            old_reason: None,
            old_name: None,
            old_path: None,
            person: None,
        }
    }
}

impl Plan {
    /// Tells the plan item by item: created tasks first, then changed ones by id, then assignments.
    ///
    /// `current` is what the plan was computed from. What merely hangs under a renamed or moved task is no item.
    pub fn items<'a>(&'a self, current: &'a Current) -> impl Iterator<Item = Item> + 'a {
        let mut paths = Paths::of(self, current);
        let grants = |change, grants: &'a std::collections::BTreeSet<Grant>| {
            grants.iter().map(move |grant| Step::Grant(change, grant.person, Spot::Existing(grant.task)))
        };
        let created = (0..).zip(&self.created).map(|(index, new)| Step::Created(index, new));
        let changed = self.changed.iter().map(Step::Changed);
        let fresh = self.assign_created.iter();
        let fresh = fresh.map(|(person, index)| Step::Grant(ItemChange::Assigned, *person, Spot::Created(*index)));
        let assigned = grants(ItemChange::Assigned, &self.assign).chain(fresh);
        let withdrawn = grants(ItemChange::Withdrawn, &self.withdraw);
        created.chain(changed).chain(assigned).chain(withdrawn).flat_map(move |step| step.items(&mut paths))
    }

    /// How much it changes; `current` is what the plan was computed from.
    #[must_use]
    pub fn counts(&self, current: &Current) -> Counts {
        let tasks = ById::of(current);
        let mut counts = Counts {
            created: super::count(self.created.len()),
            unchanged: self.unchanged,
            assigned: super::count(self.assign.len() + self.assign_created.len()),
            withdrawn: super::count(self.withdraw.len()),
            ..Counts::default()
        };
        for change in &self.changed {
            let Some(task) = tasks.get(change.task) else { continue };
            counts.renamed += u32::from(change.name.is_some());
            counts.moved += u32::from(change.place.is_some());
            match archiving(task, change) {
                Some(ItemChange::Archived) => counts.archived += 1,
                Some(ItemChange::Restored) => counts.restored += 1,
                _ => {}
            }
        }
        counts
    }
}

/// What a change of the archive is called.
fn archiving(task: &Task, change: &TaskChange) -> Option<ItemChange> {
    match (task.archived, change.archived?) {
        (None, Some(_)) => Some(ItemChange::Archived),
        (Some(_), None) => Some(ItemChange::Restored),
        (Some(_), Some(_)) => Some(ItemChange::ReasonChanged),
        (None, None) => None,
    }
}

/// A part of a plan that is told in one go.
enum Step<'a> {
    Created(u32, &'a NewTask),
    Changed(&'a TaskChange),
    Grant(ItemChange, PersonId, Spot),
}

impl Step<'_> {
    fn items(self, paths: &mut Paths<'_>) -> Vec<Item> {
        match self {
            Self::Created(index, new) => {
                let path = paths.after(Spot::Created(index));
                let item = Item::of(ItemChange::Created, new.name.clone(), path);
                vec![Item { created: Some(index), identity: Some(new.identity), ..item }]
            }
            Self::Changed(change) => changed_items(change, paths),
            Self::Grant(what, person, spot) => {
                let path = paths.after(spot);
                let item = Item::of(what, path.last().cloned().unwrap_or_default(), path);
                let (task, created) = match spot {
                    Spot::Existing(task) => (Some(task), None),
                    Spot::Created(index) => (None, Some(index)),
                };
                vec![Item { task, created, identity: paths.identity(spot), person: Some(person), ..item }]
            }
        }
    }
}

fn changed_items(change: &TaskChange, paths: &mut Paths<'_>) -> Vec<Item> {
    let Some(task) = paths.task(change.task) else { return Vec::new() };
    let spot = Spot::Existing(change.task);
    let name = change.name.as_ref().unwrap_or(&task.name);
    let identity = paths.identity(spot);
    let path = paths.after(spot);
    let item = |what| Item { task: Some(change.task), identity, ..Item::of(what, name.clone(), path.clone()) };

    let mut items = Vec::new();
    if change.name.is_some() {
        items.push(Item { old_name: Some(task.name.clone()), ..item(ItemChange::Renamed) });
    }
    if change.place.is_some() {
        items.push(Item { old_path: Some(paths.before(change.task)), ..item(ItemChange::Moved) });
    }
    if let Some(what) = archiving(task, change) {
        let reason = change.archived.flatten().map(|archived| archived.reason);
        items.push(Item { reason, old_reason: task.archived.map(|archived| archived.reason), ..item(what) });
    }
    if change.color.is_some() || change.billable.is_some() {
        items.push(item(ItemChange::Recolored));
    }
    if change.adopted.is_some() {
        items.push(item(ItemChange::Adopted));
    }
    items
}
