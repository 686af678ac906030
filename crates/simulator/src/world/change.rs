//! Changes as data, so that they can be ordered from outside and happen between two pages.

use serde::{Deserialize, Serialize};

use super::{NewProject, Plan, Role, UnknownId, World};

/// One change to the world, as [`World::apply`] and the control endpoint take it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "each variant and field is named after the method of World it calls")]
pub enum Change {
    AddUser {
        name: String,
        email: String,
    },
    IssueToken {
        user: i64,
    },
    RevokeToken {
        token: String,
    },
    AddOrganization {
        name: String,
        plan: Plan,
        owner: i64,
    },
    AddWorkspace {
        organization: i64,
        name: String,
    },
    RenameWorkspace {
        id: i64,
        name: String,
    },
    DeleteWorkspace {
        id: i64,
    },
    RestoreWorkspace {
        id: i64,
    },
    SuspendWorkspace {
        id: i64,
        suspended: bool,
    },
    ChangePlan {
        organization: i64,
        plan: Plan,
    },
    AddClient {
        workspace: i64,
        name: String,
    },
    RenameClient {
        id: i64,
        name: String,
    },
    ArchiveClient {
        id: i64,
    },
    RestoreClient {
        id: i64,
        #[serde(default)]
        with_projects: bool,
    },
    DeleteClient {
        id: i64,
    },
    AddProject {
        workspace: i64,
        name: String,
        #[serde(default)]
        client: Option<i64>,
        /// Makes it private, with these members.
        #[serde(default)]
        private_to: Option<Vec<i64>>,
        #[serde(default)]
        template: bool,
    },
    RenameProject {
        id: i64,
        name: String,
    },
    MoveProject {
        id: i64,
        client: Option<i64>,
    },
    ArchiveProject {
        id: i64,
    },
    RestoreProject {
        id: i64,
    },
    DeleteProject {
        id: i64,
    },
    MakePrivate {
        id: i64,
        #[serde(default)]
        members: Vec<i64>,
    },
    MakePublic {
        id: i64,
    },
    SetTemplate {
        id: i64,
        template: bool,
    },
    RecolorProject {
        id: i64,
        color: String,
    },
    AddTask {
        project: i64,
        name: String,
    },
    RenameTask {
        id: i64,
        name: String,
    },
    MoveTask {
        id: i64,
        project: i64,
    },
    FinishTask {
        id: i64,
    },
    RestoreTask {
        id: i64,
    },
    DeleteTask {
        id: i64,
    },
    AddMember {
        workspace: i64,
        user: i64,
        role: Role,
    },
    InviteMember {
        workspace: i64,
        user: i64,
        role: Role,
    },
    AcceptInvitation {
        workspace: i64,
        user: i64,
    },
    DeactivateMember {
        workspace: i64,
        user: i64,
        inactive: bool,
    },
    RemoveMember {
        workspace: i64,
        user: i64,
    },
    ChangeRole {
        workspace: i64,
        user: i64,
        role: Role,
    },
    ChangeOrganizationRole {
        organization: i64,
        user: i64,
        admin: bool,
    },
    AddGroup {
        workspace: i64,
        name: String,
        users: Vec<i64>,
    },
    ChangeEmail {
        user: i64,
        email: Option<String>,
    },
    RenameUser {
        user: i64,
        name: String,
    },
}

/// What a change brought forth.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Outcome {
    /// The id of what was added.
    Added(i64),
    /// The token that was issued.
    Token(String),
    /// Nothing new.
    Done,
}

impl World {
    /// Makes one change.
    ///
    /// # Errors
    /// Something it names is unknown; nothing was changed then.
    pub fn apply(&mut self, change: &Change) -> Result<Outcome, UnknownId> {
        match change.clone() {
            Change::AddUser { name, email } => return Ok(Outcome::Added(self.add_user(name, email))),
            Change::IssueToken { user } => return self.issue_token(user).map(Outcome::Token),
            Change::AddOrganization { name, plan, owner } => {
                return self.add_organization(name, plan, owner).map(Outcome::Added);
            }
            Change::AddWorkspace { organization, name } => {
                return self.add_workspace(organization, name).map(Outcome::Added);
            }
            Change::AddClient { workspace, name } => return self.add_client(workspace, name).map(Outcome::Added),
            Change::AddProject { workspace, name, client, private_to, template } => {
                let mut project = NewProject::named(name);
                project = client.into_iter().fold(project, NewProject::under);
                project = private_to.iter().fold(project, |project, members| project.private(members));
                project = if template { project.template() } else { project };
                return self.add_project(workspace, project).map(Outcome::Added);
            }
            Change::AddTask { project, name } => return self.add_task(project, name).map(Outcome::Added),
            Change::AddMember { workspace, user, role } => {
                return self.add_member(workspace, user, role).map(Outcome::Added);
            }
            Change::InviteMember { workspace, user, role } => {
                return self.invite_member(workspace, user, role).map(Outcome::Added);
            }
            Change::AddGroup { workspace, name, users } => {
                return self.add_group(workspace, name, &users).map(Outcome::Added);
            }
            Change::RevokeToken { token } => self.revoke_token(&token),
            Change::RenameWorkspace { id, name } => self.rename_workspace(id, name)?,
            Change::DeleteWorkspace { id } => self.delete_workspace(id)?,
            Change::RestoreWorkspace { id } => self.restore_workspace(id)?,
            Change::SuspendWorkspace { id, suspended } => self.suspend_workspace(id, suspended)?,
            Change::ChangePlan { organization, plan } => self.change_plan(organization, plan)?,
            Change::RenameClient { id, name } => self.rename_client(id, name)?,
            Change::ArchiveClient { id } => self.archive_client(id)?,
            Change::RestoreClient { id, with_projects } => self.restore_client(id, with_projects)?,
            Change::DeleteClient { id } => self.delete_client(id)?,
            Change::RenameProject { id, name } => self.rename_project(id, name)?,
            Change::MoveProject { id, client } => self.move_project(id, client)?,
            Change::ArchiveProject { id } => self.archive_project(id)?,
            Change::RestoreProject { id } => self.restore_project(id)?,
            Change::DeleteProject { id } => self.delete_project(id)?,
            Change::MakePrivate { id, members } => self.make_private(id, &members)?,
            Change::MakePublic { id } => self.make_public(id)?,
            Change::SetTemplate { id, template } => self.set_template(id, template)?,
            Change::RecolorProject { id, color } => self.recolor_project(id, color)?,
            Change::RenameTask { id, name } => self.rename_task(id, name)?,
            Change::MoveTask { id, project } => self.move_task(id, project)?,
            Change::FinishTask { id } => self.finish_task(id)?,
            Change::RestoreTask { id } => self.restore_task(id)?,
            Change::DeleteTask { id } => self.delete_task(id)?,
            Change::AcceptInvitation { workspace, user } => self.accept_invitation(workspace, user)?,
            Change::DeactivateMember { workspace, user, inactive } => {
                self.deactivate_member(workspace, user, inactive)?;
            }
            Change::RemoveMember { workspace, user } => self.remove_member(workspace, user)?,
            Change::ChangeRole { workspace, user, role } => self.change_role(workspace, user, role)?,
            Change::ChangeOrganizationRole { organization, user, admin } => {
                self.change_organization_role(organization, user, admin)?;
            }
            Change::ChangeEmail { user, email } => self.change_email(user, email)?,
            Change::RenameUser { user, name } => self.rename_user(user, name)?,
        }
        Ok(Outcome::Done)
    }
}
