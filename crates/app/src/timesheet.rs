//! A person's sheet: their time by task and day, with totals and with what is to be looked at (E2, E4, E5).

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::Weekday;
use tallyport_domain::time::{
    Calendar, Cell, Day, DayRange, Field, Instant, Length, Overlap, Refusal, Span, Stretch, Typed, overlaps,
};
use tallyport_domain::{EntryId, PersonId, TaskId, Zone};
use tallyport_storage::{Done, EntryRow, EntryTask, Filled, Once};

use crate::time::Time;
use crate::{Actor, Error, Result, Shared};

/// Sheets.
#[derive(Clone)]
pub struct Timesheets(pub(crate) Arc<Shared>);

/// Which days a sheet shows.
#[derive(Debug, Clone, Default)]
pub struct SheetDays {
    /// A day of the week that is meant; today where nothing is given.
    pub date: Option<String>,
    /// That day alone, and not its week.
    pub day_alone: bool,
    /// The first day, in place of a date.
    pub from: Option<String>,
    /// The last day.
    pub to: Option<String>,
}

/// A sheet.
#[derive(Debug, Clone)]
pub struct Timesheet {
    /// Whose.
    pub person: PersonId,
    /// Which days.
    pub days: Vec<SheetDay>,
    /// The zone of the days (E5).
    pub zone: Zone,
    /// The first day of the person's week.
    pub week_start: Weekday,
    /// By task, in the order of paths, "No task" first.
    pub rows: Vec<SheetRow>,
    /// All of it.
    pub total: Length,
    /// The timer that runs, which no total has in it.
    pub timer: Option<EntryRow>,
    /// What is to be looked at (E4).
    pub notices: Vec<SheetNotice>,
}

/// A day of a sheet.
#[derive(Debug, Clone, Copy)]
pub struct SheetDay {
    /// Which one.
    pub day: Day,
    /// How long it is: 23, 24 or 25 hours, or what else the zone has.
    pub length: Length,
    /// How much time is on it.
    pub time: Length,
}

/// A task of a sheet.
#[derive(Debug, Clone)]
pub struct SheetRow {
    /// The task.
    pub task: Option<EntryTask>,
    /// Whether more time can be tracked there.
    pub is_open: bool,
    /// Its days, in their order: how much time, and of how many entries.
    pub cells: Vec<(Length, i64)>,
    /// All of them.
    pub time: Length,
}

/// Something that is pointed out and never changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SheetNotice {
    /// Time that is counted twice.
    Overlap(Overlap),
    /// A timer that was left running.
    Overlong(EntryId, Length),
}

/// What was typed into a cell.
#[derive(Debug, Clone)]
pub struct CellToFill {
    /// Its row; nothing for "No task".
    pub task: Option<TaskId>,
    /// Its column.
    pub date: String,
    /// The text.
    pub text: String,
}

