//! Finding tasks by the words of their paths (T4, P6, P7), without putting the whole forest in order first.
//!
//! The names are looked through once. A word in a name is in the paths of all that hangs below, so every find is below, or is,
//! a task whose own name holds a word and whose path holds them all.

use std::collections::{BTreeSet, HashMap, HashSet};

use rusqlite::Connection;
use tallyport_domain::{AccountId, Place, Task, TaskId, search_key};
use tallyport_storage::{Found, Listed, Page, TaskRow, Viewer, Which};

use crate::assignments;
use crate::changes::missing;
use crate::errors::Result;
use crate::forest;
use crate::rows::{self, Statements, TASK, TASK_WIDTH};

/// The tasks that somebody has, or all, whose path holds every word of a text: first those whose own name holds them all, then
/// in display order.
pub(crate) fn search(
    db: &Connection,
    account: AccountId,
    viewer: Viewer,
    text: &str,
    which: Which,
    page: &Page<Found>,
) -> Result<Listed<TaskRow, Found>> {
    let text = search_key(text);
    let words: BTreeSet<&str> = text.split_whitespace().collect();
    if words.is_empty() {
        return Ok(Listed { rows: Vec::new(), next: None });
    }
    let mut search = Search { db, account, words: &words, nodes: Vec::new(), known: HashMap::new() };
    let mut open = Vec::new();
    for task in named(db, account, &words)? {
        let at = search.node(task)?;
        if search.nodes[at].path_holds.iter().all(|held| *held) {
            open.push(at);
        }
    }
    let mut found = search.and_below(open)?;

    let direct = assignments::direct(db, account, viewer.person)?;
    let accessible = forest::accessible(search.nodes.iter().map(|node| (node.task.id, node.above)), &direct);
    let places = search.places();
    found.retain(|at| which.holds(&search.nodes[*at].task) && (viewer.sees_all || accessible[*at]));
    found.sort_by_key(|at| (search.by_path(*at), places[*at]));
    let after = page.after.clone().map(|found| {
        let standing = |task| search.node(task).ok().map(|at| search.place(at));
        Found { place: found.place.settled(standing), ..found }
    });
    let key = |at: &usize| Found { by_path: search.by_path(*at), place: search.place(*at) };
    let listed = Page { after, ..*page }.cut(found, key);
    let next = listed.next.clone().map(|found| Found { place: found.place.shortened(), ..found });
    Ok(Listed { next, ..listed.map(|at| search.row(at, accessible[at])) })
}

/// The tasks whose own name holds a word.
fn named(db: &Connection, account: AccountId, words: &BTreeSet<&str>) -> Result<Vec<TaskId>> {
    let named = db.all("SELECT task_id, search_key FROM tasks WHERE account_id = ?1", [account.0], |row| {
        let name = row.get_ref(1)?.as_str()?;
        Ok(if words.iter().any(|word| name.contains(word)) { Some(TaskId(row.get(0)?)) } else { None })
    })?;
    Ok(named.into_iter().flatten().collect())
}

/// A task that was looked at.
struct Node {
    task: Task,
    sort_key: Box<[u8]>,
    /// Which node it hangs under; always before this one.
    above: Option<usize>,
    /// For each word whether the task's own name holds it.
    name_holds: Vec<bool>,
    /// For each word whether its path does.
    path_holds: Vec<bool>,
}

struct Search<'a> {
    db: &'a Connection,
    account: AccountId,
    words: &'a BTreeSet<&'a str>,
    /// Each after what it hangs under.
    nodes: Vec<Node>,
    known: HashMap<TaskId, usize>,
}

