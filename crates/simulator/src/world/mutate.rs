//! Changing what is in a world, with the consequences that Toggl attaches to it.

use chrono::{DateTime, Utc};

use super::model::{Client, Membership, Plan, Project, Role, Task, User};
use super::{UnknownId, World};

impl World {
    /// The instant that changes are marked with until the simulator takes over.
    pub fn set_now(&mut self, now: DateTime<Utc>) {
        self.now = now;
    }

    fn change_client(&mut self, id: i64, change: impl FnOnce(&mut Client)) -> Result<i64, UnknownId> {
        let unknown = UnknownId { kind: "client", id };
        let (workspace, index) = *self.clients.get(&id).ok_or(unknown)?;
        let now = self.now;
        let client = self.workspace_mut(workspace)?.clients.get_mut(index).ok_or(unknown)?;
        change(client);
        client.at = now;
        Ok(workspace)
    }

    fn change_project(&mut self, id: i64, change: impl FnOnce(&mut Project)) -> Result<i64, UnknownId> {
        let unknown = UnknownId { kind: "project", id };
        let (workspace, index) = *self.projects.get(&id).ok_or(unknown)?;
        let now = self.now;
        let project = self.workspace_mut(workspace)?.projects.get_mut(index).ok_or(unknown)?;
        change(project);
        project.at = now;
        Ok(workspace)
    }

    fn change_task(&mut self, id: i64, change: impl FnOnce(&mut Task)) -> Result<i64, UnknownId> {
        let unknown = UnknownId { kind: "task", id };
        let (workspace, index) = *self.tasks.get(&id).ok_or(unknown)?;
        let now = self.now;
        let task = self.workspace_mut(workspace)?.tasks.get_mut(index).ok_or(unknown)?;
        change(task);
        task.at = now;
        Ok(workspace)
    }

    fn change_member(&mut self, workspace: i64, user: i64, change: impl FnOnce(&mut Membership)) -> Result<(), UnknownId> {
        let now = self.now;
        let mut members = self.workspace_mut(workspace)?.members.iter_mut();
        let member = members.find(|member| member.user == user).ok_or(UnknownId { kind: "member", id: user })?;
        change(member);
        member.at = now;
        Ok(())
    }

    fn change_user(&mut self, id: i64, change: impl FnOnce(&mut User)) -> Result<(), UnknownId> {
        change(self.users.get_mut(&id).ok_or(UnknownId { kind: "user", id })?);
        Ok(())
    }

    /// Renames a client.
    ///
    /// # Errors
    /// The client is unknown.
    pub fn rename_client(&mut self, id: i64, name: impl Into<String>) -> Result<(), UnknownId> {
        self.change_client(id, |client| client.name = name.into()).map(drop)
    }

    /// Archives a client, and its projects with it.
    ///
    /// # Errors
    /// The client is unknown.
    pub fn archive_client(&mut self, id: i64) -> Result<(), UnknownId> {
        let workspace = self.change_client(id, |client| client.archived = true)?;
        self.change_projects_of(workspace, id, |project| project.active = false)
    }

    /// Restores a client, with all of its projects or alone.
    ///
    /// # Errors
    /// The client is unknown.
    pub fn restore_client(&mut self, id: i64, with_projects: bool) -> Result<(), UnknownId> {
        let workspace = self.change_client(id, |client| client.archived = false)?;
        if with_projects {
            self.change_projects_of(workspace, id, |project| project.active = true)?;
        }
        Ok(())
    }

    /// Deletes a client; its projects stay, without client.
    ///
    /// # Errors
    /// The client is unknown.
    pub fn delete_client(&mut self, id: i64) -> Result<(), UnknownId> {
        let now = self.now;
        let workspace = self.change_client(id, |client| client.deleted_at = Some(now))?;
        self.change_projects_of(workspace, id, |project| project.client = None)
    }

    fn change_projects_of(&mut self, workspace: i64, client: i64, change: impl Fn(&mut Project)) -> Result<(), UnknownId> {
        let now = self.now;
        for project in &mut self.workspace_mut(workspace)?.projects {
            if project.client == Some(client) && project.deleted_at.is_none() {
                change(project);
                project.at = now;
            }
        }
        Ok(())
    }

    /// Renames a project.
    ///
    /// # Errors
    /// The project is unknown.
    pub fn rename_project(&mut self, id: i64, name: impl Into<String>) -> Result<(), UnknownId> {
        self.change_project(id, |project| project.name = name.into()).map(drop)
    }

