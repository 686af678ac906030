//! Writing what was decided of somebody's time: its row, its days, its tags, and who did it (E3, E6).

use rusqlite::Connection;
use tallyport_domain::time::{Calendar, Command, Entry, Footing, State, Stop, Tags, Tracked, Way, Write, decide};
use tallyport_domain::{AccountId, EntryId, PersonId};
use tallyport_storage::{By, EntryRow, EntryTask, Still, StoreError, Subject, Tracking};

use super::kept::Kept;
use super::{read, state};
use crate::changes::{Counter, missing, numbered, take};
use crate::errors::Result;
use crate::rows::{Statements, json, stored};

/// Something done at once: all that it writes has the number of its first change.
pub(super) struct Writing<'a> {
    pub(super) db: &'a Connection,
    pub(super) account: AccountId,
    pub(super) by: &'a By,
    step: Option<i64>,
}

impl<'a> Writing<'a> {
    pub(super) fn new(db: &'a Connection, account: AccountId, by: &'a By) -> Self {
        Self { db, account, by, step: None }
    }

    /// The number of the step, where anything was written.
    pub(super) fn step(&self) -> Option<i64> {
        self.step
    }

    /// Does what a command says; see the port.
    pub(super) fn track(&mut self, person: PersonId, command: &Command, still: Option<&Still<EntryRow>>) -> Result<Tracking> {
        let (db, account) = (self.db, self.account);
        let sql = "SELECT 1 FROM people WHERE account_id = ?1 AND person_id = ?2";
        db.one(sql, (account.0, person.0), |_| Ok(()))?.ok_or_else(|| missing("person"))?;
        let state = state::of(db, account, person, command, self.by)?;
        if let (Some(still), Some(named)) = (still, &state.named) {
            still.check(&read::row(db, account, named.clone())?)?;
        }
        let change = decide(&state, command).map_err(StoreError::Refused)?;
        let mut ended = None;
        for write in &change.writes {
            let before =
                of(write).map(|id| there(&state, id).map_or_else(|| read::find(db, account, id), |there| Ok(Some(there))));
            self.write(person, write, before.transpose()?.flatten().as_ref())?;
            if let Write::Replace(other) = write
                && other.record().id != change.result.record().id
            {
                ended = Some(read::row(db, account, other.clone())?);
            }
        }
        let step = self.step.filter(|_| !change.writes.is_empty());
        let task = change.result.record().details.task;
        let row = match task.and_then(|task| Some((task, state.footings.get(&task)?))) {
            // What was decided by need not be looked up again.
            Some((id, Footing { path, archived, .. })) => {
                EntryRow { tracked: change.result, task: Some(EntryTask { id, path: path.clone(), archived: *archived }) }
            }
            None => read::row(db, account, change.result)?,
        };
        Ok(Tracking { row, ended, told: change.told, step })
    }

    /// Writes one thing in place of what was there before, with who did it.
    pub(super) fn write(&mut self, person: PersonId, write: &Write, before: Option<&Tracked>) -> Result<()> {
        let (db, account, by) = (self.db, self.account, self.by);
        let (id, after) = match write {
            Write::Create(made) => (made.record().id, Some(made)),
            Write::Replace(other) => (other.record().id, Some(other)),
            Write::Delete(id) => (*id, None),
        };
        let tags_stay = match (before, after) {
            (Some(before), Some(after)) => before.record().details.tags == after.record().details.tags,
            _ => false,
        };
        // A timer that runs is on no day yet.
        if let Some(Tracked::Ended(_)) = before {
            db.run("DELETE FROM entry_days WHERE account_id = ?1 AND entry_id = ?2", (account.0, id.0))?;
        }
        if before.is_some() && !tags_stay {
            db.run("DELETE FROM entry_tags WHERE account_id = ?1 AND entry_id = ?2", (account.0, id.0))?;
        }
        match (before, after) {
            (None, Some(made)) => insert(db, account, made)?,
            (Some(_), Some(other)) => update(db, account, other)?,
            (_, None) => {
                db.run("DELETE FROM entries WHERE account_id = ?1 AND entry_id = ?2", (account.0, id.0))?;
            }
        }
        if let Some(after) = after {
            if !tags_stay {
                tag(db, account, id, &after.record().details.tags)?;
            }
            if let Tracked::Ended(entry) = after {
                days(db, account, entry)?;
            }
        }
        let number = numbered(db, account, Subject::Entry(id, person), Some(by.person), by.now)?;
        let step = *self.step.get_or_insert(number);
        let action = match (before, after) {
            (None, _) => "created",
            (_, Some(_)) => "changed",
            (_, None) => "deleted",
        };
        let written = |side: Option<&Tracked>| side.map(|tracked| json(&Kept::of(tracked))).transpose();
        db.run(
            "INSERT INTO audit (account_id, number, step, entry_id, action, by_id, at, before, after)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            (account.0, number, step, id.0, action, by.person.0, stored(by.now), written(before)?, written(after)?),
        )?;
        Ok(())
    }
}

