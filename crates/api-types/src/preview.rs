//! A plan on the wire, shown without being applied (I13).

use serde::{Deserialize, Serialize};

use crate::{PersonRef, Warning};

/// What to preview: a selection that is not saved yet, or what is saved.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PreviewRequest {
    /// All workspaces.
    #[serde(default)]
    pub all: bool,
    /// Just these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<std::collections::BTreeSet<crate::text::WorkspaceId>>))]
    pub workspaces: Option<Vec<String>>,
    /// For how many seconds at most it may wait for Toggl's allowance.
    #[serde(default, deserialize_with = "crate::whole::optional", skip_serializing_if = "Option::is_none")]
    pub patience_seconds: Option<u32>,
}

/// What a sync would change.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Preview {
    /// Tasks that would come in.
    pub created: Vec<Item>,
    /// Tasks that would get another name.
    pub renamed: Vec<Item>,
    /// Tasks that would hang under another one.
    pub moved: Vec<Item>,
    /// Tasks that would go to the archive.
    pub archived: Vec<Item>,
    /// Tasks that would come back.
    pub restored: Vec<Item>,
    /// People who would get an automatic assignment.
    pub assigned: Vec<Item>,
    /// People who would lose one.
    pub withdrawn: Vec<Item>,
    /// Private projects that would become visible here, and to how many.
    pub private_projects: Vec<PrivateProject>,
    /// How many running timers it would hit.
    pub running_timers: u32,
    /// How many hours would sit on archived tasks.
    pub archived_hours: f64,
    /// What the preview cost, and so what the sync will cost: requests to Toggl.
    pub requests: u32,
    /// What an administrator should know.
    pub warnings: Vec<Warning>,
}

/// A private project that would become visible here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PrivateProject {
    /// Its id in Toggl.
    pub external_id: String,
    /// Its name.
    pub name: String,
    /// The names down to it.
    pub path: Vec<String>,
    /// How many people would see it.
    pub people: u32,
}

/// One change to one task or assignment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Item {
    /// The task's number, if it has one yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
    /// What it is in Toggl; nothing for a native task.
    pub kind: Option<String>,
    /// Its id in Toggl; nothing for the root and for a native task.
    pub external_id: Option<String>,
    /// Its name after the change.
    pub name: String,
    /// The names down to it after the change.
    pub path: Vec<String>,
    /// Why it is archived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Why it was archived before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old_reason: Option<String>,
    /// What it was called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old_name: Option<String>,
    /// Where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old_path: Option<Vec<String>>,
    /// Whose assignment it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonRef>,
}
