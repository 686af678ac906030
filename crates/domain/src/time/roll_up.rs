//! Totals of tasks with what is below them (E8).

use std::collections::BTreeMap;

use super::Length;
use crate::TaskId;
use crate::access::Parents;

/// How much time, and how much of it is billable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sum {
    /// All of it.
    pub time: Length,
    /// What is billable of it.
    pub billable: Length,
}

impl std::ops::Add for Sum {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self { time: self.time + other.time, billable: self.billable + other.billable }
    }
}

/// What was tracked on a task itself, and on it with everything below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rolled {
    /// On the task itself.
    pub own: Sum,
    /// On the task and below it.
    pub whole: Sum,
}

/// Adds what was tracked on each task to all that it hangs under. Tasks with nothing on them or below them are left out.
///
/// Each task is looked at once, however deep it hangs.
#[must_use]
pub fn roll_up(forest: &impl Parents, own: &BTreeMap<TaskId, Sum>) -> BTreeMap<TaskId, Rolled> {
    let mut rolled: BTreeMap<TaskId, Rolled> = BTreeMap::new();
    // How many of those below a task have not been added to it yet.
    let mut below: BTreeMap<TaskId, usize> = BTreeMap::new();
    for (task, sum) in own {
        rolled.insert(*task, Rolled { own: *sum, whole: *sum });
        let mut task = *task;
        // Up to what was reached before.
        while !below.contains_key(&task) {
            below.insert(task, 0);
            rolled.entry(task).or_default();
            let Some(above) = forest.parent(task) else { break };
            task = above;
        }
    }
    for task in rolled.keys() {
        if let Some(count) = forest.parent(*task).and_then(|above| below.get_mut(&above)) {
            *count += 1;
        }
    }
    let mut ready: Vec<TaskId> = below.iter().filter(|(_, count)| **count == 0).map(|(task, _)| *task).collect();
    while let Some(task) = ready.pop() {
        let whole = rolled.get(&task).copied().unwrap_or_default().whole;
        let Some(above) = forest.parent(task) else { continue };
        if let (Some(sum), Some(count)) = (rolled.get_mut(&above), below.get_mut(&above)) {
            sum.whole = sum.whole + whole;
            *count -= 1;
            if *count == 0 {
                ready.push(above);
            }
        }
    }
    rolled
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forest(some: &[(i64, Option<i64>)]) -> BTreeMap<TaskId, Option<TaskId>> {
        some.iter().map(|(task, above)| (TaskId(*task), above.map(TaskId))).collect()
    }

    fn sum(time: i64, billable: i64) -> Sum {
        let length = |seconds| Length::from_seconds(seconds).unwrap();
        Sum { time: length(time), billable: length(billable) }
    }

    #[test] // E8
    fn time_counts_on_its_task_and_on_all_above_it() {
        let forest = forest(&[(1, None), (2, Some(1)), (3, Some(2)), (4, Some(2)), (5, None), (6, Some(5))]);
        let own =
            [(3, sum(10, 10)), (4, sum(5, 0)), (2, sum(1, 1)), (5, sum(7, 0))].map(|(task, sum)| (TaskId(task), sum)).into();
        let rolled: Vec<(i64, Sum, Sum)> =
            roll_up(&forest, &own).into_iter().map(|(task, rolled)| (task.0, rolled.own, rolled.whole)).collect();
        let nothing = Sum::default();
        assert_eq!(
            rolled,
            [
                (1, nothing, sum(16, 11)),
                (2, sum(1, 1), sum(16, 11)),
                (3, sum(10, 10), sum(10, 10)),
                (4, sum(5, 0), sum(5, 0)),
                (5, sum(7, 0), sum(7, 0)),
            ]
        );
    }

    #[test] // E8
    fn what_the_roots_have_is_all_there_is() {
        // A chain so deep that adding each to all above it would be half a billion steps, and a broad tree.
        let chain: Vec<(i64, Option<i64>)> = (0..30_000).map(|n| (n, (n > 0).then(|| n - 1))).collect();
        let broad: Vec<(i64, Option<i64>)> = (0..30_000).map(|n| (n, (n > 0).then(|| (n - 1) / 7))).collect();
        for tree in [chain, broad] {
            let own: BTreeMap<TaskId, Sum> = tree.iter().map(|(task, _)| (TaskId(*task), sum(task % 11, task % 5))).collect();
            let all = own.values().fold(Sum::default(), |all, sum| all + *sum);
            assert_eq!(roll_up(&forest(&tree), &own)[&TaskId(0)].whole, all);
        }
    }
}
