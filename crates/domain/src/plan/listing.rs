//! The snapshot in order: each list sorted by id, each item once, with the reason that keeps it off the active tree (I8).

use std::collections::HashSet;

use super::Terms;
use crate::{
    Content, ExternalId, PrivateProjects, Reason, Settings, Snapshot, SourceClient, SourceProject, SourceTask, SourceWorkspace,
    WorkspaceContent,
};

/// A visible workspace.
pub(super) struct Space<'a> {
    pub(super) listed: &'a SourceWorkspace,
    pub(super) selected: bool,
    /// What is in it, where it is selected and was read.
    pub(super) content: Option<&'a WorkspaceContent>,
    /// What the source said where it is selected and refused its lists.
    pub(super) refused: Option<&'a str>,
}

impl Space<'_> {
    /// What it means that a complete list of this workspace lacks an item (I8).
    pub(super) fn missing(&self) -> Reason {
        if self.listed.administered { Reason::DeletedInToggl } else { Reason::NotVisible }
    }
}

/// An item of a workspace that was read.
pub(super) struct Listed<'a, T> {
    pub(super) id: ExternalId,
    /// Where in [`Listing::spaces`] its workspace is.
    pub(super) space: usize,
    /// Why it is not active; nothing where it is.
    pub(super) own: Option<Reason>,
    pub(super) item: &'a T,
}

/// Everything that was read. An id that is there more than once counts once, for an active item where one is.
pub(super) struct Listing<'a> {
    pub(super) spaces: Vec<Space<'a>>,
    pub(super) clients: Vec<Listed<'a, SourceClient>>,
    pub(super) projects: Vec<Listed<'a, SourceProject>>,
    pub(super) tasks: Vec<Listed<'a, SourceTask>>,
}

impl<'a> Listing<'a> {
    pub(super) fn of(snapshot: &'a Snapshot, terms: Terms<'_>) -> Self {
        let spaces = spaces(snapshot, terms);
        let read = || spaces.iter().enumerate().filter_map(|(space, at)| Some((space, at.content?)));

        let projects = read().flat_map(|(space, content)| {
            let listed =
                move |item: &'a SourceProject| Listed { id: item.id, space, own: project_reason(item, terms.settings), item };
            content.projects.iter().map(listed)
        });
        let projects = sorted(projects.collect());

        let active = projects.iter().filter(|project| project.own.is_none());
        let containers: HashSet<_> = active.filter_map(|project| Some((project.space, project.item.client?))).collect();
        let containers = &containers;
        let clients = read().flat_map(|(space, content)| {
            let kept_up = move |client: &SourceClient| containers.contains(&(space, client.id));
            let own = move |client: &SourceClient| (client.archived && !kept_up(client)).then_some(Reason::ArchivedInToggl);
            content.clients.iter().map(move |item| Listed { id: item.id, space, own: own(item), item })
        });
        let clients = sorted(clients.collect());

        let tasks = read().flat_map(|(space, content)| {
            let own = |task: &SourceTask| (!task.active).then_some(Reason::DoneInToggl);
            content.tasks.iter().flatten().map(move |item| Listed { id: item.id, space, own: own(item), item })
        });
        let tasks = sorted(tasks.collect());
        Self { spaces, clients, projects, tasks }
    }
}

/// Where in such a list an id is.
pub(super) fn position<T>(list: &[Listed<'_, T>], id: ExternalId) -> Option<usize> {
    list.binary_search_by_key(&id, |listed| listed.id).ok()
}

fn spaces<'a>(snapshot: &'a Snapshot, terms: Terms<'_>) -> Vec<Space<'a>> {
    let spaces = snapshot.workspaces.iter().map(|space| {
        let selected = terms.selection.holds(space.workspace.id);
        let (content, refused) = match &space.content {
            Content::Read(content) if selected => (Some(content), None),
            Content::Refused(detail) if selected => (None, Some(detail.as_str())),
            _ => (None, None),
        };
        Space { listed: &space.workspace, selected, content, refused }
    });
    let mut spaces: Vec<_> = spaces.collect();
    spaces.sort_by_key(|space| (space.listed.id, space.content.is_none(), &space.listed.name, space.listed.administered));
    spaces.dedup_by_key(|space| space.listed.id);
    spaces
}

/// Why a project is not active here (I5, I21): a template is no place for time, whatever else it is.
fn project_reason(project: &SourceProject, settings: &Settings) -> Option<Reason> {
    if project.template {
        Some(Reason::TemplateInToggl)
    } else if !project.active {
        Some(Reason::ArchivedInToggl)
    } else if project.private && settings.private_projects == PrivateProjects::LeaveOut {
        Some(Reason::LeftOut)
    } else {
        None
    }
}

/// By id; of those with the same one the first active one, whatever the order in which they were listed.
fn sorted<T: Ord>(mut list: Vec<Listed<'_, T>>) -> Vec<Listed<'_, T>> {
    fn key<'a, T>(listed: &Listed<'a, T>) -> (ExternalId, bool, usize, &'a T) {
        (listed.id, listed.own.is_some(), listed.space, listed.item)
    }
    list.sort_by(|one, other| key(one).cmp(&key(other)));
    list.dedup_by_key(|listed| listed.id);
    list
}
