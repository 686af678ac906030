//! The model of a sync: what holds after every sync of many histories, whatever happened before.
//!
//! Each seed is a history of its own, and every sync of it is held against every one of [`INVARIANTS`]; a history that breaks
//! one is made as short as it goes. `TALLYPORT_MODEL_SEEDS` plays more, `TALLYPORT_MODEL_SEED` plays one.
//!
//! The invariants have the numbers of this list. What takes a store, a source that fails or a second process is shown by the
//! swarm of `tallyport-sync`, which plays the whole engine (its `checks.rs` has the same numbers).
//!
//! | | invariant | shown by |
//! |---|---|---|
//! | 1 | any order of rows and lists gives the same plan | here; a seed twice, the same trace: the swarm |
//! | 2 | the active imported tasks are those of a second, naive opinion | here and the swarm |
//! | 3 | planning again on the result changes nothing | here and the swarm |
//! | 4 | an item has one task, for ever | here and the swarm |
//! | 5 | no entry changes: as long as there are none, no task that could have some goes away | here and the swarm |
//! | 6 | what people made stays: native tasks and suppressions | here; manual assignments and other accounts: the swarm |
//! | 7 | automatic assignments follow members, suppressions and owner | here and the swarm |
//! | 8 | the tree is a forest whose kinds nest | here, in [`garbage`] for any lists at all, and the swarm |
//! | 9 | below an archived task nothing is active; each has its reason and its time | here and the swarm |
//! | 10 | no active project of a selected workspace is missing | here and the swarm |
//! | 11 | whatever fails, the tree is the old one or the new one | the swarm |
//! | 12 | what a preview shows and a run records is what changes | here; the recorded rows: the swarm |
//! | 13 | what archives too much is held | here; that a held run changes nothing: the swarm |
//! | 14 | only reading requests, no more than needed, none without allowance | the swarm |
//! | 15 | a timer on an archived task runs on | nowhere yet: there are no timers |

mod access;
mod brake;
mod census;
mod garbage;
mod history;
mod mirror;
mod reference;
mod replay;
mod steps;
mod tree;
mod world;

use std::io::Write;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use proptest::test_runner::{Config, RngSeed, TestCaseError, TestCaseResult, TestError, TestRunner};

use census::Census;
use history::Sync;

type Invariant = fn(&Sync<'_>) -> TestCaseResult;

/// What holds after every sync, by the numbers above.
const INVARIANTS: [(u8, &str, Invariant); 17] = [
    (1, "the order of rows and lists does not matter", mirror::order_does_not_matter),
    (2, "the active imported tasks are those of the reference", mirror::active_tasks_are_those_of_the_reference),
    (2, "listed items are called and look as the source says", mirror::names_and_looks_are_those_of_the_source),
    (2, "archived items have the reason that the source gives", mirror::reasons_are_those_of_the_source),
    (2, "what a complete list lacks is missing", mirror::what_a_complete_list_lacks_is_missing),
    (2, "what could not be read stays as it is", mirror::what_could_not_be_read_stays_as_it_is),
    (2, "an own reason outlives the time in which its workspace is not read", mirror::own_reasons_outlive_not_being_read),
    (3, "planning again changes nothing", mirror::planning_again_changes_nothing),
    (4, "an item has one task and keeps it", tree::an_item_has_one_task_and_keeps_it),
    (5, "no task goes away", tree::no_task_goes_away),
    (6, "native tasks change only to make room, and suppressions never", tree::native_tasks_change_only_to_make_room),
    (7, "automatic assignments are the members less the suppressed, and the owner's", access::automatic_assignments),
    (8, "the tree is a forest whose kinds nest", tree::a_forest_whose_kinds_nest),
    (9, "below an archived task nothing is active, and times stay the first", tree::archives_are_closed),
    (10, "no active project of a selected workspace is missing", mirror::no_active_project_is_missing),
    (12, "the items tell all that changes, and nothing else", replay::items_tell_the_plan),
    (13, "what archives too much or overwrites changes by hand is held", brake::what_needs_a_yes_is_held),
];

/// How many seeds are played where nothing else is said.
const SEEDS: u64 = 20_000;

#[expect(clippy::disallowed_methods, reason = "how many seeds are played is said from outside")]
fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Plays the history of a seed; says what it breaks where it breaks something, with the shortest such history.
fn play(seed: u64) -> Result<Census, String> {
    let config = Config {
        cases: 1,
        rng_seed: RngSeed::Fixed(seed),
        failure_persistence: None,
        max_shrink_iters: 5000,
        ..Config::default()
    };
    let census = std::cell::RefCell::new(Census::default());
    let outcome = TestRunner::new(config).run(&steps::steps(), |steps| {
        history::play(&steps, |sync| {
            for (number, words, invariant) in INVARIANTS {
                invariant(sync).map_err(|error| TestCaseError::fail(format!("invariant {number}, {words}: {error}")))?;
            }
            census.borrow_mut().look(sync);
            Ok(())
        })
    });
    outcome.map(|()| census.into_inner()).map_err(|error| match error {
        TestError::Fail(broken, steps) => {
            let steps: Vec<String> = steps.iter().map(|step| format!("  {step:?}")).collect();
            format!("{broken}\nafter\n{}", steps.join("\n"))
        }
        TestError::Abort(why) => why.to_string(),
    })
}

#[test] // I5, I7, I8, I10, I12 to I14, I16; P3 to P5; T1 to T3
fn every_sync_of_every_history_keeps_the_invariants() {
    let (first, count) =
        number("TALLYPORT_MODEL_SEED").map_or_else(|| (0, number("TALLYPORT_MODEL_SEEDS").unwrap_or(SEEDS)), |seed| (seed, 1));
    let next = AtomicU64::new(first);
    let reached = Mutex::new(Census::default());
    let broken = Mutex::new(None);
    let work = || {
        let mut mine = Census::default();
        while broken.lock().unwrap().is_none() {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed - first >= count {
                break;
            }
            match play(seed) {
                Ok(census) => mine.add(&census),
                Err(words) => *broken.lock().unwrap() = Some((seed, words)),
            }
        }
        reached.lock().unwrap().add(&mine);
    };
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(work);
        }
    });
    if let Some((seed, words)) = broken.into_inner().unwrap() {
        panic!("seed {seed}: {words}\nagain: TALLYPORT_MODEL_SEED={seed} cargo test -p tallyport-domain --test it plan::");
    }
    let reached = reached.into_inner().unwrap();
    // Not by a macro, so that it is seen without --nocapture.
    writeln!(std::io::stderr(), "M1: {count} seeds, {}", reached.line()).unwrap();
    assert!(reached.of("syncs") >= count, "hardly anything was played: {}", reached.line());
    if count >= 1000 {
        reached.is_wide();
    }
}
