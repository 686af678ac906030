//! The state of the link to Toggl (I2, I15, I17).

use serde::{Deserialize, Serialize};

/// How an account's integration stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Never enabled.
    Disabled,
    /// At work.
    Enabled,
    /// Its owner is deactivated; it refuses to sync (I17).
    OwnerInactive,
    /// Toggl rejects the token; it refuses to sync (I17).
    TokenRejected,
    /// The key that opens the stored token is gone.
    KeyMissing,
    /// Unlinked; the token is destroyed (I15).
    Unlinked,
}

impl State {
    /// The word for this state in every interface.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Disabled => "disabled",
            Self::Enabled => "enabled",
            Self::OwnerInactive => "owner_inactive",
            Self::TokenRejected => "token_rejected",
            Self::KeyMissing => "key_missing",
            Self::Unlinked => "unlinked",
        }
    }
}

/// What becomes of the imported tasks when the integration is unlinked (I15).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// They are archived with the reason `unlinked`.
    Archive,
    /// They become ordinary native tasks.
    Keep,
}
