//! Changes that count once, however often they are asked for (E7).

use std::borrow::Borrow;

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::Connection;
use tallyport_domain::{AccountId, PersonId};
use tallyport_storage::{Done, Once, StoreError};

use crate::errors::Result;
use crate::rows::{Statements, stored};

/// How long an answer is kept.
const KEPT: TimeDelta = TimeDelta::days(30);

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
    let Some(Once { key, request, answer }) = key else { return Ok(Done::Now(make()?)) };
    db.run("DELETE FROM replays WHERE account_id = ?1 AND at < ?2", (account.0, stored(now - KEPT)))?;
    let before = db.one(
        "SELECT request, answer FROM replays WHERE account_id = ?1 AND person_id = ?2 AND key = ?3",
        (account.0, by.0, key),
        |row| Ok((row.get_ref(0)?.as_blob()? == request, row.get(1)?)),
    )?;
    match before {
        Some((true, answer)) => return Ok(Done::Before(answer)),
        Some((false, _)) => return Err(StoreError::ReplayDiffers.into()),
        None => {}
    }
    let made = make()?;
    db.run(
        "INSERT INTO replays (account_id, person_id, key, request, answer, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        (account.0, by.0, key, request, answer(made.borrow()), stored(now)),
    )?;
    Ok(Done::Now(made))
}
