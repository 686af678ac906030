//! Setting a fresh server up: its first account and administrator, with a code that the server printed (A3).

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use secrecy::{ExposeSecret as _, SecretString};
use subtle::ConstantTimeEq as _;
use tallyport_domain::{Email, Name, Role, Secret, SecretKind, Zone};
use tallyport_storage::{NewAccount, NewPerson, StoreError};

use crate::{Error, Result, Shared, SignedIn, Visitor, passwords};

/// Setting a fresh server up.
#[derive(Clone)]
pub struct SetUps(pub(crate) Arc<Shared>);

/// The first account, with its administrator.
#[derive(Debug)]
pub struct AccountToSetUp {
    /// The code that the server printed at its start.
    pub code: SecretString,
    /// What the account is called.
    pub account: String,
    /// The address of its administrator.
    pub email: String,
    /// What they are called.
    pub name: String,
    /// Their password.
    pub password: SecretString,
    /// The zone of people who set none; UTC where it is left out.
    pub timezone: Option<String>,
}

/// The code of this process, once one was made. It is in memory alone: another start prints another one.
#[derive(Default)]
pub(crate) struct SetUpCode(Mutex<Option<Secret>>);

impl SetUpCode {
    fn lock(&self) -> MutexGuard<'_, Option<Secret>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SetUps {
    /// Whether there is no account yet.
    pub async fn is_needed(&self) -> Result<bool> {
        Ok(self.0.store.accounts().await?.is_empty())
    }

    /// The code with which this server can be set up, for the server to print; nothing where there is an account.
    pub async fn code(&self) -> Result<Option<Secret>> {
        if !self.is_needed().await? {
            return Ok(None);
        }
        let mut code = self.0.set_up_code.lock();
        Ok(Some(code.get_or_insert_with(|| Secret::generate(SecretKind::SetUp, self.0.random.as_ref())).clone()))
    }

    /// Creates the first account with its administrator, who is signed in by that: of two at once one succeeds (A3).
    ///
    /// # Errors
    /// `AlreadySetUp`; what is no code, `SetUpCodeWrong`; a name, an address, a zone or a password that are none; `TooManyTries`.
    pub async fn set_up(&self, visitor: &Visitor, new: AccountToSetUp) -> Result<SignedIn> {
        self.0.throttle.secret(visitor.caller)?;
        if !self.is_needed().await? {
            return Err(StoreError::AlreadySetUp.into());
        }
        self.check(&new.code)?;
        let name = Name::typed(&new.account)?.as_str().to_owned();
        let email = Email::parse(&new.email)?;
        let admin_name = Name::typed(&new.name)?.as_str().to_owned();
        let zone = new.timezone.as_deref().map(Zone::parse).transpose()?.unwrap_or_else(Zone::utc);
        passwords::check(&new.password)?;
        let password_hash = Some(self.0.hash_password(&new.password).await?);
        let administrator = NewPerson { email, name: admin_name, role: Role::Administrator, password_hash };
        let new = NewAccount { name, zone, administrator, now: self.0.clock.now() };
        let (account, person) = self.0.store.set_up(&new).await?;
        self.0.set_up_code.lock().take();
        let secret = self.0.begin_session(visitor, account.id, person.id).await?;
        Ok(SignedIn { account, person, secret })
    }

    /// Compares a code in the same time whatever is wrong with it.
    fn check(&self, code: &SecretString) -> Result<()> {
        let given = Secret::parse(SecretKind::SetUp, code.expose_secret())?;
        let code = self.0.set_up_code.lock();
        let right = code.as_ref().is_some_and(|code| code.reveal().as_bytes().ct_eq(given.reveal().as_bytes()).into());
        if right { Ok(()) } else { Err(Error::SetUpCodeWrong) }
    }
}
