//! Reports and exports (E5, E8). Members see their own time, managers and administrators everybody's.

mod days;
mod export;
mod rows;

use std::sync::Arc;

use chrono::Weekday;
use tallyport_domain::time::{DayRange, Grouping, Length, Sum, Tag};
use tallyport_domain::{PersonId, TaskId, Zone};
use tallyport_storage::{Axis, EntryTask, Summed, TimeFilter};

use crate::{Actor, Error, Result, Shared};

pub use export::{Export, Exported};

/// Reports and exports.
#[derive(Clone)]
pub struct Reports(pub(crate) Arc<Shared>);

/// Which time is meant, in the words of who asks.
#[derive(Debug, Clone, Default)]
pub struct TimeMeant {
    /// The first day; of a span any day of it. The reader's week where nothing is said.
    pub from: Option<String>,
    /// The last day.
    pub to: Option<String>,
    /// The `day`, `week` or `month` that `from` or today is in, in place of a last day.
    pub span: Option<String>,
    /// Whose; for who manages nobody given is everybody.
    pub people: Vec<PersonId>,
    /// On these tasks and all that hangs under them.
    pub tasks: Vec<TaskId>,
    /// On no task.
    pub no_task: bool,
    /// With one of these tags.
    pub tags: Vec<String>,
    /// Billable or not.
    pub billable: Option<bool>,
}

/// What time adds up to.
#[derive(Debug, Clone)]
pub struct Report {
    /// What its rows are, and the rows within them.
    pub by: Vec<Grouping>,
    /// Over which days.
    pub days: DayRange,
    /// The zone that these days were read in.
    pub zone: Zone,
    /// The first day of the reader's week, 1 for Monday to 7 for Sunday.
    pub week_start: u8,
    /// All of it.
    pub total: Sum,
    /// How much of it is on tasks that are archived now (I9).
    pub archived: Length,
    /// How long all of the days before is: of the month before for a month, else of as many days.
    pub before: Length,
    /// How many people have some of it.
    pub people: u32,
    /// How many days have some of it.
    pub days_with_time: u32,
    /// By what was asked for.
    pub rows: Vec<ReportRow>,
}

/// A row of a report.
#[derive(Debug, Clone)]
pub struct ReportRow {
    /// What it is about.
    pub about: About,
    /// How deep a task is in its tree; 1 for everything else.
    pub level: u32,
    /// What is on it and, of a task, on nothing below it.
    pub own: Sum,
    /// What is on it and below it.
    pub whole: Sum,
    /// Its share of what it is part of, in tenths of a percent of everything. The rows of a level have all of it together, a task
    /// as much as those below it and its own time.
    pub share: u32,
    /// The same told apart further.
    pub rows: Vec<ReportRow>,
}

/// What a row is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// A task; nothing for "No task", and where there is no client or project above it.
    Task(Option<EntryTask>),
    /// A person.
    Person(PersonId, String),
    /// A day, a week or a month.
    Days(DayRange),
    /// A tag; nothing for what has none.
    Tag(Option<Tag>),
    /// Billable or not.
    Billable(bool),
}

impl Reports {
    /// What time adds up to, by one or two groupings; by task where none is given.
    ///
    /// # Errors
    /// Managers and administrators only, of others; `NotFound` for a person; days, tags and groupings that are none.
    pub async fn report(&self, actor: &Actor, by: &[Grouping], meant: &TimeMeant) -> Result<Report> {
        let by = match by {
            [] => vec![Grouping::Task],
            [one] => vec![*one],
            [one, other] if one != other => vec![*one, *other],
            _ => return Err(Error::Invalid("group by one or two different things".to_owned())),
        };
        let (filter, reader) = self.filter(actor, meant).await?;
        let axes: Vec<Axis> = by.iter().filter_map(|grouping| axis(*grouping)).collect();
        let store = &self.0.store;
        let before = async {
            match days::before(filter.days) {
                Some(days) => {
                    let filter = TimeFilter { days, ..filter.clone() };
                    store.total(actor.account(), &filter).await
                }
                None => Ok(Length::ZERO),
            }
        };
        let (summed, before) = tokio::try_join!(store.report(actor.account(), &filter, &axes), before)?;
        let people = if by.contains(&Grouping::Person) { store.people(actor.account()).await? } else { Vec::new() };
        let rows = rows::of(&summed, &people, reader.week, &by);
        let Reader { zone, week_start, .. } = reader;
        let Summed { total, archived, people, days: days_with_time, .. } = summed;
        Ok(Report { by, days: filter.days, zone, week_start, total, archived, before, people, days_with_time, rows })
    }

    /// The entries of which time is meant, to take away.
    ///
    /// # Errors
    /// As [`Reports::report`].
    pub async fn export(&self, actor: &Actor, meant: &TimeMeant) -> Result<Export> {
        let (filter, _) = self.filter(actor, meant).await?;
        let people = self.0.store.people(actor.account()).await?;
        Ok(Export::of(self.0.clone(), actor.account(), filter, people))
    }

    async fn filter(&self, actor: &Actor, meant: &TimeMeant) -> Result<(TimeFilter, Reader)> {
        let reader = self.reader(actor).await?;
        let tags: Result<Vec<Tag>, _> = meant.tags.iter().map(|word| Tag::typed(word)).collect();
        let filter = TimeFilter {
            people: self.people(actor, &meant.people).await?,
            days: days::read(meant, reader.week, &reader.zone, self.0.clock.now())?,
            tasks: meant.tasks.clone(),
            no_task: meant.no_task,
            tags: tags?,
            billable: meant.billable,
        };
        Ok((filter, reader))
    }

    /// Whose time it is about.
    async fn people(&self, actor: &Actor, people: &[PersonId]) -> Result<Vec<PersonId>> {
        let oneself = actor.person().id;
        if !actor.manages() {
            if people.iter().any(|person| *person != oneself) {
                actor.manager("see the time of others")?;
            }
            return Ok(vec![oneself]);
        }
        for person in people {
            self.0.person(actor, *person).await?;
        }
        Ok(people.to_vec())
    }

    async fn reader(&self, actor: &Actor) -> Result<Reader> {
        let profile = self.0.store.profile(actor.account(), actor.person().id).await?.ok_or(Error::SignInRequired)?;
        let week = Weekday::try_from(profile.week_start.saturating_sub(1)).unwrap_or(Weekday::Mon);
        Ok(Reader { zone: profile.zone, week_start: profile.week_start, week })
    }
}

/// Who reads a report.
struct Reader {
    zone: Zone,
    week_start: u8,
    week: Weekday,
}

/// What sums have to be told apart by for a grouping; nothing where each sum tells it anyway.
fn axis(grouping: Grouping) -> Option<Axis> {
    match grouping {
        Grouping::Task | Grouping::Client | Grouping::Project => Some(Axis::Task),
        Grouping::Person => Some(Axis::Person),
        Grouping::Day | Grouping::Week | Grouping::Month => Some(Axis::Day),
        Grouping::Tag => Some(Axis::Tag),
        Grouping::Billable => None,
    }
}
