//! People's time: one timer each, entries, days, and what is told later (E1–E7, I9, A5, T2).

use std::sync::Arc;

use chrono::{DateTime, Utc};
use tallyport_domain::time::{
    Add, Cell, Command, Day, DayRange, Edit, Field, Instant, Length, Lost, Note, Refusal, Start, Stop, Tag, Tags, Times, Tracked,
    Typed, What, When,
};
use tallyport_domain::{EntryId, PersonId, TagId, TaskId, Zone};

use super::world::{Fresh, World, ever, picture};
use crate::{By, Done, EntryRow, Once, Result, SheetRows, Still, StoreError, Subject, TimeOn, Tracking};

fn by(person: PersonId, now: DateTime<Utc>) -> By {
    By { person, sees_all: false, now }
}

fn on(task: TaskId) -> What {
    What { task: Some(task), ..What::default() }
}

fn start(what: What) -> Command {
    Command::Start(Start { what, zone: berlin(), at: None, done: None })
}

fn started_before(what: What, done: DateTime<Utc>) -> Command {
    Command::Start(Start { what, zone: berlin(), at: None, done: Some(instant(done)) })
}

fn stop(entry: EntryId) -> Command {
    Command::Stop(Stop { entry, at: None })
}

fn add(what: What, zone: &str, from: &str, to: &str) -> Command {
    let read = |text: &str| instant(text.parse().unwrap());
    let zone = Zone::parse(zone).unwrap();
    Command::Add(Add { what, zone, when: When::Typed(read(from), read(to)), done: None })
}

fn edit(entry: EntryId) -> Edit {
    Edit { entry, task: None, note: None, tags: None, billable: None, times: Times::Stay }
}

fn berlin() -> Zone {
    Zone::parse("Europe/Berlin").unwrap()
}

fn instant(at: DateTime<Utc>) -> Instant {
    Instant::of(at).unwrap()
}

fn days(from: &str, to: &str) -> DayRange {
    DayRange::new(Day::parse(from).unwrap(), Day::parse(to).unwrap()).unwrap()
}

fn tags(words: &[&str]) -> Tags {
    Tags::new(words.iter().map(|word| Tag::typed(word).unwrap())).unwrap()
}

/// Cem has the house and all below it.
async fn world(db: &Fresh) -> World {
    let w = db.world;
    for account in [w.ours, w.theirs] {
        db.store.assign(account, w.house, &[w.cem], w.ada, w.noon).await.unwrap();
    }
    w
}

async fn cem(db: &Fresh, command: &Command, minutes: i64) -> Result<Tracking> {
    let w = db.world;
    db.store.track(w.ours, w.cem, command, &by(w.cem, w.at(minutes))).await
}

fn id(row: &EntryRow) -> EntryId {
    row.tracked.record().id
}

fn seconds(row: &EntryRow) -> i64 {
    match &row.tracked {
        Tracked::Ended(entry) => entry.span.length().seconds(),
        Tracked::Running(_) => panic!("{row:?} is running"),
    }
}

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

