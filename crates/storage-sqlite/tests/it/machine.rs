//! A disk that fails while saving, for real: a limit on the size of files makes the kernel refuse the write.

use std::io::Write;
use std::process::Command;

use rustix::process::{Resource, getrlimit};
use tallyport_domain::Name;
use tallyport_storage::{PeopleStore, StoreError, TaskStore};

use crate::support::{account, noon, open};

#[test]
fn a_write_that_the_machine_refuses_has_an_unknown_outcome_and_damages_nothing() {
    // The signal that comes with the refusal would end the process, so it has to be ignored from outside.
    let script = "trap '' XFSZ; ulimit -f 1024; exec \"$0\" --exact machine::under_a_limit --nocapture";
    let this = std::env::current_exe().unwrap();
    let output = Command::new("sh").arg("-c").arg(script).arg(this).output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && told.contains("the limit was hit"), "{told}");
}

/// Runs in a process of its own, by the test above; there is nothing to see without its limit.
#[tokio::test]
async fn under_a_limit() {
    if getrlimit(Resource::Fsize).current.is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tallyport.db");
    let store = open(&path);
    let (ours, ada) = account(&store).await;
    let name = Name::from_source(&"x".repeat(100_000));
    let mut saved = 0;
    let error = loop {
        match store.add_task(ours, None, &name, ada, noon()).await {
            Ok(task) => saved = task.0,
            Err(error) => break error,
        }
    };
    assert!(matches!(error, StoreError::Unknown(_)), "{error:?}");
    assert!(saved > 0);
    // Reading goes on, and nothing that was answered is lost.
    assert_eq!(store.people(ours).await.unwrap().len(), 1);
    store.close();
    let file = rusqlite::Connection::open(&path).unwrap();
    let verdict: String = file.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    let tasks: i64 = file.query_row("SELECT count(*) FROM tasks WHERE task_id <= ?1", [saved], |row| row.get(0)).unwrap();
    assert_eq!((verdict.as_str(), tasks), ("ok", saved));
    writeln!(std::io::stdout(), "the limit was hit").unwrap();
}
