//! Changing a timer or an entry (E3, E4, P6).

use super::command::{Change, Edit, State, Times, Write};
use super::{Access, Details, Entry, Instant, Length, Record, Refusal, Span, Timer, Tracked, Way, footing};
use crate::TaskId;

/// Writes what is given and leaves the rest. Nothing is written where nothing is different, so that nobody is told of a change that
/// there was not.
pub(super) fn decide(state: &State, edit: &Edit) -> Result<Change, Refusal> {
    let named = state.named(edit.entry)?;
    let details = details(state, edit, &named.record().details)?;
    let edited = match named {
        Tracked::Running(timer) => Tracked::Running(Timer { start: started(state, edit, timer)?, ..timer.clone() }),
        Tracked::Ended(entry) => {
            let span = span(state, edit, entry)?;
            // Somebody looked at the times and gave others.
            let stepped_back = entry.stepped_back && span == entry.span;
            Tracked::Ended(Entry { span, stepped_back, ..entry.clone() })
        }
    };
    let edited = with(edited, |record| Record { details, ..record });
    if edited == *named {
        return Ok(Change::none(edited));
    }
    let edited = with(edited, |record| Record { changed: state.mark(), ..record });
    Ok(Change { writes: vec![Write::Replace(edited.clone())], result: edited, told: None })
}

fn with(tracked: Tracked, change: impl FnOnce(Record) -> Record) -> Tracked {
    match tracked {
        Tracked::Running(timer) => Tracked::Running(Timer { record: change(timer.record), ..timer }),
        Tracked::Ended(entry) => Tracked::Ended(Entry { record: change(entry.record), ..entry }),
    }
}

/// To another task it goes only where time could start now: nothing is moved to an archived one (E3), nor to one of others (P6).
fn details(state: &State, edit: &Edit, old: &Details) -> Result<Details, Refusal> {
    let task = edit.task.unwrap_or(old.task);
    let mut billable = edit.billable;
    if let Some(task) = task.filter(|task| old.task != Some(*task)) {
        let footing = state.footing(task);
        footing::now(footing)?;
        billable = billable.or_else(|| footing.and_then(|footing| footing.billable));
    }
    Ok(Details {
        task,
        note: edit.note.clone().unwrap_or_else(|| old.note.clone()),
        tags: edit.tags.clone().unwrap_or_else(|| old.tags.clone()),
        billable: billable.unwrap_or(old.billable),
    })
}

/// When a timer that runs was started. It has no end, so a duration moves its start.
fn started(state: &State, edit: &Edit, timer: &Timer) -> Result<Instant, Refusal> {
    let start = match edit.times {
        Times::Stay => return Ok(timer.start),
        Times::End(_) | Times::Both(..) => return Err(Refusal::Running),
        Times::Start(start) => start,
        Times::Length(length) => state.now.before(length),
    };
    if start == timer.start {
        return Ok(start);
    }
    state.not_ahead(start)?;
    if state.now.since(start) > Length::DAY {
        return Err(Refusal::TooLong);
    }
    may_grow(state, edit, timer.record.details.task, start < timer.start)?;
    Ok(start)
}

/// From when to when an entry goes.
fn span(state: &State, edit: &Edit, entry: &Entry) -> Result<Span, Refusal> {
    let old = entry.span;
    let (start, end) = match edit.times {
        Times::Stay => return Ok(old),
        Times::Start(start) => (start, old.end()),
        Times::End(end) => (old.start(), end),
        Times::Both(start, end) => (start, end),
        Times::Length(length) => (old.start(), old.start().after(length)),
    };
    if (start, end) == (old.start(), old.end()) {
        return Ok(old);
    }
    let span = Span::new(start, end, Way::Hand)?;
    may_grow(state, edit, entry.record.details.task, span.length() > old.length())?;
    Ok(span)
}

/// On a task that somebody has lost they can correct their entries but add no time (P6); who manages corrects as it was (E3).
fn may_grow(state: &State, edit: &Edit, task: Option<TaskId>, grows: bool) -> Result<(), Refusal> {
    let stays = edit.task.is_none_or(|other| other == task);
    let Some(task) = task.filter(|_| grows && stays && state.by == state.person) else { return Ok(()) };
    let has = state.footing(task).is_some_and(|footing| footing.access == Access::Given);
    if has { Ok(()) } else { Err(Refusal::NoMoreTime) }
}
