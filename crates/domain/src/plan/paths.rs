//! Paths of tasks before and after a plan, one at a time: those of containers are remembered, those of leaves are not.

use std::collections::HashMap;
use std::hash::Hash;

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
    trees: Trees<'a>,
    after: Remembered<'a, Spot>,
    before: Remembered<'a, TaskId>,
}

impl<'a> Paths<'a> {
    pub(super) fn of(plan: &'a Plan, current: &'a Current) -> Self {
        let longest = current.tasks.len() + plan.created.len();
        let trees = Trees { plan, tasks: ById::of(current) };
        Self { trees, after: Remembered::new(longest), before: Remembered::new(longest) }
    }

    pub(super) fn task(&self, id: TaskId) -> Option<&'a Task> {
        self.trees.tasks.get(id)
    }

    /// What a task mirrors in the new tree.
    pub(super) fn identity(&self, spot: Spot) -> Option<Identity> {
        match spot {
            Spot::Created(index) => self.trees.plan.created.get(index as usize).map(|new| new.identity),
            Spot::Existing(id) => {
                let adopted = self.trees.change(id).and_then(|change| change.adopted);
                adopted.or_else(|| self.task(id)?.origin.imported())
            }
        }
    }

    /// The names from the root down to a task of the new tree, its own included.
    pub(super) fn after(&mut self, spot: Spot) -> Vec<Name> {
        self.after.path(spot, |spot| self.trees.after(spot))
    }

    /// The names from the root down to a task of the old tree, its own included.
    pub(super) fn before(&mut self, id: TaskId) -> Vec<Name> {
        self.before.path(id, |id| self.trees.before(id))
    }
}

/// The old tree and the new one, a step upwards at a time.
struct Trees<'a> {
    plan: &'a Plan,
    tasks: ById<'a>,
}

impl<'a> Trees<'a> {
    fn change(&self, id: TaskId) -> Option<&'a TaskChange> {
        let index = self.plan.changed.binary_search_by_key(&id, |change| change.task).ok()?;
        Some(&self.plan.changed[index])
    }

    /// What a task of the old tree is called, and what it hangs under.
    fn before(&self, id: TaskId) -> Option<(&'a Name, Option<TaskId>)> {
        self.tasks.get(id).map(|task| (&task.name, task.parent))
    }

    /// What a task of the new tree is called, and what it hangs under.
    fn after(&self, spot: Spot) -> Option<(&'a Name, Option<Spot>)> {
        let above = |place| match place {
            Place::Top => None,
            Place::Under(id) => Some(Spot::Existing(id)),
            Place::UnderCreated(index) => Some(Spot::Created(index)),
        };
        match spot {
            Spot::Created(index) => self.plan.created.get(index as usize).map(|new| (&new.name, above(new.place))),
            Spot::Existing(id) => {
                let (old_name, old_parent) = self.before(id)?;
                let change = self.change(id);
                let name = change.and_then(|change| change.name.as_ref()).unwrap_or(old_name);
                let place = change.and_then(|change| change.place);
                Some((name, place.map_or_else(|| old_parent.map(Spot::Existing), above)))
            }
        }
    }
}

/// The paths of one tree's containers, as far as they were asked for.
struct Remembered<'a, T> {
    known: HashMap<T, Vec<&'a Name>>,
    /// More steps than there are tasks mean that the tree has a cycle.
    longest: usize,
}

impl<'a, T: Copy + Eq + Hash> Remembered<'a, T> {
    fn new(longest: usize) -> Self {
        Self { known: HashMap::new(), longest }
    }

    /// The names down to a task, its own included. A step tells the name of a task and what it hangs under.
    fn path(&mut self, task: T, step: impl Fn(T) -> Option<(&'a Name, Option<T>)>) -> Vec<Name> {
        let Some((name, above)) = step(task) else { return Vec::new() };
        let longest = self.longest;
        let above = above.map(|above| &*self.known.entry(above).or_insert_with(|| walk(above, longest, step)));
        above.into_iter().flatten().copied().chain([name]).cloned().collect()
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
