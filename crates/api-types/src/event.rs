//! What live events say (E6).

use serde::{Deserialize, Serialize};

/// That something changed: an event named `change` of `GET events`. Its id is the number to go on from.
///
/// Nothing of what is there now stands in it: whoever follows asks for what they show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Change {
    /// `account`, `person`, `task`, `assignments`, `integration`, `run`, `invitation`, or `access` where what one has changed.
    pub subject: String,
    /// The number of the person, task, run or invitation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
    /// Who changed it; nobody where it changed by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<i64>,
    /// When.
    pub at: String,
}
