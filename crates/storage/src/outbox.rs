//! The outbox: mail that is queued with its cause, and leaves at most once (N3).
//!
//! A row says what a mail is about, never what stands in it. The secret of a link is made when the mail leaves, so that no row,
//! log or backup ever holds one that works.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use tallyport_domain::{AccountId, Email, InvitationId, MailId, MailKind, MailState, Posted, RunId, SecretHash};

use crate::{Account, Result};

/// Mail that waits, leaves, and has left.
#[async_trait]
pub trait OutboxStore: Send + Sync {
    /// Queues a mail of no account and takes it back in the same step, so that nothing is left of it: it fails where queueing
    /// one would. Whoever must not tell to whom mail goes asks this first, whoever it is.
    async fn rehearse_mail(&self, now: DateTime<Utc>) -> Result<()>;

    /// Takes the mail that is due longest, of whatever account, and marks it as being sent, so that no other process takes it.
    ///
    /// A mail that brings a link gets this secret for it, from now on the only one that works; a mail whose cause is gone
    /// (a revoked invitation, a deactivated person) is dropped on the way. Nothing where no mail is due.
    async fn claim_mail(&self, secret: &MailSecrets, now: DateTime<Utc>) -> Result<Option<Mail>>;

    /// Takes down what sending a claimed mail brought: one that did not leave waits for its next try.
    ///
    /// # Errors
    /// `NotFound` for a mail that is not being sent.
    async fn settle_mail(&self, account: AccountId, mail: MailId, posted: &Posted, now: DateTime<Utc>) -> Result<MailState>;

    /// Marks mail that a dead process was at as possibly sent; answers how many there were.
    async fn abandon_mail(&self, now: DateTime<Utc>) -> Result<u32>;

    /// When the next mail is due; nothing where none waits. What is put down for later than it can be
    /// ([`tallyport_domain::furthest_due`]) is due now, here and for [`OutboxStore::claim_mail`]: the clock was set back.
    async fn next_mail(&self, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>>;

    /// How much mail of all accounts is in which state; states without any are left out.
    async fn mail_counts(&self) -> Result<Vec<(MailState, u32)>>;

    /// Mail of the account that wants a person's eye, the newest first: possibly sent, failed, withheld, and what was tried and
    /// waits for its next try.
    async fn troubled_mail(&self, account: AccountId) -> Result<Vec<MailRow>>;
}

/// Hashes of fresh secrets, one for each kind of link that a mail can bring; the one that is not needed is forgotten.
#[derive(Debug, Clone, Copy)]
pub struct MailSecrets {
    /// Of an invitation.
    pub invitation: SecretHash,
    /// Of a reset link.
    pub reset: SecretHash,
    /// Of a link for a new address.
    pub email: SecretHash,
}

/// A mail that was claimed, with what its text says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Of which account.
    pub account: Account,
    /// Its number.
    pub id: MailId,
    /// What it is about.
    pub kind: MailKind,
    /// To whom.
    pub to: Email,
    /// What they are called; nothing where nobody knows yet.
    pub name: Option<String>,
    /// Who caused it: who invites.
    pub by: Option<String>,
    /// The run it is about.
    pub run: Option<RunId>,
    /// How often it was tried, this time included.
    pub tries: u32,
    /// When it was queued.
    pub queued_at: DateTime<Utc>,
}

/// A mail that wants a person's eye.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailRow {
    /// Its number.
    pub id: MailId,
    /// What it is about.
    pub kind: MailKind,
    /// To whom.
    pub to: Email,
    /// The invitation it is about.
    pub invitation: Option<InvitationId>,
    /// What became of it.
    pub state: MailState,
    /// What the mail server said last.
    pub problem: Option<String>,
    /// When it was queued.
    pub queued_at: DateTime<Utc>,
}
