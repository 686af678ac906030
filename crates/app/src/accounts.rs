//! Accounts: created by whoever holds the machine, without an actor (A3).

use std::sync::Arc;

use secrecy::SecretString;
use tallyport_domain::{Email, Name, Person, Role, Zone};
use tallyport_storage::{Account, NewAccount, NewPerson, StoreError};

use crate::{Error, Result, Shared};

/// Accounts of this store: chores of the machine, which no request from outside reaches.
#[derive(Clone)]
pub struct Accounts(pub(crate) Arc<Shared>);

/// An account to create, with its first administrator.
#[derive(Debug)]
pub struct AccountToCreate {
    /// What it is called.
    pub name: String,
    /// The address of its first administrator.
    pub admin_email: String,
    /// What they are called; the part of the address before the `@` where it is left out.
    pub admin_name: Option<String>,
    /// Their password; without one they cannot sign in yet.
    pub password: Option<SecretString>,
    /// The zone of people who set none; UTC where it is left out.
    pub timezone: Option<String>,
}

impl Accounts {
    /// All accounts of the store.
    pub async fn list(&self) -> Result<Vec<Account>> {
        Ok(self.0.store.accounts().await?)
    }

    /// Creates an account with its first administrator (A3).
    ///
    /// # Errors
    /// Name, email, zone or password that are none, and a name that an account has already: it is how people choose one.
    pub async fn create(&self, new: AccountToCreate) -> Result<(Account, Person)> {
        let name = Name::typed(&new.name)?.as_str().to_owned();
        let email = Email::parse(&new.admin_email)?;
        let admin_name = match &new.admin_name {
            Some(name) => Name::typed(name)?.as_str().to_owned(),
            None => email.as_str().split('@').next().unwrap_or_default().to_owned(),
        };
        let zone = new.timezone.as_deref().map(Zone::parse).transpose()?.unwrap_or_else(Zone::utc);
        let password_hash = match &new.password {
            Some(password) => Some(self.0.hash_password(password).await?),
            None => None,
        };
        let administrator = NewPerson { email, name: admin_name, role: Role::Administrator, password_hash };
        let new = NewAccount { name, zone, administrator, now: self.0.clock.now() };
        self.0.store.create_account(&new).await.map_err(|error| match error {
            StoreError::AccountExists => Error::AccountExists(new.name.clone()),
            other => other.into(),
        })
    }
}
