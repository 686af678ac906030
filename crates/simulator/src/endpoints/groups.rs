//! Groups of people, and who belongs to which project.

use serde::Serialize;

use super::{Answered, Context, Seen};
use crate::times::Seconds;
use crate::world::{Group, Organization, Workspace};

#[derive(Serialize)]
struct GroupRow<'a> {
    id: i64,
    name: &'a str,
    workspace_id: i64,
    at: Seconds,
    has_users: bool,
    permissions: Option<i64>,
}

#[derive(Serialize)]
struct OrganizationGroupRow<'a> {
    group_id: i64,
    name: &'a str,
    at: Seconds,
    users: Vec<GroupUser<'a>>,
    workspaces: [i64; 1],
    permissions: Option<i64>,
}

#[derive(Serialize)]
struct GroupUser<'a> {
    user_id: i64,
    name: &'a str,
    joined: bool,
    inactive: bool,
}

#[derive(Serialize)]
struct ProjectUserRow {
    id: i64,
    project_id: i64,
    user_id: i64,
    group_id: Option<i64>,
    gid: Option<i64>,
    workspace_id: i64,
    manager: bool,
    rate: Option<i64>,
    labor_cost: Option<i64>,
    at: Seconds,
}

impl Context<'_> {
    pub(super) fn groups(&self, (workspace, reader): Seen<'_>) -> Answered {
        self.may_read_members(reader)?;
        let rows: Vec<_> = workspace
            .groups
            .iter()
            .map(|group| GroupRow {
                id: group.id,
                name: &group.name,
                workspace_id: workspace.id,
                at: Seconds(group.at),
                has_users: !group.users.is_empty(),
                permissions: None,
            })
            .collect();
        Ok(self.list(&rows))
    }

    pub(super) fn organization_groups(&self, organization: &Organization, only: Option<&Workspace>) -> Answered {
        self.may_read_members_of_organization(organization)?;
        let asked = self.query.number("workspace")?.or(only.map(|workspace| workspace.id));
        let rows: Vec<_> = self
            .world
            .workspaces()
            .filter(|workspace| workspace.organization == organization.id)
            .filter(|workspace| asked.is_none_or(|id| workspace.id == id))
            .flat_map(|workspace| workspace.groups.iter().map(move |group| (workspace, group)))
            .map(|(workspace, group)| self.organization_group(workspace, group))
            .collect();
        Ok(self.list(&rows))
    }

    fn organization_group<'a>(&'a self, workspace: &Workspace, group: &'a Group) -> OrganizationGroupRow<'a> {
        let users = group.users.iter().filter_map(|id| Some((self.world.user(*id)?, workspace.member(*id)?)));
        OrganizationGroupRow {
            group_id: group.id,
            name: &group.name,
            at: Seconds(group.at),
            users: users
                .map(|(user, member)| GroupUser {
                    user_id: user.id,
                    name: &user.name,
                    joined: member.joined,
                    inactive: member.inactive,
                })
                .collect(),
            workspaces: [workspace.id],
            permissions: None,
        }
    }

    pub(super) fn project_users(&self, (workspace, reader): Seen<'_>) -> Answered {
        let projects = self.query.ids("project_ids");
        let user = self.query.number("user_id")?;
        let rows: Vec<_> = workspace
            .projects
            .iter()
            .filter(|project| project.deleted_at.is_none() && project.visible_to(reader))
            .filter(|project| projects.as_ref().is_none_or(|ids| ids.contains(&project.id)))
            .flat_map(|project| project.members.iter().map(move |member| (project, *member)))
            .filter(|(_, member)| user.is_none_or(|user| *member == user))
            .map(|(project, member)| ProjectUserRow {
                // Stable and unlike any other id: both halves are recognisable.
                id: project.id * 1_000 + member % 1_000,
                project_id: project.id,
                user_id: member,
                group_id: None,
                gid: None,
                workspace_id: workspace.id,
                manager: false,
                rate: None,
                labor_cost: None,
                at: Seconds(project.at),
            })
            .collect();
        Ok(self.list(&rows))
    }
}