impl Search<'_> {
    /// The node of a task; it and what it hangs under are read where they are not known yet.
    fn node(&mut self, task: TaskId) -> Result<usize> {
        let mut chain = Vec::new();
        let mut passed = HashSet::new();
        let mut next = Some(task);
        let mut above = None;
        while let Some(id) = next {
            above = self.known.get(&id).copied();
            // A tree that cannot be must not hang us.
            if above.is_some() || !passed.insert(id) {
                break;
            }
            let sql = format!("SELECT {TASK}, sort_key, search_key FROM tasks WHERE account_id = ?1 AND task_id = ?2");
            let read = self.db.one(&sql, (self.account.0, id.0), |row| {
                let name = row.get_ref(TASK_WIDTH + 1)?.as_str()?;
                let holds = self.words.iter().map(|word| name.contains(word)).collect::<Vec<bool>>();
                Ok((rows::task(row)?, Box::<[u8]>::from(row.get_ref(TASK_WIDTH)?.as_blob()?), holds))
            })?;
            let read = read.ok_or_else(|| missing("task"))?;
            next = read.0.parent;
            chain.push(read);
        }
        for (task, sort_key, name_holds) in chain.into_iter().rev() {
            let mut path_holds = name_holds.clone();
            if let Some(above) = above {
                path_holds.iter_mut().zip(&self.nodes[above].path_holds).for_each(|(held, above)| *held |= above);
            }
            self.known.insert(task.id, self.nodes.len());
            self.nodes.push(Node { task, sort_key, above, name_holds, path_holds });
            above = Some(self.nodes.len() - 1);
        }
        above.ok_or_else(|| missing("task"))
    }

    /// These and everything below them, each once.
    fn and_below(&mut self, mut open: Vec<usize>) -> Result<Vec<usize>> {
        let mut found = Vec::new();
        let mut taken = HashSet::new();
        while let Some(at) = open.pop() {
            if !taken.insert(at) {
                continue;
            }
            let sql = "SELECT task_id FROM tasks WHERE account_id = ?1 AND parent_id = ?2";
            let id = self.nodes[at].task.id;
            let below = self.db.all(sql, (self.account.0, id.0), |row| Ok(TaskId(row.get(0)?)))?;
            for task in below {
                open.push(self.node(task)?);
            }
            found.push(at);
        }
        Ok(found)
    }

    /// Where each task stands in display order among those that were looked at, however deep they are.
    fn places(&self) -> Vec<usize> {
        let mut siblings: HashMap<Option<usize>, Vec<usize>> = HashMap::new();
        for (at, node) in self.nodes.iter().enumerate() {
            siblings.entry(node.above).or_default().push(at);
        }
        // In reverse, so that the first of them is on top.
        let key = |at: &usize| (&self.nodes[*at].sort_key, self.nodes[*at].task.id);
        for siblings in siblings.values_mut() {
            siblings.sort_by(|a, b| key(b).cmp(&key(a)));
        }
        let mut places = vec![0; self.nodes.len()];
        let mut open = siblings.remove(&None).unwrap_or_default();
        let mut place = 0;
        while let Some(at) = open.pop() {
            places[at] = place;
            place += 1;
            open.extend(siblings.remove(&Some(at)).unwrap_or_default());
        }
        places
    }

    /// Whether it takes a task's path to hold all words.
    fn by_path(&self, at: usize) -> bool {
        !self.nodes[at].name_holds.iter().all(|held| *held)
    }

    /// A task and what it hangs under, from the top down.
    fn downwards(&self, at: usize) -> Vec<&Task> {
        let upwards = std::iter::successors(Some(at), |at| self.nodes[*at].above);
        let mut path: Vec<_> = upwards.map(|at| &self.nodes[at].task).collect();
        path.reverse();
        path
    }

    fn place(&self, at: usize) -> Place {
        Place::of(self.downwards(at).into_iter().map(|task| (task.name.sort_key(), task.id)).collect())
    }

    fn row(&self, at: usize, accessible: bool) -> TaskRow {
        let path = self.downwards(at).into_iter().map(|task| task.name.clone()).collect();
        forest::row(self.nodes[at].task.clone(), path, accessible)
    }
}
