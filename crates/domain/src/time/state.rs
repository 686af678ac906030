//! What the decisions have in common.

use super::command::What;
use super::footing;
use super::refusal::AHEAD;
use super::{Details, Footing, Instant, Mark, Record, Refusal, State, Told, Tracked};
use crate::{EntryId, TaskId, Zone};

impl State {
    /// The timer or entry of that number.
    pub(super) fn named(&self, entry: EntryId) -> Result<&Tracked, Refusal> {
        self.named.as_ref().filter(|named| named.record().id == entry).ok_or(Refusal::NoEntry)
    }

    /// Who does it, and when.
    pub(super) fn mark(&self) -> Mark {
        Mark { by: self.by, at: self.now }
    }

    /// How a task stands to the person.
    pub(super) fn footing(&self, task: TaskId) -> Option<&Footing> {
        self.footings.get(&task)
    }

    /// Refuses an instant that a clock cannot have shown yet (E7).
    pub(super) fn not_ahead(&self, at: Instant) -> Result<(), Refusal> {
        if at > self.now.after(AHEAD) { Err(Refusal::Ahead { now: self.now }) } else { Ok(()) }
    }

    /// A new record, with the task that it can be on: what is done now is refused where the task is not to be had, what was done
    /// before and is told now goes to "No task" then (E7).
    pub(super) fn record(&self, what: &What, zone: &Zone, done: Option<Instant>) -> Result<(Record, Option<Told>), Refusal> {
        if let Some(done) = done {
            self.not_ahead(done)?;
        }
        let footing = what.task.and_then(|task| self.footing(task));
        let lost = match (what.task, done) {
            (None, _) => None,
            (Some(task), Some(done)) => footing::late(footing, done).map(|lost| (task, lost)),
            (Some(_), None) => footing::now(footing).map(|()| None)?,
        };
        let told = lost.map(|(task, lost)| Told { entry: self.next, task, lost });
        let details = Details {
            task: what.task.filter(|_| told.is_none()),
            note: told.map_or_else(|| what.note.clone(), |told| footing::noted(&what.note, told.task, footing)),
            tags: what.tags.clone(),
            billable: what.billable.or_else(|| footing.and_then(|footing| footing.billable)).unwrap_or(false),
        };
        let (made, changed) = (self.mark(), self.mark());
        Ok((Record { id: self.next, person: self.person, zone: zone.clone(), details, made, changed }, told))
    }
}
