//! People's time: one timer each, entries, and what is told later (E1–E7, I9, A5, T2).

use std::sync::Arc;

use tallyport_domain::time::{Command, Edit, Lost, Note, Refusal, Tracked, What};
use tallyport_domain::{EntryId, PersonId, TaskId};

use super::commands::{add, by, cem, days, edit, id, instant, on, seconds, start, started_before, stop, tags, world};
use super::world::{Fresh, ever, picture};
use crate::{By, Done, Once, Result, StoreError, Subject, Tracking};

// E1, E2
pub async fn a_timer_runs_until_it_is_stopped_and_keeps_its_number(db: Fresh) {
    let (s, w) = (&*db.store, world(&db).await);
    let what = What { note: Note::typed("Taps").unwrap(), tags: tags(&["Water", "urgent"]), billable: Some(true), ..on(w.sink) };
    let started = cem(&db, &start(what), 10).await.unwrap();
    assert!(started.step.is_some() && started.ended.is_none() && started.told.is_none());
    assert_eq!(s.running(w.ours, w.cem).await.unwrap().as_ref(), Some(&started.row));
    assert_eq!(s.entry(w.ours, id(&started.row)).await.unwrap().as_ref(), Some(&started.row));
    let task = started.row.task.clone().unwrap();
    assert_eq!((task.id, task.path.len(), task.archived), (w.sink, 3, None));
    let details = &started.row.tracked.record().details;
    assert_eq!((details.note.as_str(), details.billable), ("Taps", true));
    assert_eq!(details.tags, tags(&["water", "Urgent"]));

    let stopped = cem(&db, &stop(id(&started.row)), 40).await.unwrap();
    assert_eq!((id(&stopped.row), seconds(&stopped.row)), (id(&started.row), 30 * 60));
    assert_eq!(s.running(w.ours, w.cem).await.unwrap(), None);
    assert_eq!(s.entries(w.ours, w.cem, days("2026-11-24", "2026-11-24")).await.unwrap(), [stopped.row]);
}

// E1
pub async fn a_start_ends_the_timer_that_runs_without_a_gap(db: Fresh) {
    let (s, w) = (&*db.store, world(&db).await);
    let first = cem(&db, &start(on(w.sink)), 0).await.unwrap();
    let second = cem(&db, &start(on(w.kitchen)), 25).await.unwrap();
    let ended = second.ended.unwrap();
    assert_eq!((id(&ended), seconds(&ended)), (id(&first.row), 25 * 60));
    assert_eq!(second.row.tracked.start(), instant(w.at(25)));
    assert_eq!(s.running(w.ours, w.cem).await.unwrap(), Some(second.row));
    // Everybody has a timer of their own.
    let theirs = s.track(w.ours, w.ada, &start(What::default()), &by(w.ada, w.at(26))).await.unwrap();
    assert!(theirs.ended.is_none() && s.running(w.ours, w.cem).await.unwrap().is_some());
}

// E1
pub async fn of_starts_at_once_one_runs_and_none_is_lost(db: Fresh) {
    let (s, w) = (&*db.store, world(&db).await);
    let command = start(on(w.sink));
    let begin = || cem(&db, &command, 1);
    let (one, two, three, four) = tokio::join!(begin(), begin(), begin(), begin());
    let started = [one, two, three, four].map(Result::unwrap);
    let rows = s.entries(w.ours, w.cem, ever()).await.unwrap();
    let running = rows.iter().filter(|row| matches!(row.tracked, Tracked::Running(_))).count();
    assert_eq!((rows.len(), running, started.iter().filter(|it| it.ended.is_some()).count()), (4, 1, 3));
}

// E7
pub async fn stopping_what_is_stopped_changes_nothing_and_leaves_another_timer_alone(db: Fresh) {
    let (s, w) = (&*db.store, world(&db).await);
    let first = id(&cem(&db, &start(on(w.sink)), 0).await.unwrap().row);
    let second = cem(&db, &start(on(w.kitchen)), 10).await.unwrap();
    let before = picture(s, w.ours).await;
    let again = cem(&db, &stop(first), 30).await.unwrap();
    assert!(again.step.is_none());
    assert_eq!((id(&again.row), seconds(&again.row)), (first, 10 * 60));
    assert_eq!(picture(s, w.ours).await, before);
    assert_eq!(s.running(w.ours, w.cem).await.unwrap(), Some(second.row));
}

