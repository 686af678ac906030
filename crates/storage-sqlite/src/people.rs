//! Accounts and people (A1–A6), and the door to assignments.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use rusqlite::{Connection, Row};
use tallyport_domain::{AccountId, Email, Person, PersonId, Place, Role, SortKey, TaskId, is_last_administrator};
use tallyport_storage::{
    AccessRow, Account, Assigned, By, Done, Listed, NewAccount, NewPerson, Once, Page, PeopleStore, PersonEdit, StandingFact,
    Still, StoreError, Subject,
};

use crate::Sqlite;
use crate::assignments;
use crate::changes::{Counter, missing, noted, restructured, take};
use crate::errors::Result;
use crate::forest::Forest;
use crate::links;
use crate::once::once;
use crate::rows::{self, PERSON, Statements, zone};
use crate::sessions;
use crate::time;
use crate::tokens;

/// The columns that [`account`] reads, in its order.
pub(crate) const ACCOUNT: &str = "account_id, name, zone";

/// Reads an account from [`ACCOUNT`], which begin in this column.
pub(crate) fn account(row: &Row<'_>, first: usize) -> Result<Account> {
    Ok(Account { id: AccountId(row.get(first)?), name: row.get(first + 1)?, zone: zone(row, first + 2)? })
}

/// An account that is there.
pub(crate) fn known_account(db: &Connection, id: AccountId) -> Result<Account> {
    let sql = format!("SELECT {ACCOUNT} FROM accounts WHERE account_id = ?1");
    db.one(&sql, [id.0], |row| account(row, 0))?.ok_or_else(|| missing("account"))
}

fn set_up(db: &Connection, new: &NewAccount) -> Result<(Account, Person)> {
    match db.one("SELECT 1 FROM accounts LIMIT 1", [], |_| Ok(()))? {
        Some(()) => Err(StoreError::AlreadySetUp.into()),
        None => create_account(db, new),
    }
}

fn create_account(db: &Connection, new: &NewAccount) -> Result<(Account, Person)> {
    let key = new.name.to_lowercase();
    let names = db.all("SELECT name FROM accounts", [], |row| Ok(row.get::<_, String>(0)?))?;
    if names.iter().any(|name| name.to_lowercase() == key) {
        return Err(StoreError::AccountExists.into());
    }
    let inserted = db.one(
        "INSERT INTO accounts (name, zone) VALUES (?1, ?2) RETURNING account_id, name, zone",
        (&new.name, new.zone.as_str()),
        |row| account(row, 0),
    )?;
    let account = inserted.ok_or_else(|| missing("account"))?;
    let administrator = NewPerson { role: Role::Administrator, ..new.administrator.clone() };
    let person = add(db, account.id, &administrator)?;
    for subject in [Subject::Account, Subject::Person(person.id)] {
        restructured(db, account.id, subject, Some(person.id), new.now)?;
    }
    Ok((account, person))
}

fn list(db: &Connection, account: AccountId) -> Result<Vec<Person>> {
    let mut people =
        db.all(&format!("SELECT {PERSON} FROM people WHERE account_id = ?1 ORDER BY person_id"), [account.0], rows::person)?;
    people.sort_by_cached_key(|person| SortKey::of(&person.name));
    Ok(people)
}

/// A person, if the account has them.
fn find(db: &Connection, account: AccountId, person: PersonId) -> Result<Option<Person>> {
    let sql = format!("SELECT {PERSON} FROM people WHERE account_id = ?1 AND person_id = ?2");
    db.one(&sql, (account.0, person.0), rows::person)
}

/// A person whom the account has and who is not deactivated.
pub(crate) fn known_active(db: &Connection, account: AccountId, person: PersonId) -> Result<Person> {
    let person = known(db, account, person)?;
    if person.active { Ok(person) } else { Err(StoreError::PersonInactive.into()) }
}

/// A person whom the account has.
pub(crate) fn known(db: &Connection, account: AccountId, person: PersonId) -> Result<Person> {
    find(db, account, person)?.ok_or_else(|| missing("person"))
}

