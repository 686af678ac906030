//! Invitations on the wire (N1, N2).

use serde::{Deserialize, Serialize};

use crate::{AccountRef, PersonRef};

/// Whom to invite: `POST invitations`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Invite {
    /// Their addresses; all are invited or none.
    pub emails: Vec<String>,
    /// What they will be; `member` where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
}

/// Somebody who was asked to join.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Invitation {
    /// Its number.
    pub id: i64,
    /// Whom it is for.
    pub email: String,
    /// What they will be.
    pub role: String,
    /// `open`, `expired`, `accepted` or `revoked`.
    pub state: String,
    /// Who asked them.
    pub invited_by: PersonRef,
    /// When.
    pub invited_at: String,
    /// Until when the link works; nothing while the mail has not left.
    pub expires_at: Option<String>,
    /// What became of the mail: `queued`, `sending`, `sent`, `possibly_sent`, `failed` or `withheld`; nothing where none was to be
    /// sent.
    pub mail: Option<String>,
    /// The link to hand over, once: when it is made and no mail brings it (N3).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// Joining: `POST invitations/accept` (N2).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Acceptance {
    /// The last part of the link.
    pub secret: String,
    /// What one is called.
    pub name: String,
    /// One's password.
    pub password: String,
}

/// What an invitation offers, for who has its link: `POST invitations/look`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Invited {
    /// The account to join.
    pub account: AccountRef,
    /// The address that one will have there.
    pub email: String,
    /// Who asks.
    pub invited_by: String,
}
