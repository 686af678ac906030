//! Timers and the entries that they become (E1, E2).

use super::{Calendar, Day, Instant, Length, Note, Span, Stretch, Tags, Way};
use crate::{EntryId, PersonId, TaskId, Zone};

/// What is said of a timer or an entry, apart from its times.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Details {
    /// What it was for; nothing for "No task" (E1).
    pub task: Option<TaskId>,
    /// What somebody says about it.
    pub note: Note,
    /// Its tags.
    pub tags: Tags,
    /// Whether it is billable.
    pub billable: bool,
}

/// Who did something, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Mark {
    /// Who.
    pub by: PersonId,
    /// When, by the clock of the server.
    pub at: Instant,
}

/// What a timer and an entry have in common. Stopping changes none of it, so an entry has the number of its timer (E7).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its number in the account.
    pub id: EntryId,
    /// Whose time it is.
    pub person: PersonId,
    /// The zone it was made in: its day is that zone's (E5).
    pub zone: Zone,
    /// What is said of it.
    pub details: Details,
    /// Who made it.
    pub made: Mark,
    /// Who changed it last.
    pub changed: Mark,
}

/// Time that is being counted: it has a start and no end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timer {
    /// What it has in common with the entry that it becomes.
    pub record: Record,
    /// When it was started.
    pub start: Instant,
}

impl Timer {
    /// How long it has been running; no time where its start is yet to come by this clock.
    #[must_use]
    pub fn length(&self, now: Instant) -> Length {
        now.since(self.start)
    }

    /// Whether it was left running, which is pointed out and never cut (E4).
    #[must_use]
    pub fn is_overlong(&self, now: Instant) -> bool {
        self.length(now) > Span::OVERLONG
    }

    /// The entry that it becomes when it ends at `end`, or at its start where that is later (E7).
    pub(super) fn ended(self, end: Instant, way: Way, by: Mark) -> Entry {
        let stepped_back = end < self.start;
        Entry { record: Record { changed: by, ..self.record }, span: Span::counted(self.start, end, way), stepped_back }
    }
}

/// Time that was counted or typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it has in common with the timer that it was.
    pub record: Record,
    /// From when to when.
    pub span: Span,
    /// A clock was set back while its timer ran, so that its times are to be looked at.
    pub stepped_back: bool,
}

impl Entry {
    /// The same, ended at another instant that is not before its start.
    pub(super) fn ended(self, end: Instant, way: Way, by: Mark) -> Self {
        Self { record: Record { changed: by, ..self.record }, span: Span::counted(self.span.start(), end, way), ..self }
    }

    /// The day that it is listed on: the one on which it begins, in the zone that it was made in (E5).
    #[must_use]
    pub fn day(&self) -> Day {
        Calendar::of(&self.record.zone).day_of(self.span.start())
    }

    /// How its time falls on the days of the zone that it was made in (E5).
    #[must_use]
    pub fn days(&self) -> Vec<(Day, Length)> {
        Calendar::of(&self.record.zone).split(self.span.start(), self.span.end())
    }
}

/// A timer or an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tracked {
    /// It runs.
    Running(Timer),
    /// It has ended.
    Ended(Entry),
}

impl Tracked {
    /// What both have in common.
    #[must_use]
    pub fn record(&self) -> &Record {
        match self {
            Self::Running(timer) => &timer.record,
            Self::Ended(entry) => &entry.record,
        }
    }

    /// When it began.
    #[must_use]
    pub fn start(&self) -> Instant {
        match self {
            Self::Running(timer) => timer.start,
            Self::Ended(entry) => entry.span.start(),
        }
    }

    /// From when to when it goes; a timer goes until now.
    #[must_use]
    pub fn stretch(&self, now: Instant) -> Stretch {
        let end = match self {
            Self::Running(timer) => now.max(timer.start),
            Self::Ended(entry) => entry.span.end(),
        };
        Stretch { start: self.start(), end, entry: self.record().id }
    }
}