/// The person of the account with this address.
pub(crate) fn by_email(db: &Connection, account: AccountId, email: &Email) -> Result<Option<Person>> {
    let sql = format!("SELECT {PERSON} FROM people WHERE account_id = ?1 AND email_key = ?2");
    db.one(&sql, (account.0, email.key()), rows::person)
}

/// Adds a person, without matching or noting.
pub(crate) fn add(db: &Connection, account: AccountId, new: &NewPerson) -> Result<Person> {
    if by_email(db, account, &new.email)?.is_some() {
        return Err(StoreError::EmailTaken.into());
    }
    let id = PersonId(take(db, account, Counter::Person, 1)?);
    db.run(
        "INSERT INTO people (account_id, person_id, email, email_key, name, role, active, password_hash)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1, ?7)",
        (account.0, id.0, new.email.as_str(), new.email.key(), &new.name, new.role.as_str(), &new.password_hash),
    )?;
    known(db, account, id)
}

fn add_all(db: &Connection, account: AccountId, new: &[NewPerson], by: PersonId, now: DateTime<Utc>) -> Result<Vec<Person>> {
    let people = new.iter().map(|person| add(db, account, person)).collect::<Result<Vec<_>>>()?;
    let ids: Vec<PersonId> = people.iter().map(|person| person.id).collect();
    assignments::match_people(db, account, &ids, now)?;
    for id in ids {
        restructured(db, account, Subject::Person(id), Some(by), now)?;
    }
    Ok(people)
}

fn set_role(
    db: &Connection,
    account: AccountId,
    person: PersonId,
    role: Role,
    by: PersonId,
    now: DateTime<Utc>,
) -> Result<Person> {
    known(db, account, person)?;
    if role != Role::Administrator {
        must_leave_an_administrator(db, account, person)?;
    }
    let sql = "UPDATE people SET role = ?3 WHERE account_id = ?1 AND person_id = ?2";
    db.run(sql, (account.0, person.0, role.as_str()))?;
    noted(db, account, Subject::Person(person), Some(by), now)?;
    known(db, account, person)
}

/// Gives a person another address, and matches them anew: links that went to the old one stop working (A6).
pub(crate) fn set_email(
    db: &Connection,
    account: AccountId,
    person: PersonId,
    email: &Email,
    by: PersonId,
    now: DateTime<Utc>,
) -> Result<Person> {
    known(db, account, person)?;
    if by_email(db, account, email)?.is_some_and(|other| other.id != person) {
        return Err(StoreError::EmailTaken.into());
    }
    let sql = "UPDATE people SET email = ?3, email_key = ?4 WHERE account_id = ?1 AND person_id = ?2";
    db.run(sql, (account.0, person.0, email.as_str(), email.key()))?;
    links::delete_of(db, account, person)?;
    changed(db, account, person, by, now)
}

fn set_active(
    db: &Connection,
    account: AccountId,
    person: PersonId,
    active: bool,
    by: PersonId,
    now: DateTime<Utc>,
) -> Result<Person> {
    known(db, account, person)?;
    if !active {
        must_leave_an_administrator(db, account, person)?;
        sessions::end_all(db, account, person, None)?;
        tokens::revoke_all(db, account, person, now)?;
        links::delete_of(db, account, person)?;
        assignments::end_automatic_where(db, "person_id = ?2", &[account.0, person.0], now)?;
        time::stop(db, account, person, &By { person: by, sees_all: true, now })?;
        // What unlinking turned manual stays manual: enabling again gives nothing to who is gone.
        let sql = "UPDATE assignments SET formerly_automatic = 0, made_by_unlinking = 0 WHERE account_id = ?1 AND person_id = ?2";
        db.run(sql, (account.0, person.0))?;
    }
    db.run("UPDATE people SET active = ?3 WHERE account_id = ?1 AND person_id = ?2", (account.0, person.0, active))?;
    changed(db, account, person, by, now)
}

/// Matches a person whose address or activity changed, and notes it (P4).
fn changed(db: &Connection, account: AccountId, person: PersonId, by: PersonId, now: DateTime<Utc>) -> Result<Person> {
    assignments::match_people(db, account, &[person], now)?;
    restructured(db, account, Subject::Person(person), Some(by), now)?;
    known(db, account, person)
}