// E7
pub async fn what_is_asked_for_twice_counts_once(db: Fresh) {
    let (s, w) = (&*db.store, world(&db).await);
    let once = |request: u8| {
        let answer = Arc::new(|tracking: &Tracking| format!("{tracking:?}").into_bytes());
        Some(Once { key: "pressed".to_owned(), request: [request; 32], answer })
    };
    let command = start(on(w.sink));
    let made = s.track_once(w.ours, w.cem, &command, &by(w.cem, w.at(1)), once(1)).await.unwrap();
    let Done::Now(made) = made else { panic!("{made:?}") };
    let before = picture(s, w.ours).await;
    let again = s.track_once(w.ours, w.cem, &command, &by(w.cem, w.at(9)), once(1)).await.unwrap();
    assert_eq!(again, Done::Before(format!("{made:?}").into_bytes()));
    refused!(s.track_once(w.ours, w.cem, &command, &by(w.cem, w.at(9)), once(2)).await, StoreError::ReplayDiffers);
    assert_eq!(picture(s, w.ours).await, before);
}

// I9, P6, P7
pub async fn time_starts_only_where_one_is_assigned_and_nothing_is_archived(db: Fresh) {
    let (s, w) = (&*db.store, world(&db).await);
    s.archive_task(w.ours, w.sink, w.ada, w.at(1)).await.unwrap();
    let before = picture(s, w.ours).await;
    refused!(cem(&db, &start(on(w.garden)), 2).await, StoreError::Refused(Refusal::NoTask));
    refused!(cem(&db, &start(on(TaskId(999))), 2).await, StoreError::Refused(Refusal::NoTask));
    refused!(cem(&db, &start(on(w.sink)), 2).await, StoreError::Refused(Refusal::Archived));
    let manages = By { person: w.bea, sees_all: true, now: w.at(2) };
    refused!(s.track(w.ours, w.bea, &start(on(w.garden)), &manages).await, StoreError::Refused(Refusal::NotAssigned));
    let backwards = add(on(w.house), "UTC", "2026-11-24T10:00:00Z", "2026-11-24T09:00:00Z");
    refused!(cem(&db, &backwards, 2).await, StoreError::Refused(Refusal::EndBeforeStart));
    refused!(s.track(w.ours, PersonId(99), &start(What::default()), &by(w.cem, w.at(2))).await, StoreError::NotFound("person"));
    assert_eq!(picture(s, w.ours).await, before, "what is refused leaves nothing");
    cem(&db, &start(on(w.kitchen)), 3).await.unwrap();
    cem(&db, &start(What::default()), 4).await.unwrap();
}

// I9
pub async fn a_timer_runs_on_when_its_task_is_archived(db: Fresh) {
    let (s, w) = (&*db.store, world(&db).await);
    let timer = cem(&db, &start(on(w.sink)), 0).await.unwrap();
    s.archive_task(w.ours, w.house, w.ada, w.at(5)).await.unwrap();
    let running = s.running(w.ours, w.cem).await.unwrap().unwrap();
    assert_eq!(running.task.unwrap().archived, Some(instant(w.at(5))));
    let stopped = cem(&db, &stop(id(&timer.row)), 20).await.unwrap();
    assert_eq!((seconds(&stopped.row), stopped.row.tracked.record().details.task), (20 * 60, Some(w.sink)));
}

// E3
pub async fn what_was_done_to_an_entry_stays_on_record(db: Fresh) {
    let (s, w) = (&*db.store, world(&db).await);
    let made = cem(&db, &add(on(w.sink), "UTC", "2026-11-20T08:00:00Z", "2026-11-20T10:00:00Z"), 0).await.unwrap().row;
    let note = Edit { note: Some(Note::typed("Pipes").unwrap()), ..edit(id(&made)) };
    let manages = By { person: w.bea, sees_all: true, now: w.at(3) };
    let noted = s.track(w.ours, w.cem, &Command::Edit(note), &manages).await.unwrap().row;
    let deleted = cem(&db, &Command::Delete(id(&made)), 7).await.unwrap();
    assert_eq!((s.entry(w.ours, id(&made)).await.unwrap(), &deleted.row), (None, &noted));
    assert!(s.entries(w.ours, w.cem, ever()).await.unwrap().is_empty() && s.sums(w.ours, &[], ever()).await.unwrap().is_empty());
    let history = s.entry_history(w.ours, id(&made)).await.unwrap();
    let told: Vec<_> = history.into_iter().map(|it| (it.by, it.at, it.before, it.after)).collect();
    let (made, noted) = (Some(made.tracked), Some(noted.tracked));
    assert_eq!(
        told,
        [(w.cem, w.at(0), None, made.clone()), (w.bea, w.at(3), made, noted.clone()), (w.cem, w.at(7), noted, None)]
    );
    assert!(s.entry_history(w.theirs, EntryId(1)).await.unwrap().is_empty());
}

