//! What a look at a database finds: each check is seen to fail.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::mpsc::channel;
use std::time::Duration;

use chrono::TimeDelta;
use rusqlite::Connection;
use tallyport_domain::{AccountId, PersonId, TaskId};
use tallyport_storage::{PeopleStore as _, SyncStore, TaskStore as _, Viewer, Which};
use tallyport_storage_sqlite::{Finding, State, examine};
use tempfile::TempDir;

use crate::support::{account, begin, enabled, noon, open};

fn new() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tallyport.db");
    (folder, path)
}

async fn healthy() -> (TempDir, PathBuf) {
    let (folder, path) = new();
    account(&open(&path)).await;
    assert_eq!(troubles(&path), []);
    (folder, path)
}

fn troubles(path: &Path) -> Vec<(&'static str, State, String)> {
    let trouble = |finding: &Finding| finding.state != State::Ok;
    let findings = examine(path, noon()).findings.into_iter().filter(trouble);
    findings
        .map(|finding| {
            assert!(finding.hint.is_some(), "{finding:?}");
            (finding.check, finding.state, finding.message.replace(&path.display().to_string(), "[path]"))
        })
        .collect()
}

fn change(path: &Path, sql: &str) {
    Connection::open(path).unwrap().execute_batch(&format!("PRAGMA foreign_keys = OFF; {sql}")).unwrap();
}

#[test]
fn what_is_not_there_is_said() {
    let (folder, path) = new();
    assert_eq!(troubles(&path), [("file", State::Bad, "[path] does not exist".to_owned())]);
    assert_eq!(troubles(folder.path()), [("file", State::Bad, "[path] is not a file".to_owned())]);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "looking makes no file");
    fs::write(&path, "").unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
    assert_eq!(troubles(&path), [("version", State::Warn, "empty".to_owned())]);
}

#[tokio::test]
async fn looking_changes_nothing() {
    let (folder, path) = healthy().await;
    let files = || {
        let entries = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path());
        let mut files: Vec<_> = entries.map(|path| (path.clone(), fs::read(path).unwrap())).collect();
        files.sort();
        files
    };
    let before = files();
    assert_eq!(troubles(&path), []);
    assert_eq!(files(), before);
    // Neither does it tidy up after a process that died.
    let store = open(&path);
    account_named(&store, "Second").await;
    let copy = folder.path().join("copy.db");
    fs::copy(&path, &copy).unwrap();
    let log = fs::read(folder.path().join("tallyport.db-wal")).unwrap();
    assert!(!log.is_empty());
    fs::write(folder.path().join("copy.db-wal"), &log).unwrap();
    fs::set_permissions(folder.path().join("copy.db-wal"), Permissions::from_mode(0o600)).unwrap();
    assert_eq!(troubles(&copy), []);
    assert_eq!(fs::read(folder.path().join("copy.db-wal")).unwrap(), log);
}

async fn account_named(store: &tallyport_storage_sqlite::Sqlite, name: &str) {
    use tallyport_domain::{Email, Role, Zone};
    use tallyport_storage::{NewAccount, NewPerson, PeopleStore as _};
    let email = Email::parse("bo@tally.test").unwrap();
    let administrator = NewPerson { email, name: "Bo".to_owned(), role: Role::Administrator, password_hash: None };
    let new = NewAccount { name: name.to_owned(), zone: Zone::utc(), administrator, now: noon() };
    store.create_account(&new).await.unwrap();
}

#[tokio::test]
async fn rights_and_names_are_looked_at() {
    let (folder, path) = healthy().await;
    fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
    assert_eq!(troubles(&path), [("rights", State::Warn, "others may use [path] (mode 640)".to_owned())]);
    fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
    fs::hard_link(&path, folder.path().join("second.db")).unwrap();
    assert_eq!(troubles(&path), [("rights", State::Bad, "the file has 2 names".to_owned())]);
}

#[tokio::test]
async fn what_is_none_of_ours_newer_or_changed_by_hand_is_said() {
    let (_folder, path) = healthy().await;
    change(&path, "CREATE TRIGGER thief AFTER UPDATE ON people BEGIN DELETE FROM tasks; END");
    assert_eq!(troubles(&path), [("tables", State::Bad, "there is an unknown trigger \"thief\"".to_owned())]);
    change(&path, "PRAGMA user_version = 999");
    let newer = "[path] has version 999, but this Tallyport knows versions up to 3".to_owned();
    assert_eq!(troubles(&path), [("version", State::Bad, newer)]);
    change(&path, "PRAGMA application_id = 7");
    assert_eq!(troubles(&path), [("version", State::Bad, "[path] is not a database of Tallyport".to_owned())]);
    fs::write(&path, "Dear reader, this is a letter. ".repeat(100)).unwrap();
    assert_eq!(troubles(&path), [("database", State::Bad, "[path] is not a database of Tallyport".to_owned())]);
}

