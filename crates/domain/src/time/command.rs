//! What people do with their time, and what it changes (E1–E7).

use std::collections::BTreeMap;

use super::{Day, Entry, Footing, Instant, Length, Lost, Note, Refusal, Stretch, Tags, Timer, Tracked, add, edit, start, stop};
use crate::{EntryId, PersonId, TaskId, Zone};

/// What somebody does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Starts a timer.
    Start(Start),
    /// Stops one.
    Stop(Stop),
    /// Adds an entry.
    Add(Add),
    /// Changes a timer or an entry.
    Edit(Edit),
    /// Takes one away.
    Delete(EntryId),
}

impl Command {
    /// The timer or entry that it names.
    #[must_use]
    pub fn entry(&self) -> Option<EntryId> {
        match self {
            Self::Start(_) | Self::Add(_) => None,
            Self::Stop(stop) => Some(stop.entry),
            Self::Edit(edit) => Some(edit.entry),
            Self::Delete(entry) => Some(*entry),
        }
    }
}

/// Starts a timer (E1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    /// What it is for.
    pub what: What,
    /// In which zone (E5).
    pub zone: Zone,
    /// When, where it is not now.
    pub at: Option<Instant>,
    /// When the person did it, where a device tells it later (E7).
    pub done: Option<Instant>,
}

/// Stops the timer that it names (E7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stop {
    /// Which one; another one that runs meanwhile is left alone.
    pub entry: EntryId,
    /// When, where it is not now.
    pub at: Option<Instant>,
}

/// Adds an entry (E2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Add {
    /// What it is for.
    pub what: What,
    /// In which zone (E5).
    pub zone: Zone,
    /// When it was.
    pub when: When,
    /// When the person did it, where a device tells it later (E7).
    pub done: Option<Instant>,
}

/// When an entry was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// From one instant to another, as somebody typed them.
    Typed(Instant, Instant),
    /// From one instant to another, as a timer of a device counted it that was started and stopped without a connection.
    Counted(Instant, Instant),
    /// So long on a day, wherever there is room.
    OnDay(Day, Length),
}

/// What time is tracked for, as somebody says it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct What {
    /// The task; nothing for "No task".
    pub task: Option<TaskId>,
    /// The note.
    pub note: Note,
    /// The tags.
    pub tags: Tags,
    /// Whether it is billable; where it is not said, as the task has it (E2).
    pub billable: Option<bool>,
}

/// Changes a timer or an entry; what is not given stays (E3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// Which one.
    pub entry: EntryId,
    /// The task, or "No task".
    pub task: Option<Option<TaskId>>,
    /// The note.
    pub note: Option<Note>,
    /// All of its tags.
    pub tags: Option<Tags>,
    /// Whether it is billable; where it is not given and the task is another, as that one has it.
    pub billable: Option<bool>,
    /// Its times.
    pub times: Times,
}

/// What becomes of the times: changing one end never touches the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Times {
    /// They stay.
    #[default]
    Stay,
    /// The start is another one.
    Start(Instant),
    /// The end is.
    End(Instant),
    /// Both are.
    Both(Instant, Instant),
    /// It is so long: an entry ends accordingly, a timer that runs was started accordingly.
    Length(Length),
}

/// What a store knows when it decides: what the command is about and no more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// Who does it.
    pub by: PersonId,
    /// Whose time it is.
    pub person: PersonId,
    /// What the clock of the server shows.
    pub now: Instant,
    /// The number that a new timer or entry gets.
    pub next: EntryId,
    /// The person's timer that runs (E1).
    pub running: Option<Timer>,
    /// The timer or entry that the command names.
    pub named: Option<Tracked>,
    /// What a start that is told later comes between (E7).
    pub around: Around,
    /// What the person has on the day of an entry that is given without times, and on the days beside it.
    pub taken: Vec<Stretch>,
    /// How the tasks stand to the person that the command or what it names is about.
    pub footings: BTreeMap<TaskId, Footing>,
}

/// The entries around the instant of a start that is told later (E7).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Around {
    /// The entry that goes on at that instant and was ended by another start, [`Way::Switched`](super::Way::Switched); of several the one that began
    /// last.
    pub before: Option<Entry>,
    /// The first start of a timer after that instant, of those that are entries now: [`Way::was_started`](super::Way::was_started).
    pub after: Option<Instant>,
}

/// What a command changes; a store writes all of it or nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What is written, in this order: a timer ends before another begins.
    pub writes: Vec<Write>,
    /// What the command was about, as it stands now.
    pub result: Tracked,
    /// What the person is told because it is not as they did it (E7).
    pub told: Option<Told>,
}

/// One thing that is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Write {
    /// A new one.
    Create(Tracked),
    /// Another state of one that is there.
    Replace(Tracked),
    /// One that is taken away.
    Delete(EntryId),
}

/// That time was saved on "No task" (E7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// The timer or entry.
    pub entry: EntryId,
    /// The task that it was meant for.
    pub task: TaskId,
    /// Why it is not on it.
    pub lost: Lost,
}

impl Change {
    /// Nothing is changed.
    pub(super) fn none(result: Tracked) -> Self {
        Self { writes: Vec::new(), result, told: None }
    }
}

/// Decides what a command changes, from what is passed in and nothing else.
///
/// # Errors
/// It changes nothing, and why.
pub fn decide(state: &State, command: &Command) -> Result<Change, Refusal> {
    match command {
        Command::Start(start) => start::decide(state, start),
        Command::Stop(stop) => stop::decide(state, stop),
        Command::Add(add) => add::decide(state, add),
        Command::Edit(edit) => edit::decide(state, edit),
        Command::Delete(entry) => {
            let named = state.named(*entry)?;
            Ok(Change { writes: vec![Write::Delete(*entry)], result: named.clone(), told: None })
        }
    }
}
