//! Commands that die at any moment, and calls of the system that fail: the database is as it was before the command or as it is
//! after it, and the next command goes on from there (L1, L3, L8).
//!
//! A workload is rehearsed first, with a copy of the database after each of its commands. Each fault then strikes one command,
//! over the copy from before it.

mod failing_calls;
mod kills;
mod state;
mod workloads;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use state::State;
use tallyport_simulator::{Fault, How, QuotaMode};

use crate::faults::Chance;
use crate::support::Bench;

/// A row of commands that each change something, rehearsed.
struct Workload {
    name: &'static str,
    bench: Bench,
    commands: Vec<Vec<String>>,
    /// What there is before the first command, and after each of them.
    states: Vec<State>,
    /// What there is between the two transactions of a command that has two: linked again, and not synced yet.
    halfway: Vec<Option<State>>,
    chance: Chance,
}

impl Workload {
    /// Rehearses the commands over what the bench holds.
    fn rehearse(name: &'static str, bench: Bench, commands: &[&[&str]]) -> Self {
        let commands = commands.iter().map(|command| command.iter().map(|word| (*word).to_owned()).collect()).collect();
        let mut workload = Self { name, bench, commands, states: Vec::new(), halfway: Vec::new(), chance: Chance::seeded() };
        // So many syncs would spend the allowance.
        workload.bench.simulator().switch(|switches| {
            switches.quota = QuotaMode::Counted;
            switches.quota_headers = false;
        });
        workload.keep(0);
        for number in 0..workload.commands.len() {
            let halfway = workload.halfway(number);
            workload.halfway.push(halfway);
            workload.succeeds(number);
            workload.keep(number + 1);
            let changed = !workload.states[number].holds_what(&workload.states[number + 1]);
            assert!(changed, "{:?} changes nothing", workload.commands[number]);
        }
        workload
    }

    fn command(&self, number: usize) -> Command {
        let words: Vec<&str> = self.commands[number].iter().map(String::as_str).collect();
        let mut command = self.bench.command(&words);
        command.env("TOGGL_API_TOKEN", self.bench.token());
        command
    }

    fn succeeds(&self, number: usize) {
        let ran = self.bench.output(self.command(number));
        assert_eq!(ran.code, 0, "{:?}: {ran:?}", self.commands[number]);
    }

    fn copy(&self, number: usize) -> PathBuf {
        self.bench.folder().join(format!("before-{number}.copy"))
    }

    fn database(&self) -> PathBuf {
        self.bench.database().into()
    }

    /// Keeps a copy of the database and what is in it.
    fn keep(&mut self, number: usize) {
        copy(&self.database(), &self.copy(number));
        self.states.push(State::of(&self.database()));
    }

    /// Brings the copy from before a command back.
    fn begin(&self, number: usize) {
        copy(&self.copy(number), &self.database());
    }

    /// What linking again leaves where Toggl then refuses to be read.
    fn halfway(&self, number: usize) -> Option<State> {
        if !self.commands[number].iter().any(|word| word == "re-enable") {
            return None;
        }
        self.bench.simulator().inject(Fault::on("/projects", How::status(400)));
        let ran = self.bench.output(self.command(number));
        self.bench.simulator().clear_faults();
        assert_ne!(ran.code, 0, "{ran:?}");
        let halfway = State::of(&self.database());
        self.begin(number);
        Some(halfway)
    }

    /// Holds what a fault left of a command against what may be left, lets the next command go on, and looks again.
    fn judge(&self, number: usize, ended_well: bool, fault: &str) {
        let told = || format!("{}: {:?} with {fault}", self.name, self.commands[number]);
        let (before, after) = (&self.states[number], &self.states[number + 1]);
        let left = State::of(&self.database());
        let (is_old, is_new) = (left.holds_what(before), left.holds_what(after));
        let is_halfway = self.halfway[number].as_ref().is_some_and(|halfway| left.holds_what(halfway));
        assert!(is_old || is_new || is_halfway, "{}: neither the old tree nor the new one: {left:#?}", told());
        assert!(is_new || !ended_well, "{}: it ended well and is not there: {left:#?}", told());
        if is_old {
            self.succeeds(number);
        } else if is_halfway || !left.open_runs.is_empty() {
            self.bench.done(&["toggl", "sync", "--yes"]);
        }
        let recovered = State::of(&self.database());
        assert!(recovered.holds_what(after), "{}: it does not go on: {recovered:#?}", told());
        assert_eq!(recovered.open_runs, Vec::<i64>::new(), "{}: a run stays open", told());
        for run in &left.open_runs {
            assert!(recovered.interrupted.contains(run), "{}: run {run} is not told as interrupted", told()); // I11
        }
    }
}

/// Copies a database that nobody uses, with its log if it has one.
fn copy(from: &Path, to: &Path) {
    let log = |database: &Path| format!("{}-wal", database.display());
    for left in [log(to), format!("{}-shm", to.display())] {
        let _none = fs::remove_file(left);
    }
    fs::copy(from, to).unwrap();
    if Path::new(&log(from)).exists() {
        fs::copy(log(from), log(to)).unwrap();
    }
}

/// The files that belong to a database.
fn files(database: &Path) -> Vec<PathBuf> {
    let beside = |ending: &str| PathBuf::from(format!("{}{ending}", database.display()));
    ["", "-wal", "-shm", ".lock", ".key"].into_iter().map(beside).chain(database.parent().map(Path::to_owned)).collect()
}
