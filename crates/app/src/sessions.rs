//! Signing in and out, and the sessions that one has (A4).

use std::sync::Arc;

use secrecy::SecretString;
use tallyport_domain::{AccountId, Email, Person, PersonId, Secret, SecretKind, SessionId};
use tallyport_storage::{Account, Credential, Credentials, NewSession, SessionRow};

use crate::passwords::is_outdated;
use crate::{Actor, Caller, Error, Result, Shared, TokenToMake};

/// Signing in and out.
#[derive(Clone)]
pub struct Sessions(pub(crate) Arc<Shared>);

/// Somebody of whom nothing is known yet but where they come from.
#[derive(Debug, Clone, Default)]
pub struct Visitor {
    /// From where.
    pub caller: Caller,
    /// What their client calls itself.
    pub client: String,
    /// The session that their browser has already, which ends when they sign in anew.
    pub session: Option<Secret>,
}

/// What somebody signs in with.
#[derive(Debug)]
pub struct SignIn {
    /// The address.
    pub email: String,
    /// The password.
    pub password: SecretString,
    /// The account's name or number; needed where the store holds several.
    pub account: Option<String>,
}

/// Somebody who has just signed in.
#[derive(Debug)]
pub struct SignedIn {
    /// Where.
    pub account: Account,
    /// Who.
    pub person: Person,
    /// What they come with from now on.
    pub secret: Secret,
}

/// The longest name of a client that is kept.
const LONGEST_CLIENT: usize = 200;

impl Sessions {
    /// Begins a session with address and password.
    ///
    /// # Errors
    /// `SignInRefused`, whether the address, the password or the account is wrong; `AccountNeeded` where there are several and none
    /// is named, whoever asks; `TooManyTries`, `Busy`.
    pub async fn sign_in(&self, visitor: &Visitor, with: &SignIn) -> Result<SignedIn> {
        let (account, person) = self.0.prove(visitor.caller, with).await?;
        let secret = self.0.begin_session(visitor, account.id, person.id).await?;
        Ok(SignedIn { account, person, secret })
    }

    /// Makes an API token with address and password: how a terminal signs in.
    ///
    /// # Errors
    /// As [`Sessions::sign_in`]; a name, a scope or days that are none.
    pub async fn sign_in_with_token(&self, visitor: &Visitor, with: &SignIn, token: &TokenToMake) -> Result<SignedIn> {
        let wanted = token.read(self.0.clock.now())?;
        let (account, person) = self.0.prove(visitor.caller, with).await?;
        let secret = self.0.make_token(account.id, person.id, wanted).await?;
        Ok(SignedIn { account, person, secret })
    }

