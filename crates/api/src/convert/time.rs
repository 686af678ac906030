//! Timers and entries.

use chrono::{DateTime, Utc};
use tallyport_api_types as wire;
use tallyport_app::{Audited, EntryRow, EntryTask, EntryToChange, Tracking, WhatToTrack, WhenToAdd};
use tallyport_domain::time::{Calendar, Instant, Told, Tracked};
use tallyport_domain::{EntryId, PersonId, TaskId};

use tallyport_http::{Answer, Refusal, Tagged};

use super::{instant, names};

/// An entry, or a timer as of `now`.
pub(crate) fn entry(row: &EntryRow, now: DateTime<Utc>) -> wire::Entry {
    let record = row.tracked.record();
    let (end, length) = match &row.tracked {
        Tracked::Ended(entry) => (Some(second(entry.span.end())), entry.span.length()),
        Tracked::Running(timer) => (None, timer.length(Instant::shown(now))),
    };
    wire::Entry {
        id: record.id.0,
        person_id: record.person.0,
        task: row.task.as_ref().map(task),
        start: second(row.tracked.start()),
        end,
        duration_seconds: length.seconds(),
        note: record.details.note.as_str().to_owned(),
        tags: record.details.tags.iter().map(|tag| tag.as_str().to_owned()).collect(),
        billable: record.details.billable,
        date: Calendar::of(&record.zone).day_of(row.tracked.start()).to_string(),
        timezone: record.zone.as_str().to_owned(),
    }
}

pub(super) fn task(task: &EntryTask) -> wire::EntryTask {
    let path = names(&task.path);
    let name = path.last().cloned().unwrap_or_default();
    wire::EntryTask { id: task.id.0, name, path, archived: task.archived.is_some() }
}

fn second(at: Instant) -> String {
    instant(at.utc())
}

/// As of when a command was done.
fn done(tracking: &Tracking) -> DateTime<Utc> {
    tracking.row.tracked.record().changed.at.utc()
}

pub(crate) fn started(tracking: &Tracking) -> wire::Started {
    let now = done(tracking);
    let made = entry(&tracking.row, now);
    let (timer, entry_made) = if made.end.is_none() { (Some(made), None) } else { (None, Some(made)) };
    let stopped = tracking.ended.as_ref().map(|row| entry(row, now));
    wire::Started { timer, entry: entry_made, stopped, notice: tracking.told.as_ref().map(notice) }
}

pub(crate) fn stopped(tracking: &Tracking) -> wire::Stopped {
    wire::Stopped { entry: entry(&tracking.row, done(tracking)), changed: tracking.step.is_some() }
}

pub(crate) fn added(tracking: &Tracking) -> wire::Entry {
    entry(&tracking.row, done(tracking))
}

fn notice(told: &Told) -> wire::Notice {
    wire::Notice { kind: "put_on_no_task".to_owned(), task_id: told.task.0, why: told.lost.as_str().to_owned() }
}

pub(crate) fn entry_step(step: &Audited) -> wire::EntryStep {
    let state = |tracked: &Tracked| {
        let details = &tracked.record().details;
        wire::EntryState {
            task_id: details.task.map(|task| task.0),
            start: second(tracked.start()),
            end: match tracked {
                Tracked::Ended(entry) => Some(second(entry.span.end())),
                Tracked::Running(_) => None,
            },
            note: details.note.as_str().to_owned(),
            tags: details.tags.iter().map(|tag| tag.as_str().to_owned()).collect(),
            billable: details.billable,
        }
    };
    wire::EntryStep {
        by: step.by.0,
        at: instant(step.at),
        before: step.before.as_ref().map(state),
        after: step.after.as_ref().map(state),
    }
}

/// An entry as it is known by: a timer goes on, and is the same all the while.
pub(crate) fn entry_seen(row: &EntryRow) -> wire::Entry {
    entry(row, row.tracked.start().utc())
}

/// An entry with the tag of what it is.
pub(crate) fn tagged_entry(row: &EntryRow, now: DateTime<Utc>) -> Tagged<wire::Entry, wire::Entry> {
    Tagged { shown: entry(row, now), of: Some(entry_seen(row)) }
}

/// Where an entry stands in a list.
pub(crate) fn entry_place(row: &EntryRow) -> (i64, i64) {
    (row.tracked.start().seconds(), row.tracked.record().id.0)
}

/// What was done at once.
pub(crate) fn step(number: Option<i64>, rows: &[EntryRow], now: DateTime<Utc>) -> wire::Step {
    wire::Step { step: number, entries: rows.iter().map(|row| entry(row, now)).collect() }
}

pub(crate) fn entry_ids(ids: &[i64]) -> Vec<EntryId> {
    ids.iter().copied().map(EntryId).collect()
}

pub(crate) fn entry_to_change(change: wire::EntryChange) -> EntryToChange {
    let wire::EntryChange { task, note, tags, billable, start, end, duration } = change;
    EntryToChange { task: task.map(|task| task.id.map(TaskId)), note, tags, billable, start, end, duration }
}

/// # Errors
/// Neither times nor a day and a duration, or both.
pub(crate) fn entry_to_add(new: wire::NewEntry) -> Answer<(Option<PersonId>, WhatToTrack, WhenToAdd)> {
    let wire::NewEntry { person_id, task_id, note, tags, billable, timezone, start, end, date, duration, counted, done_at } = new;
    let when = match (start, end, date, duration) {
        (Some(start), Some(end), None, None) => WhenToAdd::FromTo { start, end, counted },
        (None, None, Some(date), Some(duration)) if !counted => WhenToAdd::OnDay { date, duration },
        _ => return Err(Refusal::invalid("give either start and end, or date and duration")),
    };
    let what = WhatToTrack { task: task_id.map(TaskId), note, tags, billable, timezone, done_at };
    Ok((person_id.map(PersonId), what, when))
}

pub(crate) fn timer_to_start(new: wire::NewTimer) -> (WhatToTrack, Option<String>) {
    let wire::NewTimer { task_id, note, tags, billable, timezone, at, done_at } = new;
    (WhatToTrack { task: task_id.map(TaskId), note, tags, billable, timezone, done_at }, at)
}
