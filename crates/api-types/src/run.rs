//! Sync runs on the wire.

use serde::{Deserialize, Serialize};

use crate::{Item, PersonRef};

/// The record of a run (I14).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Run {
    /// Its number.
    pub id: i64,
    /// `running`, `waiting`, `succeeded`, `failed`, `cancelled`, `held`, `rejected` or `superseded` (I12).
    pub outcome: String,
    /// `manual`, `saved`, `schedule`, `confirmed` or `re_enabled`.
    pub trigger: String,
    /// Who started it; nobody where the schedule did.
    pub started_by: Option<PersonRef>,
    /// When it started.
    pub started_at: String,
    /// How long it took, or takes so far; in milliseconds.
    pub duration_ms: i64,
    /// Requests sent to Toggl, refused and repeated ones included.
    pub requests: u32,
    /// How many tasks were created.
    pub created: u32,
    /// How many were renamed.
    pub renamed: u32,
    /// How many were moved.
    pub moved: u32,
    /// How many went to the archive.
    pub archived: u32,
    /// How many came back.
    pub restored: u32,
    /// How many active ones stayed as they are.
    pub unchanged: u32,
    /// How many automatic assignments were made.
    pub assigned: u32,
    /// How many ended.
    pub withdrawn: u32,
    /// Until when it waits for Toggl's allowance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting_until: Option<String>,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<RunError>,
    /// What an administrator should know of it.
    pub warnings: Vec<Warning>,
    /// What showed that everything was read, list by list (I20).
    pub proof: Vec<ListProof>,
}

/// Why a run failed, was held or cancelled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RunError {
    /// The word of the code.
    pub code: String,
    /// What went wrong.
    pub message: String,
    /// What to do about it.
    pub hint: String,
}

/// Something that an administrator should know of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Warning {
    /// Its kind.
    pub code: String,
    /// The warning in words.
    pub message: String,
    /// The workspace it is about.
    pub workspace: Option<String>,
}

/// What showed that one list was read to its end (I20).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ListProof {
    /// Which list.
    pub list: String,
    /// The workspace's id in Toggl, where the list belongs to one.
    pub workspace: Option<String>,
    /// Pages seen.
    pub pages: u32,
    /// Rows on them.
    pub rows: u64,
    /// Toggl's own total, where it gives one.
    pub total: Option<u64>,
    /// Whether it was read twice before something was taken for missing.
    pub read_twice: bool,
}

/// A run with what it changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RunDetail {
    /// The run.
    #[serde(flatten)]
    pub run: Run,
    /// What it changed, or would have changed, in order; left out where that was asked for.
    #[cfg_attr(feature = "openapi", schema(required = false))]
    pub changes: Vec<RunChange>,
}

/// One change of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RunChange {
    /// `created`, `renamed`, `moved`, `archived`, `restored`, `reason_changed`, `recolored`, `adopted`, `assigned` or `withdrawn`.
    pub change: String,
    /// What it happened to.
    #[serde(flatten)]
    pub item: Item,
}

/// How to sync: the body of `POST runs`, and part of every request that syncs afterwards.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct StartRun {
    /// A yes to whatever the plan says (I12).
    #[serde(default)]
    pub confirm: bool,
    /// For how many seconds at most it may wait for Toggl's allowance; without it as long as it takes (I19).
    #[serde(default, deserialize_with = "crate::whole::optional", skip_serializing_if = "Option::is_none")]
    pub patience_seconds: Option<u32>,
}

/// How far a run is: the events of `runs/{id}/events`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Progress {
    /// `reading`, `waiting`, `applying` or `ended`.
    pub phase: String,
    /// Workspaces read to their end.
    pub workspaces_done: u32,
    /// Workspaces to read.
    pub workspaces: u32,
    /// The workspace that is being read.
    pub workspace: Option<String>,
    /// The list of it that is being read.
    pub list: Option<String>,
    /// Pages read.
    pub pages: u32,
    /// Items read.
    pub items: u64,
    /// Requests sent.
    pub requests: u32,
    /// Requests that it will have been in all, as far as is known.
    pub requests_expected: u32,
    /// Requests left of the allowance.
    pub requests_left: Option<i64>,
    /// Until when it waits.
    pub waiting_until: Option<String>,
    /// Why its end could not be recorded; it is over, and the next run closes its record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<RunError>,
}
