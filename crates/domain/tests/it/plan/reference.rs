//! A second opinion: which imported tasks there should be and be active, asked for each item by itself.
//!
//! Nothing here is fast, indexed or shared with the planner: every question searches the lists again.

use std::collections::BTreeSet;

use tallyport_domain::plan::{Current, Terms};
use tallyport_domain::{
    Content, ExternalId, Identity, Name, Origin, PrivateProjects, Reason, Snapshot, SourceClient, SourceProject, SourceTask,
    Task, WorkspaceContent, WorkspaceSnapshot,
};

/// An active imported task: what it mirrors, what it hangs under, and its name.
pub(super) type Active = (Identity, Option<Identity>, String);

pub(super) struct Reference<'a> {
    pub(super) before: &'a Current,
    pub(super) snapshot: &'a Snapshot,
    pub(super) terms: Terms<'a>,
}

impl<'a> Reference<'a> {
    /// Everything that should be active and imported.
    pub(super) fn active(&self) -> BTreeSet<Active> {
        let stored = self.before.tasks.iter().filter_map(|task| task.origin.identity());
        let listed = self.read().flat_map(|(space, content)| {
            let clients = content.clients.iter().map(|client| Identity::Client(client.id));
            let projects = content.projects.iter().map(|project| Identity::Project(project.id));
            let tasks = content.tasks.iter().flatten().map(|task| Identity::Task(task.id));
            [Identity::Workspace(space.workspace.id)].into_iter().chain(clients).chain(projects).chain(tasks)
        });
        let all: BTreeSet<Identity> = stored.chain(listed).chain([Identity::Root]).collect();
        all.into_iter()
            .filter_map(|identity| self.fate(identity).map(|(above, name)| (identity, above, name.as_str().to_owned())))
            .collect()
    }

    /// Why a listed item is not active, or why one that is not listed is gone; nothing where this says nothing of it.
    pub(super) fn reason(&self, identity: Identity) -> Option<Reason> {
        match identity {
            Identity::Root => None,
            Identity::Workspace(id) => match self.space(id) {
                None if self.terms.selection.holds(id) => Some(Reason::NotVisible),
                Some(_) if self.terms.selection.holds(id) => None,
                _ => Some(Reason::Deselected),
            },
            Identity::Client(id) => self.client(id).and_then(|(space, client)| {
                (client.archived && !self.holds_an_active_project(space, id)).then_some(Reason::ArchivedInToggl)
            }),
            Identity::Project(id) => self.project(id).and_then(|(_, project)| match project {
                SourceProject { template: true, .. } => Some(Reason::TemplateInToggl),
                SourceProject { active: false, .. } => Some(Reason::ArchivedInToggl),
                _ => (!self.is_active(project)).then_some(Reason::LeftOut),
            }),
            Identity::Task(id) => self.task(id).and_then(|(_, task)| (!task.active).then_some(Reason::DoneInToggl)),
        }
    }

    /// What an active imported task hangs under and what it is called; nothing for whatever is not one.
    fn fate(&self, identity: Identity) -> Option<(Option<Identity>, &'a Name)> {
        match identity {
            Identity::Root => Some((None, ROOT.get_or_init(|| Name::from_source("Toggl")))),
            Identity::Workspace(id) => {
                let space = self.space(id).filter(|_| self.terms.selection.holds(id))?;
                match &space.content {
                    Content::Read(_) => Some((Some(Identity::Root), &space.workspace.name)),
                    Content::Refused(_) => self.as_it_was(identity, |above| above == Identity::Root),
                    Content::NotSelected => None,
                }
            }
            Identity::Client(id) => match self.client(id) {
                Some((space, client)) => (!client.archived || self.holds_an_active_project(space, id))
                    .then_some((Some(Identity::Workspace(space.workspace.id)), &client.name)),
                None => self.as_it_was(identity, |above| matches!(above, Identity::Workspace(_))),
            },
            Identity::Project(id) => match self.project(id) {
                Some((space, project)) => {
                    let client = project.client.filter(|id| self.client(*id).is_some_and(|(other, _)| same(other, space)));
                    let above = client.map_or(Identity::Workspace(space.workspace.id), Identity::Client);
                    self.is_active(project).then_some((Some(above), &project.name))
                }
                None => self.as_it_was(identity, |above| matches!(above, Identity::Workspace(_) | Identity::Client(_))),
            },
            Identity::Task(id) => match self.task(id) {
                Some((_, task)) => {
                    let above = Identity::Project(task.project);
                    // A task comes in new only under a project that is listed.
                    let comes = self.project(task.project).is_some() || self.stored(identity).is_some();
                    (task.active && comes && self.fate(above).is_some()).then_some((Some(above), &task.name))
                }
                None => self.as_it_was(identity, |above| matches!(above, Identity::Project(_))),
            },
        }
    }

