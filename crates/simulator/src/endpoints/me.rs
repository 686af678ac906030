//! The person behind the token, their budgets, and their workspaces' features.

use serde::Serialize;

use super::clients::ClientRow;
use super::projects::ProjectRow;
use super::tags::TagRow;
use super::tasks::TaskRow;
use super::time_entries::EntryRow;
use super::workspaces::WorkspaceRow;
use super::{Answered, Context};
use crate::answer::{Refusal, Reply};
use crate::quota::{self, Bucket};
use crate::secrets;
use crate::times::Fine;
use crate::world::Plan;

#[derive(Serialize)]
struct Me<'a> {
    id: i64,
    api_token: &'a str,
    email: &'a str,
    fullname: &'a str,
    timezone: &'a str,
    toggl_accounts_id: &'static str,
    default_workspace_id: i64,
    beginning_of_week: i64,
    image_url: &'static str,
    created_at: Fine,
    updated_at: Fine,
    openid_email: Option<&'a str>,
    openid_enabled: bool,
    country_id: Option<i64>,
    has_password: bool,
    /// The server's clock, and no mark of any change.
    at: Fine,
    intercom_hash: &'static str,
    oauth_providers: [&'static str; 1],
    authorization_updated_at: Fine,
    #[serde(rename = "2fa_enabled")]
    two_factor_enabled: bool,
    #[serde(flatten)]
    related: Option<Related<'a>>,
}

/// What comes along on request; an empty collection is left out.
#[derive(Serialize)]
struct Related<'a> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<TagRow<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    clients: Vec<ClientRow<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    projects: Vec<ProjectRow<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tasks: Vec<TaskRow<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    time_entries: Vec<EntryRow<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    workspaces: Vec<WorkspaceRow<'a>>,
}

#[derive(Serialize)]
struct QuotaRow {
    organization_id: Option<i64>,
    remaining: i64,
    resets_in_secs: i64,
    total: i64,
}

#[derive(Serialize)]
struct WorkspaceFeatures {
    workspace_id: i64,
    features: Vec<Feature>,
}

#[derive(Serialize)]
struct Feature {
    #[serde(rename = "feature_id")]
    id: i64,
    name: &'static str,
    enabled: bool,
}

impl Context<'_> {
    pub(super) fn me(&self) -> Answered {
        let related = self.query.is("with_related_data", "true").then(|| self.related()).transpose()?;
        let first = self.world.workspaces_of(self.reader.id).next();
        Ok(Reply::json(&Me {
            id: self.reader.id,
            api_token: self.token,
            email: self.reader.email.as_deref().unwrap_or_default(),
            fullname: &self.reader.name,
            timezone: &self.reader.timezone,
            toggl_accounts_id: "AAAAAAAAAAAAAAAAAAAAAA",
            default_workspace_id: first.map_or(0, |(workspace, _)| workspace.id),
            beginning_of_week: 1,
            image_url: "https://assets.example/images/profile.png?d=404&s=200",
            created_at: Fine(self.reader.created_at),
            updated_at: Fine(self.reader.created_at),
            openid_email: None,
            openid_enabled: false,
            country_id: None,
            has_password: true,
            at: Fine(self.now),
            intercom_hash: secrets::INTERCOM,
            oauth_providers: ["google"],
            authorization_updated_at: Fine(self.reader.created_at),
            two_factor_enabled: false,
            related,
        }))
    }

    fn related(&self) -> Result<Related<'_>, Refusal> {
        let own = || self.world.workspaces_of(self.reader.id);
        let today = self.now.date_naive();
        let clients = own().flat_map(|(workspace, _)| workspace.clients.iter().map(|client| (workspace.id, client)));
        let tasks = own()
            .filter(|(workspace, _)| self.world.plan_of(workspace) != Plan::Free)
            .flat_map(|(workspace, reader)| workspace.tasks.iter().map(move |task| (workspace.id, reader, task)));
        Ok(Related {
            tags: own().flat_map(|(workspace, _)| workspace.tags.iter().map(|tag| TagRow::new(workspace.id, tag))).collect(),
            clients: clients
                .filter(|(_, client)| client.deleted_at.is_none() && !client.archived)
                .map(|(workspace, client)| ClientRow::new(workspace, client))
                .collect(),
            projects: self
                .own_projects()
                .filter(|(_, project)| project.deleted_at.is_none())
                .map(|(workspace, project)| ProjectRow::new(workspace.id, project, today))
                .collect(),
            tasks: tasks
                .filter(|(_, reader, task)| task.deleted_at.is_none() && self.task_visible(task, reader))
                .map(|(workspace, _, task)| TaskRow::new(workspace, task))
                .collect(),
            time_entries: self.recent_entries(),
            workspaces: self.workspace_rows()?,
        })
    }

    pub(super) fn quota(&self) -> Reply {
        let organizations = self.own_organizations().map(|organization| Bucket::Organization(organization.id));
        let rows: Vec<_> = std::iter::once(Bucket::User)
            .chain(organizations)
            .map(|bucket| {
                let total = quota::total(bucket, self.world, self.switches);
                let level = self.quotas.level(self.reader.id, bucket, total, self.now);
                QuotaRow {
                    organization_id: match bucket {
                        Bucket::User => None,
                        Bucket::Organization(id) => Some(id),
                    },
                    remaining: level.remaining,
                    resets_in_secs: level.resets_in,
                    total: level.total,
                }
            })
            .collect();
        Reply::json(&rows)
    }

    pub(super) fn features(&self) -> Reply {
        let rows: Vec<_> = self
            .world
            .workspaces_of(self.reader.id)
            .map(|(workspace, _)| {
                let plan = self.world.plan_of(workspace);
                let features = vec![
                    Feature { id: 0, name: "free", enabled: true },
                    Feature { id: 13, name: "pro", enabled: plan >= Plan::Starter },
                    Feature { id: 15, name: "business", enabled: plan >= Plan::Premium },
                    Feature { id: 64, name: "tasks", enabled: plan >= Plan::Starter },
                ];
                WorkspaceFeatures { workspace_id: workspace.id, features }
            })
            .collect();
        self.list(&rows)
    }
}
