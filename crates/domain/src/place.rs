//! Places in display order, where a list goes on whatever became of the task that stood there (T4).

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{SortKey, TaskId};

/// Where a task stands in display order: what it is sorted by, after the same of all that it hangs under.
///
/// Places compare as tasks are listed: depth first, siblings by sort key, then by id. One names no task but a place, so a list
/// that goes on after it misses and repeats nothing that stays where it is, whether or not the task is still there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    steps: Vec<(SortKey, TaskId)>,
    rest: Option<Rest>,
}

/// What is left of the lower end of a long place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Rest {
    task: TaskId,
    /// Another one for every other place.
    mark: [u8; 16],
}

/// How many bytes a place takes that is handed out: an address has room for that, and forty names of thirty letters too.
const LONGEST: usize = 2048;

impl Place {
    /// The place of a task, from the root of its tree down to it.
    #[must_use]
    pub fn of(steps: Vec<(SortKey, TaskId)>) -> Self {
        Self { steps, rest: None }
    }

    /// What the task there is sorted by, after the same of all that it hangs under; of a shortened place the upper part.
    #[must_use]
    pub fn steps(&self) -> &[(SortKey, TaskId)] {
        &self.steps
    }

    /// The same, short enough to be handed out: of a long one the upper part, with what tells whether the rest is still so.
    #[must_use]
    pub fn shortened(mut self) -> Self {
        let ends = self.steps.iter().scan(0, |end, (key, _)| {
            *end += key.as_bytes().len() + size_of::<TaskId>();
            Some(*end)
        });
        let fits = ends.take_while(|end| *end <= LONGEST).count();
        if let Some((_, task)) = self.steps.get(fits..).and_then(<[_]>::last) {
            self.rest = Some(Rest { task: *task, mark: self.mark() });
            self.steps.truncate(fits);
        }
        self
    }

    /// The whole of a place that was handed out; `now` says where a task stands.
    ///
    /// Where the rest of a long one is not as it was, the place of its upper part: what hangs there comes once more, and nothing
    /// is missed.
    #[must_use]
    pub fn settled(self, now: impl FnOnce(TaskId) -> Option<Self>) -> Self {
        let Some(rest) = &self.rest else { return self };
        let whole = now(rest.task).filter(|whole| whole.mark() == rest.mark);
        whole.unwrap_or(Self { rest: None, ..self })
    }

    fn mark(&self) -> [u8; 16] {
        let mut hash = Sha256::new();
        for (key, task) in &self.steps {
            hash.update(key.as_bytes().len().to_be_bytes());
            hash.update(key.as_bytes());
            hash.update(task.0.to_be_bytes());
        }
        let hash = hash.finalize();
        std::array::from_fn(|at| hash[at])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(names: &[&str]) -> Place {
        Place::of(names.iter().zip(1..).map(|(name, id)| (SortKey::of(name), TaskId(id))).collect())
    }

    #[test] // T4
    fn places_compare_as_tasks_are_listed() {
        let listed = [&["a"][..], &["a", "task 9"], &["a", "Task 10"], &["a", "task 10", "z"], &["b"], &["b", "a"]];
        let places: Vec<Place> = listed.into_iter().map(place).collect();
        assert!(places.is_sorted(), "{places:?}");
        let twin = |id| Place::of(vec![(SortKey::of("Design"), TaskId(id))]);
        assert!(twin(3) < twin(10));
    }

    #[test]
    fn a_place_of_usual_names_is_handed_out_whole() {
        let name = "A project with a usual name";
        assert_eq!(place(&[name; 20]).shortened(), place(&[name; 20]));
    }

    #[test]
    fn a_long_place_is_found_again_or_gives_way_to_the_one_above() {
        let name = "資料".repeat(60);
        let names = [name.as_str(); 40];
        let (long, moved) = (place(&names), place(&[&names[..39], &["moved"]].concat()));
        let short = long.clone().shortened();
        assert!(short.steps.len() > 2 && short.steps.len() < 40, "{}", short.steps.len());
        assert_eq!(short.clone().shortened(), short);
        assert_eq!(short.clone().settled(|task| (task == TaskId(40)).then(|| long.clone())), long);
        for now in [None, Some(moved)] {
            let settled = short.clone().settled(|_| now.clone());
            assert_eq!(settled, place(&names[..settled.steps.len()]));
            assert!(settled < long && !settled.steps.is_empty(), "what hangs there comes again");
        }
        assert_eq!(place(&["a"]).settled(|_| None), place(&["a"]), "a whole one asks nobody");
    }
}
