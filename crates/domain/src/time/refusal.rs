//! Why time is not tracked as it was asked for.

use super::{Instant, Length, OutOfCalendar};

/// How far ahead of the clock of the server an instant may be that another clock told (E7).
pub const AHEAD: Length = Length::minutes(5);

/// Nothing was changed, and why: each says in one line what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is no such timer or entry.
    #[error("there is no such entry")]
    NoEntry,
    /// There is no such task, or none that the person knows of: which of the two is not told (P6).
    #[error("there is no such task")]
    NoTask,
    /// The person sees the task but is not assigned to it (P7).
    #[error("nobody assigned this task to them: assign it, or choose another one")]
    NotAssigned,
    /// The task is archived (I9).
    #[error("the task is archived: choose another one, or none")]
    Archived,
    /// The end is not after the start (E4).
    #[error("the end is not after the start: give a later end or an earlier start")]
    EndBeforeStart,
    /// More than 24 hours by hand (E4).
    #[error("an entry made by hand has 24 hours at most: make one for each day")]
    TooLong,
    /// A timer was started or stopped at an instant that is yet to come: the clock of the device is wrong (E7).
    #[error("that is yet to come, it is {now} here: set the clock of this device right")]
    Ahead {
        /// What the clock of the server shows.
        now: Instant,
    },
    /// The timer that runs was started after the instant at which another one is to start (E1).
    #[error("another timer runs since {since}: stop it, or start at that time or later")]
    RunsSince {
        /// When it was started.
        since: Instant,
    },
    /// A timer has no end to be changed.
    #[error("the timer is running: stop it before you change its end")]
    Running,
    /// An entry would have more time on a task that the person has lost (P6).
    #[error("they no longer have this task, so no time is added there: move the entry to a task that they have")]
    NoMoreTime,
    /// An instant is in no year that time is tracked in.
    #[error(transparent)]
    OutOfCalendar(#[from] OutOfCalendar),
}
