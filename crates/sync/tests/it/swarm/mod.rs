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
mod seeds;
pub(crate) mod setup;
pub(crate) mod source;
pub(crate) mod state;
mod steps;
mod store;
pub(crate) mod time;
pub(crate) mod truth;
mod wire;
mod world;

use std::sync::atomic::{AtomicBool, Ordering};

use census::Census;
pub(crate) use seeds::words;
use seeds::{Seeds, compare};

const SEEDS: Seeds = Seeds {
    variable: "TALLYPORT_SWARM_SEED",
    again: "cargo test -p tallyport-sync --test it swarm",
    usual: 1000,
    reached: &REACHED,
};

/// Whether each step is told as it is made.
static LOUD: AtomicBool = AtomicBool::new(false);

/// Plays a seed twice.
fn twice(seed: u64) -> Census {
    let (first, census) = history::play(seed, true);
    let (second, _) = history::play(seed, false);
    compare(&first, &second);
    census
}

#[test] // I7 to I14, I16, I18 to I21; P3 to P5; T1 to T3; A1
#[expect(clippy::print_stdout, reason = "whoever plays one seed wants to see it")]
fn whatever_goes_wrong_the_tree_is_the_old_one_or_the_new_one_and_the_next_clean_sync_is_in_step() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).max_blocking_threads(16).build().unwrap();
    if let Some(seed) = SEEDS.alone() {
        let _inside = runtime.enter();
        LOUD.store(true, Ordering::Relaxed);
        println!("{}", twice(seed).line());
        return;
    }
    let reached = SEEDS.play(|| runtime.enter(), |_, seed| twice(seed));
    let injected = reached.of("network faults") + reached.of("store faults") + reached.of("deaths");
    assert!(injected > 0, "no fault was injected");
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
