//! Where Toggl's behaviour is unknown or changes, a switch chooses one of the answers.

use serde::{Deserialize, Serialize};

/// How a list with nothing in it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EmptyList {
    /// `null`, as v9 is seen to do.
    Null,
    /// `[]`.
    Brackets,
}

/// What happens to a `per_page` above the largest one allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AboveCap {
    /// The page is silently smaller than asked.
    Clamp,
    /// 400.
    Refuse,
}

/// In which order projects come when none is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProjectOrder {
    /// By name, so that a rename moves a row to another page.
    Name,
    /// As they were made.
    CreatedAt,
}

/// Which requests the hourly quota stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuotaMode {
    /// 402 once the allowance is used up.
    Enforced,
    /// Counted and told, below zero too, but never refused.
    Counted,
}

/// A leaky bucket: so many requests at once, and so many a second after that.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RateLimit {
    /// How many requests may come at once.
    pub burst: f64,
    /// How many a second drain out.
    pub per_second: f64,
}

/// Every switch, each with the default that is best attested.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "a switchboard is a row of independent switches")]
pub struct Switches {
    /// How empty lists are written.
    pub empty_lists: EmptyList,
    /// The status for a wrong or revoked token: 403, or 401.
    pub wrong_token_status: u16,
    /// How many attempts a refused login says are left in `X-Remaining-Login-Attempts`; without the header where none is set.
    pub login_attempts: Option<u32>,
    /// The status for a workspace that the token may not read: 403, or 404.
    pub hidden_workspace_status: u16,
    /// What happens to a `per_page` that is too large.
    pub above_cap: AboveCap,
    /// The largest page of projects.
    pub projects_cap: usize,
    /// The largest page of tasks.
    pub tasks_cap: usize,
    /// The largest page of an organization's users.
    pub users_cap: usize,
    /// Whether the rows of projects carry `total_count`.
    pub total_count_in_projects: bool,
    /// The default order of projects.
    pub project_order: ProjectOrder,
    /// Whether project templates are in the list of projects.
    pub templates_in_projects: bool,
    /// For how many seconds a new workspace is missing from the lists of workspaces.
    pub new_workspaces_hidden_for: i64,
    /// Whether who is no administrator sees only the clients of projects that they see, and clients without projects.
    pub clients_limited: bool,
    /// Whether member lists are refused to everyone who is no administrator of the workspace.
    pub members_need_administrator: bool,
    /// Whether a plain member, where allowed to read members at all, sees empty emails.
    pub emails_hidden: bool,
    /// Whether `/workspaces/{id}/users` holds people who come through a group alone.
    pub users_hold_group_members: bool,
    /// Whether quota is enforced.
    pub quota: QuotaMode,
    /// Whether answers carry the quota headers.
    pub quota_headers: bool,
    /// Whether a request refused for quota counts too.
    pub quota_counts_refused: bool,
    /// The hourly allowance of `/me…`.
    pub user_quota: i64,
    /// The hourly allowance of an organization on Enterprise.
    pub enterprise_quota: i64,
    /// Whether the refusal of tasks on a free plan carries quota headers.
    pub plan_refusal_shows_quota: bool,
    /// The request rate allowed per token; none by default.
    pub rate_limit: Option<RateLimit>,
    /// The `Retry-After` of a 429; none by default.
    pub retry_after: Option<String>,
    /// How many milliseconds every answer over a socket takes.
    pub latency: u64,
    /// Whether large bodies are compressed for those who ask for it.
    pub gzip: bool,
    /// From how many bytes on a body is compressed.
    pub gzip_from: usize,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            empty_lists: EmptyList::Null,
            wrong_token_status: 403,
            login_attempts: Some(9),
            hidden_workspace_status: 403,
            above_cap: AboveCap::Clamp,
            projects_cap: 200,
            tasks_cap: 200,
            users_cap: 200,
            total_count_in_projects: false,
            project_order: ProjectOrder::Name,
            templates_in_projects: true,
            new_workspaces_hidden_for: 0,
            clients_limited: true,
            members_need_administrator: true,
            emails_hidden: true,
            users_hold_group_members: false,
            quota: QuotaMode::Enforced,
            quota_headers: true,
            quota_counts_refused: false,
            user_quota: 30,
            enterprise_quota: 6_000,
            plan_refusal_shows_quota: false,
            rate_limit: None,
            retry_after: None,
            latency: 0,
            gzip: true,
            gzip_from: 8_192,
        }
    }
}
