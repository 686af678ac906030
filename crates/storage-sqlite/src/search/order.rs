//! The first of the tasks that are found, without putting all of them in order.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rusqlite::Connection;

use super::links::TOP;
use super::outline::Outline;
use crate::errors::Result;
use crate::rows::Statements;

/// How far apart two tasks may stand to be read together with all between: about what looking one up costs.
const NEAR: usize = 16;

/// Tasks with what they are sorted by, the first on top.
type Siblings = BinaryHeap<Reverse<(Box<[u8]>, usize)>>;

impl Outline {
    /// The first so many of these tasks in display order.
    ///
    /// It goes down the trees as they are shown, but only where it comes to one of them, and sorts just the siblings that it
    /// comes by.
    pub(super) fn first(&self, db: &Connection, limit: usize, wanted: impl Fn(usize) -> bool) -> Result<Vec<usize>> {
        let mut leads = self.no_marks();
        for at in self.links.downwards() {
            leads[at] = wanted(at);
        }
        self.links.pass_up(&mut leads);
        let mut first = Vec::new();
        let mut open = vec![self.sorted(db, TOP, &leads)?];
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
            open.push(self.sorted(db, at, &leads)?);
        }
        Ok(first)
    }

    /// Those right below one that are marked, by sort key, then by number (T4).
    fn sorted(&self, db: &Connection, above: usize, marks: &[bool]) -> Result<Siblings> {
        let marked: Vec<usize> = self.links.below(above).filter(|at| marks[*at]).collect();
        let keys = if marked.len() > 1 { self.sort_keys(db, &marked)? } else { vec![Box::default(); marked.len()] };
        Ok(keys.into_iter().zip(marked).map(Reverse).collect())
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
