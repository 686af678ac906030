//! The state of the simulated Toggl: organizations, people, and what hangs under each workspace.

mod build;
mod change;
mod generate;
mod model;
mod mutate;
mod names;
mod new_project;
mod nordlicht;
mod order;

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};

pub use change::{Change, Outcome};
pub use generate::Size;
pub use model::{
    Client, Group, Membership, Organization, OrganizationMember, Plan, Project, Role, Tag, Task, TimeEntry, User, Workspace,
};
pub use new_project::NewProject;

/// Something named by an id that is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no {kind} with id {id}")]
pub struct UnknownId {
    /// What was looked for, in a word.
    pub kind: &'static str,
    /// The id it was looked for by.
    pub id: i64,
}

/// Where an item lies: its workspace, and its place in that workspace's vector.
type Place = (i64, usize);

/// Everything the simulated Toggl knows.
///
/// Deleted clients, projects and tasks stay, marked, because `since` still tells of them.
#[derive(Debug, Clone)]
pub struct World {
    pub(crate) now: DateTime<Utc>,
    ids: build::Ids,
    pub(crate) users: BTreeMap<i64, User>,
    pub(crate) organizations: BTreeMap<i64, Organization>,
    pub(crate) workspaces: BTreeMap<i64, Workspace>,
    pub(crate) entries: Vec<TimeEntry>,
    tokens: HashMap<String, i64>,
    clients: HashMap<i64, Place>,
    projects: HashMap<i64, Place>,
    tasks: HashMap<i64, Place>,
}

impl World {
    /// Looks a person up by one of their tokens.
    #[must_use]
    pub fn user_by_token(&self, token: &str) -> Option<&User> {
        self.tokens.get(token).and_then(|user| self.users.get(user))
    }

    /// The token of the first person who has one: the account's owner in the worlds made here.
    #[must_use]
    pub fn owner_token(&self) -> Option<&str> {
        self.users.values().find_map(|user| user.tokens.first()).map(String::as_str)
    }

    /// All people, by id.
    pub fn users(&self) -> impl Iterator<Item = &User> {
        self.users.values()
    }

    /// A person.
    #[must_use]
    pub fn user(&self, id: i64) -> Option<&User> {
        self.users.get(&id)
    }

    /// All organizations, by id.
    pub fn organizations(&self) -> impl Iterator<Item = &Organization> {
        self.organizations.values()
    }

    /// An organization.
    #[must_use]
    pub fn organization(&self, id: i64) -> Option<&Organization> {
        self.organizations.get(&id)
    }

    /// All workspaces that were not deleted, by id.
    pub fn workspaces(&self) -> impl Iterator<Item = &Workspace> {
        self.workspaces.values().filter(|workspace| workspace.deleted_at.is_none())
    }

    /// A workspace, deleted or not.
    #[must_use]
    pub fn workspace(&self, id: i64) -> Option<&Workspace> {
        self.workspaces.get(&id)
    }

    /// All time entries, deleted or not, as they were added.
    #[must_use]
    pub fn entries(&self) -> &[TimeEntry] {
        &self.entries
    }

    /// A client, deleted or not.
    #[must_use]
    pub fn client(&self, id: i64) -> Option<&Client> {
        let (workspace, index) = self.clients.get(&id)?;
        self.workspaces.get(workspace)?.clients.get(*index)
    }

    /// A project, deleted or not.
    #[must_use]
    pub fn project(&self, id: i64) -> Option<&Project> {
        let (workspace, index) = self.projects.get(&id)?;
        self.workspaces.get(workspace)?.projects.get(*index)
    }

    /// A task, deleted or not.
    #[must_use]
    pub fn task(&self, id: i64) -> Option<&Task> {
        let (workspace, index) = self.tasks.get(&id)?;
        self.workspaces.get(workspace)?.tasks.get(*index)
    }

    /// The workspace in which a client, project or task lies.
    #[must_use]
    pub fn workspace_of(&self, item: i64) -> Option<i64> {
        [&self.clients, &self.projects, &self.tasks].into_iter().find_map(|places| places.get(&item)).map(|place| place.0)
    }

    /// The id of the first workspace of that name.
    #[must_use]
    pub fn find_workspace(&self, name: &str) -> Option<i64> {
        self.workspaces().find(|workspace| workspace.name == name).map(|workspace| workspace.id)
    }

    /// The id of the first client of that name that was not deleted.
    #[must_use]
    pub fn find_client(&self, name: &str) -> Option<i64> {
        let mut clients = self.workspaces().flat_map(|workspace| &workspace.clients);
        clients.find(|client| client.name == name && client.deleted_at.is_none()).map(|client| client.id)
    }

    /// The id of the first project of that name that was not deleted.
    #[must_use]
    pub fn find_project(&self, name: &str) -> Option<i64> {
        let mut projects = self.workspaces().flat_map(|workspace| &workspace.projects);
        projects.find(|project| project.name == name && project.deleted_at.is_none()).map(|project| project.id)
    }

    /// The id of the first task of that name that was not deleted.
    #[must_use]
    pub fn find_task(&self, name: &str) -> Option<i64> {
        let mut tasks = self.workspaces().flat_map(|workspace| &workspace.tasks);
        tasks.find(|task| task.name == name && task.deleted_at.is_none()).map(|task| task.id)
    }

    /// The id of the person with that email, as it is spelled.
    #[must_use]
    pub fn find_user(&self, email: &str) -> Option<i64> {
        self.users.values().find(|user| user.email.as_deref() == Some(email)).map(|user| user.id)
    }

    /// The plan that a workspace is on, which is its organization's.
    pub(crate) fn plan_of(&self, workspace: &Workspace) -> Plan {
        self.organizations.get(&workspace.organization).map_or(Plan::Free, |organization| organization.plan)
    }

    /// The workspaces that a person belongs to: joined, not deactivated, not deleted.
    pub(crate) fn workspaces_of(&self, user: i64) -> impl Iterator<Item = (&Workspace, &Membership)> {
        self.workspaces().filter_map(move |workspace| Some((workspace, workspace.active_member(user)?)))
    }
}
