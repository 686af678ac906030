//! What devices ask for, and what they are answered.

use std::fmt;

use tallyport_domain::TaskId;
use tallyport_domain::time::{Entry, Instant, Tracked};
use tallyport_storage::EntryRow;

/// Something to be done once, however often it is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Request {
    pub(super) key: String,
    pub(super) body: Body,
}

/// What is to be done. Instants are seconds; where there is none it is done as it arrives, by the clock of the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Body {
    Start { mark: String, task: Option<TaskId>, done: Option<i64> },
    Stop { entry: i64, at: Option<i64> },
    Add { mark: String, task: Option<TaskId>, start: i64, end: i64 },
}

/// What is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    /// What was written down under the key, and whether it was asked for before.
    Done {
        text: String,
        before: bool,
    },
    Refused(&'static str),
}

/// A timer or an entry as everybody shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) id: i64,
    pub(super) note: String,
    pub(super) task: Option<TaskId>,
    pub(super) start: i64,
    /// Nothing where it runs.
    pub(super) end: Option<i64>,
    pub(super) stepped_back: bool,
}

impl Shown {
    pub(super) fn of(row: &EntryRow) -> Self {
        let record = row.tracked.record();
        let ended: Option<&Entry> = match &row.tracked {
            Tracked::Running(_) => None,
            Tracked::Ended(entry) => Some(entry),
        };
        Self {
            id: record.id.0,
            note: record.details.note.as_str().to_owned(),
            task: record.details.task,
            start: row.tracked.start().seconds(),
            end: ended.map(|entry| entry.span.end().seconds()),
            stepped_back: ended.is_some_and(|entry| entry.stepped_back),
        }
    }

    /// By what a press is told from all others: nobody else makes notes here.
    pub(super) fn mark(&self) -> &str {
        self.note.lines().next().unwrap_or_default()
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, note, task, start, end, stepped_back } = self;
        write!(f, "{id} {start} {end:?} {task:?} {note:?} {stepped_back}")
    }
}

/// The number and the start of what an answer is about.
pub(super) fn about(answer: &str) -> (i64, i64) {
    let mut words = answer.split(' ').map(|word| word.parse().unwrap());
    (words.next().unwrap(), words.next().unwrap())
}

/// An instant as programs write it.
pub(super) fn written(seconds: i64) -> String {
    Instant::from_seconds(seconds).unwrap().to_string()
}