impl Timesheets {
    /// The sheet of a person, one's own where nobody is named.
    ///
    /// # Errors
    /// Managers and administrators only, of others; days that are none, or more than a year of them.
    pub async fn show(&self, actor: &Actor, person: Option<PersonId>, days: &SheetDays) -> Result<Timesheet> {
        let time = Time(self.0.clone());
        let person = time.whose(actor, person, "see the time of others").await?;
        let profile = self.0.store.profile(actor.account(), person).await?.ok_or(Error::NotFound("person"))?;
        let clock = time.clock(actor, person, None).await?;
        let week_start = Weekday::try_from(profile.week_start.saturating_sub(1)).unwrap_or(Weekday::Mon);
        let days = if days.from.is_some() || days.to.is_some() {
            clock.days(days.from.as_deref(), days.to.as_deref())?
        } else {
            let date = days.date.as_deref().map_or_else(|| Ok(clock.today()), |date| clock.day(date))?;
            if days.day_alone { DayRange::of(date) } else { date.week(week_start) }
        };
        let kept = self.0.store.sheet(actor.account(), person, days, &time.by(actor)).await?;
        let calendar = Calendar::of(&clock.zone);
        let mut times: BTreeMap<Day, Length> = BTreeMap::new();
        let mut cells: BTreeMap<Option<TaskId>, BTreeMap<Day, (Length, i64)>> = BTreeMap::new();
        for sum in &kept.sums {
            let length = Length::from_seconds(sum.seconds).unwrap_or_default();
            let day = times.entry(sum.day).or_default();
            *day = *day + length;
            let cell = cells.entry(sum.task).or_default().entry(sum.day).or_default();
            *cell = (cell.0 + length, cell.1 + sum.entries);
        }
        let known: BTreeMap<TaskId, (EntryTask, bool)> =
            kept.tasks.into_iter().map(|(task, is_open)| (task.id, (task, is_open))).collect();
        let mut rows: Vec<SheetRow> = cells
            .into_iter()
            .map(|(task, cells)| {
                let (task, is_open) = match task {
                    None => (None, true),
                    Some(task) => known.get(&task).map_or((None, false), |(task, is_open)| (Some(task.clone()), *is_open)),
                };
                let cells: Vec<(Length, i64)> = days.days().map(|day| cells.get(&day).copied().unwrap_or_default()).collect();
                let time = cells.iter().map(|(time, _)| *time).sum();
                SheetRow { task, is_open, cells, time }
            })
            .collect();
        rows.sort_by(|one, other| one.task.as_ref().map(|task| &task.path).cmp(&other.task.as_ref().map(|task| &task.path)));
        let of_day = |day| SheetDay { day, length: calendar.length_of(day), time: times.get(&day).copied().unwrap_or_default() };
        Ok(Timesheet {
            person,
            days: days.days().map(of_day).collect(),
            week_start,
            rows,
            total: times.values().copied().sum(),
            notices: notices(&kept.spans, kept.running.as_ref(), clock.now),
            timer: kept.running,
            zone: clock.zone,
        })
    }

    /// Makes a cell hold what was typed into it (E9), in one step that [`Time::undo`] takes back.
    ///
    /// # Errors
    /// A text that is no duration; `ReplayDiffers`; as adding and changing entries.
    pub async fn fill(
        &self,
        actor: &Actor,
        person: Option<PersonId>,
        cell: &CellToFill,
        once: Option<Once<Filled>>,
    ) -> Result<Done<Filled>> {
        let time = Time(self.0.clone());
        let person = time.whose(actor, person, "add time for others").await?;
        let clock = time.clock(actor, person, None).await?;
        let typed = Typed::read(&cell.text, Field::Cell).map_err(Refusal::from).map_err(Error::Time)?;
        let cell = Cell { task: cell.task, day: clock.day(&cell.date)?, zone: clock.zone, typed };
        Ok(self.0.store.fill_once(actor.account(), person, &cell, &time.by(actor), once).await?)
    }
}

/// What is counted twice and what was left running, in the order in which it begins.
fn notices(spans: &[(EntryId, Span)], running: Option<&EntryRow>, now: Instant) -> Vec<SheetNotice> {
    let mut stretches: Vec<Stretch> =
        spans.iter().map(|(entry, span)| Stretch { start: span.start(), end: span.end(), entry: *entry }).collect();
    let timer = running.map(|row| row.tracked.stretch(now));
    stretches.extend(timer);
    let over = |stretch: &Stretch| stretch.end.since(stretch.start);
    let left = timer.into_iter().filter(|timer| over(timer) > Span::OVERLONG);
    let left = left.map(|timer| SheetNotice::Overlong(timer.entry, over(&timer)));
    let long = spans.iter().filter(|(_, span)| span.is_overlong());
    let long = long.map(|(entry, span)| SheetNotice::Overlong(*entry, span.length()));
    overlaps(&stretches).into_iter().map(SheetNotice::Overlap).chain(long).chain(left).collect()
}
