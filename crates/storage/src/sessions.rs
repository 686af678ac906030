//! Sign-in: passwords, sessions, API tokens, and links that work once (A4, A6, A7).
//!
//! Whoever comes with a secret is found by its hash alone, which tells the account. Every write here that takes somebody's access
//! away, or may, notes a change of that person, so that whoever serves them looks again.

use std::fmt;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use tallyport_domain::{AccountId, Email, Person, PersonId, Scope, SecretHash, SessionId, TokenId, Zone};

use crate::{Account, Done, Once, Result};

/// Who may come in, and with what.
#[async_trait]
pub trait SessionStore: Send + Sync {
    /// Everybody who could be meant by this address, deactivated ones included: of the account, or of every one where none is
    /// named.
    async fn credentials(&self, account: Option<AccountId>, email: &Email) -> Result<Vec<Credentials>>;

    /// The hash of somebody's password; nothing for who has none and for who is not there.
    async fn password(&self, account: AccountId, person: PersonId) -> Result<Option<String>>;

    /// Sets somebody's password and ends their sessions, but for `keep`; open reset links of theirs stop working (A7).
    ///
    /// # Errors
    /// `NotFound`.
    async fn set_password(
        &self,
        account: AccountId,
        person: PersonId,
        password_hash: &str,
        keep: Option<SessionId>,
        by: PersonId,
        now: DateTime<Utc>,
    ) -> Result<()>;

    /// Writes down a hash of the same password with today's parameters; what else happened to it meanwhile stands.
    async fn rehash_password(&self, account: AccountId, person: PersonId, old: &str, new: &str) -> Result<()>;

    /// Changes what a person decides for themselves: name, zone, first day of the week (E5).
    ///
    /// # Errors
    /// `NotFound`.
    async fn set_profile(
        &self,
        account: AccountId,
        person: PersonId,
        change: &ProfileChange,
        now: DateTime<Utc>,
    ) -> Result<Profile>;

    /// What a person decided for themselves, and what stands where they did not.
    async fn profile(&self, account: AccountId, person: PersonId) -> Result<Option<Profile>>;

    /// Begins a session; sessions of the account that are over are swept away.
    ///
    /// # Errors
    /// `NotFound`, `PersonInactive`.
    async fn begin_session(&self, account: AccountId, person: PersonId, new: &NewSession) -> Result<SessionId>;

    /// Who comes with this secret, a session's or a token's: nobody where it is not known, over, expired or revoked, or where the
    /// person is deactivated (A5). That it was used is noted now and then.
    async fn bearer(&self, hash: &SecretHash, now: DateTime<Utc>) -> Result<Option<Bearer>>;

    /// Somebody's sessions that are not over, the one used last first.
    async fn sessions(&self, account: AccountId, person: PersonId, now: DateTime<Utc>) -> Result<Vec<SessionRow>>;

    /// Ends one of somebody's sessions.
    ///
    /// # Errors
    /// `NotFound`.
    async fn end_session(&self, account: AccountId, person: PersonId, session: SessionId, now: DateTime<Utc>) -> Result<()>;

    /// Makes a personal token.
    ///
    /// # Errors
    /// `NotFound`, `PersonInactive`, `ReplayDiffers`.
    async fn create_token(
        &self,
        account: AccountId,
        person: PersonId,
        new: &NewToken,
        once: Option<Once<TokenRow>>,
    ) -> Result<Done<TokenRow>>;

    /// Somebody's tokens, revoked ones included, the newest first.
    async fn tokens(&self, account: AccountId, person: PersonId) -> Result<Vec<TokenRow>>;

    /// Revokes one of somebody's tokens; one that is revoked already stays so.
    ///
    /// # Errors
    /// `NotFound`.
    async fn revoke_token(&self, account: AccountId, person: PersonId, token: TokenId, now: DateTime<Utc>) -> Result<TokenRow>;

    /// Makes a link that works once; an earlier one of the same kind for the same person stops working.
    ///
    /// # Errors
    /// `NotFound`, `PersonInactive`; `EmailTaken` for a new address that somebody has.
    async fn make_link(&self, account: AccountId, person: PersonId, new: &NewLink, now: DateTime<Utc>) -> Result<()>;

