//! The tree as it is, indexed by what the plan asks of it: by id, by what hangs under what, by identity (I7).

use std::collections::HashMap;

use super::Current;
use crate::{Identity, Reason, Task, TaskId};

/// The tasks in the order of their ids, to find one by its id.
pub(super) struct ById<'a>(Vec<&'a Task>);

impl<'a> ById<'a> {
    pub(super) fn of(current: &'a Current) -> Self {
        let mut tasks: Vec<&Task> = current.tasks.iter().collect();
        tasks.sort_by_key(|task| task.id);
        tasks.dedup_by_key(|task| task.id);
        Self(tasks)
    }

    pub(super) fn get(&self, id: TaskId) -> Option<&'a Task> {
        self.index(id).map(|index| self.0[index])
    }

    pub(super) fn all(&self) -> &[&'a Task] {
        &self.0
    }

    /// Where among [`Self::all`] a task stands.
    pub(super) fn index(&self, id: TaskId) -> Option<usize> {
        // Hardly a number is missing in an account, so most tasks are where their number says.
        let first = self.0.first()?.id.0;
        let guess = usize::try_from(id.0.checked_sub(first)?).ok();
        let guess = guess.filter(|guess| self.0.get(*guess).is_some_and(|task| task.id == id));
        guess.or_else(|| self.0.binary_search_by_key(&id, |task| task.id).ok())
    }
}

/// The tree before the sync. Tasks go by their place in the order of ids.
pub(super) struct Tree<'a> {
    pub(super) tasks: Vec<&'a Task>,
    pub(super) parents: Vec<Option<usize>>,
    known: HashMap<Identity, usize>,
}

impl<'a> Tree<'a> {
    pub(super) fn of(current: &'a Current) -> Self {
        let by_id = ById::of(current);
        let parents = by_id.0.iter().map(|task| task.parent.and_then(|parent| by_id.index(parent))).collect();
        let tasks = by_id.0;
        let mut known = HashMap::with_capacity(tasks.len());
        for (index, task) in tasks.iter().enumerate() {
            if let Some(identity) = task.origin.identity() {
                known.entry(identity).or_insert(index);
            }
        }
        Self { tasks, parents, known }
    }

    /// The task that mirrors this, or did before it was kept; the oldest, should there be several.
    pub(super) fn find(&self, identity: Identity) -> Option<usize> {
        self.known.get(&identity).copied()
    }

    /// The reason that a task has whatever is above it (I8).
    pub(super) fn own_reason(&self, index: usize) -> Option<Reason> {
        self.tasks[index].archived.map(|archived| archived.reason).filter(|reason| reason.is_own())
    }

    /// The reason that a task keeps where nothing about it is known: unlinking included, which ends with being read again.
    pub(super) fn standing_reason(&self, index: usize) -> Option<Reason> {
        self.tasks[index].archived.map(|archived| archived.reason).filter(|reason| *reason != Reason::ParentArchived)
    }
}
