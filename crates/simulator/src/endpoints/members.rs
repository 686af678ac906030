//! People, in four lists that spell the same things four ways.

use serde::Serialize;

use super::{Answered, Context, Seen};
use crate::answer::{Refusal, Reply};
use crate::secrets;
use crate::times::Seconds;
use crate::world::{Membership, Organization, OrganizationMember, Role, User, Workspace};

/// `/workspaces/{id}/users`: the id is the person's.
#[derive(Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "the object of the API has them")]
struct UserRow<'a> {
    id: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
    fullname: &'a str,
    inactive: bool,
    is_active: bool,
    is_admin: bool,
    role: &'static str,
    timezone: &'a str,
    #[serde(rename = "2fa_enabled")]
    two_factor_enabled: bool,
}

/// `/workspaces/{id}/workspace_users` with `uid` and `wid`, the same under an organization with `user_id` and
/// `workspace_id`: the id is the membership's.
#[derive(Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "the object of the API has them")]
struct WorkspaceUserRow<'a> {
    id: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    uid: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    wid: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    workspace_id: Option<i64>,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
    active: bool,
    inactive: bool,
    admin: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    organization_admin: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    workspace_admin: Option<bool>,
    role: &'static str,
    role_id: i64,
    group_ids: Option<Vec<i64>>,
    at: Seconds,
    timezone: &'a str,
    is_direct: bool,
    rate: Option<i64>,
    rate_last_updated: Option<Seconds>,
    labor_cost: Option<i64>,
    invite_url: Option<String>,
    invitation_code: Option<&'static str>,
    avatar_file_name: Option<&'a str>,
}

/// `/organizations/{id}/users`: the id is that of the membership in the organization.
#[derive(Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "the object of the API has them")]
struct OrganizationUserRow<'a> {
    id: i64,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
    user_id: i64,
    organization_id: i64,
    avatar_url: &'static str,
    admin: bool,
    owner: bool,
    joined: bool,
    inactive: bool,
    role_id: i64,
    invitation_id: Option<i64>,
    invitation_code: Option<&'static str>,
    can_edit_email: bool,
    workspace_count: usize,
    workspaces: Vec<UserWorkspace<'a>>,
    groups: Option<Vec<UserGroup<'a>>>,
}

#[derive(Serialize)]
struct UserWorkspace<'a> {
    workspace_id: i64,
    workspace_user_id: i64,
    workspace_name: &'a str,
    active: bool,
    inactive: bool,
    admin: bool,
    role: &'static str,
}

#[derive(Serialize)]
struct UserGroup<'a> {
    group_id: i64,
    name: &'a str,
}

