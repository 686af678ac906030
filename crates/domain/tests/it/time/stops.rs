//! Stopping: E3, E4, E7, A5, I9.

use tallyport_domain::EntryId;
use tallyport_domain::time::{Access, Refusal, Tracked};

use super::book::{ADA, Book, DESIGN, MANAGER, WEBSITE, at, on, start, stop, stopped};

#[test] // E7
fn stop_names_its_entry_and_changes_nothing_when_that_is_stopped_already() {
    let mut book = Book::new();
    book.at(0, start(on(WEBSITE))).unwrap();
    book.at(30, stop(1)).unwrap();
    book.at(40, start(on(DESIGN))).unwrap();
    for command in [stop(1), stopped(1, 20), stopped(1, 50)] {
        let change = book.at(60, command).unwrap();
        assert_eq!((change.writes.as_slice(), change.told), (&[][..], None));
        assert_eq!(change.result, Tracked::Ended(book.entry(1).clone()));
    }
    assert_eq!((book.minutes(1), book.running().unwrap().record.id), ((0, 30), EntryId(2)));
}

#[test] // E7
fn a_timer_that_another_one_stopped_is_stopped_already() {
    let mut book = Book::new();
    book.at(0, start(on(WEBSITE))).unwrap();
    book.at(30, start(on(DESIGN))).unwrap();
    assert!(book.at(60, stop(1)).unwrap().writes.is_empty());
    assert_eq!(book.minutes(1), (0, 30));
}

#[test] // E7
fn what_another_start_ended_had_ended_before_where_a_stop_is_told_later() {
    let mut book = Book::new();
    book.at(0, start(on(WEBSITE))).unwrap();
    book.at(30, start(on(DESIGN))).unwrap();
    // Never longer, and once.
    for (told, after) in [(30, 30), (40, 30), (-1, 30), (20, 20), (10, 20), (25, 20)] {
        book.at(60, stopped(1, told)).unwrap();
        assert_eq!(book.minutes(1), (0, after), "{told}");
    }
    assert_eq!(book.running().unwrap().start, at(30));
}

#[test] // E7
fn a_stop_that_is_told_later_counts_until_it_was_made() {
    let mut book = Book::new();
    book.at(0, start(on(WEBSITE))).unwrap();
    book.at(20 * 60, stopped(1, 30)).unwrap();
    assert_eq!(book.minutes(1), (0, 30));
}

#[test] // E4, E7
fn an_end_before_the_start_or_yet_to_come_is_refused_and_never_swapped() {
    let mut book = Book::new();
    book.at(30, start(on(WEBSITE))).unwrap();
    assert_eq!(book.at(60, stopped(1, 29)), Err(Refusal::EndBeforeStart));
    assert_eq!(book.at(60, stopped(1, 66)), Err(Refusal::Ahead { now: at(60) }));
    assert_eq!(book.at(60, stop(7)), Err(Refusal::NoEntry));
    assert!(book.running().is_some());
    book.at(60, stopped(1, 65)).unwrap();
    assert_eq!(book.minutes(1), (30, 65));
}

#[test] // E7
fn a_clock_that_was_set_back_ends_a_timer_at_its_start_and_flags_it() {
    let mut book = Book::new();
    book.at(30, start(on(WEBSITE))).unwrap();
    book.at(-120, stop(1)).unwrap();
    assert_eq!((book.minutes(1), book.entry(1).stepped_back), ((30, 30), true));
    book.at(40, start(on(WEBSITE))).unwrap();
    book.at(40, stop(2)).unwrap();
    assert_eq!((book.minutes(2), book.entry(2).stepped_back), ((40, 40), false));
}

#[test] // I9, P6
fn a_timer_on_a_task_that_was_archived_or_lost_runs_on_and_can_be_stopped() {
    let mut book = Book::new();
    book.at(0, start(on(WEBSITE))).unwrap();
    book.task(WEBSITE).archived = Some(at(10));
    book.task(WEBSITE).access = Access::Ended(at(20));
    book.at(60, stop(1)).unwrap();
    assert_eq!((book.minutes(1), book.entry(1).record.details.task), ((0, 60), Some(WEBSITE)));
}

#[test] // E3, A5
fn who_stopped_a_timer_for_somebody_is_told() {
    let mut book = Book::new();
    book.at(0, start(on(WEBSITE))).unwrap();
    book.by = MANAGER;
    book.at(60, stop(1)).unwrap();
    let record = &book.entry(1).record;
    assert_eq!((record.person, record.made.by, record.changed.by), (ADA, ADA, MANAGER));
}
