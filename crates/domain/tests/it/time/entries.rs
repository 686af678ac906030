//! Adding, changing and deleting entries: E2, E3, E4, E7, I9, P6.

use tallyport_domain::time::{
    Access, Add, Command, Edit, Instant, Length, Lost, Note, OutOfCalendar, Refusal, Tag, Tags, Times, Tracked, Way, What, When,
};
use tallyport_domain::{EntryId, TaskId};

use super::book::{Book, DESIGN, MANAGER, WEBSITE, add, at, berlin, edit, footing, on, start, stop};

fn times(entry: i64, times: Times) -> Command {
    Command::Edit(Edit { times, ..edit(entry) })
}

fn to_task(entry: i64, task: impl Into<Option<TaskId>>) -> Command {
    Command::Edit(Edit { task: Some(task.into()), ..edit(entry) })
}

fn minutes(count: i64) -> Length {
    Length::from_seconds(count * 60).unwrap()
}

#[test] // E2, E4
fn an_entry_by_hand_has_an_end_after_its_start_and_a_day_at_most() {
    let mut book = Book::new();
    book.does(add(on(DESIGN), -120, -60)).unwrap();
    assert_eq!(
        (book.minutes(1), book.entry(1).record.details.billable, book.entry(1).span.way()),
        ((-120, -60), true, Way::Hand)
    );
    assert_eq!(book.does(add(on(DESIGN), 0, 0)), Err(Refusal::EndBeforeStart));
    assert_eq!(book.does(add(on(DESIGN), 0, -1)), Err(Refusal::EndBeforeStart));
    assert_eq!(book.does(add(on(DESIGN), 0, 25 * 60)), Err(Refusal::TooLong));
    book.does(add(on(DESIGN), 0, 24 * 60)).unwrap();
    // The running timer is left alone, and overlaps are allowed.
    book.does(start(on(WEBSITE))).unwrap();
    book.at(60, add(on(WEBSITE), 0, 30)).unwrap();
    assert_eq!(book.running().unwrap().start, at(0));
}

#[test] // E4
fn the_year_9999_is_in_no_calendar() {
    let far: chrono::DateTime<chrono::Utc> = "9999-01-04T00:00:00Z".parse().unwrap();
    let refused = Refusal::from(Instant::of(far).unwrap_err());
    assert_eq!(
        (&refused, refused.to_string()),
        (&Refusal::OutOfCalendar(OutOfCalendar), "time is tracked from 1970 to 2199".to_owned())
    );
}

#[test] // I9, P6, E7
fn nothing_is_added_where_one_may_not_and_nothing_is_lost_that_is_told_later() {
    let mut book = Book::new();
    book.task(DESIGN).archived = Some(at(10));
    assert_eq!(book.at(60, add(on(DESIGN), 0, 5)), Err(Refusal::Archived));
    let later = |from, to, counted, done| {
        let when = if counted { When::Counted(at(from), at(to)) } else { When::Typed(at(from), at(to)) };
        Command::Add(Add { what: on(DESIGN), zone: berlin(), when, done: Some(at(done)) })
    };
    let change = book.at(60, later(0, 5, true, 9)).unwrap();
    assert_eq!((change.told, change.result.record().details.task), (None, Some(DESIGN)));
    let change = book.at(60, later(0, 5, true, 10)).unwrap();
    assert_eq!(change.told.unwrap().lost, Lost::Archived);
    assert_eq!((book.minutes(2), book.entry(2).record.details.note.as_str()), ((0, 5), "Toggl / Acme / Design"));
    // What a timer counted is over; what somebody plans is not.
    assert_eq!(book.at(60, later(0, 66, true, 9)), Err(Refusal::Ahead { now: at(60) }));
    book.at(60, later(100, 200, false, 9)).unwrap();
}

