//! Starting: E1, E7, I9, P6, P7.

use tallyport_domain::time::{Access, Command, Lost, Refusal, Start, Told, Tracked, What};
use tallyport_domain::{EntryId, TaskId};

use super::book::{ADA, Book, DESIGN, WEBSITE, at, berlin, on, start, started, stop};

fn start_at(minutes: i64) -> Command {
    Command::Start(Start { what: on(WEBSITE), zone: berlin(), at: Some(at(minutes)), done: None })
}

#[test] // E1
fn starting_another_stops_the_first_at_the_same_instant() {
    let mut book = Book::new();
    book.at(0, start(What::default())).unwrap();
    let change = book.at(30, start(on(WEBSITE))).unwrap();
    assert_eq!(change.writes.len(), 2);
    assert_eq!(book.minutes(1), (0, 30));
    let running = book.running().unwrap();
    assert_eq!((running.start, running.record.id, running.record.details.task), (at(30), EntryId(2), Some(WEBSITE)));
    assert_eq!(change.result, Tracked::Running(running));
    assert_eq!((book.entry(1).record.made.at, book.entry(1).record.changed.at), (at(0), at(30)));
}

#[test] // E2
fn billable_is_as_the_task_has_it_unless_it_is_said() {
    let mut book = Book::new();
    for (what, billable) in [
        (on(DESIGN), true),
        (What { billable: Some(false), ..on(DESIGN) }, false),
        (on(WEBSITE), false),
        (What { billable: Some(true), ..What::default() }, true),
    ] {
        let change = book.does(start(what.clone())).unwrap();
        assert_eq!(change.result.record().details.billable, billable, "{what:?}");
    }
}

#[test] // I9, P6, P7
fn nobody_starts_where_they_may_not() {
    let mut book = Book::new();
    book.does(start(on(WEBSITE))).unwrap();
    book.task(DESIGN).archived = Some(at(0));
    assert_eq!(book.at(5, start(on(DESIGN))), Err(Refusal::Archived));
    book.task(DESIGN).access = Access::Never;
    assert_eq!(book.at(5, start(on(DESIGN))), Err(Refusal::NoTask));
    assert_eq!(book.at(5, start(on(TaskId(99)))), Err(Refusal::NoTask));
    *book.task(DESIGN) = super::book::footing(&["Design"], None);
    book.task(DESIGN).access = Access::Never;
    book.task(DESIGN).managed = true;
    assert_eq!(book.at(5, start(on(DESIGN))), Err(Refusal::NotAssigned));
    // What runs runs on.
    assert_eq!(book.running().unwrap().record.id, EntryId(1));
}

#[test] // E7
fn nothing_starts_in_times_to_come_but_clocks_differ_by_minutes() {
    let mut book = Book::new();
    assert_eq!(book.does(start_at(6)), Err(Refusal::Ahead { now: at(0) }));
    assert_eq!(book.does(started(6, on(WEBSITE))), Err(Refusal::Ahead { now: at(0) }));
    book.does(started(5, on(WEBSITE))).unwrap();
    assert_eq!(book.running().unwrap().start, at(5));
}

#[test] // E4
fn a_timer_is_not_started_more_than_a_day_ago_by_hand() {
    let mut book = Book::new();
    assert_eq!(book.does(start_at(-24 * 60 - 1)), Err(Refusal::TooLong));
    book.does(start_at(-24 * 60)).unwrap();
    // A device that was away for days tells what was.
    let mut book = Book::new();
    book.does(started(-5 * 24 * 60, on(WEBSITE))).unwrap();
    assert_eq!(book.running().unwrap().length(book.now).seconds(), 5 * 86_400);
    assert!(book.running().unwrap().is_overlong(book.now));
}

#[test] // E1
fn a_start_by_hand_is_not_before_the_timer_that_runs() {
    let mut book = Book::new();
    book.at(30, start(on(WEBSITE))).unwrap();
    assert_eq!(book.at(60, start_at(20)), Err(Refusal::RunsSince { since: at(30) }));
    book.at(60, start_at(40)).unwrap();
    assert_eq!((book.minutes(1), book.running().unwrap().start), ((30, 40), at(40)));
}

