//! A swarm of histories: the whole engine on SQLite, the simulated Toggl behind the adapter's port, one simulated clock, and for
//! each seed another subset of faults. Each seed is played twice and leaves the same trace.
//!
//! `TALLYPORT_SWARM_SEEDS` plays more, `TALLYPORT_SWARM_SEED` plays one and prints its trace.

mod allowance;
mod census;
pub(crate) mod chance;
pub(crate) mod checks;
pub(crate) mod deeds;
pub(crate) mod faults;
mod history;
mod judging;
mod orphans;
mod process;
#[path = "../../../../domain/tests/it/plan/reference.rs"]
mod reference;
mod runs;
pub(crate) mod setup;
pub(crate) mod source;
pub(crate) mod state;
mod steps;
mod store;
pub(crate) mod time;
pub(crate) mod truth;
mod wire;
mod world;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::support::tell;

use census::Census;

/// How many seeds are played where nothing else is said.
const SEEDS: u64 = 1000;

/// Whether each step is told as it is made.
static LOUD: AtomicBool = AtomicBool::new(false);

/// As many failures as are told.
const ENOUGH: usize = 5;

#[expect(clippy::disallowed_methods, reason = "how many seeds are played is said from outside")]
fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Plays a seed twice.
fn twice(seed: u64) -> Census {
    let (first, census) = history::play(seed, true);
    let (second, _) = history::play(seed, false);
    if let Some(place) = (0..first.len().max(second.len())).find(|place| first.get(*place) != second.get(*place)) {
        panic!("the second time line {place} is\n{:?}\nand was\n{:?}", second.get(place), first.get(place));
    }
    census
}

/// What a test that panicked said.
pub(crate) fn words(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
}

fn telling(seed: u64, words: &str) -> String {
    let words: String = words.chars().take(6000).collect();
    format!(
        "seed {seed}: {words}\nagain: TALLYPORT_SWARM_SEED={seed} cargo test -p tallyport-sync --test it swarm -- --nocapture"
    )
}

#[test] // I7 to I14, I16, I18 to I21; P3 to P5; T1 to T3; A1
#[expect(clippy::print_stdout, reason = "whoever plays one seed wants to see it")]
fn whatever_goes_wrong_the_tree_is_the_old_one_or_the_new_one_and_the_next_clean_sync_is_in_step() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).max_blocking_threads(16).build().unwrap();
    if let Some(seed) = number("TALLYPORT_SWARM_SEED") {
        let _inside = runtime.enter();
        LOUD.store(true, Ordering::Relaxed);
        println!("{}", twice(seed).line());
        return;
    }
    let seeds = number("TALLYPORT_SWARM_SEEDS").unwrap_or(SEEDS);
    let next = AtomicU64::new(0);
    let reached = Mutex::new(Census::default());
    let failures = Mutex::new(Vec::new());
    // More than there are processors: each waits for the threads of its store most of the time.
    let workers = std::thread::available_parallelism().map_or(2, usize::from) * 2;
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                let _inside = runtime.enter();
                while failures.lock().unwrap().len() < ENOUGH {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= seeds {
                        break;
                    }
                    match catch_unwind(AssertUnwindSafe(|| twice(seed))) {
                        Ok(census) => reached.lock().unwrap().add(census),
                        Err(panic) => failures.lock().unwrap().push((seed, words(panic.as_ref()))),
                    }
                }
            });
        }
    });
    let reached = reached.into_inner().unwrap();
    let injected = reached.of("network faults") + reached.of("store faults") + reached.of("deaths");
    tell(&format!("M2: {seeds} seeds twice, {injected} faults injected; {}", reached.line()));
    let told: Vec<String> = failures.into_inner().unwrap().iter().map(|(seed, words)| telling(*seed, words)).collect();
    assert!(told.is_empty(), "{}", told.join("\n\n"));
    assert!(injected > 0, "no fault was injected");
    for what in REACHED {
        assert!(seeds < SEEDS || reached.of(what) > 0, "{what:?} was never reached");
    }
}

/// What a thousand histories come to.
const REACHED: [&str; 29] = [
    "succeeded",
    "held",
    "failed",
    "cancelled",
    "told to end",
    "cancelled elsewhere",
    "failed elsewhere",
    "confirmed",
    "rejected",
    "enabled again",
    "previews",
    "runs as previewed",
    "resumed",
    "refused in part",
    "readings compared with the world",
    "waited for an hour",
    "kept to its patience",
    "taken over at once",
    "leases that ran out",
    "told of another run",
    "deaths",
    "network faults",
    "store faults",
    "clock jumps",
    "deeds meanwhile",
    "failed: quota_spent",
    "failed: token_rejected",
    "failed: toggl_nonsense",
    "failed: toggl_unreachable",
];