#[test] // E3
fn what_is_not_given_stays() {
    let mut book = Book::new();
    let tags = Tags::new([Tag::typed("photo").unwrap()]).unwrap();
    let what = What { note: Note::typed("Call").unwrap(), tags: tags.clone(), ..on(DESIGN) };
    book.does(add(what, 0, 60)).unwrap();
    book.by = MANAGER;
    book.at(90, times(1, Times::End(at(50)))).unwrap();
    let entry = book.entry(1);
    assert_eq!((book.minutes(1), entry.record.made.at, entry.record.changed.at), ((0, 50), at(0), at(90)));
    let details = &entry.record.details;
    assert_eq!((details.task, details.note.as_str(), &details.tags, details.billable), (Some(DESIGN), "Call", &tags, true));
    assert_eq!((entry.record.zone.clone(), entry.record.changed.by), (berlin(), MANAGER));
}

#[test] // E3
fn what_is_the_same_is_no_change() {
    let mut book = Book::new();
    book.does(add(on(DESIGN), 0, 60)).unwrap();
    let same = Edit { task: Some(Some(DESIGN)), billable: Some(true), times: Times::Both(at(0), at(60)), ..edit(1) };
    for command in [Command::Edit(same), Command::Edit(edit(1)), times(1, Times::Length(minutes(60)))] {
        assert!(book.at(90, command).unwrap().writes.is_empty());
    }
    assert_eq!(book.entry(1).record.changed.at, at(0));
}

#[test] // E4
fn changing_one_end_never_touches_the_other() {
    let mut book = Book::new();
    book.does(add(on(DESIGN), 0, 60)).unwrap();
    for (change, after) in [
        (Times::Start(at(10)), (10, 60)),
        (Times::End(at(70)), (10, 70)),
        (Times::Both(at(20), at(40)), (20, 40)),
        (Times::Length(minutes(90)), (20, 110)),
    ] {
        book.does(times(1, change)).unwrap();
        assert_eq!(book.minutes(1), after, "{change:?}");
    }
    for (change, refusal) in [
        (Times::End(at(20)), Refusal::EndBeforeStart),
        (Times::End(at(19)), Refusal::EndBeforeStart),
        (Times::Start(at(110)), Refusal::EndBeforeStart),
        (Times::Length(Length::ZERO), Refusal::EndBeforeStart),
        (Times::End(at(20 + 24 * 60 + 1)), Refusal::TooLong),
    ] {
        assert_eq!(book.does(times(1, change)), Err(refusal), "{change:?}");
    }
    assert_eq!(book.minutes(1), (20, 110));
}

#[test] // E4
fn a_timer_that_was_left_running_stays_as_long_until_somebody_changes_its_times() {
    let mut book = Book::new();
    book.does(start(on(WEBSITE))).unwrap();
    book.at(60 * 60, stop(1)).unwrap();
    book.does(to_task(1, DESIGN)).unwrap();
    assert!(book.minutes(1) == (0, 3600) && book.entry(1).span.is_overlong());
    assert_eq!(book.does(times(1, Times::Length(minutes(50 * 60)))), Err(Refusal::TooLong));
    book.does(times(1, Times::Length(minutes(8 * 60)))).unwrap();
    assert_eq!((book.minutes(1), book.entry(1).span.way()), ((0, 480), Way::Hand));
}

#[test] // E1, E4
fn a_duration_moves_the_start_of_a_timer_that_runs() {
    let mut book = Book::new();
    book.does(start(What::default())).unwrap();
    book.at(60, times(1, Times::Length(minutes(90)))).unwrap();
    assert_eq!(book.running().unwrap().start, at(-30));
    assert_eq!(book.does(times(1, Times::End(at(50)))), Err(Refusal::Running));
    assert_eq!(book.does(times(1, Times::Start(at(66)))), Err(Refusal::Ahead { now: at(60) }));
    assert_eq!(book.does(times(1, Times::Start(at(60 - 24 * 60 - 1)))), Err(Refusal::TooLong));
    // It gets its task later.
    book.does(to_task(1, DESIGN)).unwrap();
    let details = book.running().unwrap().record.details;
    assert_eq!((details.task, details.billable), (Some(DESIGN), true));
}

