//! What a person decides for themselves (E5).

use chrono::{DateTime, Utc};
use rusqlite::Connection;
use tallyport_domain::{AccountId, PersonId, Zone};
use tallyport_storage::{Profile, ProfileChange, Subject};

use crate::changes::{missing, noted};
use crate::errors::Result;
use crate::rows::{Statements, zone};

/// What stands for a person.
pub(crate) fn find(db: &Connection, account: AccountId, person: PersonId) -> Result<Option<Profile>> {
    db.one(
        "SELECT coalesce(p.zone, a.zone), p.zone IS NOT NULL, coalesce(p.week_start, a.week_start), p.week_start IS NOT NULL
         FROM people p JOIN accounts a USING (account_id) WHERE p.account_id = ?1 AND p.person_id = ?2",
        (account.0, person.0),
        |row| Ok(Profile { zone: zone(row, 0)?, own_zone: row.get(1)?, week_start: row.get(2)?, own_week_start: row.get(3)? }),
    )
}

/// Changes what is given; see the port.
pub(crate) fn set(
    db: &Connection,
    account: AccountId,
    person: PersonId,
    change: &ProfileChange,
    now: DateTime<Utc>,
) -> Result<Profile> {
    let key = (account.0, person.0);
    if let Some(name) = &change.name {
        db.run("UPDATE people SET name = ?3 WHERE account_id = ?1 AND person_id = ?2", (key.0, key.1, name))?;
    }
    if let Some(zone) = &change.zone {
        let zone = zone.as_ref().map(Zone::as_str);
        db.run("UPDATE people SET zone = ?3 WHERE account_id = ?1 AND person_id = ?2", (key.0, key.1, zone))?;
    }
    if let Some(day) = change.week_start {
        db.run("UPDATE people SET week_start = ?3 WHERE account_id = ?1 AND person_id = ?2", (key.0, key.1, day))?;
    }
    let profile = find(db, account, person)?.ok_or_else(|| missing("person"))?;
    if *change != ProfileChange::default() {
        noted(db, account, Subject::Person(person), Some(person), now)?;
    }
    Ok(profile)
}
