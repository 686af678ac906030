//! The link to Toggl on the wire.

use serde::{Deserialize, Serialize};

use crate::{PersonRef, Run, StartRun};

/// How the integration stands. Who is no administrator gets `state`, `last_synced_at` and `message` alone (I1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Status {
    /// `disabled`, `enabled`, `owner_inactive`, `token_rejected`, `key_missing` or `unlinked`.
    pub state: String,
    /// Who enabled or re-enabled it.
    pub owner: Option<PersonRef>,
    /// Whose token it is (I2).
    pub toggl_user: Option<TogglUser>,
    /// What is mirrored.
    pub selection: Option<Selection>,
    /// The run that was started last.
    pub last_run: Option<Run>,
    /// When it was last in step.
    pub last_synced_at: Option<String>,
    /// How it mirrors.
    pub settings: Option<Settings>,
    /// What was left of Toggl's allowance when it was last heard of.
    pub quota: Option<Quota>,
    /// What an administrator should know or do.
    pub message: Option<String>,
}

/// The status after enabling, with the workspaces to choose from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EnabledStatus {
    /// The status.
    #[serde(flatten)]
    pub status: Status,
    /// What the token sees.
    pub workspaces: Vec<Workspace>,
}

/// Whose token it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TogglUser {
    /// Their name in Toggl.
    pub name: String,
    /// Their address in Toggl.
    pub email: String,
}

/// What is mirrored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Selection {
    /// Whether all workspaces are, those of later included.
    pub all: bool,
    /// The ids of those that were picked; empty where all are.
    pub workspaces: Vec<String>,
    /// Their names, in the same order, as far as they are known.
    pub names: Vec<String>,
}

/// A selection to save: `all`, or just these workspaces (I3). Saving starts a run, which is the answer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SelectionChange {
    /// All workspaces, those of later included.
    #[serde(default)]
    pub all: bool,
    /// Just these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<std::collections::BTreeSet<crate::text::WorkspaceId>>))]
    pub workspaces: Option<Vec<String>>,
    /// A yes to archiving what it deselects.
    #[serde(default)]
    pub confirm: bool,
    /// How to sync afterwards.
    #[serde(default)]
    pub run: StartRun,
}

/// A workspace to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Workspace {
    /// Its id in Toggl.
    pub external_id: String,
    /// Its name.
    pub name: String,
    /// Whether it is mirrored.
    pub selected: bool,
    /// Whether the token sees it.
    pub visible: bool,
}

/// How the account mirrors.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Settings {
    /// `keep` or `leave-out` (I21).
    pub private_projects: String,
    /// Such as `6h`; nothing while it is off (I4).
    pub schedule: Option<String>,
}

/// What to change of the settings: just what is given. Saving starts a run where the integration can sync (I4).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SettingsChange {
    /// `keep` or `leave-out`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::text::Private>))]
    pub private_projects: Option<String>,
    /// `off`, or an interval such as `6h`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::text::Schedule>))]
    pub schedule: Option<String>,
    /// How to sync afterwards.
    #[serde(default)]
    pub run: StartRun,
}

/// What is left of an allowance of requests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Quota {
    /// Requests left.
    pub remaining: i64,
    /// When it is full again.
    pub resets_at: String,
}

/// A token to enable with (I2). After unlinking a run follows where workspaces are still selected (I16).
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ApiToken {
    /// The token of Toggl Track's profile page.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::text::TogglToken))]
    pub api_token: String,
    /// How to sync afterwards.
    #[serde(default)]
    pub run: StartRun,
}

/// A token to re-enable with; none uses the stored one, which serves its own owner only (I16). A run follows, which is the answer.
#[derive(Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OptionalApiToken {
    /// The token of Toggl Track's profile page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::text::TogglToken>))]
    pub api_token: Option<String>,
    /// How to sync afterwards.
    #[serde(default)]
    pub run: StartRun,
}

impl std::fmt::Debug for ApiToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ApiToken(..)")
    }
}

impl std::fmt::Debug for OptionalApiToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OptionalApiToken(..)")
    }
}

/// What becomes of imported tasks when the integration is unlinked (I15).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Imported {
    /// They are archived.
    Archive,
    /// They become native tasks.
    Keep,
}

/// Somebody seen in a mirrored workspace (N1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Member {
    /// Their address.
    pub email: String,
    /// Their name in Toggl.
    pub name: String,
    /// The names of the mirrored workspaces they are in.
    pub workspaces: Vec<String>,
    /// Whether they joined one of them; otherwise they are invited.
    pub joined: bool,
    /// Who they are here; nobody yet where it is null.
    pub person_id: Option<i64>,
    /// Whether they have an invitation that they can accept.
    #[serde(default)]
    pub invited: bool,
}
