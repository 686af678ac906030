//! People's time: timers and entries (E1–E7).

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use tallyport_domain::time::{Cell, Command, Day, DayRange, Instant, Length, Span, Told, Tracked};
use tallyport_domain::{AccountId, EntryId, Name, PersonId, TaskId};

use crate::{Done, Once, Result, Still};

/// The time of an account.
#[async_trait]
pub trait TimeStore: Send + Sync {
    /// Does what a command says with a person's time, all of it or nothing: what [`decide`](tallyport_domain::time::decide) makes of
    /// it and of what is there at that moment (E1, E7). The day rows, the tags that are new, an audit row and a change row for each
    /// timer or entry go with it (E3, E6).
    ///
    /// # Errors
    /// `Refused`; `NotFound` for the person; `ReplayDiffers`.
    async fn track_once(
        &self,
        account: AccountId,
        person: PersonId,
        command: &Command,
        by: &By,
        once: Option<Once<Tracking>>,
    ) -> Result<Done<Tracking>>;

    /// The same without a key.
    ///
    /// # Errors
    /// As [`TimeStore::track_once`].
    async fn track(&self, account: AccountId, person: PersonId, command: &Command, by: &By) -> Result<Tracking> {
        Ok(self.track_once(account, person, command, by, None).await?.now())
    }

    /// The same while the named timer or entry still is what somebody saw.
    ///
    /// # Errors
    /// As [`TimeStore::track_once`]; `Changed`.
    async fn track_if(
        &self,
        account: AccountId,
        person: PersonId,
        command: &Command,
        by: &By,
        still: Option<Still<EntryRow>>,
    ) -> Result<Tracking>;

    /// Does several commands in one step: all of them or none, and [`TimeStore::undo`] takes all of them back.
    ///
    /// # Errors
    /// As [`TimeStore::track_once`], of the first that is refused.
    async fn track_all(&self, account: AccountId, commands: &[(PersonId, Command)], by: &By) -> Result<Step>;

    /// Makes a cell of a person's week hold what was typed, in one step.
    ///
    /// # Errors
    /// As [`TimeStore::track_once`].
    async fn fill_once(
        &self,
        account: AccountId,
        person: PersonId,
        cell: &Cell,
        by: &By,
        once: Option<Once<Filled>>,
    ) -> Result<Done<Filled>>;

    /// Takes back what somebody did in one step, as [`Undo`](tallyport_domain::time::Undo) decides. This is a step too.
    ///
    /// # Errors
    /// `Refused`.
    async fn undo(&self, account: AccountId, step: i64, by: &By) -> Result<Step>;

    /// A timer or an entry.
    async fn entry(&self, account: AccountId, entry: EntryId) -> Result<Option<EntryRow>>;

    /// The timer of a person that runs.
    async fn running(&self, account: AccountId, person: PersonId) -> Result<Option<EntryRow>>;

    /// What a person tracked last: the timer or entry that began last.
    async fn last_entry(&self, account: AccountId, person: PersonId) -> Result<Option<EntryRow>>;

    /// Timers and entries of a person that begin on these days of their zones or reach into them, the first one first; a timer counts
    /// as of its start.
    async fn entries(&self, account: AccountId, person: PersonId, days: DayRange) -> Result<Vec<EntryRow>>;

    /// What a person's sheet of these days shows, all as of one moment.
    async fn sheet(&self, account: AccountId, person: PersonId, days: DayRange, by: &By) -> Result<SheetRows>;

    /// How much time of these people falls on which day and task, billable and not: what sheets and reports add up. Nobody given is
    /// everybody. In the order of people, days and tasks.
    async fn sums(&self, account: AccountId, people: &[PersonId], days: DayRange) -> Result<Vec<DaySum>>;

    /// What is tracked on these tasks themselves, by whomever (I13).
    async fn time_on(&self, account: AccountId, tasks: &[TaskId]) -> Result<TimeOn>;

    /// What was done to a timer or an entry, the first thing first; of one that was deleted too (E3).
    async fn entry_history(&self, account: AccountId, entry: EntryId) -> Result<Vec<Audited>>;
}

/// Who does something with somebody's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct By {
    /// Who.
    pub person: PersonId,
    /// Whether they see the whole tree (P7).
    pub sees_all: bool,
    /// When, by our clock.
    pub now: DateTime<Utc>,
}

/// What became of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tracking {
    /// What it was about, as it stands now; what was deleted as it stood before.
    pub row: EntryRow,
    /// The timer that a start ended (E1).
    pub ended: Option<EntryRow>,
    /// What the person is told because it is not as they did it (E7).
    pub told: Option<Told>,
    /// The step that it is, for [`TimeStore::undo`]; none where nothing was changed: a timer that was stopped already is left as it
    /// is (E7).
    pub step: Option<i64>,
}

/// What somebody did at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its number, for [`TimeStore::undo`]; none where nothing was changed.
    pub number: Option<i64>,
    /// What became of each: as it stands now, what was deleted as it stood before.
    pub rows: Vec<EntryRow>,
}

/// What a cell of somebody's week holds now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    /// What was done for that.
    pub step: Step,
    /// How much time is in the cell.
    pub cell: Length,
    /// How much time is on its day.
    pub day: Length,
}

/// What a sheet shows of a person's days.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SheetRows {
    /// How much time falls on which day and task.
    pub sums: Vec<DaySum>,
    /// The tasks of those sums, with whether the person may track more there.
    pub tasks: Vec<(EntryTask, bool)>,
    /// From when to when everything goes that is over, the first one first.
    pub spans: Vec<(EntryId, Span)>,
    /// The timer that runs.
    pub running: Option<EntryRow>,
}

/// A timer or an entry with its task as it is called now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryRow {
    /// The timer or entry.
    pub tracked: Tracked,
    /// Its task.
    pub task: Option<EntryTask>,
}

/// The task of an entry, which its person is shown whether they still have it or not (P6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryTask {
    /// Which one.
    pub id: TaskId,
    /// The names from the root of its tree down to it.
    pub path: Vec<Name>,
    /// Since when it is archived.
    pub archived: Option<Instant>,
}

/// How much time falls on a day and a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DaySum {
    /// Whose.
    pub person: PersonId,
    /// When.
    pub day: Day,
    /// On what; nothing for "No task".
    pub task: Option<TaskId>,
    /// Whether it is billable.
    pub billable: bool,
    /// How much, in seconds.
    pub seconds: i64,
    /// Of how many entries.
    pub entries: i64,
}

/// What is tracked on some tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TimeOn {
    /// How many timers run there.
    pub running: u32,
    /// How much time is there, in seconds.
    pub seconds: i64,
}

/// One thing that was done to a timer or an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audited {
    /// The number of its change, by which these are in order.
    pub number: i64,
    /// Who did it.
    pub by: PersonId,
    /// When.
    pub at: DateTime<Utc>,
    /// What it was before; nothing where it was made.
    pub before: Option<Tracked>,
    /// What it was after; nothing where it was deleted.
    pub after: Option<Tracked>,
}
