//! Adding things to a world.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use super::model::{
    Client, Group, Membership, Organization, OrganizationMember, Plan, Project, Role, Tag, Task, TimeEntry, User, Workspace,
};
use super::{NewProject, UnknownId, World};
use crate::clock;
use crate::random;

const COLORS: [&str; 8] = ["#0b83d9", "#9e5bd9", "#d94182", "#e36a00", "#bf7000", "#2da608", "#06a893", "#465bb3"];

/// The last id given out per kind. Projects cross 2³¹ after a few, tasks lie beyond 2³².
#[derive(Debug, Clone)]
pub(super) struct Ids {
    user: i64,
    organization: i64,
    organization_member: i64,
    workspace: i64,
    membership: i64,
    group: i64,
    client: i64,
    project: i64,
    task: i64,
    tag: i64,
    entry: i64,
    token: i64,
}

impl Ids {
    fn first() -> Self {
        Self {
            user: 2_166_260,
            organization: 9_011_050,
            organization_member: 5_050_200,
            workspace: 7_230_580,
            membership: 3_110_400_000,
            group: 41_200,
            client: 64_890_398,
            project: 2_147_483_640,
            task: 4_295_100_000,
            tag: 16_939_167,
            entry: 3_727_977_105,
            token: 0,
        }
    }
}

fn next(id: &mut i64) -> i64 {
    *id += 1;
    *id
}

impl World {
    /// A world with nobody and nothing in it.
    #[must_use]
    pub fn empty() -> Self {
        Self {
            now: clock::start(),
            ids: Ids::first(),
            users: BTreeMap::new(),
            organizations: BTreeMap::new(),
            workspaces: BTreeMap::new(),
            entries: Vec::new(),
            tokens: HashMap::new(),
            clients: HashMap::new(),
            projects: HashMap::new(),
            tasks: HashMap::new(),
        }
    }

    /// One person with a token, one organization and one workspace that they administer.
    ///
    /// Returns the world and the workspace's id; the token is [`World::owner_token`].
    ///
    /// # Errors
    /// Never in fact: every id is one that was just made.
    pub fn with_workspace(plan: Plan, name: &str) -> Result<(Self, i64), UnknownId> {
        let mut world = Self::empty();
        let owner = world.add_user("Ana Nováková", "ana.novakova@nordlicht.example");
        world.issue_token(owner)?;
        let organization = world.add_organization("Nordlicht Studio", plan, owner)?;
        let workspace = world.add_workspace(organization, name)?;
        Ok((world, workspace))
    }

    /// Adds a person, who belongs nowhere yet.
    pub fn add_user(&mut self, name: impl Into<String>, email: impl Into<String>) -> i64 {
        let id = next(&mut self.ids.user);
        let user = User {
            id,
            name: name.into(),
            email: Some(email.into()),
            tokens: Vec::new(),
            timezone: "Europe/Berlin".to_owned(),
            created_at: self.now,
        };
        self.users.insert(id, user);
        id
    }

    /// Gives a person a token, in addition to those they have.
    ///
    /// # Errors
    /// The person is unknown.
    pub fn issue_token(&mut self, user: i64) -> Result<String, UnknownId> {
        let seed = next(&mut self.ids.token).cast_unsigned();
        let person = self.users.get_mut(&user).ok_or(UnknownId { kind: "user", id: user })?;
        let token = random::token(seed);
        person.tokens.push(token.clone());
        self.tokens.insert(token.clone(), user);
        Ok(token)
    }

    /// Takes a token's validity away.
    pub fn revoke_token(&mut self, token: &str) {
        if let Some(user) = self.tokens.remove(token).and_then(|user| self.users.get_mut(&user)) {
            user.tokens.retain(|kept| kept != token);
        }
    }