/// Which one is written anew or taken away.
pub(super) fn of(write: &Write) -> Option<EntryId> {
    match write {
        Write::Create(_) => None,
        Write::Replace(other) => Some(other.record().id),
        Write::Delete(id) => Some(*id),
    }
}

/// What is known already of one of those that a command is about.
fn there(state: &State, id: EntryId) -> Option<Tracked> {
    let running = state.running.iter().cloned().map(Tracked::Running);
    state.named.iter().cloned().chain(running).find(|tracked| tracked.record().id == id)
}

/// Stops the timer of a person who is deactivated (A5).
pub(crate) fn stop(db: &Connection, account: AccountId, person: PersonId, by: &By) -> Result<()> {
    let Some(running) = read::running(db, account, person)? else { return Ok(()) };
    let stop = Stop { entry: running.record().id, at: None };
    Writing::new(db, account, by).track(person, &Command::Stop(stop), None).map(drop)
}

fn insert(db: &Connection, account: AccountId, made: &Tracked) -> Result<()> {
    write(
        db,
        "INSERT INTO entries (account_id, entry_id, person_id, task_id, started_at, ended_at, way, zone, day, note, billable,
                              stepped_back, made_by, made_at, changed_by, changed_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
        account,
        made,
    )
}

fn update(db: &Connection, account: AccountId, other: &Tracked) -> Result<()> {
    write(
        db,
        "UPDATE entries SET person_id = ?3, task_id = ?4, started_at = ?5, ended_at = ?6, way = ?7, zone = ?8, day = ?9, note = ?10,
                            billable = ?11, stepped_back = ?12, made_by = ?13, made_at = ?14, changed_by = ?15, changed_at = ?16
         WHERE account_id = ?1 AND entry_id = ?2",
        account,
        other,
    )
}

fn write(db: &Connection, sql: &str, account: AccountId, tracked: &Tracked) -> Result<()> {
    let kept = Kept::of(tracked);
    let day = Calendar::of(&tracked.record().zone).day_of(tracked.start()).number();
    db.run(
        sql,
        rusqlite::params![
            account.0,
            kept.id,
            kept.person,
            kept.task,
            kept.started_at,
            kept.ended_at,
            kept.way.map(Way::as_str),
            kept.zone,
            day,
            kept.note,
            kept.billable,
            kept.stepped_back,
            kept.made.0,
            kept.made.1,
            kept.changed.0,
            kept.changed.1,
        ],
    )
    .map(drop)
}

fn days(db: &Connection, account: AccountId, entry: &Entry) -> Result<()> {
    let Entry { record, .. } = entry;
    for (day, length) in entry.days() {
        db.run(
            "INSERT INTO entry_days (account_id, person_id, day, entry_id, task_id, billable, seconds)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            (
                account.0,
                record.person.0,
                day.number(),
                record.id.0,
                record.details.task.map(|task| task.0),
                record.details.billable,
                length.seconds(),
            ),
        )?;
    }
    Ok(())
}

/// Gives an entry its tags; a word that the account has not had yet is its own from now on, as it is first typed.
fn tag(db: &Connection, account: AccountId, entry: EntryId, tags: &Tags) -> Result<()> {
    for tag in tags.iter() {
        let sql = "SELECT tag_id FROM tags WHERE account_id = ?1 AND tag_key = ?2";
        let known = db.one(sql, (account.0, tag.key()), |row| Ok(row.get::<_, i64>(0)?))?;
        let id = if let Some(id) = known {
            id
        } else {
            let id = take(db, account, Counter::Tag, 1)?;
            let sql = "INSERT INTO tags (account_id, tag_id, name, tag_key) VALUES (?1, ?2, ?3, ?4)";
            db.run(sql, (account.0, id, tag.as_str(), tag.key()))?;
            id
        };
        db.run("INSERT INTO entry_tags (account_id, entry_id, tag_id) VALUES (?1, ?2, ?3)", (account.0, entry.0, id))?;
    }
    Ok(())
}
