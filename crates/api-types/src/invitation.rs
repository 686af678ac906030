//! Invitations on the wire (N1, N2).

use serde::{Deserialize, Serialize};

use crate::{AccountRef, Person, PersonRef};

/// Whom to invite: `POST invitations`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Invite {
    /// Their addresses; all are invited or none.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeSet<crate::text::Email>, min_items = 1, max_items = 500))]
    pub emails: Vec<String>,
    /// What they will be; `member` where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::text::Role>))]
    pub role: Option<String>,
}

/// Somebody who was asked to join.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
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

hiding!(link of Invitation but id, email, role, state, invited_by, invited_at, expires_at, mail);

/// How to send an invitation again: `POST invitations/{id}/resend` (N2).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Resend {
    /// Answers the link, to be handed over, in place of mailing it.
    #[serde(default)]
    pub by_hand: bool,
}

/// Joining: `POST invitations/accept` (N2).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Acceptance {
    /// The last part of the link.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::text::Secret))]
    pub secret: String,
    /// What one is called.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::text::Name))]
    pub name: String,
    /// One's password.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::text::Password))]
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
    /// Until when the link works.
    pub expires_at: Option<String>,
}

/// Who has just joined; they sign in next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Joined {
    /// The account.
    pub account: AccountRef,
    /// Who they are there.
    pub person: Person,
}

/// A mail that wants a person's eye: `GET outbox` (N3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TroubledMail {
    /// Its number.
    pub id: i64,
    /// What it is about: `invitation`, `reset`, `email`, `held` or `failing`.
    pub kind: String,
    /// To whom.
    pub to: String,
    /// The invitation it is about.
    pub invitation_id: Option<i64>,
    /// `possibly_sent`, `failed`, `withheld`, or `queued` for one that was tried and is tried again.
    pub state: String,
    /// What the mail server said last.
    pub problem: Option<String>,
    /// When it was queued.
    pub queued_at: String,
}