    /// Adds an organization and its owner.
    ///
    /// # Errors
    /// The owner is unknown.
    pub fn add_organization(&mut self, name: impl Into<String>, plan: Plan, owner: i64) -> Result<i64, UnknownId> {
        self.known_user(owner)?;
        let id = next(&mut self.ids.organization);
        let member = OrganizationMember { id: next(&mut self.ids.organization_member), user: owner, admin: true, owner: true };
        let organization = Organization { id, name: name.into(), plan, members: vec![member], created_at: self.now };
        self.organizations.insert(id, organization);
        Ok(id)
    }

    /// Adds a workspace, administered by the organization's administrators.
    ///
    /// # Errors
    /// The organization is unknown.
    pub fn add_workspace(&mut self, organization: i64, name: impl Into<String>) -> Result<i64, UnknownId> {
        let owner = self.known_organization(organization)?;
        let admins: Vec<i64> = owner.members.iter().filter(|member| member.admin).map(|member| member.user).collect();
        let id = next(&mut self.ids.workspace);
        let workspace = Workspace {
            id,
            organization,
            name: name.into(),
            suspended_at: None,
            deleted_at: None,
            created_at: self.now,
            at: self.now,
            members: Vec::new(),
            groups: Vec::new(),
            clients: Vec::new(),
            projects: Vec::new(),
            tasks: Vec::new(),
            tags: Vec::new(),
            projects_by_name: OnceLock::new(),
            tasks_by_name: OnceLock::new(),
        };
        self.workspaces.insert(id, workspace);
        for admin in admins {
            self.add_member(id, admin, Role::Admin)?;
        }
        Ok(id)
    }

    /// Makes a person a member who has joined, and returns the membership's id.
    ///
    /// # Errors
    /// The workspace or the person is unknown.
    pub fn add_member(&mut self, workspace: i64, user: i64, role: Role) -> Result<i64, UnknownId> {
        self.enlist(workspace, user, role, true, true)
    }

    /// Invites a person, who has not joined yet, and returns the membership's id.
    ///
    /// # Errors
    /// The workspace or the person is unknown.
    pub fn invite_member(&mut self, workspace: i64, user: i64, role: Role) -> Result<i64, UnknownId> {
        self.enlist(workspace, user, role, false, true)
    }

    /// Makes people members through a group alone, and returns the group's id.
    ///
    /// # Errors
    /// The workspace or a person is unknown.
    pub fn add_group(&mut self, workspace: i64, name: impl Into<String>, users: &[i64]) -> Result<i64, UnknownId> {
        self.known_workspace(workspace)?;
        // All of them first, so that nobody is a member of what fails at the next.
        users.iter().try_for_each(|user| self.known_user(*user).map(drop))?;
        for user in users {
            if self.known_workspace(workspace)?.member(*user).is_none() {
                self.enlist(workspace, *user, Role::Member, true, false)?;
            }
        }
        let id = next(&mut self.ids.group);
        let group = Group { id, name: name.into(), users: users.to_vec(), at: self.now };
        self.workspace_mut(workspace)?.groups.push(group);
        Ok(id)
    }

    fn enlist(&mut self, workspace: i64, user: i64, role: Role, joined: bool, direct: bool) -> Result<i64, UnknownId> {
        self.known_user(user)?;
        let at = self.now;
        let organization = self.known_workspace(workspace)?.organization;
        let organization_member = next(&mut self.ids.organization_member);
        let id = next(&mut self.ids.membership);
        if let Some(organization) = self.organizations.get_mut(&organization)
            && !organization.members.iter().any(|member| member.user == user)
        {
            organization.members.push(OrganizationMember { id: organization_member, user, admin: false, owner: false });
        }
        let workspace = self.workspace_mut(workspace)?;
        workspace.members.retain(|member| member.user != user);
        workspace.members.push(Membership { id, user, role, joined, inactive: false, direct, at });
        Ok(id)
    }

    /// Adds an active client.
    ///
    /// # Errors
    /// The workspace is unknown.
    pub fn add_client(&mut self, workspace: i64, name: impl Into<String>) -> Result<i64, UnknownId> {
        let id = next(&mut self.ids.client);
        let at = self.now;
        let parent = self.workspace_mut(workspace)?;
        let creator = parent.members.first().map_or(0, |member| member.user);
        let index = parent.clients.len();
        parent.clients.push(Client { id, name: name.into(), archived: false, creator, at, deleted_at: None });
        self.clients.insert(id, (workspace, index));
        Ok(id)
    }

