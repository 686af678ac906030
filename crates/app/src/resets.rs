//! Passwords that were forgotten: a link sets a new one, once, within an hour (A7).

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::SecretString;
use tallyport_domain::{AccountId, Email, Person, PersonId, RESET_LASTS, Secret, SecretKind};
use tallyport_storage::{Account, LinkFor, NewLink, StoreError};

use crate::{Actor, Caller, Error, Result, Shared, passwords};

/// Passwords that were forgotten.
#[derive(Clone)]
pub struct Resets(pub(crate) Arc<Shared>);

/// How many requests for a link are worked at at a time.
pub(crate) const ERRANDS: u32 = 16;
/// How long is waited before a store that could not queue a mail is asked again.
const AGAIN: TimeDelta = TimeDelta::seconds(5);

impl Resets {
    /// Has a link mailed to whoever has this address. What is done for them is done after the answer, so that neither words nor
    /// time tell whether somebody has it; without a mail server nothing is, which is not told either. Before it, whoever it is,
    /// the store shows that it takes mail: a full disk is told to everybody alike. What goes wrong afterwards is tried again.
    ///
    /// # Errors
    /// An address that is none; `AccountNeeded` where there are several and none is named; `TooManyTries`, `Busy`; errors of the
    /// store.
    pub async fn ask(&self, caller: Caller, email: &str, account: Option<&str>) -> Result<()> {
        let email = Email::parse(email)?;
        self.0.throttle.letter(caller, &email)?;
        let account = self.0.account_named(account).await?;
        if self.0.mailer.is_none() {
            return Ok(());
        }
        let errand = self.0.errands.clone().try_acquire_owned().map_err(|_| Error::Busy)?;
        let asked_at = self.0.clock.now();
        self.0.store.rehearse_mail(asked_at).await?;
        let shared = self.0.clone();
        tokio::spawn(async move {
            if let Some(account) = account {
                shared.mail_reset(account.id, &email, asked_at).await;
            }
            drop(errand);
        });
        Ok(())
    }

    /// For whom a link is. Looking changes nothing, so programs that look at what is in a mail use nothing up.
    ///
    /// # Errors
    /// What is no such secret; `LinkDead` for one that was used or replaced or has expired; `TooManyTries`.
    pub async fn look(&self, caller: Caller, secret: &str) -> Result<(Account, Person)> {
        self.0.throttle.secret(caller)?;
        let hash = Secret::parse(SecretKind::Reset, secret)?.hash();
        let link = self.0.store.link(&hash, self.0.clock.now()).await?;
        let link = link.filter(|link| link.purpose == LinkFor::Password).ok_or(Error::LinkDead)?;
        Ok((link.account, link.person))
    }

    /// Sets the password that a link is for; all sessions of the person end (A7).
    ///
    /// # Errors
    /// What is no such secret; `LinkDead` for one that was used or replaced or has expired; a password that is none;
    /// `TooManyTries`, `Busy`.
    pub async fn confirm(&self, caller: Caller, secret: &str, password: &SecretString) -> Result<()> {
        // What is wrong with it says nothing of the link, and costs nobody a try.
        passwords::check(password)?;
        self.0.throttle.secret(caller)?;
        let hash = Secret::parse(SecretKind::Reset, secret)?.hash();
        let link = self.0.store.link(&hash, self.0.clock.now()).await?;
        if link.is_none_or(|link| link.purpose != LinkFor::Password) {
            return Err(Error::LinkDead);
        }
        let hashed = self.0.hash_password(password).await?;
        match self.0.store.reset_password(&hash, &hashed, self.0.clock.now()).await {
            Ok(_) => Ok(()),
            Err(StoreError::NotFound(_)) => Err(Error::LinkDead),
            Err(error) => Err(error.into()),
        }
    }

    /// Makes a link for somebody: mailed, or where no mail leaves, answered to be handed over (A7, N3).
    ///
    /// # Errors
    /// Administrators only; `NotFound`, `PersonInactive`.
    pub async fn hand_over(&self, actor: &Actor, person: PersonId) -> Result<Option<String>> {
        actor.administrator("reset passwords of others")?;
        let mailed = self.0.mailer.is_some();
        let secret = (!mailed).then(|| Secret::generate(SecretKind::Reset, self.0.random.as_ref()));
        let hash = secret.as_ref().map(Secret::hash);
        let new = NewLink { hash, purpose: LinkFor::Password, mailed, by: actor.person().id };
        self.0.store.make_link(actor.account(), person, &new, self.0.clock.now()).await?;
        self.0.mail.notify_one();
        Ok(secret.map(|secret| self.0.site.link(RESET_PAGE, &secret)))
    }
}

/// The page on which a new password is set.
pub(crate) const RESET_PAGE: &str = "reset";

impl Shared {
    /// Queues the mail with the link, where somebody active has the address. A store that cannot is asked again, as long as
    /// somebody may still wait for a link.
    async fn mail_reset(&self, account: AccountId, email: &Email, asked_at: DateTime<Utc>) {
        loop {
            let now = self.clock.now();
            match self.queue_reset(account, email).await {
                Ok(()) | Err(StoreError::NotFound(_) | StoreError::PersonInactive) => return,
                Err(_) if now - asked_at >= RESET_LASTS => return,
                Err(_) => self.clock.sleep_until(now + AGAIN).await,
            }
        }
    }

    async fn queue_reset(&self, account: AccountId, email: &Email) -> Result<(), StoreError> {
        let found = self.store.credentials(Some(account), email).await?;
        for person in found.into_iter().map(|found| found.person).filter(|person| person.active) {
            let new = NewLink { hash: None, purpose: LinkFor::Password, mailed: true, by: person.id };
            self.store.make_link(account, person.id, &new, self.clock.now()).await?;
            self.mail.notify_one();
        }
        Ok(())
    }
}