    /// Ends what the actor came in with: their session, or their token.
    pub async fn sign_out(&self, actor: &Actor) -> Result<()> {
        let (account, person, now) = (actor.account(), actor.person().id, self.0.clock.now());
        match actor.credential() {
            Some(Credential::Session(session)) => Ok(self.0.store.end_session(account, person, session, now).await?),
            Some(Credential::Token(token, _)) => {
                self.0.store.revoke_token(account, person, token, now).await?;
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// The actor's sessions, the one used last first, each with whether it is the one that asks.
    pub async fn list(&self, actor: &Actor) -> Result<Vec<(SessionRow, bool)>> {
        let rows = self.0.store.sessions(actor.account(), actor.person().id, self.0.clock.now()).await?;
        let current = |row: &SessionRow| actor.credential() == Some(Credential::Session(row.id));
        Ok(rows.into_iter().map(|row| (row.clone(), current(&row))).collect())
    }

    /// Ends one of the actor's sessions.
    ///
    /// # Errors
    /// `NotFound`, for those of others too.
    pub async fn end(&self, actor: &Actor, session: SessionId) -> Result<()> {
        Ok(self.0.store.end_session(actor.account(), actor.person().id, session, self.0.clock.now()).await?)
    }

    /// The account that the actor is in.
    pub async fn account(&self, actor: &Actor) -> Result<Account> {
        self.0.account(actor.account()).await
    }
}

impl Shared {
    /// Who proves with address and password to be somebody. Each step but the last is done whoever it is, so that status, words
    /// and time are the same.
    async fn prove(&self, caller: Caller, with: &SignIn) -> Result<(Account, Person)> {
        let email = Email::parse(&with.email)?;
        self.throttle.sign_in(caller, &email)?;
        let account = self.account_named(with.account.as_deref()).await?;
        let found = match &account {
            Some(account) => self.store.credentials(Some(account.id), &email).await?.into_iter().next(),
            None => None,
        };
        let hashed = found.as_ref().filter(|found| found.person.active).and_then(|found| found.password_hash.as_deref());
        let proven = self.is_password(&with.password, hashed).await?;
        match (account, found) {
            (Some(account), Some(found)) if proven => {
                self.renew_hash(&found, &with.password).await?;
                Ok((account, found.person))
            }
            _ => Err(Error::SignInRefused),
        }
    }

    /// Hashes a password anew that was hashed with less than what is asked today.
    async fn renew_hash(&self, found: &Credentials, password: &SecretString) -> Result<()> {
        let Some(old) = found.password_hash.as_deref().filter(|hashed| is_outdated(hashed)) else { return Ok(()) };
        // Where too many hash already, the next sign-in renews it.
        let Ok(new) = self.hash_unchecked(password).await else { return Ok(()) };
        Ok(self.store.rehash_password(found.account, found.person.id, old, &new).await?)
    }

    /// Begins a session for who has just shown who they are; the one that their browser had ends (A4).
    pub(crate) async fn begin_session(&self, visitor: &Visitor, account: AccountId, person: PersonId) -> Result<Secret> {
        let now = self.clock.now();
        let earlier = match &visitor.session {
            Some(secret) => self.store.bearer(&secret.hash(), now).await?,
            None => None,
        };
        let mut ends = None;
        if let Some(earlier) = earlier
            && let Credential::Session(session) = earlier.by
        {
            if (earlier.account.id, earlier.person.id) == (account, person) {
                ends = Some(session);
            } else {
                self.store.end_session(earlier.account.id, earlier.person.id, session, now).await?;
            }
        }
        let secret = Secret::generate(SecretKind::Session, self.random.as_ref());
        let new = NewSession { hash: secret.hash(), client: client_name(&visitor.client), ends, now };
        self.store.begin_session(account, person, &new).await?;
        Ok(secret)
    }

    /// The account that is meant, by its name or number; nothing where no account is called so.
    ///
    /// # Errors
    /// `AccountNeeded` where there are several and none is named.
    pub(crate) async fn account_named(&self, named: Option<&str>) -> Result<Option<Account>> {
        let mut accounts = self.store.accounts().await?;
        let Some(named) = named.map(str::trim).filter(|named| !named.is_empty()) else {
            return if accounts.len() > 1 { Err(Error::AccountNeeded) } else { Ok(accounts.pop()) };
        };
        let folded = named.to_lowercase();
        let by_id = accounts.iter().position(|account| account.id.to_string() == named);
        let by_name = || accounts.iter().position(|account| account.name.to_lowercase() == folded);
        Ok(by_id.or_else(by_name).map(|index| accounts.swap_remove(index)))
    }

    /// An account that somebody acts in.
    pub(crate) async fn account(&self, id: AccountId) -> Result<Account> {
        let accounts = self.store.accounts().await?;
        accounts.into_iter().find(|account| account.id == id).ok_or(Error::SignInRequired)
    }
}

/// As much of what a client calls itself as is worth keeping, on one line.
fn client_name(text: &str) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST_CLIENT).collect();
    let line = line.trim();
    if line.is_empty() { "unknown".to_owned() } else { line.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_is_called_what_it_says_on_one_short_line() {
        assert_eq!(client_name("curl/8.9\r\n\u{1b}[31m"), "curl/8.9   [31m");
        assert_eq!(client_name(" \n"), "unknown");
        assert_eq!(client_name(&"ü".repeat(1000)).chars().count(), LONGEST_CLIENT);
    }
}