    /// Moves a project under another client of its workspace, or under none.
    ///
    /// # Errors
    /// The project, or the client in its workspace, is unknown.
    pub fn move_project(&mut self, id: i64, client: Option<i64>) -> Result<(), UnknownId> {
        if let Some(client) = client {
            let (workspace, _) = *self.projects.get(&id).ok_or(UnknownId { kind: "project", id })?;
            self.client_in(workspace, client)?;
        }
        self.change_project(id, |project| project.client = client).map(drop)
    }

    /// Archives a project. Its tasks stay as they are.
    ///
    /// # Errors
    /// The project is unknown.
    pub fn archive_project(&mut self, id: i64) -> Result<(), UnknownId> {
        self.change_project(id, |project| project.active = false).map(drop)
    }

    /// Restores a project; its client stays archived if it was.
    ///
    /// # Errors
    /// The project is unknown.
    pub fn restore_project(&mut self, id: i64) -> Result<(), UnknownId> {
        self.change_project(id, |project| project.active = true).map(drop)
    }

    /// Deletes a project with its tasks, and takes it off the time tracked on it.
    ///
    /// # Errors
    /// The project is unknown.
    pub fn delete_project(&mut self, id: i64) -> Result<(), UnknownId> {
        let now = self.now;
        let workspace = self.change_project(id, |project| project.deleted_at = Some(now))?;
        for task in &mut self.workspace_mut(workspace)?.tasks {
            if task.project == id && task.deleted_at.is_none() {
                task.deleted_at = Some(now);
                task.at = now;
            }
        }
        for entry in self.entries.iter_mut().filter(|entry| entry.project == Some(id)) {
            entry.project = None;
            entry.task = None;
            entry.at = now;
        }
        Ok(())
    }

    /// Makes a project private, with these members.
    ///
    /// # Errors
    /// The project is unknown.
    pub fn make_private(&mut self, id: i64, members: &[i64]) -> Result<(), UnknownId> {
        self.change_project(id, |project| {
            project.private = true;
            project.members = members.to_vec();
        })
        .map(drop)
    }

    /// Makes a project public.
    ///
    /// # Errors
    /// The project is unknown.
    pub fn make_public(&mut self, id: i64) -> Result<(), UnknownId> {
        self.change_project(id, |project| project.private = false).map(drop)
    }

    /// Makes a project a template, or an ordinary one again.
    ///
    /// # Errors
    /// The project is unknown.
    pub fn set_template(&mut self, id: i64, template: bool) -> Result<(), UnknownId> {
        self.change_project(id, |project| project.template = template).map(drop)
    }

    /// Paints a project.
    ///
    /// # Errors
    /// The project is unknown.
    pub fn recolor_project(&mut self, id: i64, color: impl Into<String>) -> Result<(), UnknownId> {
        self.change_project(id, |project| project.color = color.into()).map(drop)
    }

    /// Renames a task.
    ///
    /// # Errors
    /// The task is unknown.
    pub fn rename_task(&mut self, id: i64, name: impl Into<String>) -> Result<(), UnknownId> {
        self.change_task(id, |task| task.name = name.into()).map(drop)
    }

    /// Moves a task to another project of its workspace.
    ///
    /// # Errors
    /// The task, or the project in its workspace, is unknown.
    pub fn move_task(&mut self, id: i64, project: i64) -> Result<(), UnknownId> {
        let (workspace, _) = *self.tasks.get(&id).ok_or(UnknownId { kind: "task", id })?;
        let known = self.projects.get(&project).is_some_and(|place| place.0 == workspace);
        if !known {
            return Err(UnknownId { kind: "project", id: project });
        }
        self.change_task(id, |task| task.project = project).map(drop)
    }

    /// Marks a task as done.
    ///
    /// # Errors
    /// The task is unknown.
    pub fn finish_task(&mut self, id: i64) -> Result<(), UnknownId> {
        self.change_task(id, |task| task.active = false).map(drop)
    }

    /// Marks a task as not done.
    ///
    /// # Errors
    /// The task is unknown.
    pub fn restore_task(&mut self, id: i64) -> Result<(), UnknownId> {
        self.change_task(id, |task| task.active = true).map(drop)
    }

    /// Deletes a task.
    ///
    /// # Errors
    /// The task is unknown.
    pub fn delete_task(&mut self, id: i64) -> Result<(), UnknownId> {
        let now = self.now;
        self.change_task(id, |task| task.deleted_at = Some(now)).map(drop)
    }

    /// Renames a workspace.
    ///
    /// # Errors
    /// The workspace is unknown.
    pub fn rename_workspace(&mut self, id: i64, name: impl Into<String>) -> Result<(), UnknownId> {
        let now = self.now;
        let workspace = self.workspace_mut(id)?;
        workspace.name = name.into();
        workspace.at = now;
        Ok(())
    }

