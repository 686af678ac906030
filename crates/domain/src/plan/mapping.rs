//! What the tree should be: the source's items in their places, and what becomes of those that it does not show (I5, I8, I16).
//!
//! Kinds are settled from the root downwards, each under a node of a kind above it that is imported itself. A task that was
//! kept as a native one and finds no such place stays native: nothing that people made their own is lost.

use std::sync::LazyLock;

use super::Warning;
use super::draft::{Draft, Realm};
use super::listing::{Listing, position};
use super::tree::Tree;
use crate::{Identity, Kind, Name, Origin, Reason, Selection};

static ROOT_NAME: LazyLock<Name> = LazyLock::new(|| Name::from_source("Toggl"));

/// Puts the new tree together, native tasks still where they are, and says what an administrator should know of it.
pub(super) fn wanted<'a>(tree: &Tree<'a>, listing: &Listing<'a>, selection: &Selection) -> (Draft<'a>, Vec<Warning>) {
    let mut mapper =
        Mapper { tree, listing, draft: Draft::of(tree), warnings: Vec::new(), clients: Vec::new(), projects: Vec::new() };
    mapper.root();
    mapper.workspaces(selection);
    mapper.clients();
    mapper.projects();
    mapper.tasks();
    (mapper.draft, mapper.warnings)
}

struct Mapper<'t, 'a> {
    tree: &'t Tree<'a>,
    listing: &'t Listing<'a>,
    draft: Draft<'a>,
    warnings: Vec<Warning>,
    /// The node of each listed client, where it has one.
    clients: Vec<Option<usize>>,
    /// The node of each listed project, where it has one.
    projects: Vec<Option<usize>>,
}

