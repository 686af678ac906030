//! What is done to several entries at once, and taken back at once (E3).

use std::collections::BTreeSet;

use rusqlite::Connection;
use tallyport_domain::time::{Cell, Command, DayRange, Deed, Instant, Length, Mark, Refusal, Tracked, Undo, Write};
use tallyport_domain::{AccountId, PersonId, TaskId};
use tallyport_storage::{By, DaySum, EntryRow, Filled, Step, StoreError};

use super::kept::Kept;
use super::write::{self, Writing};
use super::{read, sheet, state};
use crate::changes::{Counter, take};
use crate::errors::{Error, Result};
use crate::rows::{Statements, instant};

/// Does several commands, and says which one is refused; see the port.
pub(super) fn all(db: &Connection, account: AccountId, commands: &[(PersonId, Command)], by: &By) -> Result<Step> {
    each(db, account, commands, by, |command, error| match (command.entry(), error) {
        (Some(entry), Error::Refused(StoreError::Refused(refusal))) => StoreError::RefusedOne { entry, refusal }.into(),
        (_, error) => error,
    })
}

fn each(
    db: &Connection,
    account: AccountId,
    commands: &[(PersonId, Command)],
    by: &By,
    refused: impl Fn(&Command, Error) -> Error,
) -> Result<Step> {
    let mut writing = Writing::new(db, account, by);
    let mut rows = Vec::with_capacity(commands.len());
    for (person, command) in commands {
        rows.push(writing.track(*person, command, None).map_err(|error| refused(command, error))?.row);
    }
    Ok(Step { number: writing.step(), rows })
}

/// Makes a cell hold what was typed; see the port.
pub(super) fn fill(db: &Connection, account: AccountId, person: PersonId, cell: &Cell, by: &By) -> Result<Filled> {
    let there = read::within(db, account, person, cell.day.with_those_beside())?;
    let commands = cell.commands(&there, Instant::shown(by.now)).map_err(StoreError::Refused)?;
    let commands: Vec<_> = commands.into_iter().map(|command| (person, command)).collect();
    let step = each(db, account, &commands, by, |_, error| error)?;
    let sums = sheet::sums(db, account, &[person], DayRange::of(cell.day))?;
    let held = |in_it: &dyn Fn(&DaySum) -> bool| -> Length {
        sums.iter().filter(|sum| in_it(sum)).filter_map(|sum| Length::from_seconds(sum.seconds)).sum()
    };
    Ok(Filled { step, cell: held(&|sum| sum.task == cell.task), day: held(&|_| true) })
}

/// Takes a step back; see the port.
pub(super) fn undo(db: &Connection, account: AccountId, step: i64, by: &By) -> Result<Step> {
    let mut done = None;
    let mut deeds = Vec::new();
    let mut person = by.person;
    for (mark, before, after) in deeds_of(db, account, step)? {
        let either = after.as_ref().or(before.as_ref()).map(Tracked::record);
        let Some(record) = either else { continue };
        person = record.person;
        done = done.or(Some(mark));
        let there = read::find(db, account, record.id)?;
        deeds.push(Deed { before, after, there });
    }
    let done = done.ok_or(StoreError::Refused(Refusal::NoStep))?;
    let meant: BTreeSet<TaskId> =
        deeds.iter().filter_map(|deed| deed.before.as_ref()).filter_map(|before| before.record().details.task).collect();
    let mut tasks = BTreeSet::new();
    for task in meant {
        if !state::upwards(db, account, task)?.is_empty() {
            tasks.insert(task);
        }
    }
    let running = read::running(db, account, person)?.map(|running| running.record().id);
    let undo = Undo { by: by.person, now: Instant::shown(by.now), done, deeds, running, tasks };
    let mut writing = Writing::new(db, account, by);
    let mut rows = Vec::new();
    for write in undo.decide().map_err(StoreError::Refused)? {
        rows.push(undone(&mut writing, &write, person)?);
    }
    Ok(Step { number: writing.step(), rows: rows.into_iter().flatten().collect() })
}

fn undone(writing: &mut Writing<'_>, write: &Write, person: PersonId) -> Result<Option<EntryRow>> {
    let (whose, shown) = match write {
        Write::Create(tracked) | Write::Replace(tracked) => (tracked.record().person, Some(tracked.clone())),
        Write::Delete(_) => (person, None),
    };
    let before = write::of(write).map(|id| read::find(writing.db, writing.account, id)).transpose()?.flatten();
    let number = take(writing.db, writing.account, Counter::Change, 1)?;
    writing.write(whose, write, before.as_ref(), number)?;
    shown.map(|tracked| read::row(writing.db, writing.account, tracked)).transpose()
}

type Done = (Mark, Option<Tracked>, Option<Tracked>);

fn deeds_of(db: &Connection, account: AccountId, step: i64) -> Result<Vec<Done>> {
    // Its rows follow one another, from its own number on.
    db.all(
        "SELECT by_id, at, before, after FROM audit
         WHERE account_id = ?1 AND step = ?2 AND number >= ?2 AND number < coalesce(
             (SELECT number FROM audit WHERE account_id = ?1 AND number > ?2 AND step <> ?2 ORDER BY number LIMIT 1),
             9223372036854775807
         ) ORDER BY number",
        (account.0, step),
        |row| {
            let mark = Mark { by: PersonId(row.get(0)?), at: Instant::shown(instant(row.get(1)?)?) };
            Ok((mark, Kept::on_record(row, 2)?, Kept::on_record(row, 3)?))
        },
    )
}