    /// Deletes a workspace: it is gone from every list, and its paths are refused.
    ///
    /// # Errors
    /// The workspace is unknown.
    pub fn delete_workspace(&mut self, id: i64) -> Result<(), UnknownId> {
        let now = self.now;
        let workspace = self.workspace_mut(id)?;
        workspace.deleted_at = Some(now);
        workspace.at = now;
        Ok(())
    }

    /// Brings a deleted workspace back, with its id.
    ///
    /// # Errors
    /// The workspace is unknown.
    pub fn restore_workspace(&mut self, id: i64) -> Result<(), UnknownId> {
        self.workspace_mut(id)?.deleted_at = None;
        Ok(())
    }

    /// Suspends a workspace, or ends its suspension. It is still listed; its own lists are refused.
    ///
    /// # Errors
    /// The workspace is unknown.
    pub fn suspend_workspace(&mut self, id: i64, suspended: bool) -> Result<(), UnknownId> {
        let now = self.now;
        self.workspace_mut(id)?.suspended_at = suspended.then_some(now);
        Ok(())
    }

    /// Puts an organization on another plan; tasks made before stay, seen or not.
    ///
    /// # Errors
    /// The organization is unknown.
    pub fn change_plan(&mut self, organization: i64, plan: Plan) -> Result<(), UnknownId> {
        let unknown = UnknownId { kind: "organization", id: organization };
        self.organizations.get_mut(&organization).ok_or(unknown)?.plan = plan;
        Ok(())
    }

    /// Removes a person from a workspace, and from its groups and private projects.
    ///
    /// # Errors
    /// The workspace is unknown.
    pub fn remove_member(&mut self, workspace: i64, user: i64) -> Result<(), UnknownId> {
        let workspace = self.workspace_mut(workspace)?;
        workspace.members.retain(|member| member.user != user);
        for group in &mut workspace.groups {
            group.users.retain(|member| *member != user);
        }
        for project in &mut workspace.projects {
            project.members.retain(|member| *member != user);
        }
        Ok(())
    }

    /// Deactivates a person in a workspace, or activates them again.
    ///
    /// # Errors
    /// The workspace, or the person in it, is unknown.
    pub fn deactivate_member(&mut self, workspace: i64, user: i64, inactive: bool) -> Result<(), UnknownId> {
        self.change_member(workspace, user, |member| member.inactive = inactive)
    }

    /// Lets an invited person join.
    ///
    /// # Errors
    /// The workspace, or the person in it, is unknown.
    pub fn accept_invitation(&mut self, workspace: i64, user: i64) -> Result<(), UnknownId> {
        self.change_member(workspace, user, |member| member.joined = true)
    }

    /// Gives a person another role in a workspace.
    ///
    /// # Errors
    /// The workspace, or the person in it, is unknown.
    pub fn change_role(&mut self, workspace: i64, user: i64, role: Role) -> Result<(), UnknownId> {
        self.change_member(workspace, user, |member| member.role = role)
    }

    /// Gives a person another role in an organization.
    ///
    /// # Errors
    /// The organization, or the person in it, is unknown.
    pub fn change_organization_role(&mut self, organization: i64, user: i64, admin: bool) -> Result<(), UnknownId> {
        let unknown = UnknownId { kind: "organization", id: organization };
        let mut members = self.organizations.get_mut(&organization).ok_or(unknown)?.members.iter_mut();
        members.find(|member| member.user == user).ok_or(UnknownId { kind: "member", id: user })?.admin = admin;
        Ok(())
    }

    /// Renames a person.
    ///
    /// # Errors
    /// The person is unknown.
    pub fn rename_user(&mut self, user: i64, name: impl Into<String>) -> Result<(), UnknownId> {
        self.change_user(user, |user| user.name = name.into())
    }

    /// Gives a person another email, or none at all.
    ///
    /// # Errors
    /// The person is unknown.
    pub fn change_email(&mut self, user: i64, email: Option<String>) -> Result<(), UnknownId> {
        self.change_user(user, |user| user.email = email)
    }

    /// Deletes a time entry.
    ///
    /// # Errors
    /// The entry is unknown.
    pub fn delete_entry(&mut self, id: i64) -> Result<(), UnknownId> {
        let now = self.now;
        let mut entries = self.entries.iter_mut();
        let entry = entries.find(|entry| entry.id == id).ok_or(UnknownId { kind: "time entry", id })?;
        entry.deleted_at = Some(now);
        entry.at = now;
        Ok(())
    }
}
