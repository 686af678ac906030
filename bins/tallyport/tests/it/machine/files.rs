//! A database that is not ours, newer, damaged, locked or not to be written: one line says what is wrong, one what to do.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;

use rusqlite::Connection;

use super::{Disk, assert_healthy, bench, code, opened, refusal, told};
use crate::support::{Bench, Mode, Ran, snapshot};

/// Commands of every sort: one that reads, one that writes, one that asks Toggl.
const COMMANDS: [&[&str]; 3] = [&["tasks", "tree"], &["tasks", "add", "Kitchen"], &["toggl", "sync"]];

fn change(bench: &Bench, sql: &str) {
    Connection::open(bench.database()).unwrap().execute_batch(sql).unwrap();
}

/// Every command is refused in the same words, and the file stays as it is.
fn refused(bench: &Bench, words: [&str; 2]) {
    let before = fs::read(bench.database()).unwrap();
    for command in COMMANDS {
        assert_eq!(refusal(&bench.run(command)), (1, words.to_vec()), "{command:?}");
        assert_eq!(code(&bench.run(&[command, &["--json"]].concat())), "database_unusable");
    }
    assert!(fs::read(bench.database()).unwrap() == before);
}

#[test]
fn somebody_elses_database_is_refused() {
    let bench = Bench::new(Mode::Local);
    change(&bench, "CREATE TABLE notes (text)");
    refused(
        &bench,
        ["error: [folder]/tallyport.db is not a database of Tallyport", "hint: Choose another file with --database."],
    );
}

#[test]
fn a_newer_database_is_refused_and_works_again_with_its_own_version() {
    let bench = bench();
    change(&bench, "PRAGMA user_version = 999");
    refused(
        &bench,
        [
            "error: [folder]/tallyport.db has version 999, but this Tallyport knows versions up to 3",
            "hint: Use the newer Tallyport that wrote it.",
        ],
    );
    assert_eq!(bench.run(&["backup", "create", &bench.folder().join("copy.db").display().to_string()]).code, 1);
    change(&bench, "PRAGMA user_version = 3");
    assert_healthy(&bench, bench.database().as_ref());
}

#[test]
fn an_older_database_is_refused_while_another_program_uses_it() {
    let bench = bench();
    let other = opened(&bench);
    // As if the other were of an earlier version, and so its file.
    change(&bench, "PRAGMA user_version = 1");
    refused(
        &bench,
        [
            "error: [folder]/tallyport.db has to be migrated but is in use",
            "hint: Stop the other programs that use it, then try again.",
        ],
    );
    change(&bench, "PRAGMA user_version = 3");
    drop(other);
    assert_healthy(&bench, bench.database().as_ref());
}

#[test]
fn a_damaged_database_is_never_answered_from() {
    let bench = bench();
    for number in 0..50 {
        bench.done(&["tasks", "add", &format!("{number} {}", "x".repeat(400))]);
    }
    let mut bytes = fs::read(bench.database()).unwrap();
    bytes[4096..].fill(0x5a);
    fs::write(bench.database(), bytes).unwrap();
    for command in COMMANDS {
        let ran = bench.run(command);
        let (code, lines) = refusal(&ran);
        assert_eq!((code, lines.len(), ran.stdout.as_str()), (1, 2, ""), "{ran:?}");
        assert_eq!(lines[0], "error: the database is damaged");
        assert!(lines[1].contains("tallyport backup restore FILE"), "{ran:?}");
    }
    assert_eq!(bench.run(&["doctor"]).code, 1);
}

#[test]
fn a_lock_that_lasts_is_told_and_nothing_is_lost() {
    let bench = bench();
    let other = Connection::open(bench.database()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert_eq!(bench.run(&["tasks", "tree"]).code, 0, "reading goes on");
    snapshot!(bench.run(&["tasks", "add", "Kitchen"]).told(), @r"
    exit 1
    --- stderr
    error: the database is busy
    hint: Try again in a moment.
    ");
    other.execute_batch("ROLLBACK").unwrap();
    bench.done(&["tasks", "add", "Kitchen"]);
}

#[test]
fn a_program_that_has_the_file_for_itself_is_told_even_to_those_who_read() {
    let bench = bench();
    let other = Connection::open(bench.database()).unwrap();
    other.execute_batch("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE").unwrap();
    let ran = bench.run(&["tasks", "tree"]);
    assert_eq!(refusal(&ran), (1, vec!["error: the database is busy", "hint: Try again in a moment."]));
    let ran = bench.run(&["doctor"]);
    assert!(ran.code == 1 && ran.stdout.contains("another program keeps the database locked"), "{ran:?}");
}

/// As somebody who may read but not write; root, who may everything, lends them the rights of nobody.
fn as_a_reader(bench: &Bench, arguments: &[&str]) -> Ran {
    let command = bench.command(arguments);
    if !rustix::process::geteuid().is_root() {
        return bench.output(command);
    }
    let mut lent = std::process::Command::new("setpriv");
    lent.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(command.get_program()).args(command.get_args());
    lent.env_clear().envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    bench.output(lent)
}

#[test]
fn a_file_or_folder_that_may_only_be_read_is_said() {
    let bench = bench();
    let (folder, database) = (bench.folder(), bench.database());
    fs::set_permissions(&database, Permissions::from_mode(0o444)).unwrap();
    fs::set_permissions(folder, Permissions::from_mode(0o555)).unwrap();
    let ran = as_a_reader(&bench, &["tasks", "tree"]);
    let advice = "hint: Give this user the right to write to it and to its folder.";
    let locked = "error: [folder]/tallyport.db cannot be locked: permission denied";
    assert_eq!(refusal(&ran), (1, vec![locked, advice]));
    // The folder may be written, but not the file.
    fs::set_permissions(folder, Permissions::from_mode(0o777)).unwrap();
    fs::set_permissions(format!("{database}.lock"), Permissions::from_mode(0o666)).unwrap();
    let ran = as_a_reader(&bench, &["tasks", "add", "Kitchen"]);
    assert_eq!(refusal(&ran), (1, vec!["error: [folder]/tallyport.db cannot be opened for writing", advice]));
    fs::set_permissions(&database, Permissions::from_mode(0o600)).unwrap();
    bench.done(&["tasks", "add", "Kitchen"]);
}

#[test]
#[ignore = "needs root to mount: cargo xtask test"]
fn a_disk_that_can_only_be_read_is_said() {
    let bench = bench();
    let Some(disk) = Disk::mount(&bench.folder().join("disk"), "8m") else { return };
    let database = disk.path.join("tallyport.db").display().to_string();
    let file = bench.folder().join("copy.db").display().to_string();
    bench.done(&["backup", "create", &file]);
    bench.done(&["backup", "restore", &file, "--database", &database]);
    disk.make_read_only();
    let words = |path: &str| {
        let problem = format!("error: [folder]/disk/{path} is on a disk that can only be read");
        (1, vec![problem, "hint: Mount the disk for writing, or give another path.".to_owned()])
    };
    let mut faults = 0;
    let mut refused = |command: &[&str], path: &str| {
        let ran = bench.run(command);
        let lines: Vec<String> = ran.stderr.lines().map(str::to_owned).collect();
        assert_eq!((ran.code, lines), words(path), "{command:?}");
        faults += 1;
    };
    for command in COMMANDS {
        refused(&[command, &["--database", &database]].concat(), "tallyport.db");
    }
    refused(&["backup", "create", &disk.path.join("copy.db").display().to_string()], "copy.db");
    refused(&["backup", "restore", &file, "--yes", "--database", &database], "tallyport.db");
    told("read-only disk", faults);
}