    /// What a link is for, where it works.
    async fn link(&self, hash: &SecretHash, now: DateTime<Utc>) -> Result<Option<Link>>;

    /// Sets the password that a reset link is for, and ends all sessions of the person: of two at once one succeeds (A7).
    ///
    /// # Errors
    /// `NotFound` for a link that does not work.
    async fn reset_password(&self, hash: &SecretHash, password_hash: &str, now: DateTime<Utc>) -> Result<Link>;

    /// Gives the person of a link the address that it proves, and matches them anew: of two at once one succeeds (A6, P4).
    ///
    /// # Errors
    /// `NotFound` for a link that does not work, `EmailTaken`.
    async fn confirm_email(&self, hash: &SecretHash, now: DateTime<Utc>) -> Result<Link>;
}

/// Somebody who could be meant, with what they prove it by.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// Of which account.
    pub account: AccountId,
    /// Who.
    pub person: Person,
    /// The hash of their password, in PHC form; nobody signs in with none.
    pub password_hash: Option<String>,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("account", &self.account).field("person", &self.person).finish_non_exhaustive()
    }
}

/// A session to begin.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// What is kept of its secret.
    pub hash: SecretHash,
    /// What the client calls itself, for the list of one's sessions.
    pub client: String,
    /// The session that ends by this: a browser that signs in anew (A4).
    pub ends: Option<SessionId>,
    /// The time.
    pub now: DateTime<Utc>,
}

/// Who comes with a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bearer {
    /// Of which account.
    pub account: Account,
    /// Who, as they are now.
    pub person: Person,
    /// By what.
    pub by: Credential,
    /// The zone of their clock (E5).
    pub zone: Zone,
}

/// By what somebody comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credential {
    /// A session, in which they may do all that their role allows.
    Session(SessionId),
    /// A token, in which they may do what its scope holds of that.
    Token(TokenId, Scope),
}

/// One of somebody's sessions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// Its number.
    pub id: SessionId,
    /// What the client called itself.
    pub client: String,
    /// When it began.
    pub began_at: DateTime<Utc>,
    /// When it was last used, to some minutes.
    pub used_at: DateTime<Utc>,
}

/// A token to make.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// What is kept of its secret.
    pub hash: SecretHash,
    /// What the person calls it.
    pub name: String,
    /// What it may do.
    pub scope: Scope,
    /// Until when it works; without end where nothing is set.
    pub expires_at: Option<DateTime<Utc>>,
    /// The time.
    pub now: DateTime<Utc>,
}

/// One of somebody's tokens, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRow {
    /// Its number.
    pub id: TokenId,
    /// What the person calls it.
    pub name: String,
    /// What it may do.
    pub scope: Scope,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to some minutes.
    pub used_at: Option<DateTime<Utc>>,
    /// Until when it works; without end where nothing is set.
    pub expires_at: Option<DateTime<Utc>>,
    /// Since when it is revoked.
    pub revoked_at: Option<DateTime<Utc>>,
}

/// What a link is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkFor {
    /// A new password (A7).
    Password,
    /// This new address (A6).
    Email(Email),
}

/// A link to make.
#[derive(Debug, Clone)]
pub struct NewLink {
    /// What is kept of its secret; nothing where it is made when the mail leaves.
    pub hash: Option<SecretHash>,
    /// What it is for.
    pub purpose: LinkFor,
    /// Whether a mail is to bring it.
    pub mailed: bool,
    /// Who made it: the person, or an administrator for them.
    pub by: PersonId,
}

/// A link that works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Of which account.
    pub account: Account,
    /// For whom.
    pub person: Person,
    /// What it is for.
    pub purpose: LinkFor,
}

/// What a person decides for themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Their zone: their own, else the account's (E5).
    pub zone: Zone,
    /// Whether the zone is their own.
    pub own_zone: bool,
    /// The first day of their week, 1 for Monday to 7 for Sunday: their own, else the account's.
    pub week_start: u8,
    /// Whether the first day is their own.
    pub own_week_start: bool,
}

/// What to change of a profile: just what is given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProfileChange {
    /// What they are called.
    pub name: Option<String>,
    /// Their zone; nothing inside takes the account's again.
    pub zone: Option<Option<Zone>>,
    /// The first day of their week, 1 to 7; nothing inside takes the account's again.
    pub week_start: Option<Option<u8>>,
}
