//! What time adds up to, and entries to take away (E5, E8).

use std::collections::BTreeMap;

use async_trait::async_trait;
use tallyport_domain::time::{Day, DayRange, Instant, Length, Sum, Tag};
use tallyport_domain::{AccountId, EntryId, PersonId, TagId, TaskId};

use crate::{EntryRow, Result, TaskRow};

/// The time of an account as reports look at it: what is over, since nobody knows yet how long a timer will run.
#[async_trait]
pub trait ReportStore: Send + Sync {
    /// How much of the time that a filter lets through falls on what, by these axes; all of one moment.
    async fn report(&self, account: AccountId, filter: &TimeFilter, by: &[Axis]) -> Result<Summed>;

    /// How long all is that a filter lets through, and nothing else about it.
    async fn total(&self, account: AccountId, filter: &TimeFilter) -> Result<Length>;

    /// Entries of which a filter lets time through, by person, start and number: so many at most, after a place.
    async fn exported(
        &self,
        account: AccountId,
        filter: &TimeFilter,
        after: Option<EntryPlace>,
        limit: u32,
    ) -> Result<Vec<ExportedEntry>>;
}

/// Which time counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeFilter {
    /// Whose; nobody given is everybody.
    pub people: Vec<PersonId>,
    /// On which days, each entry's being those of its own zone (E5).
    pub days: DayRange,
    /// On these tasks and all that hangs under them; none given is any.
    pub tasks: Vec<TaskId>,
    /// On no task: beside those of `tasks`, or alone.
    pub no_task: bool,
    /// With one of these tags; none given is with any or without.
    pub tags: Vec<Tag>,
    /// Billable or not; either where it is not said.
    pub billable: Option<bool>,
}

impl TimeFilter {
    /// All time of some days.
    #[must_use]
    pub fn of(days: DayRange) -> Self {
        Self { people: Vec::new(), days, tasks: Vec::new(), no_task: false, tags: Vec::new(), billable: None }
    }
}

/// What sums are told apart by. Whether time is billable is told of each sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Axis {
    /// The task.
    Task,
    /// The person.
    Person,
    /// The day.
    Day,
    /// The tag; an entry with several counts under each.
    Tag,
}

impl Axis {
    /// Every axis.
    pub const ALL: [Self; 4] = [Self::Task, Self::Person, Self::Day, Self::Tag];
}

/// What time adds up to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summed {
    /// All that the filter lets through, each second once.
    pub total: Sum,
    /// How much of it is on tasks that are archived now (I9).
    pub archived: Length,
    /// How many people have some of it.
    pub people: u32,
    /// How many days have some of it.
    pub days: u32,
    /// What falls on what, in the order of the places.
    pub parts: Vec<Part>,
    /// The tasks of these places with all that they hang under, in display order, whoever may see them (P6).
    pub tasks: Vec<TaskRow>,
    /// The tags of these places.
    pub tags: BTreeMap<TagId, Tag>,
}

/// What falls on a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Where.
    pub place: SumPlace,
    /// How much.
    pub sum: Sum,
    /// How much of it falls on no place before: the same but for tags, of which an entry may have several. What is counted once
    /// adds up to all there is.
    pub once: Sum,
}

/// Where time falls by the axes that were asked for; nothing for the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct SumPlace {
    /// The task; nothing for "No task".
    pub task: Option<TaskId>,
    /// The person.
    pub person: Option<PersonId>,
    /// The day.
    pub day: Option<Day>,
    /// The tag; nothing for what has none.
    pub tag: Option<TagId>,
}

/// Where an entry stands among those that are exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct EntryPlace {
    /// Whose it is.
    pub person: PersonId,
    /// When it begins.
    pub start: Instant,
    /// Its number.
    pub entry: EntryId,
}

/// An entry to take away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportedEntry {
    /// The entry.
    pub row: EntryRow,
    /// How much of it falls on the days that were asked for: what a report over them counts.
    pub counted: Length,
}

impl ExportedEntry {
    /// Where it stands.
    #[must_use]
    pub fn place(&self) -> EntryPlace {
        let record = self.row.tracked.record();
        EntryPlace { person: record.person, start: self.row.tracked.start(), entry: record.id }
    }
}
