//! People: added, changed, deactivated, never deleted (A2, A5, A6).

use std::collections::HashSet;
use std::sync::Arc;

use secrecy::SecretString;
use tallyport_domain::{Email, Name, Person, PersonId, Place, Role, is_last_administrator};
use tallyport_storage::{AccessRow, Done, Listed, NewPerson, Once, Page, PersonEdit, Still, StoreError};

use crate::{Actor, Error, Result, Shared, passwords};

/// People of the account and what they have.
#[derive(Clone)]
pub struct People(pub(crate) Arc<Shared>);

/// Somebody to add.
#[derive(Debug)]
pub struct PersonToAdd {
    /// Their address.
    pub email: String,
    /// What they are called.
    pub name: String,
    /// Their role; `member` where it is left out.
    pub role: Option<String>,
    /// Their first password; without one they cannot sign in yet.
    pub password: Option<SecretString>,
}

/// The most people that one call adds: a file beyond that is a slip, and it would hold the writer for long.
const MOST_AT_ONCE: usize = 5000;

impl People {
    /// Everybody of the account, for managers and administrators.
    pub async fn list(&self, actor: &Actor) -> Result<Vec<Person>> {
        actor.manager("see the people of the account")?;
        Ok(self.0.store.people(actor.account()).await?)
    }

    /// One person. Everybody may look at themselves.
    ///
    /// # Errors
    /// Managers and administrators only, about others; `NotFound`.
    pub async fn show(&self, actor: &Actor, person: PersonId) -> Result<Person> {
        if person != actor.person().id {
            actor.manager("see the people of the account")?;
        }
        self.0.person(actor, person).await
    }

    /// Adds people, all or none, and matches them to the members of Toggl seen last (P4).
    ///
    /// # Errors
    /// Administrators only; addresses, names, roles and passwords that are none, and addresses that are taken (A6).
    pub async fn add(&self, actor: &Actor, new: Vec<PersonToAdd>) -> Result<Vec<Person>> {
        Ok(self.add_once(actor, new, None).await?.now())
    }

    /// The same for a request that may come twice (E7).
    ///
    /// # Errors
    /// As [`People::add`]; `ReplayDiffers`.
    pub async fn add_once(
        &self,
        actor: &Actor,
        new: Vec<PersonToAdd>,
        once: Option<Once<[Person]>>,
    ) -> Result<Done<Vec<Person>>> {
        actor.administrator("add people")?;
        if new.is_empty() || new.len() > MOST_AT_ONCE {
            return Err(Error::Invalid(format!("add between one and {MOST_AT_ONCE} people at once")));
        }
        let mut seen = HashSet::new();
        let mut read = Vec::with_capacity(new.len());
        for person in new {
            let email = Email::parse(&person.email)?;
            if !seen.insert(email.key().to_owned()) {
                return Err(Error::Invalid(format!("{email} is in the list twice")));
            }
            let name = Name::typed(&person.name)?.as_str().to_owned();
            let role = person.role.as_deref().map(parse_role).transpose()?.unwrap_or(Role::Member);
            person.password.as_ref().map_or(Ok(()), passwords::check)?;
            read.push((NewPerson { email, name, role, password_hash: None }, person.password));
        }
        let mut people = Vec::with_capacity(read.len());
        for (mut person, password) in read {
            if let Some(password) = password {
                person.password_hash = Some(self.0.hash_password(&password).await?);
            }
            people.push(person);
        }
        let (by, now) = (actor.person().id, self.0.clock.now());
        Ok(self.0.store.add_people_once(actor.account(), &people, by, now, once).await?)
    }

    /// Changes somebody's role or email, one of the two.
    ///
    /// An email opens access (P4), so an administrator sets it, for themselves too (A6).
    ///
    /// # Errors
    /// Administrators only; `LastAdministrator` (A5), `EmailTaken` (A6).
    pub async fn change(&self, actor: &Actor, person: PersonId, role: Option<&str>, email: Option<&str>) -> Result<Person> {
        self.change_if(actor, person, role, email, None).await
    }