    /// Adds a project; a plain name will do for one that is public, active and under no client.
    ///
    /// # Errors
    /// The workspace, or the client in that workspace, is unknown.
    pub fn add_project(&mut self, workspace: i64, project: impl Into<NewProject>) -> Result<i64, UnknownId> {
        let new = project.into();
        if let Some(client) = new.client {
            self.client_in(workspace, client)?;
        }
        let id = next(&mut self.ids.project);
        let now = self.now;
        let parent = self.workspace_mut(workspace)?;
        let index = parent.projects.len();
        parent.projects.push(Project {
            id,
            name: new.name,
            client: new.client,
            private: new.members.is_some(),
            active: !new.archived,
            template: new.template,
            color: COLORS[index % COLORS.len()].to_owned(),
            members: new.members.unwrap_or_default(),
            start_date: new.start_date.unwrap_or_else(|| now.date_naive()),
            end_date: new.end_date,
            actual_seconds: 0,
            created_at: now,
            at: now,
            deleted_at: None,
        });
        self.projects.insert(id, (workspace, index));
        Ok(id)
    }

    /// Adds an active task to a project.
    ///
    /// # Errors
    /// The project is unknown.
    pub fn add_task(&mut self, project: i64, name: impl Into<String>) -> Result<i64, UnknownId> {
        let unknown = UnknownId { kind: "project", id: project };
        let (workspace, _) = *self.projects.get(&project).ok_or(unknown)?;
        let id = next(&mut self.ids.task);
        let now = self.now;
        let parent = self.workspace_mut(workspace)?;
        let index = parent.tasks.len();
        parent.tasks.push(Task {
            id,
            name: name.into(),
            project,
            active: true,
            user: None,
            tracked_milliseconds: 0,
            created_at: now,
            at: now,
            deleted_at: None,
        });
        self.tasks.insert(id, (workspace, index));
        Ok(id)
    }

    /// Adds a tag.
    ///
    /// # Errors
    /// The workspace is unknown.
    pub fn add_tag(&mut self, workspace: i64, name: impl Into<String>) -> Result<i64, UnknownId> {
        let id = next(&mut self.ids.tag);
        let at = self.now;
        let parent = self.workspace_mut(workspace)?;
        let creator = parent.members.first().map_or(0, |member| member.user);
        parent.tags.push(Tag { id, name: name.into(), creator, at });
        Ok(id)
    }

    /// Adds a time entry; its id is given here, whatever it says.
    pub fn add_entry(&mut self, entry: TimeEntry) -> i64 {
        let id = next(&mut self.ids.entry);
        self.entries.push(TimeEntry { id, ..entry });
        id
    }

    pub(super) fn known_user(&self, id: i64) -> Result<&User, UnknownId> {
        self.users.get(&id).ok_or(UnknownId { kind: "user", id })
    }

    pub(super) fn known_organization(&self, id: i64) -> Result<&Organization, UnknownId> {
        self.organizations.get(&id).ok_or(UnknownId { kind: "organization", id })
    }

    pub(super) fn known_workspace(&self, id: i64) -> Result<&Workspace, UnknownId> {
        self.workspaces.get(&id).ok_or(UnknownId { kind: "workspace", id })
    }

    pub(super) fn client_in(&self, workspace: i64, client: i64) -> Result<(), UnknownId> {
        let place = self.clients.get(&client).filter(|place| place.0 == workspace);
        place.map(drop).ok_or(UnknownId { kind: "client", id: client })
    }

    /// A workspace to change, its remembered orders forgotten.
    pub(super) fn workspace_mut(&mut self, id: i64) -> Result<&mut Workspace, UnknownId> {
        let workspace = self.workspaces.get_mut(&id).ok_or(UnknownId { kind: "workspace", id })?;
        workspace.forget_order();
        Ok(workspace)
    }
}
