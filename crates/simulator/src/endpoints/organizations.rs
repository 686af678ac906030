//! Organizations, whose plan has a name in the list and none in the single object.

use serde::Serialize;

use super::Context;
use crate::answer::Reply;
use crate::times::Fine;
use crate::world::{Organization, Plan};

#[derive(Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "the object of the API has them")]
struct Row<'a> {
    id: i64,
    name: &'a str,
    pricing_plan_id: i64,
    created_at: Fine,
    at: Fine,
    server_deleted_at: Option<Fine>,
    is_multi_workspace_enabled: bool,
    suspended_at: Option<Fine>,
    user_count: usize,
    trial_info: Trial,
    is_unified: bool,
    max_workspaces: i64,
    max_data_retention_days: Option<i64>,
    permissions: Option<i64>,
    admin: bool,
    owner: bool,
    pricing_plan_name: &'static str,
    pricing_plan_enterprise: bool,
}

#[derive(Serialize)]
struct Trial {
    #[serde(rename = "trial")]
    running: bool,
    #[serde(rename = "trial_available")]
    available: bool,
    #[serde(rename = "trial_end_date")]
    end_date: Option<Fine>,
    next_payment_date: Option<Fine>,
    last_pricing_plan_id: Option<i64>,
    #[serde(rename = "can_have_trial")]
    possible: bool,
    #[serde(rename = "trial_plan_id")]
    plan_id: Option<i64>,
}

impl Context<'_> {
    fn organization_row<'a>(&self, organization: &'a Organization, plan_name: &'static str) -> Row<'a> {
        let me = organization.members.iter().find(|member| member.user == self.reader.id);
        Row {
            id: organization.id,
            name: &organization.name,
            pricing_plan_id: match organization.plan {
                Plan::Free => 0,
                Plan::Starter => 1,
                Plan::Premium => 2,
                Plan::Enterprise => 3,
            },
            created_at: Fine(organization.created_at),
            at: Fine(organization.created_at),
            server_deleted_at: None,
            is_multi_workspace_enabled: organization.plan != Plan::Free,
            suspended_at: None,
            user_count: organization.members.len(),
            trial_info: Trial {
                running: false,
                available: true,
                end_date: None,
                next_payment_date: None,
                last_pricing_plan_id: None,
                possible: true,
                plan_id: None,
            },
            is_unified: false,
            max_workspaces: 20,
            max_data_retention_days: None,
            permissions: None,
            admin: me.is_some_and(|member| member.admin),
            owner: me.is_some_and(|member| member.owner),
            pricing_plan_name: plan_name,
            pricing_plan_enterprise: organization.plan == Plan::Enterprise,
        }
    }

    pub(super) fn own_organizations(&self) -> impl Iterator<Item = &Organization> {
        self.world.organizations().filter(|organization| organization.members.iter().any(|member| member.user == self.reader.id))
    }

    pub(super) fn organizations(&self) -> Reply {
        let rows: Vec<_> =
            self.own_organizations().map(|organization| self.organization_row(organization, organization.plan.name())).collect();
        // This one list says `[]` when there is nothing in it.
        Reply::json(&rows)
    }

    pub(super) fn organization_alone(&self, organization: &Organization) -> Reply {
        Reply::json(&self.organization_row(organization, ""))
    }
}
