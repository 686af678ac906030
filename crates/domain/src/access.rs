//! Access: an assignment gives a task and everything below it (P1, P6, P7).

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::hash::Hash;

use crate::{Grant, PersonId, TaskId};

/// A forest as access sees it: who hangs under whom.
pub trait Parents {
    /// What a task hangs under; nothing for a root and for a task that does not exist.
    fn parent(&self, task: TaskId) -> Option<TaskId>;
}

impl Parents for BTreeMap<TaskId, Option<TaskId>> {
    fn parent(&self, task: TaskId) -> Option<TaskId> {
        self.get(&task).copied().flatten()
    }
}

/// A node, then what it hangs under, up to its root. A tree that was damaged into a cycle ends where it comes round.
pub fn climb<N: Copy + Eq + Hash>(from: Option<N>, above: impl Fn(N) -> Option<N>) -> impl Iterator<Item = N> {
    let mut passed = HashSet::new();
    std::iter::successors(from, move |node| above(*node)).take_while(move |node| passed.insert(*node))
}

/// The task itself, then what it hangs under, up to its root.
pub fn upwards(forest: &impl Parents, task: TaskId) -> impl Iterator<Item = TaskId> {
    climb(Some(task), |task| forest.parent(task))
}

/// The nearest task that gives `person` access to `task`: itself or one above it (P1).
#[must_use]
pub fn giver(forest: &impl Parents, grants: &BTreeSet<Grant>, person: PersonId, task: TaskId) -> Option<TaskId> {
    upwards(forest, task).find(|task| grants.contains(&Grant { person, task: *task }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain() -> BTreeMap<TaskId, Option<TaskId>> {
        // 1 > 2 > 3, and 4 beside them.
        [(1, None), (2, Some(1)), (3, Some(2)), (4, None)].map(|(id, up)| (TaskId(id), up.map(TaskId))).into()
    }

    #[test] // P1
    fn an_assignment_gives_everything_below_it() {
        let ada = PersonId(1);
        let grants = BTreeSet::from([Grant { person: ada, task: TaskId(2) }]);
        let giver = |task| giver(&chain(), &grants, ada, TaskId(task));
        assert_eq!([giver(1), giver(2), giver(3), giver(4)], [None, Some(TaskId(2)), Some(TaskId(2)), None]);
    }

    #[test]
    fn a_cycle_ends_where_it_comes_round() {
        let round = BTreeMap::from([(1, 2), (2, 3), (3, 2)].map(|(id, up)| (TaskId(id), Some(TaskId(up)))));
        assert_eq!(upwards(&round, TaskId(1)).collect::<Vec<_>>(), [TaskId(1), TaskId(2), TaskId(3)]);
        assert_eq!(giver(&round, &BTreeSet::new(), PersonId(1), TaskId(1)), None);
    }

    #[test] // P6
    fn another_persons_assignment_gives_nothing() {
        let grants = BTreeSet::from([Grant { person: PersonId(2), task: TaskId(1) }]);
        assert_eq!(giver(&chain(), &grants, PersonId(1), TaskId(3)), None);
    }
}
