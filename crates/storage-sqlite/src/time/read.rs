//! Timers and entries as they are told, and how their time adds up (E3–E5).

use std::collections::HashMap;
use std::collections::hash_map::Entry::{Occupied, Vacant};

use rusqlite::{Connection, Params};
use tallyport_domain::time::{DayRange, Tracked};
use tallyport_domain::{AccountId, EntryId, Name, PersonId, TaskId};
use tallyport_storage::{Audited, EntryRow, EntryTask};

use super::kept::{ENTRY, Kept, second};
use crate::errors::Result;
use crate::rows::{Statements, instant};

/// A timer or an entry.
pub(super) fn find(db: &Connection, account: AccountId, entry: EntryId) -> Result<Option<Tracked>> {
    let found = tracked(db, account, "e.entry_id = ?2", (account.0, entry.0))?;
    Ok(found.into_iter().next())
}

/// The timer of a person that runs.
pub(super) fn running(db: &Connection, account: AccountId, person: PersonId) -> Result<Option<Tracked>> {
    let found = tracked(db, account, "e.person_id = ?2 AND e.ended_at IS NULL", (account.0, person.0))?;
    Ok(found.into_iter().next())
}

/// The one of a person that began last.
pub(super) fn last(db: &Connection, account: AccountId, person: PersonId) -> Result<Option<Tracked>> {
    let newest = "e.person_id = ?2 ORDER BY e.started_at DESC, e.entry_id DESC LIMIT 1";
    Ok(tracked(db, account, newest, (account.0, person.0))?.into_iter().next())
}

/// Those that begin on these days or reach into them, the first one first.
pub(super) fn within(db: &Connection, account: AccountId, person: PersonId, days: DayRange) -> Result<Vec<Tracked>> {
    tracked(
        db,
        account,
        "e.entry_id IN (
             SELECT entry_id FROM entry_days WHERE account_id = ?1 AND person_id = ?2 AND day BETWEEN ?3 AND ?4
             UNION ALL
             SELECT entry_id FROM entries WHERE account_id = ?1 AND person_id = ?2 AND ended_at IS NULL AND day BETWEEN ?3 AND ?4
         ) ORDER BY e.started_at, e.entry_id",
        (account.0, person.0, days.from().number(), days.to().number()),
    )
}

/// Those that fulfil a condition, of which the account is the first parameter.
pub(super) fn tracked(db: &Connection, account: AccountId, condition: &str, params: impl Params) -> Result<Vec<Tracked>> {
    let sql = format!("SELECT {ENTRY} FROM entries e WHERE e.account_id = ?1 AND {condition}");
    let kept = db.all(&sql, params, |row| Kept::read(row, Vec::new()))?;
    kept.into_iter()
        .map(|kept| {
            let tags = tags(db, account, EntryId(kept.id))?;
            Kept { tags, ..kept }.tracked()
        })
        .collect()
}

pub(super) fn tags(db: &Connection, account: AccountId, entry: EntryId) -> Result<Vec<String>> {
    db.all(
        "SELECT t.name FROM entry_tags e JOIN tags t ON t.account_id = e.account_id AND t.tag_id = e.tag_id
         WHERE e.account_id = ?1 AND e.entry_id = ?2",
        (account.0, entry.0),
        |row| Ok(row.get(0)?),
    )
}

/// These with their tasks, each of which is looked up once.
pub(super) fn rows(db: &Connection, account: AccountId, tracked: Vec<Tracked>) -> Result<Vec<EntryRow>> {
    let mut known: HashMap<TaskId, Option<EntryTask>> = HashMap::new();
    let mut rows = Vec::with_capacity(tracked.len());
    for tracked in tracked {
        let Some(id) = tracked.record().details.task else {
            rows.push(EntryRow { tracked, task: None });
            continue;
        };
        let task = match known.entry(id) {
            Occupied(known) => known.get().clone(),
            Vacant(place) => place.insert(task(db, account, id)?).clone(),
        };
        rows.push(EntryRow { tracked, task });
    }
    Ok(rows)
}

/// One with its task.
pub(super) fn row(db: &Connection, account: AccountId, tracked: Tracked) -> Result<EntryRow> {
    let task = match tracked.record().details.task {
        Some(id) => task(db, account, id)?,
        None => None,
    };
    Ok(EntryRow { tracked, task })
}

/// A task as an entry shows it.
pub(super) fn task(db: &Connection, account: AccountId, id: TaskId) -> Result<Option<EntryTask>> {
    placed(id, &super::state::upwards(db, account, id)?)
}

/// A task at the foot of what it hangs under.
pub(super) fn placed(id: TaskId, chain: &[super::state::Link]) -> Result<Option<EntryTask>> {
    let Some(first) = chain.first() else { return Ok(None) };
    let archived = first.archived_at.map(second).transpose()?;
    let path: Vec<Name> = chain.iter().rev().map(|link| link.name.clone()).collect();
    Ok(Some(EntryTask { id, path, archived }))
}

/// What was done to one, the first thing first.
pub(super) fn history(db: &Connection, account: AccountId, entry: EntryId) -> Result<Vec<Audited>> {
    db.all(
        "SELECT by_id, at, before, after, number FROM audit WHERE account_id = ?1 AND entry_id = ?2 ORDER BY number",
        (account.0, entry.0),
        |row| {
            let [before, after] = [Kept::on_record(row, 2)?, Kept::on_record(row, 3)?];
            Ok(Audited { number: row.get(4)?, by: PersonId(row.get(0)?), at: instant(row.get(1)?)?, before, after })
        },
    )
}
