//! Signing in, on the wire (A3, A4, A6, A7).

use serde::{Deserialize, Serialize};

use crate::Person;

/// Whether a server waits to be set up: `GET setup`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SetUpState {
    /// Whether there is no account yet.
    pub needed: bool,
}

/// The first account with its administrator: `POST setup` (A3).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetUp {
    /// The code that the server printed at its start.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::text::Secret))]
    pub code: String,
    /// What the account is called.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::text::Name))]
    pub account: String,
    /// The address of its first administrator.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::text::Email))]
    pub email: String,
    /// What they are called.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::text::Name))]
    pub name: String,
    /// Their password.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::text::Password))]
    pub password: String,
    /// The zone of people who set none; UTC where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
}

/// Address and password: `POST session` (A4).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The address.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::text::Email))]
    pub email: String,
    /// The password.
    pub password: String,
    /// The account's name or number, where the server holds several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Makes an API token in place of a session with a cookie: what a terminal does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<NewToken>,
}

/// Who is signed in, and where: `GET session`, and the answer to signing in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignedIn {
    /// The account.
    pub account: AccountRef,
    /// Who.
    pub person: Person,
    /// The token in full, where one was asked for: it is shown this once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
}

hiding!(token of SignedIn but account, person);

/// An account where it is only named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccountRef {
    /// Its number.
    pub id: i64,
    /// Its name.
    pub name: String,
}

/// Who acts, with what they decided for themselves: `GET me`, `PATCH me` (E5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Me {
    /// Who.
    #[serde(flatten)]
    pub person: Person,
    /// Of which account.
    pub account: AccountRef,
    /// Their zone, which is the account's where they set none.
    pub timezone: String,
    /// Whether the zone is their own.
    pub own_timezone: bool,
    /// The first day of their week: `monday` to `sunday`.
    pub week_start: String,
    /// Whether the first day is their own.
    pub own_week_start: bool,
}

/// What to change of oneself: just what is given; an empty text takes the account's again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MeChange {
    /// What one is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::text::Name>))]
    pub name: Option<String>,
    /// One's zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
    /// The first day of one's week.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::text::Day>))]
    pub week_start: Option<String>,
}

/// Another password: `POST me/password`; one's other sessions end (A4).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    /// The password until now.
    pub current: String,
    /// The password from now on.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::text::Password))]
    pub new: String,
}

/// Another address: `POST me/email`; a link sent there proves it (A6).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewEmail {
    /// The new address.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::text::Email))]
    pub email: String,
}

/// The secret of a link that is used: `POST me/email/confirm`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LinkSecret {
    /// The last part of the link.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::text::Secret))]
    pub secret: String,
}

/// Somebody forgot their password: `POST password-reset`; answered alike whoever it is (A4, A7).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ResetRequest {
    /// Their address.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::text::Email))]
    pub email: String,
    /// The account's name or number, where the server holds several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
}

/// The password that a reset link sets: `POST password-reset/confirm` (A7).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Reset {
    /// The last part of the link.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::text::Secret))]
    pub secret: String,
    /// The new password.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::text::Password))]
    pub password: String,
}

/// A link that an administrator hands over, or that a mail brings: `POST people/{id}/reset-password`, and invitations.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HandedLink {
    /// The link, where no mail brings it.
    pub link: Option<String>,
    /// Whether a mail was queued.
    pub mailed: bool,
}

hiding!(link of HandedLink but mailed);

/// One of one's sessions: `GET me/sessions`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Session {
    /// Its number.
    pub id: i64,
    /// What the client called itself.
    pub client: String,
    /// When it began.
    pub began_at: String,
    /// When it was last used, to some minutes.
    pub used_at: String,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// An API token to make: `POST tokens` (A4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    /// What one calls it.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::text::Name))]
    pub name: String,
    /// `read`, `track`, `manage` or `admin`.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::text::Scope))]
    pub scope: String,
    /// For how many days it works; without end where it is left out.
    #[serde(default, deserialize_with = "crate::whole::optional", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 3650))]
    pub days: Option<u32>,
}

/// One of one's API tokens.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Token {
    /// Its number.
    pub id: i64,
    /// What one calls it.
    pub name: String,
    /// `read`, `track`, `manage` or `admin`.
    pub scope: String,
    /// When it was made.
    pub created_at: String,
    /// When it was last used, to some minutes.
    pub used_at: Option<String>,
    /// Until when it works.
    pub expires_at: Option<String>,
    /// Since when it is revoked.
    pub revoked_at: Option<String>,
    /// The token in full, once: when it is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
}

hiding!(token of Token but id, name, scope, created_at, used_at, expires_at, revoked_at);

#[cfg(test)]
mod tests {
    use super::*;

    #[test] // A4
    fn what_is_printed_of_a_token_or_a_link_does_not_let_anybody_in() {
        let token = Token {
            id: 7,
            name: "Phone".to_owned(),
            scope: "read".to_owned(),
            created_at: String::new(),
            used_at: None,
            expires_at: None,
            revoked_at: None,
            token: Some("sesame".to_owned()),
        };
        let link = HandedLink { link: Some("https://x/reset/sesame".to_owned()), mailed: false };
        let printed = format!("{token:?} {link:?}");
        assert!(printed.contains("Phone") && !printed.contains("sesame"), "{printed}");
    }
}
