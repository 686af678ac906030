//! A history played: the source and the account change, and every sync is looked at.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use tallyport_domain::plan::{Current, Plan, Terms, plan};
use tallyport_domain::{
    Archived, Identity, Origin, PersonId, PrivateProjects, Reason, Roster, RosterPerson, Selection, Settings, Snapshot, Task,
    TaskId, WorkspaceContent,
};

use super::reference::Reference;
use super::steps::{Deed, Step};
use super::world::World;
use crate::support::Account;

/// One sync of a history: what it was given, what it planned and what came of it.
pub(super) struct Sync<'a> {
    pub(super) before: &'a Current,
    pub(super) snapshot: &'a Snapshot,
    pub(super) terms: Terms<'a>,
    pub(super) plan: &'a Plan,
    pub(super) next_id: i64,
    pub(super) after: &'a Current,
    /// The tasks before, by id.
    pub(super) old: ById<'a>,
    /// The tasks after, by id.
    pub(super) new: ById<'a>,
}

pub(super) type ById<'a> = BTreeMap<TaskId, &'a Task>;

impl<'a> Sync<'a> {
    pub(super) fn reference(&self) -> Reference<'a> {
        Reference { before: self.before, snapshot: self.snapshot, terms: self.terms }
    }

    /// Every task of the old tree beside what became of it.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (&'a Task, &'a Task)> {
        self.old.iter().map(|(id, task)| (*task, self.new[id]))
    }

    /// The imported tasks of the new tree, with what they mirror.
    pub(super) fn imported(&self) -> impl Iterator<Item = (&'a Task, Identity)> {
        self.new.values().filter_map(|task| Some((*task, task.origin.imported()?)))
    }

    /// What the lists that were read show.
    pub(super) fn listed(&self) -> BTreeSet<Identity> {
        self.reference().read().flat_map(|(_, content)| items(content)).collect()
    }
}

/// What the lists of a workspace show.
fn items(content: &WorkspaceContent) -> impl Iterator<Item = Identity> {
    let clients = content.clients.iter().map(|client| Identity::Client(client.id));
    let projects = content.projects.iter().map(|project| Identity::Project(project.id));
    clients.chain(projects).chain(content.tasks.iter().flatten().map(|task| Identity::Task(task.id)))
}

/// A task and what it hangs under, and so on up to a root.
pub(super) fn upwards<'a>(tree: &ById<'a>, from: &'a Task) -> impl Iterator<Item = &'a Task> {
    std::iter::successors(Some(from), |task| tree.get(&task.parent?).copied())
}

/// Whether people made it theirs: native tasks, and kept ones.
pub(super) fn is_native(task: &Task) -> bool {
    !matches!(task.origin, Origin::Imported(_))
}

