//! Links that work once: for a new password, and to prove a new address (A6, A7).

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::Connection;
use tallyport_domain::{AccountId, EMAIL_LINK_LASTS, Email, MailKind, PersonId, RESET_LASTS, SecretHash};
use tallyport_storage::{Link, LinkFor, NewLink, StoreError};

use crate::changes::{Counter, missing, take};
use crate::errors::Result;
use crate::outbox::{self, About};
use crate::rows::{self, Statements, email, stored};
use crate::secrets::{self, Opens};
use crate::{passwords, people};

/// The word for a link to set a password.
pub(crate) const RESET: &str = "reset";
const EMAIL: &str = "email";

/// Makes a link; see the port.
pub(crate) fn make(db: &Connection, account: AccountId, person: PersonId, new: &NewLink, now: DateTime<Utc>) -> Result<()> {
    people::known_active(db, account, person)?;
    let (word, address, mail, lasts) = match &new.purpose {
        LinkFor::Password => (RESET, None, MailKind::Reset, RESET_LASTS),
        LinkFor::Email(address) => (EMAIL, Some(address), MailKind::Email, EMAIL_LINK_LASTS),
    };
    if let Some(address) = address
        && people::by_email(db, account, address)?.is_some_and(|other| other.id != person)
    {
        return Err(StoreError::EmailTaken.into());
    }
    delete(db, account, person, word)?;
    let id = take(db, account, Counter::Secret, 1)?;
    db.run(
        "INSERT INTO links (account_id, link_id, person_id, purpose, email, made_by, made_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        (account.0, id, person.0, word, address.map(Email::as_str), new.by.0, stored(now)),
    )?;
    if let Some(hash) = &new.hash {
        arm(db, account, id, hash, lasts, now)?;
    }
    if new.mailed {
        outbox::queue(db, account, mail, About::Link(person, id), now)?;
    }
    Ok(())
}

/// Gives a link its secret, from now on the only one that works.
pub(crate) fn arm(
    db: &Connection,
    account: AccountId,
    id: i64,
    hash: &SecretHash,
    lasts: TimeDelta,
    now: DateTime<Utc>,
) -> Result<()> {
    secrets::put(db, account, Opens::Link, id, hash)?;
    let sql = "UPDATE links SET expires_at = ?3 WHERE account_id = ?1 AND link_id = ?2";
    db.run(sql, (account.0, id, stored(now + lasts))).map(drop)
}

/// What a link is for, where it works.
pub(crate) fn find(db: &Connection, hash: &SecretHash, now: DateTime<Utc>) -> Result<Option<Link>> {
    let Some((account, id)) = secrets::find(db, Opens::Link, hash)? else { return Ok(None) };
    let found = db.one(
        "SELECT p.person_id, p.email, p.name, p.role, p.active, l.email
         FROM links l JOIN people p USING (account_id, person_id)
         WHERE l.account_id = ?1 AND l.link_id = ?2 AND l.expires_at > ?3 AND p.active",
        (account.0, id, stored(now)),
        |row| {
            let purpose = match row.get_ref(5)?.as_str_or_null()? {
                Some(_) => LinkFor::Email(email(row, 5)?),
                None => LinkFor::Password,
            };
            Ok((rows::person(row)?, purpose))
        },
    )?;
    let Some((person, purpose)) = found else { return Ok(None) };
    Ok(Some(Link { account: people::known_account(db, account)?, person, purpose }))
}

/// Sets the password that a link is for; see the port.
pub(crate) fn reset(db: &Connection, hash: &SecretHash, password: &str, now: DateTime<Utc>) -> Result<Link> {
    let link = find(db, hash, now)?.filter(|link| link.purpose == LinkFor::Password).ok_or_else(|| missing("link"))?;
    // The link goes with the old password.
    passwords::set(db, link.account.id, link.person.id, password, None, link.person.id, now)?;
    Ok(link)
}

/// Gives somebody the address that a link proves; see the port.
pub(crate) fn confirm(db: &Connection, hash: &SecretHash, now: DateTime<Utc>) -> Result<Link> {
    match find(db, hash, now)? {
        Some(Link { account, person, purpose: LinkFor::Email(address) }) => {
            // The link goes with the old address.
            let person = people::set_email(db, account.id, person.id, &address, person.id, now)?;
            Ok(Link { account, person, purpose: LinkFor::Email(address) })
        }
        _ => Err(missing("link")),
    }
}

/// Deletes somebody's link for one purpose.
pub(crate) fn delete(db: &Connection, account: AccountId, person: PersonId, purpose: &str) -> Result<()> {
    let sql = "DELETE FROM links WHERE account_id = ?1 AND person_id = ?2 AND purpose = ?3 RETURNING link_id";
    let gone: Option<i64> = db.one(sql, (account.0, person.0, purpose), |row| Ok(row.get(0)?))?;
    gone.map_or(Ok(()), |id| secrets::take(db, account, Opens::Link, id))
}

/// Deletes all of somebody's links.
pub(crate) fn delete_of(db: &Connection, account: AccountId, person: PersonId) -> Result<()> {
    [RESET, EMAIL].into_iter().try_for_each(|purpose| delete(db, account, person, purpose))
}
