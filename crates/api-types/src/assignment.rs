//! Assignments on the wire.

use serde::{Deserialize, Serialize};

use crate::PersonRef;

/// Somebody on a task (P2). A person with both kinds is listed twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Assignment {
    /// Who.
    pub person: PersonRef,
    /// On what.
    pub task: TaskRef,
    /// By the integration, or by a person.
    pub automatic: bool,
}

/// As much of a task as tells it apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TaskRef {
    /// Its number.
    pub id: i64,
    /// The names down to it.
    pub path: Vec<String>,
}

/// People to assign to and to unassign from a task, all or none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AssignmentsChange {
    /// The addresses of those to assign.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<crate::text::Email>))]
    pub assign: Vec<String>,
    /// The addresses of those to unassign.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<crate::text::Email>))]
    pub unassign: Vec<String>,
}

/// A task that a person has (P1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Access {
    /// The task's number.
    pub id: i64,
    /// The names down to it.
    pub path: Vec<String>,
    /// The assignments that give it.
    pub via: Vec<Via>,
}

/// An assignment that gives access.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Via {
    /// The task it is on.
    pub task_id: i64,
    /// By the integration, or by a person.
    pub automatic: bool,
}

/// What became of automatic assignments that were turned into manual ones (P8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Adopted {
    /// How many there were.
    pub adopted: u32,
}
