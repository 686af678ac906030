//! What is known when a command is decided: what it is about and no more.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeFrom;

use rusqlite::Connection;
use tallyport_domain::time::{Access, Add, Around, Command, Edit, Footing, Instant, Start, State, Stop, Tracked, When, Write};
use tallyport_domain::{AccountId, EntryId, Name, PersonId, TaskId};
use tallyport_storage::By;

use super::kept::{micros, second};
use super::read;
use crate::changes::missing;
use crate::errors::Result;
use crate::rows::{Statements, counted};

/// How far an account has counted.
pub(super) struct Counts {
    entries: i64,
    changes: i64,
}

impl Counts {
    /// Reads it, for a person who is there.
    pub(super) fn of(db: &Connection, account: AccountId, person: PersonId) -> Result<Self> {
        let sql = "SELECT last_entry, last_change FROM people JOIN accounts USING (account_id)
                   WHERE account_id = ?1 AND person_id = ?2";
        let counts = db.one(sql, (account.0, person.0), |row| Ok(Self { entries: row.get(0)?, changes: row.get(1)? }))?;
        counts.ok_or_else(|| missing("person"))
    }

    /// Takes the numbers of what is made, and one of a change for each write.
    pub(super) fn take(&self, db: &Connection, account: AccountId, writes: &[Write]) -> Result<RangeFrom<i64>> {
        if !writes.is_empty() {
            let made = writes.iter().filter(|write| matches!(write, Write::Create(_)));
            db.run(
                "UPDATE accounts SET last_entry = last_entry + ?2, last_change = last_change + ?3 WHERE account_id = ?1",
                (account.0, counted(made.count()), counted(writes.len())),
            )?;
        }
        Ok(self.changes + 1..)
    }
}

/// Reads it.
pub(super) fn of(
    db: &Connection,
    account: AccountId,
    person: PersonId,
    command: &Command,
    by: &By,
    counts: &Counts,
) -> Result<State> {
    let named = match command {
        Command::Stop(Stop { entry, .. }) | Command::Edit(Edit { entry, .. }) | Command::Delete(entry) => {
            // What is somebody else's is not there for who means this person's (S1).
            read::find(db, account, *entry)?.filter(|named| named.record().person == person)
        }
        Command::Start(_) | Command::Add(_) => None,
    };
    // What is on a task already can be stopped and deleted there, however the task stands by now.
    let there = || named.as_ref().and_then(|named| named.record().details.task);
    let tasks = match command {
        Command::Start(start) => [start.what.task, None],
        Command::Add(add) => [add.what.task, None],
        Command::Edit(edit) => [edit.task.flatten(), there()],
        Command::Stop(_) | Command::Delete(_) => [None, None],
    };
    let tasks: BTreeSet<TaskId> = tasks.into_iter().flatten().collect();
    let mut footings = BTreeMap::new();
    for task in tasks {
        if let Some(footing) = footing(db, account, person, task, by)? {
            footings.insert(task, footing);
        }
    }
    let running = match command {
        Command::Start(_) => read::running(db, account, person)?,
        _ => None,
    };
    let running = match running {
        Some(Tracked::Running(timer)) => Some(timer),
        _ => None,
    };
    let next = EntryId(counts.entries + 1);
    let around = match command {
        Command::Start(Start { at, done: Some(done), .. }) => around(db, account, person, at.unwrap_or(*done))?,
        _ => Around::default(),
    };
    let now = Instant::shown(by.now);
    let taken = match command {
        Command::Add(Add { when: When::OnDay(day, _), .. }) => {
            let there = read::within(db, account, person, day.with_those_beside())?;
            there.iter().map(|tracked| tracked.stretch(now)).collect()
        }
        _ => Vec::new(),
    };
    Ok(State { by: by.person, person, now, next, running, named, around, taken, footings })
}

/// What a start that is told later comes between (E7).
fn around(db: &Connection, account: AccountId, person: PersonId, at: Instant) -> Result<Around> {
    let params = (account.0, person.0, micros(at));
    let before = read::tracked(
        db,
        account,
        "e.person_id = ?2 AND e.started_at <= ?3 AND e.ended_at > ?3 AND e.way = 'switched' ORDER BY e.started_at DESC LIMIT 1",
        params,
    )?;
    let after = db.one(
        "SELECT min(started_at) FROM entries
         WHERE account_id = ?1 AND person_id = ?2 AND started_at > ?3 AND way IN ('stopped', 'switched')",
        params,
        |row| Ok(row.get::<_, Option<i64>>(0)?),
    )?;
    let before = before.into_iter().find_map(|tracked| match tracked {
        Tracked::Ended(entry) => Some(entry),
        Tracked::Running(_) => None,
    });
    Ok(Around { before, after: after.flatten().map(second).transpose()? })
}

/// A task on the way from another one to its root.
pub(super) struct Link {
    pub(super) id: TaskId,
    pub(super) name: Name,
    billable: Option<bool>,
    pub(super) archived_at: Option<i64>,
}

/// A task and what it hangs under, upwards; nothing where it is not there.
pub(super) fn upwards(db: &Connection, account: AccountId, task: TaskId) -> Result<Vec<Link>> {
    let mut links = Vec::new();
    let mut passed = BTreeSet::new();
    let mut next = Some(task);
    // A tree that cannot be must not hang us.
    while let Some(id) = next.filter(|id| passed.insert(*id)) {
        let sql = "SELECT name, billable, archived_at, parent_id FROM tasks WHERE account_id = ?1 AND task_id = ?2";
        let found = db.one(sql, (account.0, id.0), |row| {
            let link =
                Link { id, name: Name::from_source(row.get_ref(0)?.as_str()?), billable: row.get(1)?, archived_at: row.get(2)? };
            Ok((link, row.get::<_, Option<i64>>(3)?.map(TaskId)))
        })?;
        let Some((link, above)) = found else { break };
        links.push(link);
        next = above;
    }
    Ok(links)
}

/// How a task stands to a person (P1, P6, P7, E2).
pub(super) fn footing(db: &Connection, account: AccountId, person: PersonId, task: TaskId, by: &By) -> Result<Option<Footing>> {
    let links = upwards(db, account, task)?;
    let Some(first) = links.first() else { return Ok(None) };
    let archived = first.archived_at.map(second).transpose()?;
    Ok(Some(Footing {
        billable: links.iter().find_map(|link| link.billable),
        path: links.iter().rev().map(|link| link.name.clone()).collect(),
        archived,
        access: access(db, account, person, &links)?,
        // Somebody who manages decides what others track too.
        managed: by.sees_all,
    }))
}

/// Whether one of these gives a person what is below it (P1).
fn access(db: &Connection, account: AccountId, person: PersonId, links: &[Link]) -> Result<Access> {
    for link in links {
        let sql = "SELECT 1 FROM assignments WHERE account_id = ?1 AND task_id = ?2 AND person_id = ?3
                   AND (automatic_since IS NOT NULL OR manual_since IS NOT NULL)";
        if db.one(sql, (account.0, link.id.0, person.0), |_| Ok(()))?.is_some() {
            return Ok(Access::Given);
        }
    }
    let mut last = None;
    for link in links {
        let sql = "SELECT at FROM access_ended WHERE account_id = ?1 AND task_id = ?2 AND person_id = ?3";
        last = last.max(db.one(sql, (account.0, link.id.0, person.0), |row| Ok(row.get::<_, i64>(0)?))?);
    }
    Ok(last.map(second).transpose()?.map_or(Access::Never, Access::Ended))
}
