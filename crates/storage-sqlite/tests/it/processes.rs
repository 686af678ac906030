//! Several handles on one file, which is what several processes are: nothing is shared but the file.

use std::sync::Arc;

use tallyport_domain::{Fate, Name, Outcome, Selection};
use tallyport_storage::{Begun, ChangeStore, IntegrationStore, Lease, StoreError, SyncStore, TaskStore};
use tallyport_storage_sqlite::Sqlite;
use tempfile::TempDir;

use crate::support::{account, begin, enabled, noon, open};

fn two() -> (Arc<Sqlite>, Arc<Sqlite>, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tallyport.db");
    (Arc::new(open(&path)), Arc::new(open(&path)), folder)
}

fn opened(begun: &Begun) -> Option<Lease> {
    match begun {
        Begun::Open { lease, .. } => Some(*lease),
        Begun::UnderWay { .. } => None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_that_processes_take_at_once_never_collide() {
    let (one, other, _folder) = two();
    let (ours, ada) = account(&one).await;
    let writes: Vec<_> = (0..60)
        .map(|number| {
            let store = Arc::clone(if number % 2 == 0 { &one } else { &other });
            tokio::spawn(async move {
                store.add_task(ours, None, &Name::from_source(&number.to_string()), ada, noon()).await.unwrap()
            })
        })
        .collect();
    let mut tasks = Vec::new();
    for write in writes {
        tasks.push(write.await.unwrap().0);
    }
    tasks.sort_unstable();
    assert_eq!(tasks, (1..=60).collect::<Vec<_>>());
    let numbers: Vec<_> = other.changes(ours, 0, 1_000).await.unwrap().into_iter().map(|change| change.number).collect();
    assert_eq!(numbers, (1..=62).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")] // I11
async fn of_many_processes_that_begin_a_run_at_once_one_does() {
    let (one, other, _folder) = two();
    let (ours, ada) = account(&one).await;
    enabled(&one, ours, ada, b"sealed").await;
    let begins: Vec<_> = (0..16)
        .map(|number| {
            let store = Arc::clone(if number % 2 == 0 { &one } else { &other });
            tokio::spawn(async move { opened(&store.begin_run(ours, &begin()).await.unwrap()) })
        })
        .collect();
    let mut leases = Vec::new();
    for begun in begins {
        leases.extend(begun.await.unwrap());
    }
    assert_eq!(leases.len(), 1);
}

#[tokio::test] // I11
async fn what_one_process_cancels_fences_the_other() {
    let (one, other, _folder) = two();
    let (ours, ada) = account(&one).await;
    enabled(&one, ours, ada, b"sealed").await;
    let lease = opened(&one.begin_run(ours, &begin()).await.unwrap()).unwrap();
    other.select(ours, &Selection::All, &[], ada, noon()).await.unwrap();
    let staged = one.stage_parts(ours, &lease, &[]).await;
    assert!(matches!(staged, Err(StoreError::Fenced(run)) if run == lease.run), "{staged:?}");
    assert_eq!(one.run(ours, lease.run).await.unwrap().unwrap().outcome, Outcome::Cancelled);
}

#[tokio::test]
async fn a_process_reads_what_the_other_saved() {
    let (one, other, _folder) = two();
    let (ours, ada) = account(&one).await;
    // Its readers are open, so that they would still have the old state if they kept any.
    assert_eq!(other.latest_change(ours).await.unwrap(), 2);
    enabled(&one, ours, ada, b"sealed").await;
    assert_eq!(other.latest_change(ours).await.unwrap(), 3);
    other.unlink(ours, Fate::Archive, ada, noon()).await.unwrap();
    assert!(!one.integration(ours).await.unwrap().unwrap().linked);
}
