//! The forest of an account in display order, and what somebody sees of it (T4, P6, P7).

use std::collections::{BTreeMap, HashMap};

use rusqlite::Connection;
use tallyport_domain::{AccountId, Identity, Name, Place, Selection, Standing, Task, TaskId};
use tallyport_storage::{AccessRow, Listed, Page, TaskRow, Wanted, WorkspaceTasks};

use crate::errors::Result;
use crate::rows::{self, Statements, TASK, TASK_WIDTH};

/// Every task of an account: depth first, siblings by sort key, then by id.
pub(crate) struct Forest {
    nodes: Vec<Node>,
}

struct Node {
    task: Task,
    /// Where in the forest the task above stands; always before this one.
    above: Option<usize>,
}

/// The direct assignments of one person.
pub(crate) type Direct = BTreeMap<TaskId, Standing>;

/// A task at the end of its path, as somebody sees it who has it or not (P7, I9).
pub(crate) fn row(task: Task, path: Vec<Name>, accessible: bool) -> TaskRow {
    let trackable = accessible && task.archived.is_none();
    TaskRow { task, level: rows::counted(path.len()), path, trackable }
}

impl Forest {
    /// Loads all tasks of an account.
    pub(crate) fn load(db: &Connection, account: AccountId) -> Result<Self> {
        let sql = format!("SELECT {TASK}, sort_key FROM tasks WHERE account_id = ?1 ORDER BY task_id");
        let rows =
            db.all(&sql, [account.0], |row| Ok((rows::task(row)?, Box::<[u8]>::from(row.get_ref(TASK_WIDTH)?.as_blob()?))))?;
        Ok(Self::of(rows))
    }

    /// Puts tasks with their sort keys, in order of their ids, into display order.
    pub(crate) fn of(mut rows: Vec<(Task, Box<[u8]>)>) -> Self {
        rows.sort_by(|(a, a_key), (b, b_key)| a_key.cmp(b_key).then(a.id.cmp(&b.id)));
        let mut below: HashMap<Option<TaskId>, Vec<Task>> = HashMap::new();
        let many = rows.len();
        for (task, _) in rows.into_iter().rev() {
            below.entry(task.parent).or_default().push(task);
        }

        // Siblings lie in reverse, so that the first of them is on top.
        let mut nodes: Vec<Node> = Vec::with_capacity(many);
        let mut open: Vec<(Option<usize>, Vec<Task>)> = vec![(None, below.remove(&None).unwrap_or_default())];
        while let Some((above, siblings)) = open.last_mut() {
            let above = *above;
            let Some(task) = siblings.pop() else {
                open.pop();
                continue;
            };
            let children = below.remove(&Some(task.id));
            nodes.push(Node { task, above });
            if let Some(children) = children {
                open.push((Some(nodes.len() - 1), children));
            }
        }
        Self { nodes }
    }

    /// Whether the person of these assignments has each task, by itself or from above (P1).
    fn accessible(&self, direct: &Direct) -> Vec<bool> {
        let mut accessible: Vec<bool> = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            let inherited = node.above.is_some_and(|above| accessible[above]);
            accessible.push(inherited || direct.contains_key(&node.task.id));
        }
        accessible
    }

    /// The tasks that somebody sees: those they have, those these hang under for context, or all (P6, P7).
    pub(crate) fn seen(
        &self,
        direct: &Direct,
        sees_all: bool,
        Wanted { which, parent }: Wanted,
        page: &Page<Place>,
    ) -> Listed<TaskRow, Place> {
        let accessible = self.accessible(direct);
        let mut context = vec![false; self.nodes.len()];
        for (at, node) in self.nodes.iter().enumerate().rev() {
            if let Some(above) = node.above {
                context[above] |= context[at] || (accessible[at] && which.holds(node.task.archived.is_some()));
            }
        }
        let seen = |at: usize| which.holds(self.nodes[at].task.archived.is_some()) && (sees_all || accessible[at] || context[at]);
        let wanted = |at: usize| parent.is_none_or(|parent| self.nodes[at].task.parent == Some(parent)) && seen(at);
        self.part(wanted, page).map(|at| self.row(at, accessible[at]))
    }

    /// The part of those that are wanted.
    fn part(&self, wanted: impl Fn(usize) -> bool, page: &Page<Place>) -> Listed<usize, Place> {
        let standing = |task| self.nodes.iter().position(|node| node.task.id == task).map(|at| self.place(at));
        let after = page.after.clone().map(|place| place.settled(standing));
        let listed = Page { after, ..*page }.cut((0..self.nodes.len()).filter(|at| wanted(*at)).collect(), |at| self.place(*at));
        Listed { next: listed.next.map(Place::shortened), ..listed }
    }

    /// The same keys as are stored, which a list needs of a few tasks only.
    fn place(&self, at: usize) -> Place {
        let mut steps: Vec<_> =
            self.upwards(at).map(|at| &self.nodes[at].task).map(|task| (task.name.sort_key(), task.id)).collect();
        steps.reverse();
        Place::of(steps)
    }

    /// All of them, as somebody sees them who has none.
    pub(crate) fn rows(&self) -> Vec<TaskRow> {
        (0..self.nodes.len()).map(|at| self.row(at, false)).collect()
    }

    fn row(&self, at: usize, accessible: bool) -> TaskRow {
        row(self.nodes[at].task.clone(), self.path(at), accessible)
    }

    /// The positions of a task and of what it hangs under, upwards.
    fn upwards(&self, at: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(at), |at| self.nodes[*at].above)
    }

    fn path(&self, at: usize) -> Vec<Name> {
        let mut path: Vec<Name> = self.upwards(at).map(|at| self.nodes[at].task.name.clone()).collect();
        path.reverse();
        path
    }

    /// The tasks that a person has, each with what gives it.
    pub(crate) fn access(&self, direct: &Direct, effective: bool, page: &Page<Place>) -> Listed<AccessRow, Place> {
        let accessible = self.accessible(direct);
        let has = |at: usize| {
            let task = &self.nodes[at].task;
            if effective { accessible[at] && task.archived.is_none() } else { direct.contains_key(&task.id) }
        };
        let row = |at: usize| {
            let above = self.upwards(at).map(|at| self.nodes[at].task.id);
            let via = above.filter_map(|task| Some((task, direct.get(&task)?)));
            let via = via.flat_map(|(task, standing)| standing.kinds().map(move |automatic| (task, automatic)));
            AccessRow { task: self.nodes[at].task.id, path: self.path(at), via: via.collect() }
        };
        self.part(has, page).map(row)
    }

    /// The active imported tasks of the workspaces that a selection leaves out, by workspace (I3).
    pub(crate) fn left_out(&self, selection: &Selection) -> Vec<WorkspaceTasks> {
        let mut left_out: Vec<WorkspaceTasks> = Vec::new();
        // The workspace of each task that has one: its place in `left_out`.
        let mut belongs: Vec<Option<usize>> = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            let active = node.task.archived.is_none();
            let identity = node.task.origin.imported().filter(|_| active);
            let mut workspace = node.above.and_then(|above| belongs[above]);
            if let Some(Identity::Workspace(id)) = identity
                && !selection.holds(id)
            {
                left_out.push(WorkspaceTasks { workspace: id, name: node.task.name.as_str().to_owned(), tasks: Vec::new() });
                workspace = Some(left_out.len() - 1);
            }
            if let (Some(workspace), Some(_)) = (workspace, identity) {
                left_out[workspace].tasks.push(node.task.id);
            }
            belongs.push(workspace);
        }
        left_out
    }
}
