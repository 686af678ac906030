//! Why time is not tracked as it was asked for.

use super::{BadLength, Instant, Length, OutOfCalendar};

/// How far ahead of the clock of the server an instant may be that another clock told (E7).
pub const AHEAD: Length = Length::minutes(5);

/// Nothing was changed, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is no such timer or entry.
    #[error("there is no such entry")]
    NoEntry,
    /// There is no such task, or none that the person knows of: which of the two is not told (P6).
    #[error("there is no such task")]
    NoTask,
    /// The person sees the task but is not assigned to it (P7).
    #[error("they are not assigned to this task")]
    NotAssigned,
    /// The task is archived (I9).
    #[error("the task is archived")]
    Archived,
    /// The end is not after the start (E4).
    #[error("the end is not after the start")]
    EndBeforeStart,
    /// More than 24 hours by hand (E4).
    #[error("an entry made by hand has 24 hours at most")]
    TooLong,
    /// A timer was started or stopped at an instant that is yet to come: the clock of the device is wrong (E7).
    #[error("that is yet to come, it is {now} here")]
    Ahead {
        /// What the clock of the server shows.
        now: Instant,
    },
    /// The timer that runs was started after the instant at which another one is to start (E1).
    #[error("another timer runs since {since}")]
    RunsSince {
        /// When it was started.
        since: Instant,
    },
    /// A timer has no end to be changed.
    #[error("the timer is running")]
    Running,
    /// An entry would have more time on a task that the person has lost (P6).
    #[error("they no longer have this task, so no time is added there")]
    NoMoreTime,
    /// A cell would hold less than nothing, or more than a day has (E9).
    #[error(transparent)]
    BadLength(#[from] BadLength),
    /// What is on another day too is not cut by what is typed for one day (E5).
    #[error("some of this time is of an entry that goes across midnight, change that entry")]
    AcrossMidnight,
    /// There is no such step, it is somebody else's, or it was too long ago to be taken back (E3).
    #[error("there is nothing of yours to be taken back under this number")]
    NoStep,
    /// What a step did was changed since.
    #[error("it was changed since, so it is not taken back")]
    ChangedSince,
    /// An instant is in no year that time is tracked in.
    #[error(transparent)]
    OutOfCalendar(#[from] OutOfCalendar),
}
