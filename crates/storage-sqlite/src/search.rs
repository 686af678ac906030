//! Finding tasks by the words of their paths (T4, P6, P7), without putting the whole forest in order first.
//!
//! The names are looked through once. A word in a name is in the paths of all that hangs below, so every find is below, or is,
//! a task whose own name holds a word and whose path holds them all.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use rusqlite::Connection;
use tallyport_domain::{AccountId, Task, TaskId, search_key};
use tallyport_storage::{TaskRow, Viewer};

use crate::assignments;
use crate::changes::missing;
use crate::errors::Result;
use crate::forest::{Direct, Which};
use crate::rows::{self, Statements, TASK, TASK_WIDTH};

/// The tasks that somebody has, or all, whose path holds every word of a text: first those whose own name holds them all, then
/// in display order.
pub(crate) fn search(
    db: &Connection,
    account: AccountId,
    viewer: Viewer,
    text: &str,
    which: Which,
    limit: u32,
) -> Result<Vec<TaskRow>> {
    let text = search_key(text);
    let words: BTreeSet<&str> = text.split_whitespace().collect();
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let mut search = Search { db, account, words: &words, known: HashMap::new() };
    let mut open = Vec::new();
    for task in named(db, account, &words)? {
        let node = search.node(task)?;
        if node.path_holds.iter().all(|held| *held) {
            open.push(node);
        }
    }
    let found = search.and_below(open)?;

    let direct = assignments::kinds_of(db, account, viewer.person)?;
    let seen = found.into_iter().map(|node| (node.gives_access(&direct), node));
    let mut seen: Vec<(bool, Rc<Node>)> =
        seen.filter(|(accessible, node)| which.holds(&node.task) && (viewer.sees_all || *accessible)).collect();
    seen.sort_by_cached_key(|(_, node)| (!node.name_holds.iter().all(|held| *held), node.place()));
    seen.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(seen.into_iter().map(|(accessible, node)| node.row(accessible)).collect())
}

/// The tasks whose own name holds a word.
fn named(db: &Connection, account: AccountId, words: &BTreeSet<&str>) -> Result<Vec<TaskId>> {
    let named = db.all("SELECT task_id, search_key FROM tasks WHERE account_id = ?1", [account.0], |row| {
        let name = row.get_ref(1)?.as_str()?;
        Ok(if words.iter().any(|word| name.contains(word)) { Some(TaskId(row.get(0)?)) } else { None })
    })?;
    Ok(named.into_iter().flatten().collect())
}

/// A task that was looked at, and what it hangs under.
struct Node {
    task: Task,
    sort_key: Rc<[u8]>,
    above: Option<Rc<Node>>,
    /// For each word whether the task's own name holds it.
    name_holds: Vec<bool>,
    /// For each word whether its path does.
    path_holds: Vec<bool>,
}

impl Node {
    /// This one and what it hangs under, upwards.
    fn upwards(&self) -> impl Iterator<Item = &Self> {
        std::iter::successors(Some(self), |node| node.above.as_deref())
    }

    /// Whether the person of these assignments has it, by itself or from above (P1).
    fn gives_access(&self, direct: &Direct) -> bool {
        self.upwards().any(|node| direct.contains_key(&node.task.id))
    }

    /// Where it stands in display order.
    fn place(&self) -> Vec<(Rc<[u8]>, TaskId)> {
        let mut place: Vec<_> = self.upwards().map(|node| (Rc::clone(&node.sort_key), node.task.id)).collect();
        place.reverse();
        place
    }

    fn row(&self, accessible: bool) -> TaskRow {
        let mut path: Vec<_> = self.upwards().map(|node| node.task.name.clone()).collect();
        path.reverse();
        let trackable = accessible && self.task.archived.is_none();
        TaskRow { task: self.task.clone(), level: rows::counted(path.len()), path, trackable }
    }
}

struct Search<'a> {
    db: &'a Connection,
    account: AccountId,
    words: &'a BTreeSet<&'a str>,
    known: HashMap<TaskId, Rc<Node>>,
}

impl Search<'_> {
    /// A task and, as far as they are not known yet, the ones it hangs under.
    fn node(&mut self, task: TaskId) -> Result<Rc<Node>> {
        let mut chain = Vec::new();
        let mut passed = HashSet::new();
        let mut next = Some(task);
        let mut above = None;
        while let Some(id) = next {
            above = self.known.get(&id).cloned();
            // A tree that cannot be must not hang us.
            if above.is_some() || !passed.insert(id) {
                break;
            }
            let sql = format!("SELECT {TASK}, sort_key, search_key FROM tasks WHERE account_id = ?1 AND task_id = ?2");
            let read = self.db.one(&sql, (self.account.0, id.0), |row| {
                let name = row.get_ref(TASK_WIDTH + 1)?.as_str()?;
                let holds = self.words.iter().map(|word| name.contains(word)).collect::<Vec<bool>>();
                Ok((rows::task(row)?, Rc::<[u8]>::from(row.get_ref(TASK_WIDTH)?.as_blob()?), holds))
            })?;
            let read = read.ok_or_else(|| missing("task"))?;
            next = read.0.parent;
            chain.push(read);
        }
        for (task, sort_key, name_holds) in chain.into_iter().rev() {
            let mut path_holds = name_holds.clone();
            if let Some(above) = &above {
                path_holds.iter_mut().zip(&above.path_holds).for_each(|(held, above)| *held |= above);
            }
            let id = task.id;
            let node = Rc::new(Node { task, sort_key, above, name_holds, path_holds });
            self.known.insert(id, Rc::clone(&node));
            above = Some(node);
        }
        above.ok_or_else(|| missing("task"))
    }

    /// These and everything below them, each once.
    fn and_below(&mut self, mut open: Vec<Rc<Node>>) -> Result<Vec<Rc<Node>>> {
        let mut found = Vec::new();
        let mut taken = HashSet::new();
        while let Some(node) = open.pop() {
            if !taken.insert(node.task.id) {
                continue;
            }
            let sql = "SELECT task_id FROM tasks WHERE account_id = ?1 AND parent_id = ?2";
            let below = self.db.all(sql, (self.account.0, node.task.id.0), |row| Ok(TaskId(row.get(0)?)))?;
            for task in below {
                open.push(self.node(task)?);
            }
            found.push(node);
        }
        Ok(found)
    }
}