#[test] // E7
fn a_clock_that_was_set_back_makes_one_flagged_entry_and_no_more() {
    let mut book = Book::new();
    book.at(400 * 24 * 60, start(on(WEBSITE))).unwrap();
    book.at(0, start(on(DESIGN))).unwrap();
    let wrong = book.entry(1);
    assert!(wrong.stepped_back && wrong.span.length().is_zero());
    book.at(30, stop(2)).unwrap();
    assert_eq!((book.minutes(2), book.entry(2).stepped_back), ((0, 30), false));
}

#[test] // E6, E7
fn what_a_device_tells_later_takes_its_place_in_the_order_of_starts() {
    // The laptop started at 60 and runs; the phone had started at 0 without a connection.
    let mut book = Book::new();
    book.at(60, start(on(WEBSITE))).unwrap();
    let change = book.at(90, started(0, on(DESIGN))).unwrap();
    assert_eq!((change.writes.len(), book.minutes(2)), (1, (0, 60)));
    assert_eq!(book.running().unwrap().record.id, EntryId(1));
    // Stopped meanwhile it is the same.
    book.at(100, stop(1)).unwrap();
    book.at(110, started(30, on(DESIGN))).unwrap();
    assert_eq!((book.minutes(2), book.minutes(3), book.running()), ((0, 30), (30, 60), None));
    // Nothing was started after it: it runs.
    book.at(120, started(105, on(DESIGN))).unwrap();
    assert_eq!(book.running().unwrap().start, at(105));
}

#[test] // E1, E7
fn a_start_that_is_told_later_stops_what_ran_before_it() {
    let mut book = Book::new();
    book.at(0, start(on(WEBSITE))).unwrap();
    book.at(90, started(60, on(DESIGN))).unwrap();
    assert_eq!((book.minutes(1), book.running().unwrap().start), ((0, 60), at(60)));
}

#[test] // E4, E7
fn what_ended_is_not_ended_again_by_a_start_that_is_told_later() {
    let mut book = Book::new();
    book.at(0, start(on(WEBSITE))).unwrap();
    book.at(60, stop(1)).unwrap();
    book.at(90, started(30, on(DESIGN))).unwrap();
    // They overlap, which is pointed out.
    assert_eq!((book.minutes(1), book.running().unwrap().start), ((0, 60), at(30)));
}

#[test] // E7
fn what_precedes_the_archiving_stands_and_what_is_later_goes_to_no_task() {
    let mut book = Book::new();
    book.task(DESIGN).archived = Some(at(30));
    let change = book.at(60, started(29, on(DESIGN))).unwrap();
    assert_eq!((change.result.record().details.task, change.told), (Some(DESIGN), None));
    let change = book.at(60, started(30, on(DESIGN))).unwrap();
    let details = &change.result.record().details;
    assert_eq!((details.task, details.note.as_str(), details.billable), (None, "Toggl / Acme / Design", true));
    assert_eq!(change.told, Some(Told { entry: EntryId(2), task: DESIGN, lost: Lost::Archived }));
    assert_eq!(book.running().unwrap().record.person, ADA);
}

#[test] // E7, P6
fn the_same_holds_for_the_loss_of_access() {
    let mut book = Book::new();
    book.task(DESIGN).access = Access::Ended(at(30));
    assert_eq!(book.at(60, started(29, on(DESIGN))).unwrap().told, None);
    assert_eq!(book.at(60, started(31, on(DESIGN))).unwrap().told.unwrap().lost, Lost::Access);
    // Hours are not lost with a task that is gone, nor is it told whether there is one.
    let gone = book.at(61, started(32, on(TaskId(99)))).unwrap();
    assert_eq!((gone.told.unwrap().lost, gone.result.record().details.note.as_str()), (Lost::Unknown, "#99"));
}

#[test] // E7
fn what_a_device_tells_later_ends_what_something_ended_that_is_deleted_since() {
    let mut book = Book::new();
    book.at(0, start(on(WEBSITE))).unwrap();
    book.at(30, start(on(DESIGN))).unwrap();
    book.at(40, Command::Delete(EntryId(2))).unwrap();
    book.at(50, started(10, on(DESIGN))).unwrap();
    assert_eq!(book.minutes(1), (0, 10));
    assert_eq!(book.running().map(|timer| timer.record.id), Some(EntryId(3)));
}
