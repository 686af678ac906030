//! Calls of the system that fail once, at any of their places in a command.

use std::collections::BTreeMap;
use std::fs;
use std::process::{Command, Stdio};

use super::{Workload, files, workloads};
use crate::faults::{faults, tell};

const CALLS: [&str; 6] = ["fsync", "pwrite64", "pread64", "ftruncate", "openat", "fcntl"];
const ERRORS: [&str; 3] = ["EIO", "ENOSPC", "EINTR"];

/// A command under strace, which looks at the files of the database alone.
fn traced(workload: &Workload, number: usize, options: &[String]) -> (Command, std::path::PathBuf) {
    let command = workload.command(number);
    let trace = workload.bench.folder().join("trace");
    // What hangs fails, and does not stop everything else.
    let mut traced = Command::new("timeout");
    traced.args(["60", "strace", "-f", "-qq", "-o"]).arg(&trace).args(options);
    for file in files(&workload.database()) {
        traced.arg("-P").arg(file);
    }
    traced.arg(command.get_program()).args(command.get_args()).env_clear();
    traced.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    traced.env("PATH", "/usr/local/bin:/usr/bin:/bin");
    traced.stdin(Stdio::null());
    (traced, trace)
}

/// How often each call is made in a command, by the thread that makes it most: strace counts by thread.
fn calls(workload: &Workload, number: usize) -> BTreeMap<&'static str, usize> {
    workload.begin(number);
    let (mut command, trace) = traced(workload, number, &[format!("--trace={}", CALLS.join(","))]);
    let output = command.output().expect("strace is installed");
    assert!(output.status.success(), "{output:?}");
    let mut by_thread: BTreeMap<(String, &str), usize> = BTreeMap::new();
    for line in fs::read_to_string(trace).unwrap().lines() {
        let Some((thread, call)) = line.split_once(' ') else { continue };
        let named = CALLS.into_iter().find(|name| call.trim_start().starts_with(&format!("{name}(")));
        if let Some(name) = named {
            *by_thread.entry((thread.to_owned(), name)).or_default() += 1;
        }
    }
    let mut most = BTreeMap::new();
    for ((_, name), count) in by_thread {
        let before: &mut usize = most.entry(name).or_default();
        *before = count.max(*before);
    }
    most
}

/// A fault: in which command, which call, at which of its times, and with what.
type Fault = (usize, &'static str, usize, &'static str);

/// Every fault that there is, of each command and call in turn, in an order of chance.
fn all_faults(workload: &mut Workload) -> Vec<Fault> {
    let mut rows: Vec<Vec<Fault>> = Vec::new();
    for number in 0..workload.commands.len() {
        for (call, count) in calls(workload, number) {
            let mut row: Vec<Fault> = (1..=count).flat_map(|time| ERRORS.map(|error| (number, call, time, error))).collect();
            for last in (1..row.len()).rev() {
                row.swap(last, workload.chance.below(last + 1));
            }
            rows.push(row);
        }
    }
    let longest = rows.iter().map(Vec::len).max().unwrap_or_default();
    (0..longest).flat_map(|place| rows.iter().filter_map(move |row| row.get(place).copied()).collect::<Vec<_>>()).collect()
}

fn fail_at_random(mut workload: Workload) {
    let (all, wanted) = (all_faults(&mut workload), faults(50));
    assert!(CALLS.iter().all(|call| all.iter().any(|fault| fault.1 == *call) || *call == "ftruncate"), "a call is never made");
    let (mut struck, mut survived) = (0, 0);
    for (number, call, time, error) in all.iter().copied().take(wanted) {
        let fault = format!("{error} at {call} {time}");
        workload.begin(number);
        let inject = [format!("--trace={call}"), format!("--inject={call}:error={error}:when={time}")];
        let (mut command, trace) = traced(&workload, number, &inject);
        let output = command.output().unwrap();
        struck += fs::read_to_string(trace).unwrap().lines().filter(|line| line.contains("INJECTED")).count();
        let said = String::from_utf8_lossy(&output.stderr);
        let code = output.status.code();
        let told = || format!("{}: {:?} with {fault}: exit {code:?}, {said}", workload.name, workload.commands[number]);
        assert!(code.is_some_and(|code| code < 100) && !said.contains("panicked"), "{}", told());
        if code != Some(0) {
            let lines: Vec<&str> = said.lines().collect();
            assert!(lines.iter().any(|line| line.starts_with("error: ")), "{}", told());
            assert!(lines.iter().any(|line| line.starts_with("hint: ")), "{}", told());
        }
        survived += usize::from(code == Some(0));
        workload.judge(number, code == Some(0), &fault);
    }
    let tried = all.len().min(wanted);
    tell(&format!("failing calls during {}: {struck} faults in {tried} commands, {survived} of which ended well", workload.name));
    assert!(struck >= tried / 2, "only {struck} faults in {tried} commands");
}

#[test] // L3, L8
#[ignore = "needs strace: cargo xtask test"]
fn a_sync_with_a_call_that_fails_leaves_the_old_tree_or_the_new_one() {
    fail_at_random(workloads::sync());
}

#[test] // L3, L8, I15
#[ignore = "needs strace: cargo xtask test"]
fn an_unlinking_with_a_call_that_fails_is_done_or_not_begun() {
    fail_at_random(workloads::unlinking());
}

#[test] // L1, L8
#[ignore = "needs strace: cargo xtask test"]
fn changes_of_people_with_a_call_that_fails_are_saved_or_not_begun() {
    fail_at_random(workloads::people());
}

#[test] // L1, L8, E1, E3
#[ignore = "needs strace: cargo xtask test"]
fn time_that_is_tracked_with_a_call_that_fails_is_saved_or_not_begun() {
    fail_at_random(workloads::time());
}
