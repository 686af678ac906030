//! Paths of tasks before and after a plan, one at a time: those of containers are remembered, those of leaves are not.

use std::collections::HashMap;

use super::tree::ById;
use super::{Current, Place, Plan, TaskChange};
use crate::{Identity, Name, Task, TaskId};

/// A task of the new tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Spot {
    Existing(TaskId),
    /// At this index of [`Plan::created`].
    Created(u32),
}

pub(super) struct Paths<'a> {
    plan: &'a Plan,
    tasks: ById<'a>,
    /// More steps than there are tasks mean that the tree has a cycle.
    longest: usize,
    after: HashMap<Spot, Vec<&'a Name>>,
    before: HashMap<TaskId, Vec<&'a Name>>,
}

impl<'a> Paths<'a> {
    pub(super) fn of(plan: &'a Plan, current: &'a Current) -> Self {
        let longest = current.tasks.len() + plan.created.len();
        Self { plan, tasks: ById::of(current), longest, after: HashMap::new(), before: HashMap::new() }
    }

    pub(super) fn task(&self, id: TaskId) -> Option<&'a Task> {
        self.tasks.get(id)
    }

    /// What a task mirrors in the new tree.
    pub(super) fn identity(&self, spot: Spot) -> Option<Identity> {
        match spot {
            Spot::Created(index) => self.plan.created.get(index as usize).map(|new| new.identity),
            Spot::Existing(id) => {
                let adopted = self.change(id).and_then(|change| change.adopted);
                adopted.or_else(|| self.task(id)?.origin.imported())
            }
        }
    }

    /// The names from the root down to a task of the new tree, its own included.
    pub(super) fn after(&mut self, spot: Spot) -> Vec<Name> {
        let Some((name, above)) = self.step(spot) else { return Vec::new() };
        if let Some(above) = above
            && !self.after.contains_key(&above)
        {
            let path = walk(above, self.longest, |spot| self.step(spot));
            self.after.insert(above, path);
        }
        full(above.map(|above| self.after[&above].as_slice()), name)
    }

    /// The names from the root down to a task of the old tree, its own included.
    pub(super) fn before(&mut self, id: TaskId) -> Vec<Name> {
        let Some(task) = self.task(id) else { return Vec::new() };
        if let Some(above) = task.parent
            && !self.before.contains_key(&above)
        {
            let path = walk(above, self.longest, |id| self.task(id).map(|task| (&task.name, task.parent)));
            self.before.insert(above, path);
        }
        full(task.parent.map(|above| self.before[&above].as_slice()), &task.name)
    }

    fn change(&self, id: TaskId) -> Option<&'a TaskChange> {
        let index = self.plan.changed.binary_search_by_key(&id, |change| change.task).ok()?;
        Some(&self.plan.changed[index])
    }

    /// What a task of the new tree is called, and what it hangs under.
    fn step(&self, spot: Spot) -> Option<(&'a Name, Option<Spot>)> {
        let above = |place| match place {
            Place::Top => None,
            Place::Under(id) => Some(Spot::Existing(id)),
            Place::UnderCreated(index) => Some(Spot::Created(index)),
        };
        match spot {
            Spot::Created(index) => self.plan.created.get(index as usize).map(|new| (&new.name, above(new.place))),
            Spot::Existing(id) => {
                let task = self.task(id)?;
                let change = self.change(id);
                let name = change.and_then(|change| change.name.as_ref()).unwrap_or(&task.name);
                let place = change.and_then(|change| change.place);
                Some((name, place.map_or_else(|| task.parent.map(Spot::Existing), above)))
            }
        }
    }
}

/// The names on the way up from a task, turned round.
fn walk<'a, T>(from: T, longest: usize, step: impl Fn(T) -> Option<(&'a Name, Option<T>)>) -> Vec<&'a Name> {
    let mut names = Vec::new();
    let mut at = Some(from);
    while let Some((name, above)) = at.and_then(&step).filter(|_| names.len() <= longest) {
        names.push(name);
        at = above;
    }
    names.reverse();
    names
}

fn full(above: Option<&[&Name]>, name: &Name) -> Vec<Name> {
    above.unwrap_or_default().iter().copied().chain([name]).cloned().collect()
}
