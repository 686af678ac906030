//! What a sheet shows, and how much time falls on which day and task (E5, E8).

use std::collections::BTreeSet;

use rusqlite::Connection;
use tallyport_domain::time::{Day, DayRange, Span, Way};
use tallyport_domain::{AccountId, EntryId, PersonId, TaskId};
use tallyport_storage::{By, DaySum, SheetRows, TimeOn};

use super::kept::second;
use super::{read, state};
use crate::errors::Result;
use crate::rows::{Statements, unreadable};

/// What a sheet shows; see the port.
pub(super) fn of(db: &Connection, account: AccountId, person: PersonId, days: DayRange, by: &By) -> Result<SheetRows> {
    let sums = sums(db, account, &[person], days)?;
    let running = read::running(db, account, person)?.map(|running| read::row(db, account, running)).transpose()?;
    let mut tasks = Vec::new();
    for task in sums.iter().filter_map(|sum| sum.task).collect::<BTreeSet<TaskId>>() {
        let is_open = state::footing(db, account, person, task, by)?.is_some_and(|footing| footing.is_open());
        tasks.extend(read::task(db, account, task)?.map(|shown| (shown, is_open)));
    }
    Ok(SheetRows { sums, tasks, spans: spans(db, account, person, days)?, running })
}

/// How much time falls on which day and task.
///
/// By person, each a range of one key: a range of days over everybody would be read from end to end.
pub(super) fn sums(db: &Connection, account: AccountId, people: &[PersonId], days: DayRange) -> Result<Vec<DaySum>> {
    let people = if people.is_empty() {
        db.all("SELECT person_id FROM people WHERE account_id = ?1", [account.0], |row| Ok(PersonId(row.get(0)?)))?
    } else {
        people.to_vec()
    };
    let mut sums = Vec::new();
    for person in people {
        sums.extend(db.all(
            "SELECT day, task_id, billable, sum(seconds), count(*) FROM entry_days
             WHERE account_id = ?1 AND person_id = ?2 AND day BETWEEN ?3 AND ?4
             GROUP BY day, task_id, billable ORDER BY day, task_id, billable",
            (account.0, person.0, days.from().number(), days.to().number()),
            |row| {
                Ok(DaySum {
                    person,
                    day: Day::from_number(row.get(0)?),
                    task: row.get::<_, Option<i64>>(1)?.map(TaskId),
                    billable: row.get(2)?,
                    seconds: row.get(3)?,
                    entries: row.get(4)?,
                })
            },
        )?);
    }
    Ok(sums)
}

/// What is tracked on these tasks.
pub(super) fn time_on(db: &Connection, account: AccountId, tasks: &[TaskId]) -> Result<TimeOn> {
    let mut on = TimeOn::default();
    for task in tasks {
        let found = db.one(
            "SELECT count(*) FILTER (WHERE ended_at IS NULL), coalesce(sum(ended_at - started_at), 0) / 1000000 FROM entries
             WHERE account_id = ?1 AND task_id = ?2",
            (account.0, task.0),
            |row| Ok((row.get::<_, u32>(0)?, row.get::<_, i64>(1)?)),
        )?;
        if let Some((running, seconds)) = found {
            on = TimeOn { running: on.running + running, seconds: on.seconds + seconds };
        }
    }
    Ok(on)
}

/// From when to when everything goes that begins on these days or the one before them.
fn spans(db: &Connection, account: AccountId, person: PersonId, days: DayRange) -> Result<Vec<(EntryId, Span)>> {
    db.all(
        "SELECT e.entry_id, e.started_at, e.ended_at, e.way
         FROM entry_days d JOIN entries e ON e.account_id = d.account_id AND e.entry_id = d.entry_id AND e.day = d.day
         WHERE d.account_id = ?1 AND d.person_id = ?2 AND d.day BETWEEN ?3 AND ?4
         ORDER BY e.started_at, e.entry_id",
        (account.0, person.0, days.from().previous().number(), days.to().number()),
        |row| {
            let way = row.get_ref(3)?.as_str()?;
            let way = Way::parse(way).ok_or_else(|| unreadable("a way", way))?;
            let span = Span::new(second(row.get(1)?)?, second(row.get(2)?)?, way).map_err(|bad| unreadable("a span", bad))?;
            Ok((EntryId(row.get(0)?), span))
        },
    )
}