impl<'a> Mapper<'_, 'a> {
    fn root(&mut self) {
        let known = self.tree.find(Identity::Root);
        self.draft.root = if let Some(node) = known {
            self.draft.settle(node, Identity::Root, None, None);
            self.draft.nodes[node].name = &ROOT_NAME;
            node
        } else {
            self.draft.create(Identity::Root, None, &ROOT_NAME)
        };
        // A second root would be nobody's; it keeps what it has.
        self.unmentioned(Kind::Root);
    }

    fn workspaces(&mut self, selection: &Selection) {
        let listing = self.listing;
        for (index, space) in listing.spaces.iter().enumerate() {
            let identity = Identity::Workspace(space.listed.id);
            let node = space.content.and_then(|_| self.place(identity, self.draft.root, &space.listed.name, None));
            if let Some(node) = node {
                self.draft.nodes[node].realm = Realm::Read(index);
            }
            self.draft.spaces.push(node);
            if let Some(detail) = space.refused {
                let warning = Warning::WorkspaceRefused { workspace: space.listed.name.clone(), detail: detail.to_owned() };
                self.warnings.push(warning);
            }
        }
        for node in self.unsettled(Kind::Workspace) {
            self.workspace_not_read(node, selection);
        }
    }

    /// A workspace that is not to be seen, not selected, or refuses its lists (I8).
    fn workspace_not_read(&mut self, node: usize, selection: &Selection) {
        let task = self.tree.tasks[node];
        let Some(Identity::Workspace(id)) = task.origin.identity() else { return };
        let root = self.draft.root;
        if matches!(task.origin, Origin::Kept(_)) && self.tree.parents[node] != Some(root) {
            return;
        }
        let listed = self.listing.spaces.binary_search_by_key(&id, |space| space.listed.id).ok();
        let space = listed.map(|index| &self.listing.spaces[index]);
        let (own, realm) = match space {
            Some(space) if space.selected => (self.tree.standing_reason(node), Realm::Refused),
            None if selection.holds(id) => (Some(Reason::NotVisible), Realm::Unread),
            _ => (Some(Reason::Deselected), Realm::Unread),
        };
        self.draft.settle(node, Identity::Workspace(id), Some(root), own);
        self.draft.nodes[node].realm = realm;
        if let Some(space) = space.filter(|space| !space.selected) {
            self.draft.nodes[node].name = &space.listed.name;
        }
    }

    fn clients(&mut self) {
        let listing = self.listing;
        let mut kept_up = vec![0; listing.spaces.len()];
        for client in &listing.clients {
            kept_up[client.space] += u32::from(client.item.archived && client.own.is_none());
            let workspace = self.workspace(client.space);
            let node = self.place(Identity::Client(client.id), workspace, &client.item.name, client.own);
            self.clients.push(node);
        }
        self.unmentioned(Kind::Client);
        self.warn(&kept_up, |workspace, clients| Warning::ArchivedClientsKept { workspace, clients });
    }

    fn projects(&mut self) {
        let listing = self.listing;
        let mut clientless = vec![0; listing.spaces.len()];
        for project in &listing.projects {
            let identity = Identity::Project(project.id);
            let workspace = self.workspace(project.space);
            let client = project
                .item
                .client
                .map(|id| position(&listing.clients, id).filter(|at| listing.clients[*at].space == project.space));
            let parent = match client {
                None | Some(None) => workspace,
                // An archived client that never came in is no place; what is known already has one, then.
                Some(Some(client)) => self.clients[client].unwrap_or_else(|| self.current_place(identity, workspace)),
            };
            let node = self.place(identity, parent, &project.item.name, project.own);
            if let Some(node) = node {
                self.draft.nodes[node].look = Some((project.item.color, project.item.billable));
                clientless[project.space] += u32::from(client == Some(None));
            }
            self.projects.push(node);
        }
        self.unmentioned(Kind::Project);
        self.warn(&clientless, |workspace, projects| Warning::ClientsUnknown { workspace, projects });
    }

    fn tasks(&mut self) {
        let listing = self.listing;
        let mut astray = vec![0; listing.spaces.len()];
        for task in &listing.tasks {
            let identity = Identity::Task(task.id);
            let known = self.tree.find(identity);
            let project = position(&listing.projects, task.item.project);
            let node = project.map_or_else(|| self.imported(Identity::Project(task.item.project)), |at| self.projects[at]);
            let reason = project.map_or_else(|| Some(listing.spaces[task.space].missing()), |at| listing.projects[at].own);
            astray[task.space] += u32::from(project.is_none() && task.item.active);
            match (known, node) {
                (Some(known), Some(node)) => {
                    self.draft.settle(known, identity, Some(node), task.own);
                    self.draft.nodes[known].name = &task.item.name;
                }
                (Some(known), None) => {
                    if self.stay(known, |_| task.own.or(reason)) {
                        self.draft.nodes[known].name = &task.item.name;
                    }
                }
                (None, Some(node)) if task.own.is_none() && reason.is_none() => {
                    self.draft.create(identity, Some(node), &task.item.name);
                }
                (None, _) => {}
            }
        }
        let unreadable = self.unmentioned(Kind::Task);
        self.warn(&astray, |workspace, tasks| Warning::ProjectsUnknown { workspace, tasks });
        self.warn(&unreadable, |workspace, tasks| Warning::TasksUnreadable { workspace, tasks });
    }

    /// Puts a listed item where it belongs; one that is not known yet comes in only if it is active (I5).
    fn place(&mut self, identity: Identity, parent: usize, name: &'a Name, own: Option<Reason>) -> Option<usize> {
        match self.tree.find(identity) {
            Some(node) => {
                self.draft.settle(node, identity, Some(parent), own);
                self.draft.nodes[node].name = name;
                Some(node)
            }
            None => own.is_none().then(|| self.draft.create(identity, Some(parent), name)),
        }
    }

    /// Settles what the source did not show, and counts for each workspace the tasks that stay because it has none to show.
    fn unmentioned(&mut self, kind: Kind) -> Vec<u32> {
        let listing = self.listing;
        let tree = self.tree;
        let mut unreadable = vec![0; listing.spaces.len()];
        for node in self.unsettled(kind) {
            self.stay(node, |realm| match realm {
                Realm::Read(space) => {
                    let shown =
                        kind != Kind::Task || listing.spaces[space].content.is_some_and(|content| content.tasks.is_some());
                    let own = tree.own_reason(node);
                    unreadable[space] += u32::from(!shown && own.is_none());
                    if shown { Some(listing.spaces[space].missing()) } else { own }
                }
                Realm::Refused => tree.standing_reason(node),
                Realm::Unread | Realm::None => tree.own_reason(node),
            });
        }
        unreadable
    }

    /// Leaves a task where it is, as an imported one; says no where that is no place for it and it can stay native.
    fn stay(&mut self, node: usize, own: impl FnOnce(Realm) -> Option<Reason>) -> bool {
        let origin = self.tree.tasks[node].origin;
        let Some(identity) = origin.identity() else { return false };
        let parent = self.tree.parents[node].filter(|parent| self.is_place_for(identity.kind(), *parent));
        if parent.is_none() && matches!(origin, Origin::Kept(_)) {
            return false;
        }
        let own = own(parent.map_or(Realm::None, |parent| self.draft.nodes[parent].realm));
        self.draft.settle(node, identity, parent, own);
        true
    }

    /// Whether something of this kind can hang there: under an imported task of a fitting kind.
    fn is_place_for(&self, kind: Kind, parent: usize) -> bool {
        self.draft.nodes[parent].imported.is_some_and(|above| kind.hangs_under(above.kind()))
    }

    /// Where a known project is, if that is this workspace or a client of it; else the workspace.
    fn current_place(&self, project: Identity, workspace: usize) -> usize {
        let parent = self.tree.find(project).and_then(|node| self.tree.parents[node]);
        let here = |parent: usize| parent == workspace || self.draft.nodes[parent].parent == Some(workspace);
        parent.filter(|parent| self.is_place_for(Kind::Project, *parent) && here(*parent)).unwrap_or(workspace)
    }

    fn imported(&self, identity: Identity) -> Option<usize> {
        self.tree.find(identity).filter(|node| self.draft.is_imported(*node))
    }

    /// The tasks that mirror something of this kind, or did, and have no place in the new tree yet.
    fn unsettled(&self, kind: Kind) -> Vec<usize> {
        let of_kind = |node: &usize| self.tree.tasks[*node].origin.identity().is_some_and(|identity| identity.kind() == kind);
        (0..self.tree.tasks.len()).filter(|node| !self.draft.is_imported(*node)).filter(of_kind).collect()
    }

    fn workspace(&self, space: usize) -> usize {
        self.draft.spaces[space].expect("every workspace that was read has a node, and only those have items")
    }

    fn warn(&mut self, counts: &[u32], warning: impl Fn(Name, u32) -> Warning) {
        let listed = self.listing.spaces.iter().map(|space| &space.listed.name);
        let told = listed.zip(counts).filter(|(_, count)| **count > 0);
        self.warnings.extend(told.map(|(name, count)| warning(name.clone(), *count)));
    }
}
