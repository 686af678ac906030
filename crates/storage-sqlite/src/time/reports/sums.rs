//! How much time falls on what.

use std::collections::{BTreeSet, HashSet};

use rusqlite::{Connection, Row};
use rustc_hash::FxHashMap;
use tallyport_domain::time::{Day, Length, Sum};
use tallyport_domain::{AccountId, PersonId, TagId, TaskId};
use tallyport_storage::{Axis, Part, SumPlace, Summed, TaskRow, TimeFilter};

use super::filter::Filter;
use super::{people, places};
use crate::errors::Result;
use crate::rows::{Statements as _, counted, unreadable};

/// The days of a person.
pub(in crate::time) const DAYS: &str = "
    SELECT day, task_id, billable, seconds FROM entry_days
    WHERE account_id = ?1 AND person_id = ?2 AND day BETWEEN ?3 AND ?4";

/// The same with which entry it is, which costs more than it looks like where there are many.
pub(super) const ENTRY_DAYS: &str = "
    SELECT day, task_id, billable, seconds, entry_id FROM entry_days
    WHERE account_id = ?1 AND person_id = ?2 AND day BETWEEN ?3 AND ?4";

/// The same with the tags of each entry: once for each, and once with none where there is none.
pub(super) const TAGGED_DAYS: &str = "
    SELECT d.day, d.task_id, d.billable, d.seconds, d.entry_id, t.tag_id
    FROM entry_days d LEFT JOIN entry_tags t ON t.account_id = d.account_id AND t.entry_id = d.entry_id
    WHERE d.account_id = ?1 AND d.person_id = ?2 AND d.day BETWEEN ?3 AND ?4
    ORDER BY d.day, d.entry_id";

/// Something where a task is archived.
pub(super) const ARCHIVED: &str = "SELECT 1 FROM tasks WHERE account_id = ?1 AND task_id = ?2 AND archived_at IS NOT NULL";

/// All of a person's days together.
pub(super) const TOTAL: &str = "
    SELECT coalesce(sum(seconds), 0) FROM entry_days
    WHERE account_id = ?1 AND person_id = ?2 AND day BETWEEN ?3 AND ?4";

/// How long all is that a filter lets through. Where any time will do, no row leaves the engine.
pub(super) fn total(db: &Connection, account: AccountId, filter: &TimeFilter) -> Result<Length> {
    let TimeFilter { people: _, days, tasks, no_task, tags, billable } = filter;
    if *no_task || !tasks.is_empty() || !tags.is_empty() || billable.is_some() {
        return Ok(report(db, account, filter, &[])?.total.time);
    }
    let mut total = 0;
    for person in people(db, account, filter)? {
        let params = (account.0, person.0, days.from().number(), days.to().number());
        total += db.one(TOTAL, params, |row| Ok(row.get::<_, i64>(0)?))?.unwrap_or_default();
    }
    length(total)
}

/// Adds up what a filter lets through.
pub(super) fn report(db: &Connection, account: AccountId, filter: &TimeFilter, by: &[Axis]) -> Result<Summed> {
    let lets = Filter::read(db, account, filter)?;
    let mut adding = Adding::by(by);
    for person in people(db, account, filter)? {
        adding.person(db, account, person, filter, &lets)?;
    }
    adding.summed(db, account)
}

/// What is known so far.
#[expect(clippy::struct_excessive_bools, reason = "one for each axis")]
struct Adding {
    task: bool,
    person: bool,
    day: bool,
    tag: bool,
    total: Seconds,
    people: usize,
    days: HashSet<i64>,
    /// Hashed quickly: all in a place are numbers that we gave ourselves, among which nobody can plant any that collide.
    sums: FxHashMap<Place, Falls>,
    /// What falls on each task, where the places do not tell it.
    on_tasks: FxHashMap<i64, i64>,
}

/// A place, in numbers: nothing is 0, which no task, person or tag has.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
struct Place {
    task: i64,
    person: i64,
    day: i64,
    tag: i64,
}

/// All of it, and what is billable.
#[derive(Clone, Copy, Default)]
struct Seconds {
    all: i64,
    billable: i64,
}

/// What falls on a place, and what of it falls on none before.
#[derive(Clone, Copy, Default)]
struct Falls {
    sum: Seconds,
    once: Seconds,
}

fn length(seconds: i64) -> Result<Length> {
    Length::from_seconds(seconds).ok_or_else(|| unreadable("a duration", seconds))
}

impl Seconds {
    fn add(&mut self, seconds: i64, billable: bool) {
        self.all += seconds;
        self.billable += if billable { seconds } else { 0 };
    }

    fn sum(self) -> Result<Sum> {
        Ok(Sum { time: length(self.all)?, billable: length(self.billable)? })
    }
}