/// Plays a history and looks at every sync of it.
pub(super) fn play<E>(steps: &[Step], mut look: impl FnMut(&Sync<'_>) -> Result<(), E>) -> Result<(), E> {
    let mut history = History::new();
    for step in steps {
        match *step {
            Step::Source(event, a, b) => history.world.apply(event, a, b),
            Step::Here(deed, a, b) => history.here(deed, usize::from(a), usize::from(b)),
            Step::Sync => history.sync(&mut look)?,
        }
    }
    Ok(())
}

struct History {
    world: World,
    account: Account,
}

impl History {
    fn new() -> Self {
        let person = |id: i64| RosterPerson { id: PersonId(id), email_key: format!("p{id}@x.test"), active: true };
        let roster = Roster { people: (0..4).map(person).collect(), owner: PersonId(0) };
        Self { world: World::new(), account: Account { roster, ..Account::new() } }
    }

    fn sync<E>(&mut self, look: impl FnOnce(&Sync<'_>) -> Result<(), E>) -> Result<(), E> {
        self.account.now += TimeDelta::hours(1);
        let Account { current: before, selection, settings, roster, now } = &self.account;
        let snapshot = self.world.snapshot(selection);
        let terms = Terms { selection, settings, roster, at: *now };
        let plan = plan(before, &snapshot, terms);
        let next_id = self.account.next_id();
        let after = plan.apply_to(before, next_id);
        let (old, new) = (by_id(before), by_id(&after));
        look(&Sync { before, snapshot: &snapshot, terms, plan: &plan, next_id, after: &after, old, new })?;
        self.account.current = after;
        Ok(())
    }

    fn here(&mut self, deed: Deed, a: usize, b: usize) {
        let name = self.world.fresh_name();
        let native = self.native(a);
        match deed {
            Deed::Select if a.is_multiple_of(3) => self.account.selection = Selection::All,
            Deed::Select => {
                let picked = self.world.spaces().into_iter().enumerate().filter(|(bit, _)| b >> bit & 1 == 1);
                self.account.selection = Selection::Only(picked.map(|(_, space)| space).collect());
            }
            Deed::LeaveOut => {
                let private_projects = if a.is_multiple_of(2) { PrivateProjects::LeaveOut } else { PrivateProjects::Keep };
                self.account.settings = Settings { private_projects, ..self.account.settings };
            }
            Deed::ChangeOwner => self.account.roster.owner = self.account.roster.people[a % 4].id,
            Deed::Deactivate => self.account.roster.people[a % 4].active ^= true,
            Deed::Suppress => {
                let standing = &mut self.account.current.automatic;
                if let Some(grant) = standing.iter().nth(a % standing.len().max(1)).copied() {
                    standing.remove(&grant);
                    self.account.current.suppressions.insert(grant);
                }
            }
            Deed::AssignAgain => {
                let suppressions = &mut self.account.current.suppressions;
                if let Some(grant) = suppressions.iter().nth(a % suppressions.len().max(1)).copied() {
                    suppressions.remove(&grant);
                }
            }
            Deed::UnlinkAndKeep => {
                self.account.unlink_and_keep();
                for task in &mut self.account.current.tasks {
                    task.archived = task.archived.filter(|archived| archived.reason != Reason::Unlinked);
                }
            }
            Deed::UnlinkAndArchive => {
                let archived = Archived { reason: Reason::Unlinked, at: self.account.now };
                for task in self.account.current.tasks.iter_mut().filter(|task| task.origin.imported().is_some()) {
                    task.archived.get_or_insert(archived);
                }
                self.account.current.automatic.clear();
            }
            Deed::AddNative => {
                let within = native.filter(|task| !b.is_multiple_of(4) && self.is_active(*task));
                self.account.add(name.as_str(), within);
            }
            Deed::RenameNative => self.change(native, |task| task.name = name),
            Deed::MoveNative => {
                let to = self.native(b).filter(|task| !b.is_multiple_of(5) && self.is_active(*task));
                let below = native.map(|task| self.subtree(task)).unwrap_or_default();
                if to.is_none_or(|to| !below.contains(&to)) {
                    self.change(native, |task| task.parent = to);
                }
            }
            Deed::ArchiveNative => self.archive(native),
            Deed::RestoreNative => self.restore(native),
            Deed::DeleteNative => {
                let gone = native.map(|task| self.subtree(task)).unwrap_or_default();
                let current = &mut self.account.current;
                current.tasks.retain(|task| !gone.contains(&task.id));
                current.automatic.retain(|grant| !gone.contains(&grant.task));
                current.suppressions.retain(|grant| !gone.contains(&grant.task));
            }
        }
    }

    /// One of the tasks that people may change: native and kept ones (T3).
    fn native(&self, number: usize) -> Option<TaskId> {
        let tasks = self.account.current.tasks.iter().filter(|task| task.origin.imported().is_none());
        let ids: Vec<_> = tasks.map(|task| task.id).collect();
        ids.get(number % ids.len().max(1)).copied()
    }

    fn is_active(&self, id: TaskId) -> bool {
        self.account.current.tasks.iter().any(|task| task.id == id && task.archived.is_none())
    }

    fn change(&mut self, id: Option<TaskId>, change: impl FnOnce(&mut Task)) {
        if let Some(task) = self.account.current.tasks.iter_mut().find(|task| Some(task.id) == id) {
            change(task);
        }
    }

    fn archive(&mut self, id: Option<TaskId>) {
        let Some(id) = id else { return };
        let (below, at) = (self.subtree(id), self.account.now);
        for task in self.account.current.tasks.iter_mut().filter(|task| below.contains(&task.id)) {
            let reason = if task.id == id { Reason::ArchivedHere } else { Reason::ParentArchived };
            task.archived.get_or_insert(Archived { reason, at });
        }
    }

    /// Brings back the subtree and what is above it (T2).
    fn restore(&mut self, id: Option<TaskId>) {
        let Some(id) = id else { return };
        let mut back = self.subtree(id);
        let mut at = Some(id);
        while let Some(up) = at {
            back.insert(up);
            at = self.account.current.tasks.iter().find(|task| task.id == up).and_then(|task| task.parent);
        }
        for task in self.account.current.tasks.iter_mut().filter(|task| back.contains(&task.id)) {
            task.archived = None;
        }
    }

    fn subtree(&self, top: TaskId) -> BTreeSet<TaskId> {
        let mut found = BTreeSet::from([top]);
        loop {
            let below = self.account.current.tasks.iter().filter(|task| task.parent.is_some_and(|up| found.contains(&up)));
            let more: Vec<_> = below.map(|task| task.id).filter(|id| !found.contains(id)).collect();
            if more.is_empty() {
                return found;
            }
            found.extend(more);
        }
    }
}

fn by_id(tree: &Current) -> ById<'_> {
    tree.tasks.iter().map(|task| (task.id, task)).collect()
}
