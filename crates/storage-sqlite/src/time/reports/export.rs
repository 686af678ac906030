//! Entries to take away, page by page, so that nothing is read while somebody slowly takes what was read before.

use std::collections::HashMap;

use rusqlite::Connection;
use tallyport_domain::time::{Day, DayRange, Length};
use tallyport_domain::{AccountId, PersonId, TaskId};
use tallyport_storage::{EntryPlace, EntryRow, EntryTask, ExportedEntry, TimeFilter};

use super::super::kept::{ENTRY, Kept, micros};
use super::super::{read, state};
use super::people;
use crate::errors::Result;
use crate::rows::{Statements as _, unreadable};

/// Where the entries of a person begin that reach into some days.
pub(super) const FIRST: &str = "
    SELECT min(e.started_at)
    FROM entry_days d CROSS JOIN entries e ON e.account_id = d.account_id AND e.entry_id = d.entry_id
    WHERE d.account_id = ?1 AND d.person_id = ?2 AND d.day BETWEEN ?3 AND ?4";

/// The entries of a person after a place, and what of each falls on some days; nothing where nothing does.
pub(super) fn after() -> String {
    format!(
        "SELECT {ENTRY}, (SELECT sum(d.seconds) FROM entry_days d INDEXED BY entry_days_entry
                          WHERE d.account_id = e.account_id AND d.entry_id = e.entry_id AND d.day BETWEEN ?6 AND ?7)
         FROM entries e
         WHERE e.account_id = ?1 AND e.person_id = ?2 AND (e.started_at, e.entry_id) > (?3, ?4) AND e.started_at < ?5
         ORDER BY e.started_at, e.entry_id"
    )
}

/// How many columns [`ENTRY`] has.
const ENTRY_WIDTH: usize = 14;

/// A page of those of which a filter lets time through.
pub(super) fn page(
    db: &Connection,
    account: AccountId,
    filter: &TimeFilter,
    after: Option<EntryPlace>,
    limit: u32,
) -> Result<Vec<ExportedEntry>> {
    let mut page = Page {
        db,
        account,
        filter,
        tasks: HashMap::new(),
        limit: usize::try_from(limit).unwrap_or(usize::MAX),
        entries: Vec::new(),
    };
    for person in people(db, account, filter)? {
        let begin = match after {
            Some(after) if after.person > person => continue,
            Some(after) if after.person == person => (micros(after.start), after.entry.0),
            _ => (first(db, account, person, filter.days)?, 0),
        };
        page.person(person, begin)?;
        if page.is_full() {
            break;
        }
    }
    Ok(page.entries)
}

/// The instant before which no entry of a person begins that has time on these days.
fn first(db: &Connection, account: AccountId, person: PersonId, days: DayRange) -> Result<i64> {
    // On the day after too: a zone may leave the first one out.
    let params = (account.0, person.0, days.from().number(), days.from().next().number());
    let reaching = db.one(FIRST, params, |row| Ok(row.get::<_, Option<i64>>(0)?))?.flatten();
    let begins = day_in_micros(days.from().previous());
    Ok(reaching.map_or(begins, |reaching| reaching.min(begins)))
}

/// When a day begins in UTC. In any zone it begins less than a day before or after.
fn day_in_micros(day: Day) -> i64 {
    day.number() * Length::DAY.seconds() * 1_000_000
}

/// A page while it is filled.
struct Page<'a> {
    db: &'a Connection,
    account: AccountId,
    filter: &'a TimeFilter,
    /// Each task that an entry is on, and whether the filter lets it through.
    tasks: HashMap<TaskId, (Option<EntryTask>, bool)>,
    limit: usize,
    entries: Vec<ExportedEntry>,
}

impl Page<'_> {
    fn is_full(&self) -> bool {
        self.entries.len() >= self.limit
    }

    /// Adds the entries of a person after a place.
    fn person(&mut self, person: PersonId, (start, entry): (i64, i64)) -> Result<()> {
        let days = self.filter.days;
        let end = day_in_micros(days.to().next()) + Length::DAY.seconds() * 1_000_000;
        let mut statement = self.db.prepare_cached(&after())?;
        let (from, to) = (days.from().number(), days.to().number());
        let mut rows = statement.query((self.account.0, person.0, start, entry, end, from, to))?;
        while let Some(row) = rows.next()? {
            let Some(seconds) = row.get::<_, Option<i64>>(ENTRY_WIDTH)? else { continue };
            let kept = Kept::read(row, Vec::new())?;
            if let Some(exported) = self.entry(kept, seconds)? {
                self.entries.push(exported);
            }
            if self.is_full() {
                break;
            }
        }
        Ok(())
    }

    /// An entry with all that belongs to it, if the filter lets it through.
    fn entry(&mut self, kept: Kept, seconds: i64) -> Result<Option<ExportedEntry>> {
        let TimeFilter { tasks, no_task, tags, billable, .. } = self.filter;
        if billable.is_some_and(|wanted| wanted != kept.billable) {
            return Ok(None);
        }
        let (task, is_wanted) = match kept.task {
            Some(task) => self.task(TaskId(task))?,
            None => (None, *no_task || tasks.is_empty()),
        };
        if !is_wanted {
            return Ok(None);
        }
        let words = read::tags(self.db, self.account, tallyport_domain::EntryId(kept.id))?;
        let tracked = Kept { tags: words, ..kept }.tracked()?;
        let has = &tracked.record().details.tags;
        if !tags.is_empty() && !has.iter().any(|tag| tags.contains(tag)) {
            return Ok(None);
        }
        let counted = Length::from_seconds(seconds).ok_or_else(|| unreadable("a duration", seconds))?;
        Ok(Some(ExportedEntry { row: EntryRow { tracked, task }, counted }))
    }

    /// A task, and whether the filter lets it through: each is looked up once.
    fn task(&mut self, task: TaskId) -> Result<(Option<EntryTask>, bool)> {
        if let Some(known) = self.tasks.get(&task) {
            return Ok(known.clone());
        }
        let chain = state::upwards(self.db, self.account, task)?;
        let TimeFilter { tasks, no_task, .. } = self.filter;
        let is_wanted = if tasks.is_empty() { !*no_task } else { chain.iter().any(|link| tasks.contains(&link.id)) };
        let found = (read::placed(task, &chain)?, is_wanted);
        self.tasks.insert(task, found.clone());
        Ok(found)
    }
}
