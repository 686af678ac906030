//! Tasks on the wire.

use serde::{Deserialize, Serialize};

use crate::PersonRef;

/// A task in its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Task {
    /// Its number.
    pub id: i64,
    /// What it hangs under.
    pub parent_id: Option<i64>,
    /// Its name; empty where Toggl's is (T5).
    pub name: String,
    /// How deep it is; roots have level 1.
    pub level: u32,
    /// The names from the root of its tree down to it.
    pub path: Vec<String>,
    /// Its colour, `#rrggbb`.
    pub color: Option<String>,
    /// Whether it is archived.
    pub archived: bool,
    /// Why it is (I8).
    pub archived_reason: Option<String>,
    /// Since when it is.
    pub archived_at: Option<String>,
    /// Where it comes from; nothing for a native one.
    pub origin: Option<Origin>,
    /// Whether its structure can only be changed in Toggl (T3).
    pub read_only: bool,
    /// Whether the one who asks may track time on it (P7).
    pub trackable: bool,
}

/// Which tasks a list holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum TaskState {
    /// Those that are not archived.
    #[default]
    Active,
    /// Those that are.
    Archived,
    /// Both.
    All,
}

impl TaskState {
    /// The word for it in a query.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Archived => "archived",
            Self::All => "all",
        }
    }
}

/// Where an imported task comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Origin {
    /// `toggl`.
    pub integration: String,
    /// `root`, `workspace`, `client`, `project` or `task`.
    pub kind: String,
    /// Its id in Toggl; nothing for the root.
    pub external_id: Option<String>,
}

/// A native task to add (T2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewTask {
    /// Its name.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::text::Name))]
    pub name: String,
    /// What it hangs under; nothing for a root.
    #[serde(default, deserialize_with = "crate::whole::optional", skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<i64>,
}

/// What to change of a native task: just what is given (T2).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TaskChange {
    /// The new name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::text::Name>))]
    pub name: Option<String>,
    /// The new place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<ParentChange>,
}

/// Where a task moves to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ParentChange {
    /// What it hangs under from now on; nothing makes it a root.
    #[serde(default, deserialize_with = "crate::whole::optional")]
    pub id: Option<i64>,
}

/// Why a task is as it is (W1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Why {
    /// The task.
    pub task: Task,
    /// The reasons, what matters most first.
    pub reasons: Vec<WhyReason>,
}

/// One reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WhyReason {
    /// The number of the rule, such as `I8`.
    pub rule: String,
    /// The reason in words.
    pub text: String,
    /// The run that made it so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<i64>,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// What it was before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// What it was after.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// Whom it is about, where it is an assignment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonRef>,
}
