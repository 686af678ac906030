//! What people decide for themselves: their name, zone, password and address (A4, A6, E5).

use std::sync::Arc;

use secrecy::SecretString;
use tallyport_domain::{Email, Name, Person, Secret, SecretKind, Zone};
use tallyport_storage::{Account, Credential, Link, LinkFor, NewLink, Profile, ProfileChange, StoreError};

use crate::{Actor, Caller, Error, Result, Shared, passwords};

/// Oneself.
#[derive(Clone)]
pub struct Me(pub(crate) Arc<Shared>);

/// Who acts, with what they decided for themselves.
#[derive(Debug, Clone)]
pub struct MeView {
    /// Where.
    pub account: Account,
    /// Who.
    pub person: Person,
    /// What they decided.
    pub profile: Profile,
}

/// What to change of oneself: just what is given; an empty text takes the account's again.
#[derive(Debug, Clone, Default)]
pub struct MeToChange {
    /// What one is called.
    pub name: Option<String>,
    /// One's zone.
    pub timezone: Option<String>,
    /// The first day of one's week: `monday` to `sunday`.
    pub week_start: Option<String>,
}

const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

impl Me {
    /// Who acts, with what they decided for themselves.
    pub async fn show(&self, actor: &Actor) -> Result<MeView> {
        let account = self.0.account(actor.account()).await?;
        let person = actor.person().clone();
        let profile = self.0.store.profile(account.id, person.id).await?.ok_or(Error::SignInRequired)?;
        Ok(MeView { account, person, profile })
    }

    /// Changes name, zone or first day of the week.
    ///
    /// # Errors
    /// A name, a zone or a day that are none.
    pub async fn change(&self, actor: &Actor, change: &MeToChange) -> Result<MeView> {
        let given = |text: &str| !text.trim().is_empty();
        let zone = |text: &String| given(text).then(|| Zone::parse(text)).transpose();
        let day = |text: &String| given(text).then(|| parse_day(text)).transpose();
        let change = ProfileChange {
            name: change.name.as_deref().map(Name::typed).transpose()?.map(|name| name.as_str().to_owned()),
            zone: change.timezone.as_ref().map(zone).transpose()?,
            week_start: change.week_start.as_ref().map(day).transpose()?,
        };
        let (account, person) = (actor.account(), actor.person().id);
        let profile = self.0.store.set_profile(account, person, &change, self.0.clock.now()).await?;
        let person = self.0.person(actor, person).await?;
        Ok(MeView { account: self.0.account(account).await?, person, profile })
    }

    /// Sets another password; the actor's other sessions end, and so do their reset links (A4, A7).
    ///
    /// # Errors
    /// `WrongPassword` where the current one is another; `TooManyTries`, `Busy`; one that is none.
    pub async fn set_password(&self, actor: &Actor, caller: Caller, current: &SecretString, new: &SecretString) -> Result<()> {
        passwords::check(new)?;
        let (account, person) = (actor.account(), actor.person());
        self.0.throttle.sign_in(caller, &person.email)?;
        let hashed = self.0.store.password(account, person.id).await?;
        if !self.0.is_password(current, hashed.as_deref()).await? {
            return Err(Error::WrongPassword);
        }
        let keep = match actor.credential() {
            Some(Credential::Session(session)) => Some(session),
            _ => None,
        };
        let hashed = self.0.hash_password(new).await?;
        Ok(self.0.store.set_password(account, person.id, &hashed, keep, person.id, self.0.clock.now()).await?)
    }

    /// Sends a link to another address, with which the actor proves that it is theirs (A6). Whether somebody has the address
    /// already is not told: then no mail leaves.
    ///
    /// # Errors
    /// `NoMail` where no mail leaves this server; `TooManyTries`; an address that is none.
    pub async fn ask_for_email(&self, actor: &Actor, caller: Caller, email: &str) -> Result<()> {
        if self.0.mailer.is_none() {
            return Err(Error::NoMail);
        }
        let email = Email::parse(email)?;
        self.0.throttle.letter(caller, &email)?;
        let by = actor.person().id;
        let new = NewLink { hash: None, purpose: LinkFor::Email(email), mailed: true, by };
        match self.0.store.make_link(actor.account(), by, &new, self.0.clock.now()).await {
            Ok(()) => {
                self.0.mail.notify_one();
                Ok(())
            }
            Err(StoreError::EmailTaken) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// The address that a link of the actor proves. Looking changes nothing.
    ///
    /// # Errors
    /// What is no such secret; `LinkDead`, for a link of somebody else too; `TooManyTries`.
    pub async fn look_at_email(&self, actor: &Actor, caller: Caller, secret: &str) -> Result<Email> {
        self.0.throttle.secret(caller)?;
        let hash = Secret::parse(SecretKind::Email, secret)?.hash();
        match self.0.store.link(&hash, self.0.clock.now()).await? {
            Some(Link { account, person, purpose: LinkFor::Email(email) })
                if (account.id, person.id) == (actor.account(), actor.person().id) =>
            {
                Ok(email)
            }
            _ => Err(Error::LinkDead),
        }
    }

    /// Takes the address that a link proves, and matches the actor anew (A6, P4). The link works for the one who asked for it, so
    /// that nobody takes an account over who got it by a slip of the pen.
    ///
    /// # Errors
    /// What is no such secret; `LinkDead`, for a link of somebody else too; `EmailTaken`; `TooManyTries`.
    pub async fn confirm_email(&self, actor: &Actor, caller: Caller, secret: &str) -> Result<Person> {
        self.0.throttle.secret(caller)?;
        let hash = Secret::parse(SecretKind::Email, secret)?.hash();
        let now = self.0.clock.now();
        let link = self.0.store.link(&hash, now).await?;
        let mine = |account, person| (account, person) == (actor.account(), actor.person().id);
        if !link.is_some_and(|link| mine(link.account.id, link.person.id)) {
            return Err(Error::LinkDead);
        }
        match self.0.store.confirm_email(&hash, now).await {
            Ok(link) => Ok(link.person),
            Err(StoreError::NotFound(_)) => Err(Error::LinkDead),
            Err(error) => Err(error.into()),
        }
    }
}

/// The word for a day of the week, 1 for Monday to 7 for Sunday.
#[must_use]
pub fn day_word(day: u8) -> &'static str {
    usize::from(day).checked_sub(1).and_then(|index| DAYS.get(index)).copied().unwrap_or(DAYS[0])
}

fn parse_day(word: &str) -> Result<u8> {
    let folded = word.trim().to_lowercase();
    let index = DAYS.iter().position(|day| *day == folded).and_then(|index| u8::try_from(index).ok());
    index.map(|index| index + 1).ok_or_else(|| {
        let word: String = word.chars().take(40).collect();
        Error::Invalid(format!("{word:?} is not a day of the week: write monday to sunday"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test] // E5
    fn days_are_read_by_the_word_they_have() {
        for day in 1..=7 {
            assert_eq!(parse_day(day_word(day)).unwrap(), day);
        }
        assert_eq!(parse_day(" Sunday").unwrap(), 7);
        assert!(parse_day("someday").is_err());
    }
}
