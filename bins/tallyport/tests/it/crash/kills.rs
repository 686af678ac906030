//! Processes that are killed at any moment.

use std::os::unix::process::ExitStatusExt as _;
use std::process::Stdio;
use std::time::{Duration, Instant};

use super::{Workload, workloads};
use crate::faults::{faults, told};

/// How long each command takes where nothing disturbs it.
fn durations(workload: &Workload) -> Vec<Duration> {
    #[expect(clippy::disallowed_methods, reason = "a moment at random lies within what a command takes on this very machine")]
    let now = Instant::now;
    let timed = (0..workload.commands.len()).map(|number| {
        workload.begin(number);
        let begun = now();
        workload.succeeds(number);
        now() - begun
    });
    timed.collect()
}

/// Kills a command after that time. Says whether it ended by itself before, and how.
fn killed(workload: &Workload, number: usize, after: Duration) -> Option<bool> {
    let mut command = workload.command(number);
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    #[expect(clippy::disallowed_methods, reason = "a process dies at any moment, and none of them announces itself")]
    std::thread::sleep(after);
    child.kill().unwrap();
    let status = child.wait().unwrap();
    if status.signal() == Some(9) { None } else { Some(status.success()) }
}

fn kill_at_random(mut workload: Workload) {
    let durations = durations(&workload);
    let (wanted, mut struck, mut late) = (faults(10), 0, 0);
    while struck < wanted {
        let number = (struck + late) % workload.commands.len();
        let share = u32::try_from(workload.chance.below(1000)).unwrap();
        let after = durations[number] * share / 1000;
        workload.begin(number);
        let ended = killed(&workload, number, after);
        assert_ne!(ended, Some(false), "{:?} failed by itself", workload.commands[number]);
        workload.judge(number, ended.is_some(), &format!("a kill after {after:?}"));
        if ended.is_some() {
            late += 1;
        } else {
            struck += 1;
        }
        assert!(late < 10 * wanted, "{late} commands were faster than their kill");
    }
    told(&format!("kill -9 during {}, beside {late} that came too late", workload.name), struck);
}

#[test] // L1, L3, I10, I11
#[ignore = "takes its time: cargo xtask test"]
fn a_sync_that_is_killed_leaves_the_old_tree_or_the_new_one() {
    kill_at_random(workloads::sync());
}

#[test] // L1, L3, I15, I16
#[ignore = "takes its time: cargo xtask test"]
fn an_unlinking_that_is_killed_is_done_or_not_begun() {
    kill_at_random(workloads::unlinking());
}

#[test] // L1, P1, P2
#[ignore = "takes its time: cargo xtask test"]
fn changes_of_people_that_are_killed_are_saved_or_not_begun() {
    kill_at_random(workloads::people());
}

#[test] // L1, E1, E3
#[ignore = "takes its time: cargo xtask test"]
fn time_that_is_tracked_when_it_is_killed_is_saved_or_not_begun() {
    kill_at_random(workloads::time());
}
