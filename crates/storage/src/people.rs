//! Accounts, people and their assignments (A, P).

use std::fmt;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use tallyport_domain::{AccountId, Email, Name, Person, PersonId, Place, Role, TaskId, Zone};

use crate::{Done, Listed, Once, Page, Result, Still};

/// Accounts and their people.
#[async_trait]
pub trait PeopleStore: Send + Sync {
    /// Creates an account with its first administrator (A3).
    ///
    /// # Errors
    /// `AccountExists` where another one has the name, whatever the case.
    async fn create_account(&self, new: &NewAccount) -> Result<(Account, Person)>;

    /// Creates the first account of the store (A3): of two at once one succeeds.
    ///
    /// # Errors
    /// `AlreadySetUp` where there is an account.
    async fn set_up(&self, new: &NewAccount) -> Result<(Account, Person)>;

    /// All accounts of the store, by id.
    async fn accounts(&self) -> Result<Vec<Account>>;

    /// Everybody in the account, by name as people expect, then by id.
    async fn people(&self, account: AccountId) -> Result<Vec<Person>>;

    /// One person, if the account has them.
    async fn person(&self, account: AccountId, person: PersonId) -> Result<Option<Person>>;

    /// The person with this email, if the account has one (A6).
    async fn person_by_email(&self, account: AccountId, email: &Email) -> Result<Option<Person>>;

    /// Adds people, all or none, and matches them to the members seen at the last sync (P4). Answers them in the order of `new`.
    ///
    /// Here and in the other methods that match, an unlinked integration gives nobody anything, and what stands on a workspace
    /// whose task is archived stays as it is, until a sync brings the workspace back (P5).
    ///
    /// # Errors
    /// `EmailTaken` (A6), also within `new`; `ReplayDiffers`.
    async fn add_people_once(
        &self,
        account: AccountId,
        new: &[NewPerson],
        by: PersonId,
        now: DateTime<Utc>,
        once: Option<Once<[Person]>>,
    ) -> Result<Done<Vec<Person>>>;

    /// The same without a key.
    ///
    /// # Errors
    /// As [`PeopleStore::add_people_once`].
    async fn add_people(&self, account: AccountId, new: &[NewPerson], by: PersonId, now: DateTime<Utc>) -> Result<Vec<Person>> {
        Ok(self.add_people_once(account, new, by, now, None).await?.now())
    }

    /// Changes somebody's role, or their email by which they are matched anew (A6, P4), if they are still as they were seen.
    ///
    /// # Errors
    /// `NotFound`, `Changed`, `LastAdministrator` (A5), `EmailTaken`.
    async fn edit_person(
        &self,
        account: AccountId,
        person: PersonId,
        edit: &PersonEdit,
        by: PersonId,
        now: DateTime<Utc>,
        still: Option<Still<Person>>,
    ) -> Result<Person>;

    /// Changes somebody's role, however they are.
    ///
    /// # Errors
    /// As [`PeopleStore::edit_person`].
    async fn set_role(
        &self,
        account: AccountId,
        person: PersonId,
        role: Role,
        by: PersonId,
        now: DateTime<Utc>,
    ) -> Result<Person> {
        self.edit_person(account, person, &PersonEdit::Role(role), by, now, None).await
    }

    /// Changes somebody's email, however they are.
    ///
    /// # Errors
    /// As [`PeopleStore::edit_person`].
    async fn set_email(
        &self,
        account: AccountId,
        person: PersonId,
        email: &Email,
        by: PersonId,
        now: DateTime<Utc>,
    ) -> Result<Person> {
        self.edit_person(account, person, &PersonEdit::Email(email.clone()), by, now, None).await
    }

    /// Deactivates somebody: sessions, tokens and links of theirs end, and so do automatic assignments; manual ones and suppressions
    /// stay (A5, P4).
    ///
    /// # Errors
    /// `NotFound`, `LastAdministrator`.
    async fn deactivate(&self, account: AccountId, person: PersonId, by: PersonId, now: DateTime<Utc>) -> Result<Person>;

    /// Brings somebody back, and matches them; an owner of the integration gets the root again, unless it was taken away (A5, P4,
    /// P5).
    ///
    /// # Errors
    /// `NotFound`.
    async fn reactivate(&self, account: AccountId, person: PersonId, by: PersonId, now: DateTime<Utc>) -> Result<Person>;

    /// Assigns a task to people by hand, all or none; suppressions of theirs on it are lifted (P2, P5).
    ///
    /// # Errors
    /// `NotFound`, `PersonInactive`.
    async fn assign(&self, account: AccountId, task: TaskId, people: &[PersonId], by: PersonId, now: DateTime<Utc>)
    -> Result<()>;

    /// Takes both kinds of assignment on that very task away, from all of these people or from none (P5).
    ///
    /// # Errors
    /// `NotFound`, `Unassign` for the first of `people` who has none, which names the nearest task above that gives access.
    async fn unassign(
        &self,
        account: AccountId,
        task: TaskId,
        people: &[PersonId],
        by: PersonId,
        now: DateTime<Utc>,
    ) -> Result<()>;

    /// The people assigned directly to a task, by person, of one person the automatic assignment first; nobody for a task that
    /// the account lacks.
    async fn assigned_to(&self, account: AccountId, task: TaskId) -> Result<Vec<Assigned>>;

    /// The tasks a person has: those assigned directly, archived ones included, or with `effective` every active task they have
    /// access to; in display order, each with the assignments that give it. Nothing for a person whom the account lacks.
    async fn access_page(
        &self,
        account: AccountId,
        person: PersonId,
        effective: bool,
        page: &Page<Place>,
    ) -> Result<Listed<AccessRow, Place>>;

    /// All of them.
    async fn access(&self, account: AccountId, person: PersonId, effective: bool) -> Result<Vec<AccessRow>> {
        Ok(self.access_page(account, person, effective, &Page::default()).await?.rows)
    }
}

/// A tenant (A1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its number.
    pub id: AccountId,
    /// Its name.
    pub name: String,
    /// The zone of people who set none (E5).
    pub zone: Zone,
}

/// An account to create (A3).
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// Its name.
    pub name: String,
    /// Its zone.
    pub zone: Zone,
    /// The first administrator; the role is not looked at.
    pub administrator: NewPerson,
    /// The time.
    pub now: DateTime<Utc>,
}

/// Somebody to add.
#[derive(Clone)]
pub struct NewPerson {
    /// Their address.
    pub email: Email,
    /// What they are called.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// The hash of their password, in PHC form; nobody signs in with none (A4).
    pub password_hash: Option<String>,
}

impl fmt::Debug for NewPerson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { email, name, role, password_hash: _ } = self;
        let mut shown = f.debug_struct("NewPerson");
        shown.field("email", email).field("name", name).field("role", role).finish_non_exhaustive()
    }
}

/// What is changed of a person.
#[derive(Debug, Clone)]
pub enum PersonEdit {
    /// What they may do.
    Role(Role),
    /// Their address.
    Email(Email),
}

/// Somebody on a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assigned {
    /// Who.
    pub person: PersonId,
    /// By the integration, or by a person (P2).
    pub automatic: bool,
}

/// A task that a person has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessRow {
    /// The task.
    pub task: TaskId,
    /// The names down to it.
    pub path: Vec<Name>,
    /// The assignments that give it: the task they are on, and whether they are automatic. Those on the task itself come first,
    /// those furthest above last; on one task the automatic one before the manual one.
    pub via: Vec<(TaskId, bool)>,
}