// E2, E5
pub async fn an_entry_across_midnight_counts_on_both_days_of_its_zone(db: Fresh) {
    let (s, w) = (&*db.store, world(&db).await);
    let across = add(on(w.sink), "Europe/Berlin", "2026-11-24T22:30:00Z", "2026-11-25T00:15:30Z");
    let row = cem(&db, &across, 0).await.unwrap().row;
    let of = [w.cem];
    let sums = |from, to| s.sums(w.ours, &of, days(from, to));
    let each: Vec<_> =
        sums("2026-11-24", "2026-11-25").await.unwrap().iter().map(|sum| (sum.day.to_string(), sum.seconds)).collect();
    assert_eq!(each, [("2026-11-24".to_owned(), 30 * 60), ("2026-11-25".to_owned(), 75 * 60 + 30)]);
    // It is listed on either day, and begins on the first.
    for day in ["2026-11-24", "2026-11-25"] {
        assert_eq!(s.entries(w.ours, w.cem, days(day, day)).await.unwrap(), std::slice::from_ref(&row), "{day}");
    }
    assert!(s.entries(w.ours, w.cem, days("2026-11-26", "2026-11-26")).await.unwrap().is_empty());
    assert!(sums("2026-11-26", "2026-11-30").await.unwrap().is_empty());
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

// E3, E5
pub async fn an_edit_moves_what_is_added_up(db: Fresh) {
    let (s, w) = (&*db.store, world(&db).await);
    let entry = id(&cem(&db, &add(on(w.sink), "UTC", "2026-11-20T08:00:00Z", "2026-11-20T10:00:00Z"), 0).await.unwrap().row);
    let (from, to) = ("2026-11-21T08:00:00Z".parse().unwrap(), "2026-11-21T08:45:00Z".parse().unwrap());
    let times = Times::Both(instant(from), instant(to));
    let changed = Edit { task: Some(Some(w.kitchen)), tags: Some(tags(&["new"])), billable: Some(true), times, ..edit(entry) };
    let tracking = cem(&db, &Command::Edit(changed.clone()), 5).await.unwrap();
    assert!(tracking.step.is_some() && tracking.row.tracked.record().changed.at == instant(w.at(5)));
    let sums = s.sums(w.ours, &[], ever()).await.unwrap();
    assert_eq!(sums.len(), 1);
    let sum = sums[0];
    assert_eq!((sum.person, sum.day.to_string(), sum.task), (w.cem, "2026-11-21".to_owned(), Some(w.kitchen)));
    assert_eq!((sum.billable, sum.seconds), (true, 45 * 60));
    // Nothing else is no change, and nobody hears of it.
    let before = picture(s, w.ours).await;
    assert!(cem(&db, &Command::Edit(changed), 9).await.unwrap().step.is_none());
    assert_eq!(picture(s, w.ours).await, before);
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

// E5
pub async fn what_is_added_up_is_what_the_entries_say(db: Fresh) {
    let (s, w) = (&*db.store, world(&db).await);
    let zones = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"];
    let first: DateTime<Utc> = "2026-03-25T00:00:00Z".parse().unwrap();
    let mut expected = 0;
    for (number, zone) in (0..60_i64).zip(zones.iter().cycle()) {
        let from = first + chrono::TimeDelta::minutes(number * 367);
        let to = from + chrono::TimeDelta::seconds(1 + number * 1_429);
        let what = if number % 7 == 0 { What::default() } else { on(if number % 2 == 0 { w.sink } else { w.house }) };
        let command = Command::Add(Add {
            what: What { billable: Some(number % 2 == 0), ..what },
            zone: Zone::parse(zone).unwrap(),
            when: When::Counted(instant(from), instant(to)),
            done: None,
        });
        let by = by(w.cem, "2026-12-01T00:00:00Z".parse().unwrap());
        expected += seconds(&s.track(w.ours, w.cem, &command, &by).await.unwrap().row);
    }
    let sums = s.sums(w.ours, &[], ever()).await.unwrap();
    assert_eq!(sums.iter().map(|sum| sum.seconds).sum::<i64>(), expected);
    let rows = s.entries(w.ours, w.cem, ever()).await.unwrap();
    let mut by_day: std::collections::BTreeMap<_, i64> = std::collections::BTreeMap::new();
    for row in &rows {
        let Tracked::Ended(entry) = &row.tracked else { panic!("{row:?}") };
        for (day, length) in entry.days() {
            *by_day.entry((day, entry.record.details.task, entry.record.details.billable)).or_default() += length.seconds();
        }
    }
    let told: std::collections::BTreeMap<_, _> =
        sums.iter().map(|sum| ((sum.day, sum.task, sum.billable), sum.seconds)).collect();
    assert_eq!(told, by_day);
}

fn cell(task: TaskId, day: &str, text: &str) -> Cell {
    let typed = Typed::read(text, Field::Cell).unwrap();
    Cell { task: Some(task), zone: berlin(), day: Day::parse(day).unwrap(), typed }
}

// E2
pub async fn a_duration_goes_where_there_is_room(db: Fresh) {
    let w = world(&db).await;
    let day = Day::parse("2026-11-26").unwrap();
    let hour = Length::from_seconds(3600).unwrap();
    let on_day = Add { what: on(w.sink), zone: berlin(), when: When::OnDay(day, hour), done: None };
    let begins = async |minutes| {
        let added = cem(&db, &Command::Add(on_day.clone()), minutes).await.unwrap();
        added.row.tracked.start().utc().to_rfc3339()
    };
    assert_eq!(begins(1).await, "2026-11-26T08:00:00+00:00");
    assert_eq!(begins(2).await, "2026-11-26T09:00:00+00:00");
}

// E3, E9
pub async fn a_cell_holds_what_was_typed_and_is_taken_back_in_one_step(db: Fresh) {
    let (s, w) = (&*db.store, world(&db).await);
    let by = |minutes| by(w.cem, w.at(minutes));
    for (from, to) in [("2026-11-26T08:00:00Z", "2026-11-26T09:00:00Z"), ("2026-11-26T10:00:00Z", "2026-11-26T11:00:00Z")] {
        cem(&db, &add(What { tags: tags(&["ui"]), ..on(w.sink) }, "Europe/Berlin", from, to), 1).await.unwrap();
    }
    cem(&db, &add(on(w.house), "Europe/Berlin", "2026-11-26T12:00:00Z", "2026-11-26T13:00:00Z"), 1).await.unwrap();
    let all = async || s.entries(w.ours, w.cem, ever()).await.unwrap();
    let before = all().await;
    let fill = async |text: &str, minutes| {
        let filled = s.fill_once(w.ours, w.cem, &cell(w.sink, "2026-11-26", text), &by(minutes), None).await.unwrap();
        filled.now()
    };
    let less = fill("0:30", 2).await;
    assert_eq!((less.cell.seconds(), less.day.seconds(), less.step.rows.len()), (1800, 5400, 2));
    assert_eq!(s.sums(w.ours, &[w.cem], ever()).await.unwrap().iter().map(|sum| sum.seconds).sum::<i64>(), 5400);
    let same = fill("0:30", 3).await;
    assert_eq!((same.step.number, same.cell.seconds()), (None, 1800));

    let step = less.step.number.unwrap();
    assert!(matches!(s.undo(w.ours, step, &self::by(w.ada, w.at(4))).await, Err(StoreError::Refused(Refusal::NoStep))));
    assert!(matches!(s.undo(w.theirs, step, &by(4)).await, Err(StoreError::Refused(Refusal::NoStep))));
    let back = s.undo(w.ours, step, &by(4)).await.unwrap();
    assert_eq!(back.rows.len(), 2);
    let details = |rows: &[EntryRow]| -> Vec<_> {
        rows.iter().map(|row| (id(row), row.tracked.start(), seconds(row), row.tracked.record().details.clone())).collect()
    };
    assert_eq!(details(&all().await), details(&before));
    assert!(matches!(s.undo(w.ours, step, &by(5)).await, Err(StoreError::Refused(Refusal::ChangedSince))));
    // Taking back is a step as well.
    s.undo(w.ours, back.number.unwrap(), &by(6)).await.unwrap();
    assert_eq!(fill("", 7).await.cell.seconds(), 0);
    assert_eq!(all().await.len(), 1);
}

// E3
pub async fn several_are_changed_all_or_none(db: Fresh) {
    let (s, w) = (&*db.store, world(&db).await);
    let mut made = Vec::new();
    for hour in [8, 9] {
        let times = [format!("2026-11-26T{hour:02}:00:00Z"), format!("2026-11-26T{:02}:00:00Z", hour + 1)];
        made.push(id(&cem(&db, &add(on(w.sink), "UTC", &times[0], &times[1]), 1).await.unwrap().row));
    }
    let before = picture(s, w.ours).await;
    let noted = |entry| Command::Edit(Edit { note: Some(Note::typed("x").unwrap()), ..edit(entry) });
    let by = by(w.cem, w.at(2));
    let some = [(w.cem, noted(made[0])), (w.cem, noted(EntryId(99)))];
    assert!(matches!(s.track_all(w.ours, &some, &by).await, Err(StoreError::Refused(Refusal::NoEntry))));
    assert_eq!(picture(s, w.ours).await, before);
    let done = s.track_all(w.ours, &made.iter().map(|entry| (w.cem, noted(*entry))).collect::<Vec<_>>(), &by).await.unwrap();
    assert!(done.rows.iter().all(|row| row.tracked.record().details.note.as_str() == "x"));
    s.undo(w.ours, done.number.unwrap(), &by).await.unwrap();
    let rows = s.entries(w.ours, w.cem, ever()).await.unwrap();
    assert!(rows.iter().all(|row| row.tracked.record().details.note.as_str().is_empty()));
}

// E3
pub async fn an_entry_changes_only_while_it_is_what_was_seen(db: Fresh) {
    let (s, w) = (&*db.store, world(&db).await);
    let made = cem(&db, &add(on(w.sink), "UTC", "2026-11-26T08:00:00Z", "2026-11-26T09:00:00Z"), 1).await.unwrap().row;
    let seen = made.clone();
    let still = Still::new(move |there: &EntryRow| *there == seen);
    let change = |text: &str| Command::Edit(Edit { note: Some(Note::typed(text).unwrap()), ..edit(id(&made)) });
    let by = by(w.cem, w.at(2));
    s.track_if(w.ours, w.cem, &change("one"), &by, Some(still.clone())).await.unwrap();
    assert!(matches!(s.track_if(w.ours, w.cem, &change("two"), &by, Some(still.clone())).await, Err(StoreError::Changed)));
    let delete = Command::Delete(id(&made));
    assert!(matches!(s.track_if(w.ours, w.cem, &delete, &by, Some(still)).await, Err(StoreError::Changed)));
    assert_eq!(s.last_entry(w.ours, w.cem).await.unwrap().unwrap().tracked.record().details.note.as_str(), "one");
}

// E5
pub async fn a_sheet_shows_a_persons_days_as_of_one_moment(db: Fresh) {
    let (s, w) = (&*db.store, world(&db).await);
    cem(&db, &add(on(w.sink), "UTC", "2026-11-25T23:00:00Z", "2026-11-26T01:00:00Z"), 1).await.unwrap();
    cem(&db, &add(What::default(), "UTC", "2026-11-26T08:00:00Z", "2026-11-26T09:00:00Z"), 1).await.unwrap();
    cem(&db, &start(on(w.house)), 2).await.unwrap();
    let sheet = async |account, days| s.sheet(account, w.cem, days, &by(w.cem, w.at(3))).await.unwrap();
    let shown = sheet(w.ours, days("2026-11-26", "2026-11-26")).await;
    let sums: Vec<_> = shown.sums.iter().map(|sum| (sum.task, sum.seconds, sum.entries)).collect();
    assert_eq!(sums, [(None, 3600, 1), (Some(w.sink), 3600, 1)]);
    assert_eq!(shown.tasks.iter().map(|(task, is_open)| (task.id, *is_open)).collect::<Vec<_>>(), [(w.sink, true)]);
    assert_eq!(shown.spans.len(), 2, "the one that reaches into it too");
    assert!(shown.running.is_some());
    assert_eq!(sheet(w.theirs, ever()).await, SheetRows::default());
    s.unassign(w.ours, w.house, &[w.cem], w.ada, w.at(4)).await.unwrap();
    let lost = sheet(w.ours, days("2026-11-26", "2026-11-26")).await;
    assert!(!lost.tasks[0].1, "it is shown, and takes no more time");
}

pub async fn tags_are_put_in_order_wherever_they_are(db: Fresh) {
    let (s, w) = (&*db.store, world(&db).await);
    let command =
        |words: &[&str]| add(What { tags: tags(words), ..on(w.sink) }, "UTC", "2026-11-26T08:00:00Z", "2026-11-26T09:00:00Z");
    for words in [&["ui", "Draft"][..], &["UI", "design"], &["design"]] {
        cem(&db, &command(words), 1).await.unwrap();
    }
    let list = async |account| -> Vec<(i64, String, u64)> {
        s.tags(account).await.unwrap().iter().map(|tag| (tag.id.0, tag.name.as_str().to_owned(), tag.entries)).collect()
    };
    let row = |id, name: &str, entries| (id, name.to_owned(), entries);
    let before = list(w.ours).await;
    let number = |name: &str| TagId(before.iter().find(|tag| tag.1 == name).unwrap().0);
    let (ui, draft, design) = (number("ui"), number("Draft"), number("design"));
    assert_eq!(before, [row(design.0, "design", 2), row(draft.0, "Draft", 1), row(ui.0, "ui", 2)]);
    let named = Tag::typed("Interface").unwrap();
    assert!(matches!(s.rename_tag(w.ours, ui, &Tag::typed("DESIGN").unwrap(), w.ada, w.at(2)).await, Err(StoreError::TagExists)));
    s.rename_tag(w.ours, ui, &named, w.ada, w.at(2)).await.unwrap();
    s.merge_tags(w.ours, design, ui, w.ada, w.at(3)).await.unwrap();
    assert_eq!(list(w.ours).await, [row(draft.0, "Draft", 1), row(ui.0, "Interface", 3)]);
    s.remove_tag(w.ours, draft, w.ada, w.at(4)).await.unwrap();
    let rows = s.entries(w.ours, w.cem, ever()).await.unwrap();
    assert!(rows.iter().all(|row| row.tracked.record().details.tags == tags(&["Interface"])), "{rows:?}");
    assert!(list(w.theirs).await.is_empty());
    let missing = |error: StoreError| matches!(error, StoreError::NotFound("tag"));
    assert!(missing(s.remove_tag(w.theirs, ui, w.ada, w.at(5)).await.unwrap_err()));
    assert!(missing(s.merge_tags(w.ours, ui, draft, w.ada, w.at(5)).await.unwrap_err()));
}

// I13
pub async fn what_is_tracked_on_tasks_is_told_of_these_tasks_alone(db: Fresh) {
    let (s, w) = (&*db.store, world(&db).await);
    cem(&db, &add(on(w.sink), "UTC", "2026-11-26T08:00:00Z", "2026-11-26T09:30:00Z"), 1).await.unwrap();
    cem(&db, &add(on(w.house), "UTC", "2026-11-26T10:00:00Z", "2026-11-26T11:00:00Z"), 1).await.unwrap();
    cem(&db, &start(on(w.sink)), 2).await.unwrap();
    let told = async |account, tasks: &[TaskId]| s.time_on(account, tasks).await.unwrap();
    assert_eq!(told(w.ours, &[w.sink]).await, TimeOn { running: 1, seconds: 5400 });
    assert_eq!(told(w.ours, &[w.sink, w.house]).await, TimeOn { running: 1, seconds: 9000 });
    assert_eq!(told(w.ours, &[]).await, TimeOn::default());
    assert_eq!(told(w.theirs, &[w.sink, w.house]).await, TimeOn::default());
}
