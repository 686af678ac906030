//! What is no place for a database, and what is no database.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use rusqlite::Connection;
use tallyport_storage::{PeopleStore, StoreError, TaskStore, Viewer};
use tallyport_storage_sqlite::{Options, Sqlite};

use crate::support::{CREATE, account, noon, open, refusal};

#[test]
fn a_folder_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let text = refusal(folder.path(), CREATE);
    assert_eq!(text, format!("{} is a folder; Give the path of a file in it.", folder.path().display()));
}

#[test]
fn a_missing_file_is_made_only_where_that_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tallyport.db");
    assert!(refusal(&path, Options::default()).ends_with("does not exist; Create an account to make it, or give another path."));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is left behind");
    drop(open(&path));
    assert!(Sqlite::open(&path, Options::default()).is_ok());
}

#[test]
fn a_missing_folder_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let text = refusal(&folder.path().join("missing").join("tallyport.db"), CREATE);
    assert!(text.ends_with("is in a folder that does not exist; Make the folder first, or give another path."), "{text}");
}

#[test]
fn a_place_where_nothing_can_be_written_is_refused() {
    // Nobody can make files there, not even root.
    let text = refusal(Path::new("/proc/tallyport.db"), CREATE);
    assert!(
        text.contains("cannot be locked") && text.ends_with("Check the path, its permissions and those of its folder."),
        "{text}"
    );
}

#[test]
fn somebody_elses_database_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other.db");
    let other = Connection::open(&path).unwrap();
    other.execute_batch("CREATE TABLE notes (text)").unwrap();
    drop(other);
    let before = fs::read(&path).unwrap();
    assert!(refusal(&path, CREATE).ends_with("is not a database of Tallyport; Choose another file with --database."));
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn a_file_that_is_no_database_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("letter.txt");
    let text = "Dear reader, this is a letter. ".repeat(100);
    fs::write(&path, &text).unwrap();
    assert!(refusal(&path, CREATE).ends_with("is not a database of Tallyport; Choose another file with --database."));
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
}

#[test]
fn a_newer_file_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tallyport.db");
    drop(open(&path));
    let newer = Connection::open(&path).unwrap();
    newer.pragma_update(None, "user_version", 999).unwrap();
    drop(newer);
    let before = fs::read(&path).unwrap();
    let text = refusal(&path, CREATE);
    assert!(text.contains("has version 999, but this Tallyport knows versions up to"), "{text}");
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn only_its_owner_reads_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tallyport.db");
    let _store = open(&path);
    for ending in ["", "-wal", "-shm"] {
        let file = folder.path().join(format!("tallyport.db{ending}"));
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{ending}");
    }
}

#[test]
fn a_file_has_one_lock_whatever_link_leads_to_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tallyport.db");
    drop(open(&path));
    let link = folder.path().join("link.db");
    symlink(&path, &link).unwrap();
    let _store = open(&link);
    assert!(folder.path().join("tallyport.db-wal").exists());
    for other in ["link.db.lock", "link.db-wal"] {
        assert!(!folder.path().join(other).exists(), "{other}");
    }
}

#[tokio::test]
async fn what_was_saved_is_there_after_closing_and_the_log_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tallyport.db");
    let store = open(&path);
    let (ours, ada) = account(&store).await;
    store.close();
    assert!(!folder.path().join("tallyport.db-wal").exists());
    assert_eq!(open(&path).people(ours).await.unwrap()[0].id, ada);
}

/// A copy of an open file as a process that dies leaves it, with what is only in the log.
fn left_by_a_dead_process(path: &Path, folder: &Path) -> std::path::PathBuf {
    let copy = folder.join("copy.db");
    fs::copy(path, &copy).unwrap();
    fs::copy(path.with_extension("db-wal"), copy.with_extension("db-wal")).unwrap();
    copy
}

#[tokio::test]
async fn what_a_dead_process_saved_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tallyport.db");
    let store = open(&path);
    let (ours, ada) = account(&store).await;
    let copy = left_by_a_dead_process(&path, folder.path());
    assert_eq!(open(&copy).people(ours).await.unwrap()[0].id, ada);
}

#[tokio::test]
async fn damage_that_a_dead_process_left_is_told_when_the_file_is_opened_next() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tallyport.db");
    let store = open(&path);
    let (ours, ada) = account(&store).await;
    store.close();
    let store = open(&path);
    let name = tallyport_domain::Name::from_source("Kitchen");
    store.add_task(ours, None, &name, ada, noon()).await.unwrap();
    let copy = left_by_a_dead_process(&path, folder.path());
    let mut bytes = fs::read(&copy).unwrap();
    // The last page: nothing that opening itself looks at.
    let last = bytes.len() - 4096;
    bytes[last..].fill(0x5a);
    fs::write(&copy, bytes).unwrap();
    match Sqlite::open(&copy, CREATE) {
        Err(StoreError::Corrupt(cause)) => {
            let text = cause.to_string();
            assert!(text.contains("copy.db"), "{text}");
        }
        other => panic!("{:?}", other.err()),
    }
}

#[tokio::test]
async fn a_damaged_file_is_told_as_damaged_and_never_answered_from() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tallyport.db");
    let store = open(&path);
    let (ours, ada) = account(&store).await;
    for number in 0..200 {
        let name = tallyport_domain::Name::from_source(&format!("{number} {}", "x".repeat(200)));
        store.add_task(ours, None, &name, ada, noon()).await.unwrap();
    }
    store.close();
    let mut bytes = fs::read(&path).unwrap();
    // All but the first page: the header and the schema stay readable.
    bytes[4096..].fill(0x5a);
    fs::write(&path, bytes).unwrap();
    match Sqlite::open(&path, CREATE) {
        Err(error) => assert!(matches!(error, StoreError::Corrupt(_)), "{error:?}"),
        Ok(store) => {
            let tree = store.tree(ours, Viewer { person: ada, sees_all: true }, false).await;
            assert!(matches!(tree, Err(StoreError::Corrupt(_))), "{tree:?}");
        }
    }
}

#[tokio::test]
async fn a_file_that_was_written_and_read_leaves_no_log_behind_when_it_is_closed() {
    for open in [|path: &Path| open(path), |path: &Path| Sqlite::open_in_place(path, CREATE).unwrap()] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tallyport.db");
        let store = open(&path);
        let (ours, _) = account(&store).await;
        assert_eq!(store.people(ours).await.unwrap().len(), 1);
        assert!(folder.path().join("tallyport.db-wal").exists(), "both have used it");
        drop(store);
        assert!(!folder.path().join("tallyport.db-wal").exists());
    }
}
