//! Taking back what somebody did with time (E3): what was deleted, a change of many entries, a cell that was cleared.

use std::collections::BTreeSet;

use chrono::TimeDelta;

use super::{Details, Entry, Instant, Mark, Record, Refusal, Span, Timer, Tracked, Way, Write};
use crate::{EntryId, PersonId, TaskId};

/// How long a step can be taken back.
pub const UNDONE_WITHIN: TimeDelta = TimeDelta::days(30);

/// A step that is to be taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undo {
    /// Who takes it back.
    pub by: PersonId,
    /// When.
    pub now: Instant,
    /// Who did it, and when.
    pub done: Mark,
    /// What it did, in that order.
    pub deeds: Vec<Deed>,
    /// The person's timer that runs.
    pub running: Option<EntryId>,
    /// The tasks that are still there, of those that the time before was on.
    pub tasks: BTreeSet<TaskId>,
}

/// What a step did to one timer or entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    /// What it was before; nothing where it was made.
    pub before: Option<Tracked>,
    /// What it was after; nothing where it was taken away.
    pub after: Option<Tracked>,
    /// What it is now.
    pub there: Option<Tracked>,
}

impl Undo {
    /// What is written to take it back: everything as it was before. Somebody takes back what they did themselves, while it is as
    /// they left it.
    ///
    /// A timer that was thrown away runs again unless another one does; then it ends when it was thrown away. Time on a task that
    /// is gone since is on "No task".
    ///
    /// # Errors
    /// It is somebody else's or too long ago, or something was changed since.
    pub fn decide(&self) -> Result<Vec<Write>, Refusal> {
        let lasts = Instant::shown(self.done.at.utc() + UNDONE_WITHIN);
        if self.done.by != self.by || self.deeds.is_empty() || self.now > lasts {
            return Err(Refusal::NoStep);
        }
        if self.deeds.iter().any(|deed| deed.there != deed.after) {
            return Err(Refusal::ChangedSince);
        }
        let made: BTreeSet<EntryId> = self.deeds.iter().filter_map(|deed| deed.after.as_ref()).map(|it| it.record().id).collect();
        let other_runs = self.running.is_some_and(|running| !made.contains(&running));
        Ok(self.deeds.iter().rev().filter_map(|deed| self.write(deed, other_runs)).collect())
    }

    fn write(&self, deed: &Deed, other_runs: bool) -> Option<Write> {
        let Some(before) = &deed.before else { return deed.after.as_ref().map(|made| Write::Delete(made.record().id)) };
        let mark = Mark { by: self.by, at: self.now };
        let before = match before.clone() {
            Tracked::Running(Timer { record, start }) => {
                let record = self.again(record, mark);
                if other_runs {
                    Tracked::Ended(Entry { record, span: Span::counted(start, self.done.at, Way::Stopped), stepped_back: false })
                } else {
                    Tracked::Running(Timer { record, start })
                }
            }
            Tracked::Ended(entry) => Tracked::Ended(Entry { record: self.again(entry.record, mark), ..entry }),
        };
        Some(if deed.after.is_some() { Write::Replace(before) } else { Write::Create(before) })
    }

    fn again(&self, record: Record, changed: Mark) -> Record {
        let task = record.details.task.filter(|task| self.tasks.contains(task));
        Record { details: Details { task, ..record.details }, changed, ..record }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Zone;

    fn at(seconds: i64) -> Instant {
        Instant::from_seconds(1_800_000_000 + seconds).unwrap()
    }

    fn record(id: i64) -> Record {
        let mark = Mark { by: PersonId(1), at: at(0) };
        let details = Details { task: Some(TaskId(7)), ..Details::default() };
        Record { id: EntryId(id), person: PersonId(1), zone: Zone::utc(), details, made: mark, changed: mark }
    }

    fn timer(id: i64) -> Tracked {
        Tracked::Running(Timer { record: record(id), start: at(0) })
    }

    fn entry(id: i64, to: i64) -> Tracked {
        Tracked::Ended(Entry { record: record(id), span: Span::counted(at(0), at(to), Way::Hand), stepped_back: false })
    }

    fn undo(deeds: Vec<Deed>) -> Undo {
        let done = Mark { by: PersonId(1), at: at(100) };
        Undo { by: PersonId(1), now: at(200), done, deeds, running: None, tasks: [TaskId(7)].into() }
    }

    fn deleted(before: Tracked) -> Deed {
        Deed { before: Some(before), after: None, there: None }
    }

    #[test] // E3
    fn what_was_deleted_is_there_again_and_what_was_made_is_not() {
        let changed = Deed { before: Some(entry(2, 10)), after: Some(entry(2, 20)), there: Some(entry(2, 20)) };
        let made = Deed { before: None, after: Some(entry(3, 30)), there: Some(entry(3, 30)) };
        let writes = undo(vec![deleted(entry(1, 5)), changed, made]).decide().unwrap();
        let said = |write: &Write| match write {
            Write::Create(made) => ("create", made.record().id.0, ends(made)),
            Write::Replace(other) => ("replace", other.record().id.0, ends(other)),
            Write::Delete(id) => ("delete", id.0, None),
        };
        let said: Vec<_> = writes.iter().map(said).collect();
        assert_eq!(said, [("delete", 3, None), ("replace", 2, Some(at(10))), ("create", 1, Some(at(5)))]);
    }

    fn ends(tracked: &Tracked) -> Option<Instant> {
        match tracked {
            Tracked::Running(_) => None,
            Tracked::Ended(entry) => Some(entry.span.end()),
        }
    }

    #[test] // E1
    fn a_timer_runs_again_unless_another_one_does() {
        let again = |running| Undo { running, ..undo(vec![deleted(timer(1))]) }.decide().unwrap().remove(0);
        assert!(matches!(again(None), Write::Create(Tracked::Running(_))));
        let Write::Create(ended) = again(Some(EntryId(2))) else { panic!() };
        assert_eq!(ends(&ended), Some(at(100)));
    }

    #[test] // E3, T2
    fn only_what_is_as_they_left_it_is_taken_back_by_who_did_it_within_a_month() {
        let step = undo(vec![deleted(entry(1, 5))]);
        assert_eq!(Undo { by: PersonId(2), ..step.clone() }.decide(), Err(Refusal::NoStep));
        let month = Instant::shown(at(100).utc() + UNDONE_WITHIN);
        assert!(Undo { now: month, ..step.clone() }.decide().is_ok());
        assert_eq!(Undo { now: month.after(super::super::Length::DAY), ..step.clone() }.decide(), Err(Refusal::NoStep));
        let since = Deed { before: Some(entry(1, 5)), after: Some(entry(1, 6)), there: Some(entry(1, 7)) };
        assert_eq!(undo(vec![since]).decide(), Err(Refusal::ChangedSince));
        let Write::Create(gone) = Undo { tasks: BTreeSet::new(), ..step }.decide().unwrap().remove(0) else { panic!() };
        assert_eq!(gone.record().details.task, None);
    }
}