/// Whatever is read of a tree that hangs under itself ends.
fn no_read_hangs(path: &Path) {
    let (store, (told, ends)) = (open(path), channel());
    let reading = async move {
        let (ours, task, person) = (AccountId(1), TaskId(2), PersonId(1));
        for sees_all in [true, false] {
            let viewer = Viewer { person, sees_all };
            let path = store.task(ours, viewer, task).await.unwrap().map(|row| row.path.len());
            // How often it goes round before it is noticed is nobody's business.
            assert_eq!((path.is_some(), path.is_some_and(|names| names > 20)), (sees_all, false));
            store.tree(ours, viewer, false).await.unwrap();
            store.search(ours, viewer, "x", Which::All, 10).await.unwrap();
            store.task_facts(ours, task).await.unwrap();
            store.access(ours, person, true).await.unwrap();
            assert!(store.unassign(ours, task, &[person], person, noon()).await.is_err());
        }
        told.send(()).unwrap();
    };
    // A thread that hangs cannot be told to end, but that it does can be told.
    std::thread::spawn(|| tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(reading));
    ends.recv_timeout(Duration::from_secs(30)).expect("what is read of a damaged tree ends");
}

#[tokio::test]
async fn rows_that_cannot_be_are_said() {
    let (_folder, path) = healthy().await;
    let task = |id: i64, parent: &str, rest: &str| {
        let columns =
            "account_id, task_id, parent_id, name, sort_key, search_key, origin, kind, external_id, archived_reason, archived_at";
        change(&path, &format!("INSERT INTO tasks ({columns}) VALUES (1, {id}, {parent}, 'x', x'', '', {rest})"));
    };
    task(1, "NULL", "'imported', 'root', NULL, 'unlinked', 5");
    task(2, "1", "'imported', 'workspace', 100, NULL, NULL");
    let closure = ("tree", State::Bad, "in Ours, task 2 is active below the archived task 1".to_owned());
    assert_eq!(troubles(&path), [closure]); // I8
    change(&path, "UPDATE tasks SET archived_reason = NULL, archived_at = NULL");
    assert_eq!(troubles(&path), []);
    change(&path, "UPDATE tasks SET parent_id = 2 WHERE task_id = 1");
    assert_eq!(troubles(&path), [("tree", State::Bad, "in Ours, task 1 hangs under itself".to_owned())]); // T2
    no_read_hangs(&path);
    change(&path, "UPDATE tasks SET parent_id = 7 WHERE task_id = 1");
    let expected = [
        ("references", State::Bad, "a row of tasks refers to one of tasks that is not there".to_owned()),
        ("tree", State::Bad, "in Ours, task 7 is missing above task 1".to_owned()),
    ];
    assert_eq!(troubles(&path), expected);
}

#[tokio::test] // I11
async fn a_sync_that_was_cut_off_is_said_and_one_at_work_is_not() {
    let (_folder, path) = healthy().await;
    let store = open(&path);
    enabled(&store, tallyport_domain::AccountId(1), tallyport_domain::PersonId(1), b"sealed").await;
    store.begin_run(tallyport_domain::AccountId(1), &begin()).await.unwrap();
    assert_eq!(troubles(&path), []);
    let later = examine(&path, noon() + TimeDelta::seconds(16));
    let cut_off = later.findings.iter().find(|finding| finding.check == "syncs").unwrap();
    assert_eq!((cut_off.state, cut_off.message.as_str()), (State::Warn, "a sync of Ours was cut off"));
    assert_eq!(later.sealed[0].token, b"sealed");
    store.close();
    change(&path, "DELETE FROM leases");
    let lost = "a sync of Ours is on record as under way but cannot end".to_owned();
    assert_eq!(troubles(&path), [("syncs", State::Bad, lost)]);
}

#[tokio::test]
async fn another_journal_is_said_and_set_right_by_the_next_who_has_the_file_alone() {
    let (_folder, path) = healthy().await;
    change(&path, "PRAGMA journal_mode = DELETE");
    assert_eq!(troubles(&path), [("journal", State::Warn, "the journal mode is delete".to_owned())]);
    drop(open(&path));
    assert_eq!(troubles(&path), []);
}