fn must_leave_an_administrator(db: &Connection, account: AccountId, person: PersonId) -> Result<()> {
    if is_last_administrator(&list(db, account)?, person) { Err(StoreError::LastAdministrator.into()) } else { Ok(()) }
}

#[async_trait]
impl PeopleStore for Sqlite {
    async fn create_account(&self, new: &NewAccount) -> Result<(Account, Person), StoreError> {
        let new = new.clone();
        self.write(move |db| create_account(db, &new)).await
    }

    async fn set_up(&self, new: &NewAccount) -> Result<(Account, Person), StoreError> {
        let new = new.clone();
        self.write(move |db| set_up(db, &new)).await
    }

    async fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        let sql = format!("SELECT {ACCOUNT} FROM accounts ORDER BY account_id");
        self.read(move |db| db.all(&sql, [], |row| account(row, 0))).await
    }

    async fn people(&self, account: AccountId) -> Result<Vec<Person>, StoreError> {
        self.read(move |db| list(db, account)).await
    }

    async fn person(&self, account: AccountId, person: PersonId) -> Result<Option<Person>, StoreError> {
        self.glance(move |db| find(db, account, person)).await
    }

    async fn person_by_email(&self, account: AccountId, email: &Email) -> Result<Option<Person>, StoreError> {
        let email = email.clone();
        self.read(move |db| by_email(db, account, &email)).await
    }

    async fn add_people_once(
        &self,
        account: AccountId,
        new: &[NewPerson],
        by: PersonId,
        now: DateTime<Utc>,
        key: Option<Once<[Person]>>,
    ) -> Result<Done<Vec<Person>>, StoreError> {
        let new = new.to_vec();
        self.write(move |db| once(db, account, by, now, key.as_ref(), || add_all(db, account, &new, by, now))).await
    }

    async fn edit_person(
        &self,
        account: AccountId,
        person: PersonId,
        edit: &PersonEdit,
        by: PersonId,
        now: DateTime<Utc>,
        still: Option<Still<Person>>,
    ) -> Result<Person, StoreError> {
        let edit = edit.clone();
        self.write(move |db| {
            if let Some(still) = &still {
                still.check(&known(db, account, person)?)?;
            }
            match &edit {
                PersonEdit::Role(role) => set_role(db, account, person, *role, by, now),
                PersonEdit::Email(email) => set_email(db, account, person, email, by, now),
            }
        })
        .await
    }

    async fn deactivate(
        &self,
        account: AccountId,
        person: PersonId,
        by: PersonId,
        now: DateTime<Utc>,
    ) -> Result<Person, StoreError> {
        self.write(move |db| set_active(db, account, person, false, by, now)).await
    }

    async fn reactivate(
        &self,
        account: AccountId,
        person: PersonId,
        by: PersonId,
        now: DateTime<Utc>,
    ) -> Result<Person, StoreError> {
        self.write(move |db| set_active(db, account, person, true, by, now)).await
    }

    async fn assign(
        &self,
        account: AccountId,
        task: TaskId,
        people: &[PersonId],
        by: PersonId,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let people = people.to_vec();
        self.write(move |db| assignments::assign(db, account, task, &people, by, now)).await
    }

    async fn unassign(
        &self,
        account: AccountId,
        task: TaskId,
        people: &[PersonId],
        by: PersonId,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let people = people.to_vec();
        self.write(move |db| assignments::unassign(db, account, task, &people, by, now)).await
    }

    async fn assigned_to(&self, account: AccountId, task: TaskId) -> Result<Vec<Assigned>, StoreError> {
        self.read(move |db| {
            let facts = assignments::of_task(db, account, task)?.into_iter();
            let assigned = facts.flat_map(|StandingFact { person, standing, .. }| {
                standing.kinds().map(move |automatic| Assigned { person, automatic })
            });
            Ok(assigned.collect())
        })
        .await
    }

    async fn access_page(
        &self,
        account: AccountId,
        person: PersonId,
        effective: bool,
        page: &Page<Place>,
    ) -> Result<Listed<AccessRow, Place>, StoreError> {
        let page = page.clone();
        self.read(move |db| Ok(Forest::load(db, account)?.access(&assignments::direct(db, account, person)?, effective, &page)))
            .await
    }
}
