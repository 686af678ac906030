//! Workspaces: those the reader belongs to, each with secrets in it.

use chrono::TimeDelta;
use serde::Serialize;

use super::since::listed;
use super::{Answered, Context, Seen};
use crate::answer::{Refusal, Reply};
use crate::secrets;
use crate::times::{Midnight, Seconds};
use crate::world::{Plan, Role};

#[derive(Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "the object of the API has them")]
pub(super) struct WorkspaceRow<'a> {
    id: i64,
    organization_id: i64,
    name: &'a str,
    premium: bool,
    business_ws: bool,
    admin: bool,
    role: &'static str,
    suspended_at: Option<Seconds>,
    server_deleted_at: Option<Seconds>,
    default_hourly_rate: Option<i64>,
    rate_last_updated: Option<Seconds>,
    default_currency: &'static str,
    only_admins_may_create_projects: bool,
    only_admins_may_create_tags: bool,
    only_admins_see_billable_rates: bool,
    only_admins_see_team_dashboard: bool,
    projects_billable_by_default: bool,
    projects_private_by_default: bool,
    projects_enforce_billable: bool,
    limit_public_project_data: bool,
    last_modified: Option<Midnight>,
    reports_collapse: bool,
    rounding: i64,
    rounding_minutes: i64,
    api_token: &'static str,
    at: Seconds,
    logo_url: &'static str,
    ical_url: String,
    ical_enabled: bool,
    csv_upload: Option<i64>,
    subscription: Option<i64>,
    hide_start_end_times: bool,
    working_hours_in_minutes: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    active_project_count: Option<usize>,
}

impl Context<'_> {
    fn workspace_row<'a>(&self, (workspace, reader): Seen<'a>) -> WorkspaceRow<'a> {
        let plan = self.world.plan_of(workspace);
        WorkspaceRow {
            id: workspace.id,
            organization_id: workspace.organization,
            name: &workspace.name,
            premium: plan >= Plan::Starter,
            business_ws: plan >= Plan::Premium,
            admin: reader.role == Role::Admin,
            role: reader.role.spelled(),
            suspended_at: workspace.suspended_at.map(Seconds),
            server_deleted_at: workspace.deleted_at.map(Seconds),
            default_hourly_rate: None,
            rate_last_updated: None,
            default_currency: "EUR",
            only_admins_may_create_projects: false,
            only_admins_may_create_tags: false,
            only_admins_see_billable_rates: false,
            only_admins_see_team_dashboard: false,
            projects_billable_by_default: true,
            projects_private_by_default: true,
            projects_enforce_billable: false,
            limit_public_project_data: false,
            last_modified: (workspace.id % 2 == 1).then_some(Midnight(workspace.at)),
            reports_collapse: true,
            rounding: 0,
            rounding_minutes: 0,
            api_token: secrets::WORKSPACE_TOKEN,
            at: Seconds(workspace.at),
            logo_url: "https://assets.example/images/workspace.jpg",
            ical_url: format!("/ical/workspace_user/{}", secrets::ICAL),
            ical_enabled: true,
            csv_upload: None,
            subscription: None,
            hide_start_end_times: false,
            working_hours_in_minutes: None,
            active_project_count: None,
        }
    }

    /// The reader's workspaces; with `since` only those that changed, and the deleted ones among them.
    pub(super) fn workspace_rows(&self) -> Result<Vec<WorkspaceRow<'_>>, Refusal> {
        let since = self.since()?;
        let hidden = TimeDelta::seconds(self.switches.new_workspaces_hidden_for);
        let all = self.world.workspaces.values();
        Ok(all
            .filter_map(|workspace| Some((workspace, workspace.active_member(self.reader.id)?)))
            .filter(|(workspace, _)| self.now >= workspace.created_at + hidden)
            .filter(|(workspace, _)| listed(since, workspace.at, workspace.deleted_at))
            .map(|seen| self.workspace_row(seen))
            .collect())
    }

    pub(super) fn workspaces(&self) -> Answered {
        let mut rows = self.workspace_rows()?;
        for row in &mut rows {
            let projects = self.world.workspace(row.id).map(|workspace| &workspace.projects);
            let active = projects.into_iter().flatten().filter(|project| project.active && project.deleted_at.is_none());
            row.active_project_count = Some(active.count());
        }
        Ok(self.list(&rows))
    }

    pub(super) fn workspace_alone(&self, seen: Seen<'_>) -> Reply {
        Reply::json(&self.workspace_row(seen))
    }
}
