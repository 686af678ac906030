//! Writing what was decided of somebody's time: its row, its days, its tags, and who did it (E3, E6).

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, params_from_iter};
use tallyport_domain::time::{Command, Day, Entry, Footing, State, Stop, Tags, Tracked, Write, decide};
use tallyport_domain::{AccountId, EntryId, PersonId};
use tallyport_storage::{By, EntryRow, EntryTask, Still, StoreError, Subject, Tracking};

use super::kept::{Kept, listed_on};
use super::state::Counts;
use super::{read, state};
use crate::changes::{Counter, noted_as, take};
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
        let counts = Counts::of(db, account, person)?;
        let state = state::of(db, account, person, command, self.by, &counts)?;
        if let (Some(still), Some(named)) = (still, &state.named) {
            still.check(&read::row(db, account, named.clone())?)?;
        }
        let change = decide(&state, command).map_err(StoreError::Refused)?;
        let numbers = counts.take(db, account, &change.writes)?;
        let mut ended = None;
        for (write, number) in change.writes.iter().zip(numbers) {
            let before =
                of(write).map(|id| there(&state, id).map_or_else(|| read::find(db, account, id), |there| Ok(Some(there))));
            self.write(person, write, before.transpose()?.flatten().as_ref(), number)?;
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

    /// Writes one thing in place of what was there before, with who did it, under the number of a change.
    pub(super) fn write(&mut self, person: PersonId, write: &Write, before: Option<&Tracked>, number: i64) -> Result<()> {
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
        let [was, is] = [before, after].map(|tracked| tracked.map(|tracked| (Kept::of(tracked), listed_on(tracked))));
        let action = match (&was, &is) {
            (None, Some((made, day))) => {
                insert(db, account, made.id, &made.columns(*day))?;
                "created"
            }
            (Some((was, from)), Some((is, to))) => {
                update(db, account, is.id, &was.columns(*from), &is.columns(*to))?;
                "changed"
            }
            (_, None) => {
                db.run("DELETE FROM entries WHERE account_id = ?1 AND entry_id = ?2", (account.0, id.0))?;
                "deleted"
            }
        };
        if let Some(after) = after {
            if !tags_stay {
                tag(db, account, id, &after.record().details.tags)?;
            }
            if let Tracked::Ended(entry) = after {
                days(db, account, entry)?;
            }
        }
        noted_as(db, account, number, Subject::Entry(id, person), Some(by.person), by.now)?;
        let step = *self.step.get_or_insert(number);
        let written = |side: Option<(Kept, Day)>| side.map(|(kept, _)| json(&kept)).transpose();
        db.run(
            "INSERT INTO audit (account_id, number, step, entry_id, action, by_id, at, before, after)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            (account.0, number, step, id.0, action, by.person.0, stored(by.now), written(was)?, written(is)?),
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

/// A value with the name of its column.
type Column<'a> = (&'static str, ValueRef<'a>);

fn insert(db: &Connection, account: AccountId, entry: i64, columns: &[Column<'_>]) -> Result<()> {
    db.run(
        "INSERT INTO entries (account_id, entry_id, person_id, task_id, started_at, ended_at, way, zone, day, note, billable,
                              stepped_back, made_by, made_at, changed_by, changed_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
        params_from_iter(params(account, entry, columns)),
    )
    .map(drop)
}

/// Writes just what is another one: indexes over the other columns are left alone.
fn update(db: &Connection, account: AccountId, entry: i64, was: &[Column<'_>], is: &[Column<'_>]) -> Result<()> {
    let changed: Vec<Column<'_>> = was.iter().zip(is).filter(|(was, is)| was != is).map(|(_, is)| *is).collect();
    if changed.is_empty() {
        return Ok(());
    }
    let set: Vec<String> = changed.iter().zip(3..).map(|((name, _), place)| format!("{name} = ?{place}")).collect();
    let sql = format!("UPDATE entries SET {} WHERE account_id = ?1 AND entry_id = ?2", set.join(", "));
    db.run(&sql, params_from_iter(params(account, entry, &changed))).map(drop)
}

fn params<'a>(account: AccountId, entry: i64, columns: &[Column<'a>]) -> impl Iterator<Item = ToSqlOutput<'a>> {
    let key = [account.0, entry].map(ValueRef::Integer);
    key.into_iter().chain(columns.iter().map(|(_, value)| *value)).map(ToSqlOutput::Borrowed)
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
