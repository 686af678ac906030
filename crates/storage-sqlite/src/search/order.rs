//! The first of the tasks that are found, without putting all of them in order.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rusqlite::Connection;
use tallyport_domain::{Place, SortKey, TaskId};

use super::links::TOP;
use super::outline::Outline;
use crate::errors::Result;
use crate::rows::Statements;

/// How far apart two tasks may stand to be read together with all between: about what looking one up costs.
const NEAR: usize = 16;

/// A task with what it is sorted by.
type Sibling = Reverse<(Box<[u8]>, usize)>;

/// Several, the first on top.
type Siblings = BinaryHeap<Sibling>;

impl Outline {
    /// The first so many of these tasks in display order, after a place where one is given.
    ///
    /// It goes down the trees as they are shown, but only where it comes to one of them, and sorts just the siblings that it
    /// comes by.
    pub(super) fn first(
        &self,
        db: &Connection,
        after: Option<&Place>,
        limit: usize,
        wanted: impl Fn(usize) -> bool,
    ) -> Result<Vec<usize>> {
        let mut leads = self.no_marks();
        for at in self.links.downwards() {
            leads[at] = wanted(at);
        }
        self.links.pass_up(&mut leads);
        let mut first = Vec::new();
        let mut open = self.opened(db, after, &leads)?;
        while first.len() < limit
            && let Some(siblings) = open.last_mut()
        {
            let Some(Reverse((_, at))) = siblings.pop() else {
                open.pop();
                continue;
            };
            if wanted(at) {
                first.push(at);
            }
            open.push(self.sorted(db, at, &leads, None)?);
        }
        Ok(first)
    }

    /// What is still to come after a place, or all of it: siblings at the top, and below each step of the place that stands.
    fn opened(&self, db: &Connection, after: Option<&Place>, leads: &[bool]) -> Result<Vec<Siblings>> {
        let mut steps = after.map_or(&[][..], Place::steps).iter();
        let (mut open, mut above) = (Vec::new(), Some(TOP));
        while let Some(at) = above {
            let step = steps.next();
            let mut siblings = self.sorted(db, at, leads, step)?;
            let is_step = |next: &Sibling| step.is_some_and(|step| self.standing(&next.0) == of(step));
            above = if siblings.peek().is_some_and(is_step) { siblings.pop().map(|next| next.0.1) } else { None };
            open.push(siblings);
        }
        Ok(open)
    }

    /// Those right below one that are marked and stand at a step or after it, by sort key, then by number (T4).
    fn sorted(&self, db: &Connection, above: usize, marks: &[bool], from: Option<&(SortKey, TaskId)>) -> Result<Siblings> {
        let marked: Vec<usize> = self.links.below(above).filter(|at| marks[*at]).collect();
        let is_sorted = marked.len() < 2 && from.is_none();
        let keys = if is_sorted { vec![Box::default(); marked.len()] } else { self.sort_keys(db, &marked)? };
        let siblings = keys.into_iter().zip(marked).filter(|task| from.is_none_or(|step| of(step) <= self.standing(task)));
        Ok(siblings.map(Reverse).collect())
    }

    fn standing<'a>(&self, (key, at): &'a (Box<[u8]>, usize)) -> (&'a [u8], TaskId) {
        (key, self.id(*at))
    }

    /// What tasks are sorted by, which come in the order of their numbers.
    fn sort_keys(&self, db: &Connection, tasks: &[usize]) -> Result<Vec<Box<[u8]>>> {
        let sql = "SELECT task_id, sort_key FROM tasks WHERE account_id = ?1 AND task_id BETWEEN ?2 AND ?3 ORDER BY task_id";
        let mut keys = Vec::with_capacity(tasks.len());
        for near in tasks.chunk_by(|one, next| next - one <= NEAR) {
            let mut wanted = near.iter().map(|at| self.links.id(*at)).peekable();
            let ends = (self.links.id(near[0]), self.links.id(near[near.len() - 1]));
            db.all(sql, (self.account.0, ends.0, ends.1), |row| {
                if wanted.next_if_eq(&row.get::<_, i64>(0)?).is_some() {
                    keys.push(Box::from(row.get_ref(1)?.as_blob()?));
                }
                Ok(())
            })?;
        }
        Ok(keys)
    }
}

fn of((key, task): &(SortKey, TaskId)) -> (&[u8], TaskId) {
    (key.as_bytes(), *task)
}
