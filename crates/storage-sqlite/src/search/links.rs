//! What hangs under what.

use crate::rows::counted;

/// What every tree hangs under. No task stands here, so it also stands for none.
pub(super) const TOP: usize = 0;

/// Where what hangs under what is not there.
const NOWHERE: u32 = u32::MAX;

/// The tasks of an account, which stand in the order of their numbers from 1 on.
///
/// What hangs under itself, or under what is not there, is in no tree; the list of all tasks has it neither.
pub(super) struct Links {
    ids: Vec<i64>,
    above: Vec<u32>,
    /// The first of those below.
    first: Vec<u32>,
    /// The next below the same.
    next: Vec<u32>,
    /// Each after what it hangs under.
    downwards: Vec<u32>,
}

/// Links of which not all is known yet.
pub(super) struct Growing {
    links: Links,
    /// What hangs under a task that has not come yet, and its number.
    open: Vec<(usize, i64)>,
}

impl Growing {
    pub(super) fn new() -> Self {
        let links = Links { ids: Vec::new(), above: vec![NOWHERE], first: Vec::new(), next: Vec::new(), downwards: Vec::new() };
        Self { links, open: Vec::new() }
    }

    /// Adds the task with the next higher number.
    pub(super) fn add(&mut self, id: i64, parent: Option<i64>) {
        let above = parent.map_or(Some(TOP), |parent| self.links.place(parent));
        if let (None, Some(parent)) = (above, parent) {
            self.open.push((self.links.above.len(), parent));
        }
        self.links.ids.push(id);
        self.links.above.push(above.map_or(NOWHERE, counted));
    }

    pub(super) fn grown(self) -> Links {
        let Self { mut links, open } = self;
        for (at, parent) in open {
            links.above[at] = links.place(parent).map_or(NOWHERE, counted);
        }
        let many = links.above.len();
        (links.first, links.next) = (vec![counted(TOP); many], vec![counted(TOP); many]);
        for at in (1..many).rev().filter(|at| links.above[*at] != NOWHERE) {
            links.next[at] = std::mem::replace(&mut links.first[links.above[at] as usize], counted(at));
        }
        links.downwards = links.in_trees();
        links
    }
}

impl Links {
    fn in_trees(&self) -> Vec<u32> {
        let mut all: Vec<u32> = self.below(TOP).map(counted).collect();
        let mut looked_below = 0;
        while let Some(at) = all.get(looked_below) {
            all.extend(self.below(*at as usize).map(counted));
            looked_below += 1;
        }
        all
    }

    pub(super) fn id(&self, at: usize) -> i64 {
        self.ids[at - 1]
    }

    /// Where a task stands.
    ///
    /// Numbers are given one after the other, so it stands where it would if none were gone, or before that by at most as many
    /// as are.
    pub(super) fn place(&self, id: i64) -> Option<usize> {
        let (first, last) = (*self.ids.first()?, *self.ids.last()?);
        if id < first || last < id {
            return None;
        }
        let end = self.ids.len() - 1;
        let apart = |low: i64, high: i64| usize::try_from(high.abs_diff(low)).unwrap_or(end).min(end);
        let (least, most) = (end - apart(id, last), apart(first, id));
        self.ids[least..=most].binary_search(&id).ok().map(|index| least + index + 1)
    }

    /// Every task of the trees, each after what it hangs under.
    pub(super) fn downwards(&self) -> impl DoubleEndedIterator<Item = usize> {
        self.downwards.iter().map(|at| *at as usize)
    }

    /// A task, and what it hangs under.
    pub(super) fn upwards(&self, at: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(task(at), |at| task(self.above(*at)))
    }

    /// Those right below one, or below none, in the order of their numbers.
    pub(super) fn below(&self, above: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(task(self.first[above] as usize), |at| task(self.next[*at] as usize))
    }

    /// Marks everything below what is marked.
    pub(super) fn pass_down(&self, marks: &mut [bool]) {
        for at in self.downwards() {
            marks[at] |= marks[self.above(at)];
        }
    }

    /// Marks everything above what is marked.
    pub(super) fn pass_up(&self, marks: &mut [bool]) {
        for at in self.downwards().rev() {
            marks[self.above(at)] |= marks[at];
        }
    }

    pub(super) fn above(&self, at: usize) -> usize {
        self.above[at] as usize
    }
}

fn task(at: usize) -> Option<usize> {
    (at != TOP).then_some(at)
}