impl Adding {
    fn by(by: &[Axis]) -> Self {
        let has = |axis| by.contains(&axis);
        Self {
            task: has(Axis::Task),
            person: has(Axis::Person),
            day: has(Axis::Day),
            tag: has(Axis::Tag),
            total: Seconds::default(),
            people: 0,
            days: HashSet::new(),
            sums: FxHashMap::default(),
            on_tasks: FxHashMap::default(),
        }
    }

    fn person(
        &mut self,
        db: &Connection,
        account: AccountId,
        person: PersonId,
        filter: &TimeFilter,
        lets: &Filter,
    ) -> Result<()> {
        let (from, to) = (filter.days.from().number(), filter.days.to().number());
        let sql = match (self.tag, lets.asks_for_entries()) {
            (true, _) => TAGGED_DAYS,
            (false, true) => ENTRY_DAYS,
            (false, false) => DAYS,
        };
        let mut statement = db.prepare_cached(sql)?;
        let mut rows = statement.query((account.0, person.0, from, to))?;
        let mut last = None;
        while let Some(row) = rows.next()? {
            last = self.row(row, person, lets, last)?;
        }
        self.people += usize::from(last.is_some());
        Ok(())
    }

    /// Counts a row; `last` is the day and the entry that were counted last.
    fn row(&mut self, row: &Row<'_>, person: PersonId, lets: &Filter, last: Option<(i64, i64)>) -> Result<Option<(i64, i64)>> {
        let (day, task): (i64, Option<i64>) = (row.get(0)?, row.get(1)?);
        let (billable, seconds): (bool, i64) = (row.get(2)?, row.get(3)?);
        let entry = if self.tag || lets.asks_for_entries() { row.get(4)? } else { 0 };
        if seconds == 0 || !lets.lets(entry, task.map(TaskId), billable) {
            return Ok(last);
        }
        let is_first = !self.tag || last != Some((day, entry));
        if is_first {
            self.total.add(seconds, billable);
            if let Some(task) = task.filter(|_| !self.task) {
                *self.on_tasks.entry(task).or_default() += seconds;
            }
            if last.is_none_or(|(before, _)| before != day) {
                self.days.insert(day);
            }
        }
        let tag = if self.tag { row.get::<_, Option<i64>>(5)?.unwrap_or_default() } else { 0 };
        let place = Place {
            task: task.filter(|_| self.task).unwrap_or_default(),
            person: if self.person { person.0 } else { 0 },
            day: if self.day { day } else { 0 },
            tag,
        };
        let falls = self.sums.entry(place).or_default();
        falls.sum.add(seconds, billable);
        if is_first {
            falls.once.add(seconds, billable);
        }
        Ok(Some((day, entry)))
    }

    /// What falls on tasks that are archived now.
    fn archived(&self, db: &Connection, account: AccountId, tasks: &[TaskRow]) -> Result<i64> {
        if self.task {
            let archived: HashSet<i64> =
                tasks.iter().filter(|row| row.task.archived.is_some()).map(|row| row.task.id.0).collect();
            let on = self.sums.iter().filter(|(place, _)| archived.contains(&place.task));
            return Ok(on.map(|(_, falls)| falls.once.all).sum());
        }
        let mut seconds = 0;
        for (task, on) in &self.on_tasks {
            seconds += db.one(ARCHIVED, (account.0, task), |_| Ok(*on))?.unwrap_or_default();
        }
        Ok(seconds)
    }

    fn summed(self, db: &Connection, account: AccountId) -> Result<Summed> {
        let given = |number: i64| (number != 0).then_some(number);
        let told = |(place, falls): (&Place, &Falls)| {
            let place = SumPlace {
                task: given(place.task).map(TaskId),
                person: given(place.person).map(PersonId),
                day: self.day.then(|| Day::from_number(place.day)),
                tag: given(place.tag).map(TagId),
            };
            Ok(Part { place, sum: falls.sum.sum()?, once: falls.once.sum()? })
        };
        let mut parts = self.sums.iter().map(told).collect::<Result<Vec<_>>>()?;
        parts.sort_unstable_by_key(|part| part.place);
        let tasks: BTreeSet<TaskId> = parts.iter().filter_map(|part| part.place.task).collect();
        let tags: BTreeSet<TagId> = parts.iter().filter_map(|part| part.place.tag).collect();
        let tasks = places::tasks(db, account, &tasks)?;
        Ok(Summed {
            total: self.total.sum()?,
            archived: length(self.archived(db, account, &tasks)?)?,
            people: counted(self.people),
            days: counted(self.days.len()),
            parts,
            tasks,
            tags: places::tags(db, account, &tags)?,
        })
    }
}
