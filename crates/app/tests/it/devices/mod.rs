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
#[path = "../../../../sync/tests/it/swarm/seeds.rs"]
mod seeds;
mod servers;

use std::io::Write as _;

use census::Census;
use seeds::{Seeds, compare};
use servers::Place;
use tokio::runtime::{Builder, Runtime};

const SEEDS: Seeds = Seeds {
    variable: "TALLYPORT_DEVICES_SEED",
    again: "cargo test -p tallyport-app --test it devices",
    usual: 2000,
    reached: &REACHED,
};

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

fn tell(text: &str) {
    let _seen_or_not = writeln!(std::io::stderr(), "{text}");
}

/// Plays a seed twice; gives the trace and what it came upon.
fn twice(runtime: &Runtime, place: &mut Place, seed: u64) -> (Vec<String>, Census) {
    let (first, census) = runtime.block_on(history::play(place, seed));
    let (second, _) = runtime.block_on(history::play(place, seed));
    compare(&first, &second);
    (first, census)
}

#[test] // E1, E6, E7; M11, M20
fn whatever_devices_miss_all_show_the_same_in_the_end_and_it_is_what_was_pressed() {
    let runtime = || Builder::new_current_thread().enable_all().build().unwrap();
    let Some(seed) = SEEDS.alone() else {
        SEEDS.play(|| (runtime(), Place::new()), |(runtime, place), seed| twice(runtime, place, seed).1);
        return;
    };
    let (trace, census) = twice(&runtime(), &mut Place::new(), seed);
    for line in &trace {
        tell(line);
    }
    tell(&census.line());
}