#[test] // E3, P6, P7
fn nothing_is_moved_to_a_task_that_is_archived_or_of_others() {
    let mut book = Book::new();
    book.does(add(on(WEBSITE), 0, 60)).unwrap();
    book.task(DESIGN).archived = Some(at(0));
    assert_eq!(book.does(to_task(1, DESIGN)), Err(Refusal::Archived));
    *book.task(DESIGN) = footing(&["Design"], None);
    book.task(DESIGN).access = Access::Never;
    assert_eq!(book.does(to_task(1, DESIGN)), Err(Refusal::NoTask));
    assert_eq!(book.does(to_task(1, TaskId(99))), Err(Refusal::NoTask));
    book.does(to_task(1, None)).unwrap();
    assert_eq!(book.entry(1).record.details.task, None);
}

#[test] // E3
fn entries_on_an_archived_task_are_changed_and_deleted_like_others() {
    let mut book = Book::new();
    book.does(add(on(WEBSITE), 0, 60)).unwrap();
    book.task(WEBSITE).archived = Some(at(0));
    book.does(times(1, Times::End(at(90)))).unwrap();
    book.does(Command::Edit(Edit { note: Some(Note::typed("Call").unwrap()), ..edit(1) })).unwrap();
    let deleted = book.does(Command::Delete(EntryId(1))).unwrap();
    assert_eq!((deleted.result.record().id, book.records.len()), (EntryId(1), 0));
    assert_eq!(book.does(Command::Delete(EntryId(1))), Err(Refusal::NoEntry));
}

#[test] // P6
fn on_a_lost_task_one_corrects_and_moves_but_adds_no_time() {
    let mut book = Book::new();
    book.does(add(on(WEBSITE), 0, 60)).unwrap();
    book.task(WEBSITE).access = Access::Ended(at(0));
    assert_eq!(book.does(times(1, Times::End(at(61)))), Err(Refusal::NoMoreTime));
    book.does(times(1, Times::Both(at(30), at(90)))).unwrap();
    book.does(times(1, Times::End(at(80)))).unwrap();
    book.does(Command::Edit(Edit { billable: Some(true), ..edit(1) })).unwrap();
    // With its move the time goes elsewhere.
    let moved = Edit { task: Some(Some(DESIGN)), times: Times::End(at(120)), ..edit(1) };
    book.does(Command::Edit(moved)).unwrap();
    assert_eq!((book.minutes(1), book.entry(1).record.details.task), ((30, 120), Some(DESIGN)));
}

#[test] // P6, E3
fn a_timer_on_a_lost_task_is_not_made_longer_by_hand_and_a_manager_corrects_what_was() {
    let mut book = Book::new();
    book.does(start(on(WEBSITE))).unwrap();
    book.task(WEBSITE).access = Access::Ended(at(1));
    assert_eq!(book.at(60, times(1, Times::Start(at(-30)))), Err(Refusal::NoMoreTime));
    book.does(times(1, Times::Start(at(10)))).unwrap();
    book.does(stop(1)).unwrap();
    book.by = MANAGER;
    book.does(times(1, Times::End(at(90)))).unwrap();
    assert_eq!(book.minutes(1), (10, 90));
}

#[test] // E7
fn the_flag_of_a_clock_goes_when_somebody_gives_other_times() {
    let mut book = Book::new();
    book.does(start(on(WEBSITE))).unwrap();
    book.at(-60, stop(1)).unwrap();
    book.does(to_task(1, None)).unwrap();
    assert!(book.entry(1).stepped_back);
    book.does(times(1, Times::End(at(30)))).unwrap();
    assert!(!book.entry(1).stepped_back);
}

#[test] // E3
fn a_timer_that_runs_can_be_thrown_away() {
    let mut book = Book::new();
    book.does(start(on(WEBSITE))).unwrap();
    let deleted = book.does(Command::Delete(EntryId(1))).unwrap();
    assert!(matches!(deleted.result, Tracked::Running(_)) && book.records.is_empty());
}
