//! Counters of an account, and the change row that every write leaves behind (E6).

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use rusqlite::{Connection, Row};
use tallyport_domain::{AccountId, EntryId, InvitationId, PersonId, RunId, TaskId};
use tallyport_storage::{Change, ChangeStore, StoreError, Subject};

use crate::Sqlite;
use crate::errors::{Error, Result};
use crate::rows::{Statements, instant, stored, unreadable};

/// What an account counts.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Counter {
    Person,
    Task,
    Run,
    Epoch,
    Change,
    /// Sessions, tokens and links.
    Secret,
    Invitation,
    Mail,
    Tag,
    /// The version of what a plan is computed from.
    Structure,
}

/// The statements that count on and that read a counter.
macro_rules! count {
    ($column:literal) => {
        (
            concat!("UPDATE accounts SET ", $column, " = ", $column, " + ?2 WHERE account_id = ?1"),
            concat!("SELECT ", $column, " FROM accounts WHERE account_id = ?1"),
        )
    };
}

/// Takes the next `many` numbers of a counter; answers the last of them.
///
/// # Errors
/// `NotFound` where there is no such account (A1).
pub(crate) fn take(db: &Connection, account: AccountId, counter: Counter, many: i64) -> Result<i64> {
    // Not with RETURNING, for which the engine makes a table each time.
    let (add, last) = match counter {
        Counter::Person => count!("last_person"),
        Counter::Task => count!("last_task"),
        Counter::Run => count!("last_run"),
        Counter::Epoch => count!("last_epoch"),
        Counter::Change => count!("last_change"),
        Counter::Secret => count!("last_secret"),
        Counter::Invitation => count!("last_invitation"),
        Counter::Mail => count!("last_mail"),
        Counter::Tag => count!("last_tag"),
        Counter::Structure => count!("structure"),
    };
    db.run(add, (account.0, many))?;
    db.one(last, [account.0], |row| Ok(row.get(0)?))?.ok_or_else(|| missing("account"))
}

/// The version of what a plan is computed from, if there is such an account.
pub(crate) fn structure(db: &Connection, account: AccountId) -> Result<Option<i64>> {
    db.one("SELECT structure FROM accounts WHERE account_id = ?1", [account.0], |row| Ok(row.get(0)?))
}

/// Notes a change of what a plan is computed from.
pub(crate) fn restructured(
    db: &Connection,
    account: AccountId,
    subject: Subject,
    by: Option<PersonId>,
    at: DateTime<Utc>,
) -> Result<()> {
    take(db, account, Counter::Structure, 1)?;
    noted(db, account, subject, by, at)
}

/// Notes a change.
pub(crate) fn noted(
    db: &Connection,
    account: AccountId,
    subject: Subject,
    by: Option<PersonId>,
    at: DateTime<Utc>,
) -> Result<()> {
    numbered(db, account, subject, by, at).map(drop)
}

/// Notes a change; answers its number.
pub(crate) fn numbered(
    db: &Connection,
    account: AccountId,
    subject: Subject,
    by: Option<PersonId>,
    at: DateTime<Utc>,
) -> Result<i64> {
    let number = take(db, account, Counter::Change, 1)?;
    noted_as(db, account, number, subject, by, at)?;
    Ok(number)
}

/// Notes a change under a number that was taken for it.
pub(crate) fn noted_as(
    db: &Connection,
    account: AccountId,
    number: i64,
    subject: Subject,
    by: Option<PersonId>,
    at: DateTime<Utc>,
) -> Result<()> {
    let (word, id) = match subject {
        Subject::Account => ("account", None),
        Subject::Person(person) => ("person", Some(person.0)),
        Subject::Access(person) => ("access", Some(person.0)),
        Subject::Task(task) => ("task", Some(task.0)),
        Subject::Assignments(task) => ("assignments", Some(task.0)),
        Subject::Integration => ("integration", None),
        Subject::Invitation(invitation) => ("invitation", Some(invitation.0)),
        Subject::Run(run) => ("run", Some(run.0)),
        Subject::Entry(entry, _) => ("entry", Some(entry.0)),
        Subject::Tags => ("tags", None),
    };
    let whose = match subject {
        Subject::Entry(_, person) => Some(person.0),
        _ => None,
    };
    db.run(
        "INSERT INTO changes (account_id, number, subject, subject_id, person_id, by_id, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        (account.0, number, word, id, whose, by.map(|person| person.0), stored(at)),
    )
    .map(drop)
}

fn change(row: &Row<'_>) -> Result<Change> {
    let word = row.get_ref(1)?.as_str()?;
    let whose = row.get::<_, Option<i64>>(5)?.map(PersonId);
    let subject = match (word, row.get::<_, Option<i64>>(2)?) {
        ("account", None) => Subject::Account,
        ("person", Some(id)) => Subject::Person(PersonId(id)),
        ("access", Some(id)) => Subject::Access(PersonId(id)),
        ("task", Some(id)) => Subject::Task(TaskId(id)),
        ("assignments", Some(id)) => Subject::Assignments(TaskId(id)),
        ("tags", None) => Subject::Tags,
        ("integration", None) => Subject::Integration,
        ("invitation", Some(id)) => Subject::Invitation(InvitationId(id)),
        ("run", Some(id)) => Subject::Run(RunId(id)),
        ("entry", Some(id)) => Subject::Entry(EntryId(id), whose.ok_or_else(|| unreadable("whose an entry is", id))?),
        _ => return Err(unreadable("a subject", word)),
    };
    let by = row.get::<_, Option<i64>>(3)?.map(PersonId);
    Ok(Change { number: row.get(0)?, subject, by, at: instant(row.get(4)?)? })
}

#[async_trait]
impl ChangeStore for Sqlite {
    async fn latest_change(&self, account: AccountId) -> Result<i64, StoreError> {
        self.read(move |db| {
            let latest = db.one("SELECT last_change FROM accounts WHERE account_id = ?1", [account.0], |row| Ok(row.get(0)?))?;
            Ok(latest.unwrap_or(0))
        })
        .await
    }

    async fn stamp(&self) -> Result<i64, StoreError> {
        self.readers.stamp().await
    }

    async fn changes(&self, account: AccountId, after: i64, limit: u32) -> Result<Vec<Change>, StoreError> {
        self.read(move |db| {
            db.all(
                "SELECT number, subject, subject_id, by_id, at, person_id FROM changes WHERE account_id = ?1 AND number > ?2
                 ORDER BY number LIMIT ?3",
                (account.0, after, limit),
                change,
            )
        })
        .await
    }
}

/// That the account lacks a thing.
pub(crate) fn missing(what: &'static str) -> Error {
    StoreError::NotFound(what).into()
}
