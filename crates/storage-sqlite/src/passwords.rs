//! Passwords, of which nothing but a hash is kept (A4, A7).

use chrono::{DateTime, Utc};
use rusqlite::Connection;
use tallyport_domain::{AccountId, Email, PersonId, SessionId};
use tallyport_storage::{Credentials, Subject};

use crate::changes::noted;
use crate::errors::Result;
use crate::rows::{self, Statements};
use crate::{links, people, sessions};

/// Everybody who could be meant by an address; see the port.
pub(crate) fn credentials(db: &Connection, account: Option<AccountId>, email: &Email) -> Result<Vec<Credentials>> {
    // Account by account, since every index leads with it.
    db.all(
        "SELECT p.person_id, p.email, p.name, p.role, p.active, p.password_hash, a.account_id
         FROM accounts a CROSS JOIN people p ON p.account_id = a.account_id AND p.email_key = ?1
         WHERE ?2 IS NULL OR a.account_id = ?2 ORDER BY a.account_id",
        (email.key(), account.map(|account| account.0)),
        |row| Ok(Credentials { account: AccountId(row.get(6)?), person: rows::person(row)?, password_hash: row.get(5)? }),
    )
}

/// The hash of somebody's password.
pub(crate) fn get(db: &Connection, account: AccountId, person: PersonId) -> Result<Option<String>> {
    let sql = "SELECT password_hash FROM people WHERE account_id = ?1 AND person_id = ?2";
    Ok(db.one(sql, (account.0, person.0), |row| Ok(row.get(0)?))?.flatten())
}

/// Sets somebody's password; see the port.
pub(crate) fn set(
    db: &Connection,
    account: AccountId,
    person: PersonId,
    hash: &str,
    keep: Option<SessionId>,
    by: PersonId,
    now: DateTime<Utc>,
) -> Result<()> {
    people::known(db, account, person)?;
    db.run("UPDATE people SET password_hash = ?3 WHERE account_id = ?1 AND person_id = ?2", (account.0, person.0, hash))?;
    sessions::end_all(db, account, person, keep)?;
    links::delete(db, account, person, links::RESET)?;
    noted(db, account, Subject::Person(person), Some(by), now)
}

/// Replaces the hash of a password by another one of the same; see the port.
pub(crate) fn rehash(db: &Connection, account: AccountId, person: PersonId, old: &str, new: &str) -> Result<()> {
    let sql = "UPDATE people SET password_hash = ?4 WHERE account_id = ?1 AND person_id = ?2 AND password_hash = ?3";
    db.run(sql, (account.0, person.0, old, new)).map(drop)
}
