//! Backups and restoring, killed at any moment (M18): one database is in place, whole, and the next attempt succeeds.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tallyport_api_types::NewTask;
use tallyport_client::Client;
use tallyport_compose::{Local, LocalOptions};

use super::{assert_healthy, bench, names, told};
use crate::support::Bench;

/// How large the file that is being made is when its maker dies, in bytes.
const SIZES: [u64; 5] = [0, 1, 1_000_000, 4_000_000, 8_000_000];

/// Adds so many tasks with names of that length.
fn add(bench: &Bench, count: usize, length: usize) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let local = Local::open(LocalOptions::at(bench.database())).await.unwrap();
        let client = Client::new(local.acting(None, None).await.unwrap());
        let numbers: Vec<usize> = (0..count).collect();
        for some in numbers.chunks(100) {
            let adding = some.iter().map(|number| {
                let task = NewTask { name: format!("{number} {}", "x".repeat(length)), parent_id: None };
                let client = client.clone();
                async move { client.tasks().add(&task).await.unwrap() }
            });
            futures_util::future::join_all(adding).await;
        }
        local.close().await;
    });
}

/// Runs a command and kills it once the file is that large; says whether it was killed before its end.
fn killed_at(bench: &Bench, arguments: &[&str], file: &Path, size: u64) -> bool {
    let mut child = bench.start(arguments);
    loop {
        if file.metadata().is_ok_and(|file| file.len() >= size) {
            child.kill().unwrap();
            return child.wait().unwrap().code().is_none();
        }
        if child.try_wait().unwrap().is_some() {
            return false;
        }
        std::thread::yield_now();
    }
}

/// What a test begins with: a backup without the last task of the database.
fn with_a_backup(tasks: usize, length: usize) -> (Bench, PathBuf) {
    let bench = bench();
    add(&bench, tasks, length);
    let file = bench.folder().join("copy.db");
    bench.done(&["backup", "create", &file.display().to_string()]);
    bench.done(&["tasks", "add", "The last"]);
    (bench, file)
}

/// Either the old database or the new one is in place, and it works.
fn one_of_two(bench: &Bench, tasks: usize) {
    let found = names(bench, bench.database().as_ref());
    let old = found.iter().any(|name| name == "The last");
    assert_eq!(found.len(), tasks + usize::from(old));
    assert_healthy(bench, bench.database().as_ref());
}

#[test] // L7
fn a_backup_that_dies_leaves_no_backup_and_harms_nothing() {
    let (bench, good) = with_a_backup(2_000, 3_900);
    let kept = fs::read(&good).unwrap();
    let mut faults = 0;
    for size in SIZES {
        let file = bench.folder().join(format!("second-{size}.db"));
        let part = bench.folder().join(format!("second-{size}.db.part"));
        let arguments = ["backup", "create", &file.display().to_string()];
        faults += usize::from(killed_at(&bench, &arguments, &part, size));
        assert!(!file.exists() || !part.exists());
        bench.done(&["backup", "create", &file.display().to_string(), "--yes"]);
        assert!(!part.exists());
        // The same over a backup that is there: it stays until another one is whole.
        let part = bench.folder().join("copy.db.part");
        let again = ["backup", "create", &good.display().to_string(), "--yes"];
        if killed_at(&bench, &again, &part, size) && part.exists() {
            faults += 1;
            assert!(fs::read(&good).unwrap() == kept);
        }
        fs::write(&good, &kept).unwrap();
    }
    assert_healthy(&bench, bench.database().as_ref());
    told("backups killed", faults);
}

#[test] // L7
fn a_restore_that_dies_leaves_one_database_in_place_and_the_next_succeeds() {
    let tasks = 2_000;
    let (bench, good) = with_a_backup(tasks, 3_900);
    let part = bench.folder().join("tallyport.db.part");
    let good = good.display().to_string();
    let mut faults = 0;
    for size in SIZES {
        faults += usize::from(killed_at(&bench, &["backup", "restore", &good, "--yes"], &part, size));
        one_of_two(&bench, tasks);
    }
    bench.done(&["backup", "restore", &good, "--yes"]);
    assert!(!part.exists());
    assert_eq!(names(&bench, bench.database().as_ref()).len(), tasks);
    told("restores killed", faults);
}

/// Runs a command that dies at its n-th call of that kind; says whether it did.
fn killed_by(bench: &Bench, arguments: &[&str], call: &str, number: usize) -> bool {
    let command = bench.command(arguments);
    let mut traced = Command::new("strace");
    traced.args(["-f", "-qq", "-o"]).arg(bench.folder().join("trace"));
    traced.args([format!("--trace={call}"), format!("--inject={call}:signal=KILL:when={number}")]);
    traced.arg(command.get_program()).args(command.get_args()).env_clear();
    traced.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let status = traced.stdout(Stdio::null()).stderr(Stdio::null()).status().expect("strace is installed");
    let trace = fs::read_to_string(bench.folder().join("trace")).unwrap();
    assert_eq!(!status.success(), trace.contains("killed by SIGKILL"), "{status}: {trace}");
    !status.success()
}

/// The calls by which files come, grow, are saved, and get their names.
const CALLS: [(&str, usize); 8] = [
    ("openat", 7),
    ("pwrite64", 5),
    ("ftruncate", 1),
    ("fsync", 1),
    ("unlink", 1),
    ("rename", 1),
    ("link,linkat", 1),
    ("flock", 1),
];

#[test] // L7
#[ignore = "needs strace: cargo xtask test"]
fn a_restore_that_dies_at_any_call_leaves_one_database_in_place() {
    let tasks = 20;
    let (bench, good) = with_a_backup(tasks, 100);
    let good = good.display().to_string();
    let mut faults = 0;
    for (call, step) in CALLS {
        let before = faults;
        for number in (1..).step_by(step) {
            let killed = killed_by(&bench, &["backup", "restore", &good, "--yes"], call, number);
            one_of_two(&bench, tasks);
            if !killed {
                break;
            }
            faults += 1;
        }
        assert!(faults > before, "{call} is never called");
    }
    told("restores killed at a call", faults);
}

#[test] // L7
#[ignore = "needs strace: cargo xtask test"]
fn a_backup_that_dies_at_any_call_leaves_the_old_backup_or_the_new_one() {
    let (bench, good) = with_a_backup(20, 100);
    let file = good.display().to_string();
    let mut faults = 0;
    for (call, step) in CALLS.into_iter().filter(|(call, _)| !call.starts_with("link")) {
        let before = faults;
        for number in (1..).step_by(step) {
            let killed = killed_by(&bench, &["backup", "create", &file, "--yes"], call, number);
            let restored = bench.folder().join(format!("{}-{number}.restored", call.replace(',', "-")));
            bench.done(&["backup", "restore", &file, "--database", &restored.display().to_string()]);
            assert!(names(&bench, &restored).len() >= 20);
            if !killed {
                break;
            }
            faults += 1;
        }
        assert!(faults > before, "{call} is never called");
    }
    assert_healthy(&bench, bench.database().as_ref());
    told("backups killed at a call", faults);
}