// A1, E3
pub async fn time_of_somebody_else_is_not_there(db: Fresh) {
    let (s, w) = (&*db.store, world(&db).await);
    let ours = id(&cem(&db, &start(on(w.sink)), 0).await.unwrap().row);
    let before = (picture(s, w.ours).await, picture(s, w.theirs).await);
    for command in [stop(ours), Command::Delete(ours), Command::Edit(edit(ours))] {
        refused!(s.track(w.theirs, w.cem, &command, &by(w.cem, w.at(1))).await, StoreError::Refused(Refusal::NoEntry));
        refused!(s.track(w.ours, w.dee, &command, &by(w.dee, w.at(1))).await, StoreError::Refused(Refusal::NoEntry));
    }
    assert_eq!((s.entry(w.theirs, ours).await.unwrap(), s.running(w.theirs, w.cem).await.unwrap()), (None, None));
    assert!(s.entries(w.theirs, w.cem, ever()).await.unwrap().is_empty());
    assert_eq!((picture(s, w.ours).await, picture(s, w.theirs).await), before);
}

// E7
pub async fn what_precedes_the_loss_of_access_stands_and_what_follows_is_saved_without_the_task(db: Fresh) {
    let (s, w) = (&*db.store, world(&db).await);
    s.unassign(w.ours, w.house, &[w.cem], w.ada, w.at(10)).await.unwrap();
    let earlier = cem(&db, &started_before(on(w.sink), w.at(9)), 60).await.unwrap();
    assert_eq!((earlier.row.tracked.record().details.task, earlier.told), (Some(w.sink), None));
    let later = cem(&db, &started_before(on(w.sink), w.at(11)), 61).await.unwrap();
    let told = later.told.unwrap();
    assert_eq!((told.entry, told.task, told.lost), (id(&later.row), w.sink, Lost::Access));
    let details = &later.row.tracked.record().details;
    assert_eq!((details.task, details.note.as_str()), (None, "House / Kitchen / Sink"));
    // Whoever does it now is refused, since there is somebody to be told.
    refused!(cem(&db, &start(on(w.sink)), 62).await, StoreError::Refused(Refusal::NoTask));
}

// E7, E1
pub async fn starts_that_are_told_in_any_order_lie_one_after_the_other(db: Fresh) {
    let (s, w) = (&*db.store, world(&db).await);
    cem(&db, &start(on(w.house)), 0).await.unwrap();
    cem(&db, &start(on(w.kitchen)), 30).await.unwrap();
    let late = cem(&db, &started_before(on(w.sink), w.at(10)), 45).await.unwrap();
    assert_eq!((late.ended.as_ref().map(seconds), seconds(&late.row)), (Some(10 * 60), 20 * 60));
    let rows = s.entries(w.ours, w.cem, ever()).await.unwrap();
    let tasks: Vec<_> = rows.iter().map(|row| row.task.as_ref().unwrap().id).collect();
    assert_eq!(tasks, [w.house, w.sink, w.kitchen]);
    assert_eq!(s.running(w.ours, w.cem).await.unwrap().as_ref(), rows.last());
}

// A5
pub async fn deactivating_somebody_stops_their_timer(db: Fresh) {
    let (s, w) = (&*db.store, world(&db).await);
    let timer = id(&cem(&db, &start(on(w.sink)), 0).await.unwrap().row);
    s.deactivate(w.ours, w.cem, w.ada, w.at(15)).await.unwrap();
    assert_eq!(s.running(w.ours, w.cem).await.unwrap(), None);
    let stopped = s.entry(w.ours, timer).await.unwrap().unwrap();
    assert_eq!((seconds(&stopped), stopped.tracked.record().changed.by), (15 * 60, w.ada));
    s.deactivate(w.ours, w.dee, w.ada, w.at(16)).await.unwrap();
}

// T2
pub async fn a_task_with_time_on_it_or_below_is_not_deleted(db: Fresh) {
    let (s, w) = (&*db.store, world(&db).await);
    let entry = id(&cem(&db, &start(on(w.sink)), 0).await.unwrap().row);
    let before = picture(s, w.ours).await;
    for task in [w.sink, w.kitchen, w.house] {
        refused!(s.delete_task(w.ours, task, w.ada, w.at(1)).await, StoreError::HasTime);
    }
    assert_eq!(picture(s, w.ours).await, before);
    s.delete_task(w.ours, w.garden, w.ada, w.at(2)).await.unwrap();
    cem(&db, &Command::Delete(entry), 3).await.unwrap();
    s.delete_task(w.ours, w.house, w.ada, w.at(4)).await.unwrap();
}

// E6
pub async fn whoever_follows_hears_of_each_entry_that_is_written(db: Fresh) {
    let (s, w) = (&*db.store, world(&db).await);
    let before = s.latest_change(w.ours).await.unwrap();
    let first = id(&cem(&db, &start(on(w.sink)), 0).await.unwrap().row);
    let second = id(&cem(&db, &start(on(w.kitchen)), 1).await.unwrap().row);
    cem(&db, &stop(second), 2).await.unwrap();
    let changes = s.changes(w.ours, before, 100).await.unwrap();
    let subjects: Vec<_> = changes.iter().map(|change| (change.subject, change.by)).collect();
    let heard = |entry| (Subject::Entry(entry, w.cem), Some(w.cem));
    assert_eq!(subjects, [heard(first), heard(first), heard(second), heard(second)]);
}
