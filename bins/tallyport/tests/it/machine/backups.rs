//! `backup` as people and scripts meet it.

use std::fs;

use super::{assert_healthy, bench, names, opened};
use crate::support::{Bench, Mode, snapshot};

fn at(bench: &Bench, name: &str) -> String {
    bench.folder().join(name).display().to_string()
}

#[test]
fn a_backup_says_what_is_in_it_and_that_the_key_is_not() {
    let bench = bench();
    bench.done(&["tasks", "add", "Kitchen"]);
    let told = bench.done(&["backup", "create", &at(&bench, "copy.db")]).replace(&size(&bench), "[size]");
    snapshot!(told, @r"
    Backed up to [folder]/copy.db ([size])
      Studio: 1 person, 1 task, changed just now
    The key that opens stored Toggl tokens is not in it: keep a copy of the key file
    in another place.
    ");
    let made = bench.json(&["backup", "create", &at(&bench, "second.db")]);
    assert_eq!(made["file"], "[folder]/second.db");
    assert_eq!(made["bytes"], fs::metadata(at(&bench, "second.db")).unwrap().len());
    assert_eq!((made["schema"].as_i64(), made["key_included"].as_bool()), (Some(3), Some(false)));
    assert_eq!((made["accounts"][0]["name"].as_str(), made["accounts"][0]["tasks"].as_i64()), (Some("Studio"), Some(1)));
}

fn size(bench: &Bench) -> String {
    format!("{} kB", fs::metadata(at(bench, "copy.db")).unwrap().len() / 1000)
}

#[test]
fn a_file_that_is_there_is_replaced_only_with_a_yes() {
    let bench = bench();
    let file = at(&bench, "copy.db");
    fs::write(&file, "a letter").unwrap();
    snapshot!(bench.run(&["backup", "create", &file]).told(), @r"
    exit 5
    --- stderr
    error: [folder]/copy.db exists already
    hint: Give another name, or replace it with --yes.
    ");
    assert_eq!(fs::read_to_string(&file).unwrap(), "a letter");
    bench.done(&["backup", "create", &file, "--yes"]);
    assert!(fs::read(&file).unwrap().starts_with(b"SQLite format 3"));
}

#[test]
fn restoring_says_what_it_would_do_and_does_it_with_a_yes() {
    let bench = bench();
    let file = at(&bench, "copy.db");
    bench.done(&["backup", "create", &file]);
    bench.done(&["tasks", "add", "After"]);
    snapshot!(bench.run(&["backup", "restore", &file]).told(), @r"
    exit 5
    --- stderr
    error: restoring replaces [folder]/tallyport.db, which is kept under another name
    hint: Look at the list; if that is what you want, repeat it with a yes: --yes.
      Studio: 1 person, 0 tasks, changed just now
    ");
    let database = bench.database();
    assert_eq!(names(&bench, database.as_ref()), ["After"]);
    let restored = bench.json(&["backup", "restore", &file, "--yes"]);
    assert_eq!((restored["file"].as_str(), restored["ended_runs"].as_i64()), (Some("[folder]/tallyport.db"), Some(0)));
    assert!(restored["migrated_from"].is_null() && restored["key_problem"].is_null());
    let kept = restored["kept_old"].as_str().unwrap().replace("[folder]", &bench.folder().display().to_string());
    assert_eq!(names(&bench, database.as_ref()), [""; 0]);
    assert_eq!(names(&bench, kept.as_ref()), ["After"]);
    assert_healthy(&bench, database.as_ref());
}

#[test]
fn a_database_in_use_is_not_replaced() {
    let bench = bench();
    let file = at(&bench, "copy.db");
    let local = opened(&bench);
    bench.done(&["backup", "create", &file]);
    snapshot!(bench.run(&["backup", "restore", &file, "--yes"]).told(), @r"
    exit 1
    --- stderr
    error: [folder]/tallyport.db is in use
    hint: Stop the other programs that use it, then try again.
    ");
    drop(local);
    bench.done(&["backup", "restore", &file, "--yes"]);
}

#[test] // I17
fn where_the_key_does_not_come_along_it_is_said() {
    let bench = Bench::new(Mode::Local);
    bench.enabled();
    let (file, elsewhere) = (at(&bench, "copy.db"), at(&bench, "elsewhere/new.db"));
    bench.done(&["backup", "create", &file]);
    let ran = bench.run(&["backup", "restore", &file, "--database", &elsewhere]);
    snapshot!(ran.told(), @r"
    exit 0
    --- stdout
    Restored [folder]/elsewhere/new.db
      Studio: 1 person, 1 task, changed just now
    the key that opens the Toggl token of Studio is missing

    --- stderr
    hint: Bring the key file back, or re-enable with a token: `tallyport toggl
    re-enable`.
    ");
    assert_eq!(bench.run(&["toggl", "sync", "--database", &elsewhere, "--json"]).error()["code"], "key_missing");
    fs::copy(at(&bench, "tallyport.db.key"), at(&bench, "elsewhere/new.db.key")).unwrap();
    assert_healthy(&bench, elsewhere.as_ref());
    bench.done(&["toggl", "select", "--all", "--database", &elsewhere]);
}

#[test]
fn what_is_no_backup_is_refused() {
    let bench = bench();
    fs::write(at(&bench, "letter.txt"), "Dear reader, this is a letter. ".repeat(100)).unwrap();
    snapshot!(bench.run(&["backup", "restore", &at(&bench, "letter.txt"), "--yes"]).told(), @r"
    exit 1
    --- stderr
    error: [folder]/letter.txt is not a backup of Tallyport
    hint: Give a file that `tallyport backup create` made.
    ");
    snapshot!(bench.run(&["backup", "restore", &at(&bench, "none.db"), "--yes"]).told(), @r"
    exit 1
    --- stderr
    error: [folder]/none.db does not exist
    hint: Give a file that `tallyport backup create` made.
    ");
    snapshot!(bench.run(&["backup", "create", &at(&bench, "none/copy.db")]).told(), @r"
    exit 1
    --- stderr
    error: [folder]/none/copy.db is in a folder that does not exist
    hint: Make the folder first, or give another path.
    ");
}