    /// The same where they are still as they were seen.
    ///
    /// # Errors
    /// As [`People::change`]; `Changed`.
    pub async fn change_if(
        &self,
        actor: &Actor,
        person: PersonId,
        role: Option<&str>,
        email: Option<&str>,
        still: Option<Still<Person>>,
    ) -> Result<Person> {
        actor.administrator("change people")?;
        let edit = match (role, email) {
            (Some(role), None) => PersonEdit::Role(parse_role(role)?),
            (None, Some(email)) => PersonEdit::Email(Email::parse(email)?),
            _ => return Err(Error::Invalid("give either a role or an email to change".to_owned())),
        };
        let (account, by, now) = (actor.account(), actor.person().id, self.0.clock.now());
        Ok(self.0.store.edit_person(account, person, &edit, by, now, still).await?)
    }

    /// Deactivates somebody; the owner of the integration only with a yes, since it stops syncing then (A5, I17).
    ///
    /// # Errors
    /// Administrators only; `ConfirmationNeeded`, `LastAdministrator`.
    pub async fn deactivate(&self, actor: &Actor, person: PersonId, confirmed: bool) -> Result<Person> {
        actor.administrator("deactivate people")?;
        let (account, by, now) = (actor.account(), actor.person().id, self.0.clock.now());
        let owns = self.0.store.integration(account).await?.is_some_and(|i| i.linked && i.owner == person);
        if owns && !confirmed {
            let everybody = self.0.store.people(account).await?;
            if is_last_administrator(&everybody, person) {
                return Err(StoreError::LastAdministrator.into());
            }
            if let Some(owner) = everybody.iter().find(|one| one.id == person && one.active) {
                return Err(Error::ConfirmationNeeded {
                    what: format!("{} owns the Toggl integration, which stops syncing without its owner", owner.name),
                    details: vec![
                        "Nothing is archived because of it.".to_owned(),
                        "Another administrator can re-enable it with a token of their own, before or after.".to_owned(),
                    ],
                });
            }
        }
        Ok(self.0.store.deactivate(account, person, by, now).await?)
    }

    /// Brings somebody back, and matches them again (P4).
    ///
    /// # Errors
    /// Administrators only; `NotFound`.
    pub async fn reactivate(&self, actor: &Actor, person: PersonId) -> Result<Person> {
        actor.administrator("reactivate people")?;
        Ok(self.0.store.reactivate(actor.account(), person, actor.person().id, self.0.clock.now()).await?)
    }

    /// The tasks somebody has, in display order: those assigned directly, or with `effective` all (P1). Everybody may ask about
    /// themselves.
    ///
    /// # Errors
    /// Managers and administrators only, about others; `NotFound`.
    pub async fn access(&self, actor: &Actor, person: PersonId, effective: bool) -> Result<Vec<AccessRow>> {
        Ok(self.access_page(actor, person, effective, &Page::default()).await?.rows)
    }

    /// A part of the same.
    ///
    /// # Errors
    /// As [`People::access`].
    pub async fn access_page(
        &self,
        actor: &Actor,
        person: PersonId,
        effective: bool,
        page: &Page<Place>,
    ) -> Result<Listed<AccessRow, Place>> {
        if person != actor.person().id {
            actor.manager("see what others have")?;
        }
        if self.0.store.person(actor.account(), person).await?.is_none() {
            return Err(Error::NotFound("person"));
        }
        Ok(self.0.store.access_page(actor.account(), person, effective, page).await?)
    }
}

pub(crate) fn parse_role(word: &str) -> Result<Role> {
    Role::parse(word).ok_or_else(|| {
        let word: String = word.chars().take(40).collect();
        Error::Invalid(format!("{word:?} is not a role: choose administrator, manager or member"))
    })
}

impl Shared {
    /// The people with these addresses, in their order, each once.
    ///
    /// # Errors
    /// [`Error::UnknownPeople`] with all addresses that nobody has.
    pub(crate) async fn people_by_email(&self, actor: &Actor, emails: &[String]) -> Result<Vec<Person>> {
        let mut people = Vec::with_capacity(emails.len());
        let mut unknown = Vec::new();
        for text in emails {
            match self.store.person_by_email(actor.account(), &Email::parse(text)?).await? {
                Some(person) if people.contains(&person) => {}
                Some(person) => people.push(person),
                None => unknown.push(text.trim().to_owned()),
            }
        }
        if unknown.is_empty() { Ok(people) } else { Err(Error::UnknownPeople(unknown)) }
    }

    /// Somebody by their number.
    pub(crate) async fn person(&self, actor: &Actor, person: PersonId) -> Result<Person> {
        self.store.person(actor.account(), person).await?.ok_or(Error::NotFound("person"))
    }
}
