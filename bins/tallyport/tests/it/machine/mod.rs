//! What machines do to a database: processes that die, programs that share a file, disks that are full or cannot be written.
//!
//! A test that makes faults counts them, prints how many there were, and fails without any.

mod backups;
mod doctor;
mod files;
mod full;
mod kills;
mod load;
mod sharing;
mod timers;

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::faults::{tell, told};
use crate::support::{Bench, Mode, Ran};

/// A database with an account, for one mode: these are chores of the machine.
fn bench() -> Bench {
    let bench = Bench::new(Mode::Local);
    bench.account();
    bench
}

/// Has the database in use, as another program does.
fn opened(bench: &Bench) -> tallyport_compose::Local {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(tallyport_compose::Local::open(tallyport_compose::LocalOptions::at(bench.database()))).unwrap()
}

/// Runs `doctor`, which has to find nothing that is wrong.
fn assert_healthy(bench: &Bench, database: &Path) {
    let ran = bench.run(&["doctor", "--json", "--database", &database.display().to_string()]);
    assert_eq!(ran.code, 0, "{ran:?}");
}

/// The names of the tasks in a database.
fn names(bench: &Bench, database: &Path) -> Vec<String> {
    let tree = bench.json(&["tasks", "tree", "--database", &database.display().to_string()]);
    tree.as_array().unwrap().iter().map(|task| task["name"].as_str().unwrap().to_owned()).collect()
}

/// The two lines of a refusal.
fn refusal(ran: &Ran) -> (i32, Vec<&str>) {
    (ran.code, ran.stderr.lines().collect())
}

fn code(ran: &Ran) -> Value {
    ran.error()["code"].clone()
}

/// A disk in memory, gone with the value.
struct Disk {
    path: PathBuf,
}

impl Disk {
    /// Mounts one; nothing where this machine does not let us, which in CI is a failure.
    #[expect(clippy::disallowed_methods, reason = "tests are allowed to know that they run in CI")]
    fn mount(at: &Path, size: &str) -> Option<Self> {
        std::fs::create_dir(at).unwrap();
        let options = format!("size={size}");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(at).output();
        if mounted.is_ok_and(|mounted| mounted.status.success()) {
            return Some(Self { path: at.to_owned() });
        }
        assert!(std::env::var("CI").is_err(), "nothing can be mounted here");
        tell("not shown: nothing can be mounted here");
        None
    }

    fn make_read_only(&self) {
        let status = Command::new("mount").args(["-o", "remount,ro"]).arg(&self.path).status().unwrap();
        assert!(status.success());
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _gone_with_the_machine = Command::new("umount").arg("-l").arg(&self.path).status();
    }
}