    /// What no list shows is active only if no list should have shown it, and it was so before.
    fn as_it_was(&self, identity: Identity, fits: impl Fn(Identity) -> bool) -> Option<(Option<Identity>, &'a Name)> {
        let task = self.stored(identity)?;
        let above = self.before.tasks.iter().find(|other| Some(other.id) == task.parent)?;
        let above =
            above.origin.identity().filter(|above| self.stored(*above).is_some_and(|first| first.id == task.parent.unwrap()))?;
        if !fits(above) || self.fate(above).is_none() {
            return None;
        }
        let space = self.space_of(identity)?;
        let reason = task.archived.map(|archived| archived.reason);
        let stands = match &space.content {
            Content::Refused(_) => matches!(reason, None | Some(Reason::ParentArchived)),
            Content::Read(WorkspaceContent { tasks: None, .. }) if matches!(identity, Identity::Task(_)) => {
                matches!(reason, None | Some(Reason::ParentArchived | Reason::Unlinked))
            }
            _ => false,
        };
        stands.then_some((Some(above), &task.name))
    }

    /// The workspace above a task in the new tree.
    fn space_of(&self, identity: Identity) -> Option<&'a WorkspaceSnapshot> {
        if let Identity::Workspace(id) = identity {
            return self.space(id);
        }
        let listed = match identity {
            Identity::Client(id) => self.client(id).map(|(space, _)| space),
            Identity::Project(id) => self.project(id).map(|(space, _)| space),
            _ => None,
        };
        listed.or_else(|| {
            let parent = self.stored(identity)?.parent;
            let above = self.before.tasks.iter().find(|other| Some(other.id) == parent)?;
            self.space_of(above.origin.identity()?)
        })
    }

    fn is_active(&self, project: &SourceProject) -> bool {
        let left_out = project.private && self.terms.settings.private_projects == PrivateProjects::LeaveOut;
        project.active && !project.template && !left_out
    }

    fn holds_an_active_project(&self, space: &WorkspaceSnapshot, client: ExternalId) -> bool {
        let Content::Read(content) = &space.content else { return false };
        content.projects.iter().any(|project| project.client == Some(client) && self.is_active(project))
    }

    fn stored(&self, identity: Identity) -> Option<&'a Task> {
        self.before.tasks.iter().find(|task| matches!(task.origin, Origin::Imported(it) | Origin::Kept(it) if it == identity))
    }

    fn space(&self, id: ExternalId) -> Option<&'a WorkspaceSnapshot> {
        self.snapshot.workspaces.iter().find(|space| space.workspace.id == id)
    }

    fn client(&self, id: ExternalId) -> Option<(&'a WorkspaceSnapshot, &'a SourceClient)> {
        self.read().find_map(|(space, content)| Some((space, content.clients.iter().find(|client| client.id == id)?)))
    }

    fn project(&self, id: ExternalId) -> Option<(&'a WorkspaceSnapshot, &'a SourceProject)> {
        self.read().find_map(|(space, content)| Some((space, content.projects.iter().find(|project| project.id == id)?)))
    }

    fn task(&self, id: ExternalId) -> Option<(&'a WorkspaceSnapshot, &'a SourceTask)> {
        self.read().find_map(|(space, content)| Some((space, content.tasks.as_ref()?.iter().find(|task| task.id == id)?)))
    }

    /// The workspaces that were read.
    pub(super) fn read(&self) -> impl Iterator<Item = (&'a WorkspaceSnapshot, &'a WorkspaceContent)> {
        self.snapshot.workspaces.iter().filter_map(|space| match &space.content {
            Content::Read(content) => Some((space, content)),
            _ => None,
        })
    }
}

static ROOT: std::sync::OnceLock<Name> = std::sync::OnceLock::new();

fn same(one: &WorkspaceSnapshot, other: &WorkspaceSnapshot) -> bool {
    one.workspace.id == other.workspace.id
}
