//! Several devices of one person, with wrong clocks, without a connection now and then, started anew, and with answers that never
//! arrive, before two servers on one file (E6, E7): once everything is told, all of them show the same, and it is what was pressed.
//!
//! `TALLYPORT_DEVICES_SEEDS` plays more, `TALLYPORT_DEVICES_SEED` plays one and prints its trace.

#[path = "../../../../sync/tests/it/swarm/census.rs"]
mod census;
#[path = "../../../../sync/tests/it/swarm/chance.rs"]
#[expect(dead_code, reason = "the swarm that it was made for asks for more kinds of chance")]
mod chance;
mod device;
mod history;
mod model;
mod pressed;
mod request;
mod servers;

use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use census::Census;
use servers::Place;
use tokio::runtime::{Builder, Runtime};

/// How many seeds are played where nothing else is said.
const SEEDS: u64 = 2000;

/// As many failures as are told.
const ENOUGH: usize = 5;

/// What all histories come upon.
const REACHED: [&str; 24] = [
    "requests lost",
    "answers lost",
    "requests late",
    "replayed",
    "settled by what differs",
    "device restarts",
    "device clock jumps",
    "server restarts",
    "server clocks set back",
    "server clocks set forward",
    "partitions",
    "told later",
    "counted on a device",
    "started late, ended by a later start",
    "ended earlier",
    "nothing to stop",
    "stepped back",
    "to no task",
    "refused while somebody looks",
    "ahead of the clock",
    "stops of what is gone",
    "deleted",
    "clocks that are right",
    "read again",
];

#[expect(clippy::disallowed_methods, reason = "how many seeds are played is said from outside")]
fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

fn tell(text: &str) {
    let _seen_or_not = writeln!(std::io::stderr(), "{text}");
}

/// Plays a seed twice; gives the trace and what it came upon.
fn twice(runtime: &Runtime, place: &mut Place, seed: u64) -> (Vec<String>, Census) {
    let (first, census) = runtime.block_on(history::play(place, seed));
    let (second, _) = runtime.block_on(history::play(place, seed));
    if let Some(line) = (0..first.len().max(second.len())).find(|line| first.get(*line) != second.get(*line)) {
        panic!("the second time line {line} is\n{:?}\nand was\n{:?}", second.get(line), first.get(line));
    }
    (first, census)
}

fn words(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
}

#[test] // E1, E6, E7; M11, M20
fn whatever_devices_miss_all_show_the_same_in_the_end_and_it_is_what_was_pressed() {
    let runtime = || Builder::new_current_thread().enable_all().build().unwrap();
    if let Some(seed) = number("TALLYPORT_DEVICES_SEED") {
        let runtime = runtime();
        let (trace, census) = twice(&runtime, &mut Place::new(), seed);
        for line in &trace {
            tell(line);
        }
        tell(&census.line());
        return;
    }
    let seeds = number("TALLYPORT_DEVICES_SEEDS").unwrap_or(SEEDS);
    let next = AtomicU64::new(0);
    let reached = Mutex::new(Census::default());
    let failures = Mutex::new(Vec::new());
    // More than there are processors: each waits for the threads of its stores most of the time.
    let workers = std::thread::available_parallelism().map_or(2, usize::from) * 2;
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                let (runtime, mut place) = (runtime(), Place::new());
                while failures.lock().unwrap().len() < ENOUGH {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= seeds {
                        break;
                    }
                    match catch_unwind(AssertUnwindSafe(|| twice(&runtime, &mut place, seed))) {
                        Ok((_, census)) => reached.lock().unwrap().add(census),
                        Err(panic) => failures.lock().unwrap().push((seed, words(panic.as_ref()))),
                    }
                }
            });
        }
    });
    let reached = reached.into_inner().unwrap();
    tell(&format!("devices: {seeds} seeds twice; {}", reached.line()));
    let again = "TALLYPORT_DEVICES_SEED={seed} cargo test -p tallyport-app --test it devices -- --nocapture";
    let told = failures.into_inner().unwrap().into_iter().map(|(seed, words)| {
        let words: String = words.chars().take(6000).collect();
        format!("seed {seed}: {words}\nagain: {}", again.replace("{seed}", &seed.to_string()))
    });
    let told: Vec<String> = told.collect();
    assert!(told.is_empty(), "{}", told.join("\n\n"));
    for what in REACHED {
        assert!(seeds < SEEDS || reached.of(what) > 0, "{what:?} was never reached");
    }
}
