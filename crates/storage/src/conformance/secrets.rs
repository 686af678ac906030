//! What the cases about signing in share.

use chrono::{DateTime, TimeDelta, Utc};
use tallyport_domain::{AccountId, PersonId, Scope, SecretHash, SessionId};

use super::world::Fresh;
use crate::{Bearer, Credential, LinkFor, MailSecrets, NewLink, NewSession, NewToken, Store, Subject, TokenRow};

/// What is kept of a secret; another one for each number.
pub(super) fn hash(number: u8) -> SecretHash {
    SecretHash([number; 32])
}

pub(super) const SECOND: TimeDelta = TimeDelta::seconds(1);

pub(super) fn new_session(number: u8, now: DateTime<Utc>) -> NewSession {
    NewSession { hash: hash(number), client: format!("Browser {number}"), ends: None, now }
}

/// Signs somebody of an account in.
pub(super) async fn sign_in(s: &dyn Store, account: AccountId, person: PersonId, number: u8, now: DateTime<Utc>) -> SessionId {
    s.begin_session(account, person, &new_session(number, now)).await.unwrap()
}

pub(super) fn new_token(number: u8, scope: Scope, now: DateTime<Utc>) -> NewToken {
    NewToken { hash: hash(number), name: format!("Script {number}"), scope, expires_at: None, now }
}

/// Makes a token that may do everything.
pub(super) async fn token(s: &dyn Store, account: AccountId, person: PersonId, number: u8, now: DateTime<Utc>) -> TokenRow {
    s.create_token(account, person, &new_token(number, Scope::Admin, now), None).await.unwrap().now()
}

/// A link that somebody asks for and is shown.
pub(super) fn new_link(number: u8, purpose: LinkFor, by: PersonId) -> NewLink {
    NewLink { hash: Some(hash(number)), purpose, mailed: false, by }
}

/// Who comes with a secret at that time.
pub(super) async fn comes(s: &dyn Store, number: u8, now: DateTime<Utc>) -> Option<Bearer> {
    s.bearer(&hash(number), now).await.unwrap()
}

/// By what somebody comes with a secret at that time; nothing where they do not come in.
pub(super) async fn by(s: &dyn Store, number: u8, now: DateTime<Utc>) -> Option<Credential> {
    comes(s, number, now).await.map(|bearer| bearer.by)
}

/// Fresh secrets for mail.
pub(super) fn mail_secrets(number: u8) -> MailSecrets {
    MailSecrets { invitation: hash(number), reset: hash(number + 1), email: hash(number + 2) }
}

/// What changed in our account after that number, each subject once.
pub(super) async fn subjects(db: &Fresh, after: i64) -> Vec<Subject> {
    let mut subjects = Vec::new();
    for change in db.store.changes(db.world.ours, after, 10_000).await.unwrap() {
        if !subjects.contains(&change.subject) {
            subjects.push(change.subject);
        }
    }
    subjects
}

/// Waits until a look at the store shows this: what is noted by the way is not waited for by who comes in.
pub(super) async fn until<T: PartialEq + std::fmt::Debug>(wanted: T, look: impl AsyncFn() -> T) {
    for _ in 0..20_000 {
        if look().await == wanted {
            return;
        }
        tokio::task::yield_now().await;
    }
    assert_eq!(look().await, wanted);
}
