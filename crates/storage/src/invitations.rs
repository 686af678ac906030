//! Invitations (N1, N2).

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use tallyport_domain::{AccountId, Email, Invitation, InvitationId, Person, PersonId, Role, SecretHash};

use crate::{Account, Done, Once, Result};

/// Who was asked to join, and what became of it.
#[async_trait]
pub trait InvitationStore: Send + Sync {
    /// Invites people, all or none; answers the invitations in the order of `new`.
    ///
    /// # Errors
    /// `EmailTaken` for an address that somebody of the account has; `Invited` for one that has an open invitation, expired ones
    /// aside, and for one that is in `new` twice; `ReplayDiffers`.
    async fn invite(
        &self,
        account: AccountId,
        new: &[NewInvitation],
        by: PersonId,
        now: DateTime<Utc>,
        once: Option<Once<[Invitation]>>,
    ) -> Result<Done<Vec<Invitation>>>;

    /// All invitations of the account, the newest first.
    async fn invitations(&self, account: AccountId) -> Result<Vec<Invitation>>;

    /// Gives an open invitation another link, or none until the mail leaves; the old one stops working (N2).
    ///
    /// # Errors
    /// `NotFound`; `NotOpen` for one that was accepted or revoked.
    async fn renew_invitation(
        &self,
        account: AccountId,
        invitation: InvitationId,
        hash: Option<SecretHash>,
        by: PersonId,
        now: DateTime<Utc>,
    ) -> Result<Invitation>;

    /// Takes an open invitation back; one that is revoked already stays so.
    ///
    /// # Errors
    /// `NotFound`; `NotOpen` for one that was accepted.
    async fn revoke_invitation(
        &self,
        account: AccountId,
        invitation: InvitationId,
        by: PersonId,
        now: DateTime<Utc>,
    ) -> Result<Invitation>;

    /// The invitation of a link, with its account, whatever became of it; nothing for a link that was replaced.
    async fn invitation(&self, hash: &SecretHash) -> Result<Option<(Account, Invitation)>>;

    /// Makes a person of an invitation and matches them (P4): of two at once one succeeds. Account, address and role are the
    /// invitation's.
    ///
    /// # Errors
    /// `NotFound` for a link that is not known; `NotOpen` for one that was used, revoked, or has expired; `EmailTaken` where the
    /// address joined meanwhile.
    async fn accept_invitation(
        &self,
        hash: &SecretHash,
        name: &str,
        password_hash: &str,
        now: DateTime<Utc>,
    ) -> Result<(Account, Person)>;
}

/// Somebody to invite.
#[derive(Debug, Clone)]
pub struct NewInvitation {
    /// Their address.
    pub email: Email,
    /// What they will be.
    pub role: Role,
    /// What is kept of the link's secret; where nothing is set, a mail is queued, and the link is made when it leaves.
    pub hash: Option<SecretHash>,
}
