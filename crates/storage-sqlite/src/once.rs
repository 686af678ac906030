//! Changes that count once, however often they are asked for (E7).

use std::borrow::Borrow;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use rusqlite::Connection;
use tallyport_domain::{ANSWERS_KEPT, AccountId, PersonId};
use tallyport_storage::{Done, Once, ReplayStore, StoreError};

use crate::Sqlite;
use crate::errors::Result;
use crate::rows::{Statements, stored};

/// Makes a change, unless one was made under the same key before: then its answer stands.
///
/// # Errors
/// What making it fails with; `ReplayDiffers` where the key was used for another request.
pub(crate) fn once<T: Borrow<V>, V: ?Sized>(
    db: &Connection,
    account: AccountId,
    by: PersonId,
    now: DateTime<Utc>,
    key: Option<&Once<V>>,
    make: impl FnOnce() -> Result<T>,
) -> Result<Done<T>> {
    once_if(db, account, by, now, key, make, |_| true)
}

/// The same where not all that is made counts.
pub(crate) fn once_if<T: Borrow<V>, V: ?Sized>(
    db: &Connection,
    account: AccountId,
    by: PersonId,
    now: DateTime<Utc>,
    key: Option<&Once<V>>,
    make: impl FnOnce() -> Result<T>,
    counts: impl FnOnce(&T) -> bool,
) -> Result<Done<T>> {
    let Some(Once { key, request, answer }) = key else { return Ok(Done::Now(make()?)) };
    db.run("DELETE FROM replays WHERE account_id = ?1 AND at < ?2", (account.0, stored(now - ANSWERS_KEPT)))?;
    if let Some(answer) = before(db, account, by, key, request, now)? {
        return Ok(Done::Before(answer));
    }
    let made = make()?;
    if !counts(&made) {
        return Ok(Done::Now(made));
    }
    db.run(
        "INSERT INTO replays (account_id, person_id, key, request, answer, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        (account.0, by.0, key, request, answer(made.borrow()), stored(now)),
    )?;
    Ok(Done::Now(made))
}

/// What was answered under a key.
fn before(
    db: &Connection,
    account: AccountId,
    person: PersonId,
    key: &str,
    request: &[u8; 32],
    now: DateTime<Utc>,
) -> Result<Option<Vec<u8>>> {
    let before = db.one(
        "SELECT request, answer FROM replays WHERE account_id = ?1 AND person_id = ?2 AND key = ?3 AND at >= ?4",
        (account.0, person.0, key, stored(now - ANSWERS_KEPT)),
        |row| Ok((row.get_ref(0)?.as_blob()? == request, row.get(1)?)),
    )?;
    match before {
        Some((true, answer)) => Ok(Some(answer)),
        Some((false, _)) => Err(StoreError::ReplayDiffers.into()),
        None => Ok(None),
    }
}

#[async_trait]
impl ReplayStore for Sqlite {
    async fn replayed(
        &self,
        account: AccountId,
        person: PersonId,
        key: &str,
        request: [u8; 32],
        now: DateTime<Utc>,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let key = key.to_owned();
        self.read(move |db| before(db, account, person, &key, &request, now)).await
    }
}