impl Context<'_> {
    /// A person's email as this reader gets to see it.
    fn email<'a>(&self, user: &'a User, shown: bool) -> Option<&'a str> {
        if shown || !self.switches.emails_hidden { user.email.as_deref() } else { Some("") }
    }

    pub(super) fn users(&self, (workspace, reader): Seen<'_>) -> Answered {
        self.may_read_members(reader)?;
        let exclude_deleted = self.query.is("exclude_deleted", "true");
        let rows: Vec<_> = workspace
            .members
            .iter()
            .filter(|member| member.direct || self.switches.users_hold_group_members)
            .filter(|member| !exclude_deleted || !member.inactive)
            .filter_map(|member| Some((member, self.world.user(member.user)?)))
            .map(|(member, user)| UserRow {
                id: user.id,
                email: self.email(user, reader.role == Role::Admin),
                fullname: &user.name,
                inactive: member.inactive,
                is_active: member.joined,
                is_admin: member.role == Role::Admin,
                role: member.role.spelled(),
                timezone: &user.timezone,
                two_factor_enabled: false,
            })
            .collect();
        Ok(self.list(&rows))
    }

    fn workspace_user<'a>(
        &self,
        (workspace, reader): Seen<'_>,
        member: &Membership,
        user: &'a User,
        under_organization: bool,
    ) -> WorkspaceUserRow<'a> {
        let organization = self.world.organization(workspace.organization);
        let administers =
            organization.into_iter().flat_map(|organization| &organization.members).any(|of| of.user == user.id && of.admin);
        let groups: Vec<i64> = workspace.groups_of(user.id).iter().map(|group| group.id).collect();
        let invited = !member.joined;
        WorkspaceUserRow {
            id: member.id,
            uid: (!under_organization).then_some(user.id),
            wid: (!under_organization).then_some(workspace.id),
            user_id: under_organization.then_some(user.id),
            workspace_id: under_organization.then_some(workspace.id),
            name: &user.name,
            email: self.email(user, reader.role == Role::Admin),
            active: member.joined,
            inactive: member.inactive,
            admin: member.role == Role::Admin,
            organization_admin: under_organization.then_some(administers),
            workspace_admin: under_organization.then_some(member.role == Role::Admin),
            role: member.role.spelled(),
            role_id: member.role.id(),
            group_ids: (!groups.is_empty()).then_some(groups),
            at: Seconds(member.at),
            timezone: &user.timezone,
            is_direct: member.direct,
            rate: None,
            rate_last_updated: None,
            labor_cost: None,
            invite_url: invited.then(|| format!("https://invitations.example/{}", secrets::INVITATION)),
            invitation_code: invited.then_some(secrets::INVITATION),
            avatar_file_name: None,
        }
    }

    pub(super) fn workspace_users(&self, seen: Seen<'_>) -> Answered {
        let (workspace, reader) = seen;
        self.may_read_members(reader)?;
        let indirect = self.query.is("includeIndirect", "true");
        let rows: Vec<_> = workspace
            .members
            .iter()
            .filter(|member| member.direct || indirect)
            .filter_map(|member| Some((member, self.world.user(member.user)?)))
            .map(|(member, user)| self.workspace_user(seen, member, user, false))
            .collect();
        Ok(self.list(&rows))
    }

    pub(super) fn organization_workspace_users(&self, seen: Seen<'_>) -> Answered {
        let (workspace, reader) = seen;
        self.may_read_members(reader)?;
        let page = self.page(50, self.switches.users_cap)?;
        let active = self.query.get("active").and_then(|active| active.parse().ok());
        let wanted = workspace.members.iter().filter(|member| active.is_none_or(|active: bool| member.joined == active));
        let (members, _) = page.of(wanted);
        let rows: Vec<_> = members
            .into_iter()
            .filter_map(|member| Some((member, self.world.user(member.user)?)))
            .map(|(member, user)| self.workspace_user(seen, member, user, true))
            .collect();
        Ok(self.list(&rows))
    }

    /// Refuses who does not administer the workspace.
    pub(super) fn may_read_members(&self, reader: &Membership) -> Result<(), Refusal> {
        self.may_read_people(reader.role == Role::Admin)
    }

    /// Refuses who does not administer the organization.
    pub(super) fn may_read_members_of_organization(&self, organization: &Organization) -> Result<(), Refusal> {
        self.may_read_people(organization.members.iter().any(|member| member.user == self.reader.id && member.admin))
    }

    fn may_read_people(&self, administers: bool) -> Result<(), Refusal> {
        if administers || !self.switches.members_need_administrator { Ok(()) } else { Err(Refusal::forbidden()) }
    }

    pub(super) fn organization_users(&self, organization: &Organization) -> Answered {
        self.may_read_members_of_organization(organization)?;
        let page = self.page(50, self.switches.users_cap)?;
        let only = self.query.ids("workspaces");
        let status = self.query.get("active_status");
        let rows = organization
            .members
            .iter()
            .filter_map(|member| self.organization_user(organization, member))
            .filter(|row| {
                only.as_ref().is_none_or(|ids| row.workspaces.iter().any(|workspace| ids.contains(&workspace.workspace_id)))
            })
            .filter(|row| match status {
                Some("active") => row.joined && !row.inactive,
                Some("inactive") => row.inactive,
                Some("invited") => !row.joined,
                _ => true,
            });
        let (rows, total) = page.of(rows);
        let pages = total.div_ceil(page.size);
        let mut reply: Reply = self.list(&rows);
        reply.headers = vec![
            ("X-Page".to_owned(), page.number.to_string()),
            ("X-Page-Size".to_owned(), page.size.to_string()),
            ("X-Pages".to_owned(), pages.to_string()),
            ("X-Records".to_owned(), total.to_string()),
            ("X-Sort-Order".to_owned(), "asc".to_owned()),
        ];
        Ok(reply)
    }

    fn organization_user<'a>(
        &'a self,
        organization: &Organization,
        member: &OrganizationMember,
    ) -> Option<OrganizationUserRow<'a>> {
        let user = self.world.user(member.user)?;
        let in_workspaces: Vec<(&Workspace, &Membership)> = self
            .world
            .workspaces()
            .filter(|workspace| workspace.organization == organization.id)
            .filter_map(|workspace| Some((workspace, workspace.member(user.id)?)))
            .collect();
        let joined = member.owner || in_workspaces.iter().any(|(_, member)| member.joined);
        let inactive = !in_workspaces.is_empty() && in_workspaces.iter().all(|(_, member)| member.inactive);
        let groups: Vec<UserGroup<'_>> = in_workspaces
            .iter()
            .flat_map(|(workspace, _)| workspace.groups_of(user.id))
            .map(|group| UserGroup { group_id: group.id, name: &group.name })
            .collect();
        Some(OrganizationUserRow {
            id: member.id,
            name: &user.name,
            email: user.email.as_deref(),
            user_id: user.id,
            organization_id: organization.id,
            avatar_url: "",
            admin: member.admin,
            owner: member.owner,
            joined,
            inactive,
            role_id: if member.admin { Role::Admin.id() } else { Role::Member.id() },
            invitation_id: (!joined).then_some(member.id + 1_000_000),
            invitation_code: (!joined).then_some(secrets::INVITATION),
            can_edit_email: false,
            workspace_count: in_workspaces.len(),
            workspaces: in_workspaces
                .iter()
                .map(|(workspace, member)| UserWorkspace {
                    workspace_id: workspace.id,
                    workspace_user_id: member.id,
                    workspace_name: &workspace.name,
                    active: member.joined,
                    inactive: member.inactive,
                    admin: member.role == Role::Admin,
                    role: member.role.spelled(),
                })
                .collect(),
            groups: (!groups.is_empty()).then_some(groups),
        })
    }
}
