//! Histories of several devices of one person: each acts by its own clock, online or not, and tells it sooner or later, once or
//! more than once (E1, E6, E7).

use std::collections::{BTreeMap, BTreeSet};

use tallyport_domain::EntryId;
use tallyport_domain::time::{Access, Add, Command, Edit, Instant, Start, Stop, Tracked, Way, When};

use super::book::{ADA, Book, DESIGN, WEBSITE, at, berlin, edit, on};
use super::numbers::Numbers;

/// What all histories together came upon.
#[derive(Debug, Default)]
struct Reached {
    told_later: usize,
    became_entries: usize,
    to_no_task: usize,
    nothing_to_stop: usize,
    stepped_back: usize,
    ended_earlier: usize,
    refused: usize,
}

/// Plays a history of so many steps and holds what is left against what must be.
fn play(seed: u64, reached: &mut Reached) -> BTreeMap<EntryId, Tracked> {
    let mut numbers = Numbers(seed);
    let mut book = Book::new();
    let mut now = 0;
    let mut kept = BTreeSet::new();
    for _ in 0..60 {
        now = (now + numbers.within(0, 30) - if numbers.below(40) == 0 { 60 } else { 0 }).max(0);
        if numbers.below(30) == 0 {
            book.task(DESIGN).archived = (numbers.below(2) == 0).then(|| at(now));
            book.task(WEBSITE).access = if numbers.below(2) == 0 { Access::Ended(at(now)) } else { Access::Given };
        }
        let before = book.records.clone();
        let told = numbers.below(2) == 0;
        let done = at(now - if told { numbers.within(0, 600) } else { 0 });
        let what = on(if numbers.below(2) == 0 { WEBSITE } else { DESIGN });
        let entry = EntryId(numbers.within(1, 30));
        let command = match numbers.below(8) {
            0..=2 => Command::Start(Start { what, zone: berlin(), at: None, done: told.then_some(done) }),
            3..=5 => Command::Stop(Stop { entry, at: told.then_some(done) }),
            6 => Command::Add(Add { what, zone: berlin(), when: When::Counted(done, at(now)), done: Some(at(now)) }),
            _ => Command::Edit(Edit { task: Some(what.task), ..edit(entry.0) }),
        };
        if let Ok(change) = book.at(now, &command) {
            let ended = matches!(change.result, Tracked::Ended(_));
            reached.told_later += usize::from(told);
            reached.became_entries += usize::from(ended && matches!(command, Command::Start(_)));
            reached.nothing_to_stop += usize::from(change.writes.is_empty() && matches!(command, Command::Stop(_)));
            reached.to_no_task += usize::from(change.told.is_some());
            kept.insert(change.result.record().id);
        } else {
            reached.refused += 1;
            assert_eq!(book.records, before, "seed {seed}: refused, and changed");
        }
        for (id, was) in &before {
            let (Tracked::Ended(was), Tracked::Ended(is)) = (was, &book.records[id]) else { continue };
            let earlier =
                was.span.way() == Way::Switched && is.span.start() == was.span.start() && is.span.end() < was.span.end();
            assert!(was.span == is.span || earlier, "seed {seed}: {id} ended twice, {was:?} {is:?}");
            reached.ended_earlier += usize::from(was.span != is.span);
        }
    }
    assert!(kept.iter().all(|id| book.records.contains_key(id)), "seed {seed}: what was answered with success is gone");
    for tracked in book.records.values() {
        assert_eq!(tracked.record().person, ADA);
        if let Tracked::Ended(entry) = tracked {
            assert!(entry.span.start() <= entry.span.end(), "seed {seed}: {entry:?}");
            reached.stepped_back += usize::from(entry.stepped_back);
        }
    }
    book.records
}

#[test] // E1, E6, E7; M20
fn of_several_devices_at_most_one_timer_runs_and_nothing_is_lost_or_ended_twice() {
    let mut reached = Reached::default();
    for seed in 0..2000 {
        let once = play(seed, &mut reached);
        assert_eq!(once, play(seed, &mut Reached::default()), "seed {seed} gave another history");
    }
    let Reached { told_later, became_entries, to_no_task, nothing_to_stop, stepped_back, ended_earlier, refused } = reached;
    for (what, times) in [
        ("told later", told_later),
        ("started, and ended by a later start", became_entries),
        ("went to no task", to_no_task),
        ("stopped already", nothing_to_stop),
        ("a clock set back", stepped_back),
        ("had ended earlier", ended_earlier),
        ("refused", refused),
    ] {
        assert!(times > 100, "{what}: {times} times");
    }
}

#[test] // E7
fn starts_that_devices_tell_in_any_order_lie_one_after_the_other() {
    for seed in 0..500 {
        let mut numbers = Numbers(seed);
        let mut starts: Vec<i64> = (0..8).map(|n| n * 10).collect();
        for last in (1..starts.len()).rev() {
            starts.swap(last, numbers.index(last + 1));
        }
        let mut book = Book::new();
        for minutes in &starts {
            book.at(100, super::book::started(*minutes, on(WEBSITE))).unwrap();
        }
        let mut found: Vec<(Instant, Option<Instant>)> = book
            .records
            .values()
            .map(|tracked| match tracked {
                Tracked::Running(timer) => (timer.start, None),
                Tracked::Ended(entry) => (entry.span.start(), Some(entry.span.end())),
            })
            .collect();
        found.sort_unstable();
        let expected: Vec<_> = (0..8).map(|n| (at(n * 10), (n < 7).then(|| at(n * 10 + 10)))).collect();
        assert_eq!(found, expected, "seed {seed}: {starts:?}");
    }
}
