//! People on the wire.

use serde::{Deserialize, Serialize};

/// Somebody of the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Person {
    /// Their number.
    pub id: i64,
    /// Their address.
    pub email: String,
    /// What they are called.
    pub name: String,
    /// `administrator`, `manager` or `member` (A2).
    pub role: String,
    /// False once deactivated (A5).
    pub active: bool,
}

/// As much of a person as others need to know them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PersonRef {
    /// Their number.
    pub id: i64,
    /// Their address.
    pub email: String,
    /// What they are called.
    pub name: String,
}

/// Somebody to add. `POST /people` takes one or a list; a list is added whole or not at all.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewPerson {
    /// Their address.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::text::Email))]
    pub email: String,
    /// What they are called.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::text::Name))]
    pub name: String,
    /// Their role; `member` if it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::text::Role>))]
    pub role: Option<String>,
    /// Their first password; without one they cannot sign in yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::text::Password>))]
    pub password: Option<String>,
}

hiding!(password of NewPerson but email, name, role);

/// What to change of a person: just what is given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PersonChange {
    /// The new role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::text::Role>))]
    pub role: Option<String>,
    /// The new address (A6).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::text::Email>))]
    pub email: Option<String>,
}

/// The body of a request that may need a yes, such as deactivating the integration's owner (I17).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Confirmation {
    /// The yes.
    #[serde(default)]
    pub confirm: bool,
}
