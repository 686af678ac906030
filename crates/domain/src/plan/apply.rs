//! A plan applied in memory: what a store does to its tables, for whoever has none.

use super::{Current, Place, Plan, TaskChange};
use crate::{Grant, Origin, Task, TaskId};

impl Plan {
    /// The tree and the assignments after the plan (I10).
    ///
    /// `current` is what the plan was computed from. Created tasks get `next_id` and the numbers after it, in the order
    /// of [`Plan::created`]; what exists keeps its own (I7). Suppressions are nothing that a plan changes.
    #[must_use]
    pub fn apply_to(&self, current: &Current, next_id: i64) -> Current {
        let number = |index: u32| TaskId(next_id.saturating_add(i64::from(index)));
        let parent = |place: Place| match place {
            Place::Top => None,
            Place::Under(id) => Some(id),
            Place::UnderCreated(index) => Some(number(index)),
        };
        let change_of = |task: &Task| {
            let index = self.changed.binary_search_by_key(&task.id, |change| change.task).ok()?;
            Some(&self.changed[index])
        };

        let existing =
            current.tasks.iter().map(|task| change_of(task).map_or_else(|| task.clone(), |change| changed(task, change, parent)));
        let created = (0..).zip(&self.created).map(|(index, new)| Task {
            id: number(index),
            parent: parent(new.place),
            name: new.name.clone(),
            origin: Origin::Imported(new.identity),
            color: new.color,
            billable: new.billable,
            archived: None,
        });

        let mut automatic = &current.automatic - &self.withdraw;
        automatic.extend(&self.assign);
        automatic.extend(self.assign_created.iter().map(|(person, index)| Grant { person: *person, task: number(*index) }));
        Current { tasks: existing.chain(created).collect(), automatic, suppressions: current.suppressions.clone() }
    }
}

fn changed(task: &Task, change: &TaskChange, parent: impl Fn(Place) -> Option<TaskId>) -> Task {
    Task {
        id: task.id,
        parent: change.place.map_or(task.parent, parent),
        name: change.name.as_ref().unwrap_or(&task.name).clone(),
        origin: change.adopted.map_or(task.origin, Origin::Imported),
        color: change.color.unwrap_or(task.color),
        billable: change.billable.unwrap_or(task.billable),
        archived: change.archived.unwrap_or(task.archived),
    }
}
