//! Tags on the wire.

use serde::{Deserialize, Serialize};

/// A tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Tag {
    /// Its number.
    pub id: i64,
    /// What it is called.
    pub name: String,
    /// How many timers and entries have it.
    pub entries: u64,
}

/// What to call a tag.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TagChange {
    /// The name.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::text::TagName))]
    pub name: String,
}

/// The tag that another one becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TagMerge {
    /// Its number.
    #[serde(deserialize_with = "crate::whole::number")]
    pub into: i64,
}
