//! Several programs over one database.

use rusqlite::Connection;
use rustix::process::Signal;
use tallyport_compose::{Local, LocalOptions};

use crate::support::Bench;

#[test]
fn a_second_server_is_refused_and_told_which_process_serves() {
    let bench = Bench::new();
    let first = bench.start();
    let second = bench.run(&["--listen", "127.0.0.1:0"]);
    assert_eq!((second.code, second.stdout.as_str()), (Some(1), ""));
    let expected = format!("is served already, by process {}\n", first.process());
    assert!(second.stderr.contains(&expected), "{}", second.stderr);
    assert_eq!(second.stderr.lines().count(), 2, "{}", second.stderr);
    assert_eq!(first.get("/readyz").status, 200);
    first.signal(Signal::KILL);
    first.ended();
    bench.start();
}

/// Refused in one line that says what is wrong and one that says what to do, with the file as it was.
fn refused(bench: &Bench, words: &str) {
    let database = bench.path("tallyport.db");
    let before = std::fs::read(&database).unwrap();
    let ran = bench.run(&["--listen", "127.0.0.1:0"]);
    assert_eq!((ran.code, ran.stdout.as_str(), ran.stderr.replace(&database, "[file]").as_str()), (Some(1), "", words));
    assert!(std::fs::read(&database).unwrap() == before);
}

fn set_version(bench: &Bench, version: i64) {
    Connection::open(bench.path("tallyport.db")).unwrap().pragma_update(None, "user_version", version).unwrap();
}

#[test] // L8
fn a_file_of_a_newer_version_is_refused_and_one_of_an_older_while_it_is_in_use() {
    let bench = Bench::new();
    bench.start().stop();
    set_version(&bench, 999);
    refused(
        &bench,
        "error: [file] has version 999, but this Tallyport knows versions up to 3\n\
         hint: Use the newer Tallyport that wrote it.\n",
    );
    set_version(&bench, 3);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let other = runtime.block_on(Local::open(LocalOptions::at(bench.path("tallyport.db")))).unwrap();
    // As if the other were of an earlier version, and so its file.
    set_version(&bench, 1);
    refused(
        &bench,
        "error: [file] has to be migrated but is in use\n\
         hint: Stop the other programs that use it, then try again.\n",
    );
    set_version(&bench, 3);
    drop(other);
    bench.start();
}
