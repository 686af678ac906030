//! What a sheet shows, and how much time falls on which day and task (E5, E8).

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use rusqlite::Connection;
use tallyport_domain::time::{Access, Day, DayRange, Footing, Span, Way};
use tallyport_domain::{AccountId, EntryId, Name, PersonId, TaskId};
use tallyport_storage::{By, DaySum, EntryTask, SheetRows, TimeOn};

use super::kept::second;
use super::read;
use super::reports::DAYS;
use crate::errors::Result;
use crate::rows::{Statements, unreadable};

/// A task, and whether an assignment gives it to a person.
pub(super) const LINK: &str = "
    SELECT t.name, t.archived_at, t.parent_id, EXISTS (
        SELECT 1 FROM assignments a WHERE a.account_id = t.account_id AND a.task_id = t.task_id AND a.person_id = ?3
        AND (a.automatic_since IS NOT NULL OR a.manual_since IS NOT NULL)
    ) FROM tasks t WHERE t.account_id = ?1 AND t.task_id = ?2";

/// What a sheet shows; see the port.
pub(super) fn of(db: &Connection, account: AccountId, person: PersonId, days: DayRange, by: &By) -> Result<SheetRows> {
    let sums = sums(db, account, &[person], days)?;
    let running = read::running(db, account, person)?.map(|running| read::row(db, account, running)).transpose()?;
    let mut ways = Ways { db, account, person, links: HashMap::new() };
    let mut tasks = Vec::new();
    for task in sums.iter().filter_map(|sum| sum.task).collect::<BTreeSet<TaskId>>() {
        tasks.extend(ways.task(task, by)?);
    }
    Ok(SheetRows { sums, tasks, spans: spans(db, account, person, days)?, running })
}

/// What tasks hang under, each of which is looked up once however many of them there are.
struct Ways<'a> {
    db: &'a Connection,
    account: AccountId,
    person: PersonId,
    links: HashMap<TaskId, Option<Link>>,
}

struct Link {
    name: Name,
    archived_at: Option<i64>,
    above: Option<TaskId>,
    /// Whether the person has it by itself.
    is_given: bool,
}

impl Ways<'_> {
    /// A task as an entry shows it, and whether the person may track more there.
    fn task(&mut self, task: TaskId, by: &By) -> Result<Option<(EntryTask, bool)>> {
        let Some(archived) = self.link(task)?.map(|link| link.archived_at) else { return Ok(None) };
        let archived = archived.map(second).transpose()?;
        let (mut path, mut access, mut passed) = (Vec::new(), Access::Never, BTreeSet::new());
        let mut next = Some(task);
        // A tree that cannot be must not hang us.
        while let Some(id) = next.filter(|id| passed.insert(*id)) {
            let Some(link) = self.link(id)? else { break };
            path.push(link.name.clone());
            next = link.above;
            if link.is_given {
                access = Access::Given;
            }
        }
        path.reverse();
        // What was over earlier opens nothing now, nor does what the task is billed as.
        let footing = Footing { billable: None, path: Vec::new(), archived, access, managed: by.sees_all };
        Ok(Some((EntryTask { id: task, path, archived }, footing.is_open())))
    }

    fn link(&mut self, task: TaskId) -> Result<Option<&Link>> {
        let link = match self.links.entry(task) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(self.db.one(LINK, (self.account.0, task.0, self.person.0), |row| {
                Ok(Link {
                    name: Name::from_source(row.get_ref(0)?.as_str()?),
                    archived_at: row.get(1)?,
                    above: row.get::<_, Option<i64>>(2)?.map(TaskId),
                    is_given: row.get(3)?,
                })
            })?),
        };
        Ok(link.as_ref())
    }
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
        // Few at a time, which are in order sooner here than in the engine.
        let mut added: BTreeMap<(i64, Option<i64>, bool), (i64, i64)> = BTreeMap::new();
        db.all(DAYS, (account.0, person.0, days.from().number(), days.to().number()), |row| {
            let (seconds, entries) = added.entry((row.get(0)?, row.get(1)?, row.get(2)?)).or_default();
            *seconds += row.get::<_, i64>(3)?;
            *entries += 1;
            Ok(())
        })?;
        sums.extend(added.into_iter().map(|((day, task, billable), (seconds, entries))| {
            let (day, task) = (Day::from_number(day), task.map(TaskId));
            DaySum { person, day, task, billable, seconds, entries }
        }));
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
