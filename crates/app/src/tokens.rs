//! Personal API tokens: named, shown once, revocable, with a scope (A4).

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use tallyport_domain::{AccountId, Name, PersonId, Scope, Secret, SecretKind, TokenId};
use tallyport_storage::{Done, NewToken, Once, TokenRow};

use crate::{Actor, Error, Result, Shared};

/// Personal API tokens.
#[derive(Clone)]
pub struct Tokens(pub(crate) Arc<Shared>);

/// A token to make.
#[derive(Debug, Clone)]
pub struct TokenToMake {
    /// What one calls it.
    pub name: String,
    /// What it may do: `read`, `track`, `manage` or `admin`.
    pub scope: String,
    /// For how many days it works; without end where it is left out.
    pub days: Option<u32>,
}

/// A token that was made, with its secret, which is nowhere else.
#[derive(Debug, Clone)]
pub struct MadeToken {
    /// What is known of it from now on.
    pub row: TokenRow,
    /// What lets somebody in.
    pub secret: Secret,
}

/// A token to make that was read.
pub(crate) struct Wanted {
    name: String,
    scope: Scope,
    expires_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
}

/// Ten years: beyond that a token might as well work without end.
const MOST_DAYS: u32 = 3650;

impl TokenToMake {
    pub(crate) fn read(&self, now: DateTime<Utc>) -> Result<Wanted> {
        let name = Name::typed(&self.name)?.as_str().to_owned();
        let scope = Scope::parse(&self.scope).ok_or_else(|| {
            let word: String = self.scope.chars().take(40).collect();
            Error::Invalid(format!("{word:?} is not a scope: choose read, track, manage or admin"))
        })?;
        let expires_at = match self.days {
            None => None,
            Some(days @ 1..=MOST_DAYS) => Some(now + TimeDelta::days(days.into())),
            Some(_) => return Err(Error::Invalid(format!("a token works for 1 to {MOST_DAYS} days, or without end"))),
        };
        Ok(Wanted { name, scope, expires_at, now })
    }
}

impl Tokens {
    /// The actor's tokens, revoked and expired ones included, the newest first.
    pub async fn list(&self, actor: &Actor) -> Result<Vec<TokenRow>> {
        Ok(self.0.store.tokens(actor.account(), actor.person().id).await?)
    }

    /// Makes a token of the actor's. The answer to one that is asked for again is kept under the account's keys, since the secret
    /// stands in it (E7).
    ///
    /// # Errors
    /// A name, a scope or days that are none; `ScopeRequired` where the actor came with a token that may do less; `ReplayDiffers`.
    pub async fn create(&self, actor: &Actor, new: &TokenToMake, once: Option<Once<MadeToken>>) -> Result<Done<MadeToken>> {
        let wanted = new.read(self.0.clock.now())?;
        actor.within(wanted.scope)?;
        let (account, person) = (actor.account(), actor.person().id);
        let secret = Secret::generate(SecretKind::Token, self.0.random.as_ref());
        let once = once.map(|once| {
            let (secret, answer) = (secret.clone(), once.answer);
            let answer = move |row: &TokenRow| answer(&MadeToken { row: row.clone(), secret: secret.clone() });
            self.0.sealing(account, Once { key: once.key, request: once.request, answer: Arc::new(answer) })
        });
        match self.0.store.create_token(account, person, &wanted.with(&secret), once.transpose()?).await? {
            Done::Now(row) => Ok(Done::Now(MadeToken { row, secret })),
            Done::Before(answer) => Ok(Done::Before(self.0.unsealed(account, &answer)?)),
        }
    }

    /// Revokes one of the actor's tokens; one that is revoked already stays so.
    ///
    /// # Errors
    /// `NotFound`, for those of others too.
    pub async fn revoke(&self, actor: &Actor, token: TokenId) -> Result<TokenRow> {
        Ok(self.0.store.revoke_token(actor.account(), actor.person().id, token, self.0.clock.now()).await?)
    }
}

impl Wanted {
    fn with(self, secret: &Secret) -> NewToken {
        NewToken { hash: secret.hash(), name: self.name, scope: self.scope, expires_at: self.expires_at, now: self.now }
    }
}

impl Shared {
    /// Makes a token for who has just shown who they are.
    pub(crate) async fn make_token(&self, account: AccountId, person: PersonId, wanted: Wanted) -> Result<Secret> {
        let secret = Secret::generate(SecretKind::Token, self.random.as_ref());
        self.store.create_token(account, person, &wanted.with(&secret), None).await?;
        Ok(secret)
    }
}
