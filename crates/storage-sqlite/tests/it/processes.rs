//! Several handles on one file, which is what several processes are: nothing is shared but the file.

use std::sync::Arc;

use rusqlite::Connection;
use tallyport_domain::{Email, Every, Fate, Name, Outcome, PrivateProjects, Role, SecretHash, Selection, SettingsChange, Zone};
use tallyport_storage::{
    Begun, ChangeStore, Done, IntegrationStore, InvitationStore, Lease, MailSecrets, NewAccount, NewInvitation, NewPerson,
    NewSession, Once, OutboxStore, PeopleStore, Save, SessionStore, Still, StoreError, SyncStore, TaskEdit, TaskRow, TaskStore,
    Viewer, What,
};
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

fn session(number: u8) -> NewSession {
    NewSession { hash: SecretHash([number; 32]), client: "Browser".to_owned(), ends: None, now: noon() }
}

#[tokio::test(flavor = "multi_thread")] // A3
async fn of_many_processes_that_set_a_store_up_at_once_one_does() {
    let (one, other, _folder) = two();
    let attempts: Vec<_> = (0..20)
        .map(|number| {
            let store = Arc::clone(if number % 2 == 0 { &one } else { &other });
            let email = Email::parse(&format!("a{number}@tally.test")).unwrap();
            let administrator = NewPerson { email, name: "A".to_owned(), role: Role::Administrator, password_hash: None };
            let new = NewAccount { name: format!("Account {number}"), zone: Zone::utc(), administrator, now: noon() };
            tokio::spawn(async move { store.set_up(&new).await })
        })
        .collect();
    let mut set_up = 0;
    for attempt in attempts {
        match attempt.await.unwrap() {
            Ok(_) => set_up += 1,
            Err(StoreError::AlreadySetUp) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!((set_up, one.accounts().await.unwrap().len()), (1, 1));
}

#[tokio::test] // A5, E6
async fn what_one_process_ends_is_over_in_the_other_and_its_stamp_tells() {
    let (one, other, _folder) = two();
    let (ours, ada) = account(&one).await;
    let id = one.begin_session(ours, ada, &session(1)).await.unwrap();
    let stamp = other.stamp().await.unwrap();
    assert!(other.bearer(&SecretHash([1; 32]), noon()).await.unwrap().is_some());
    assert_eq!(other.stamp().await.unwrap(), stamp);
    one.end_session(ours, ada, id, noon()).await.unwrap();
    assert_ne!(other.stamp().await.unwrap(), stamp);
    assert_eq!(other.bearer(&SecretHash([1; 32]), noon()).await.unwrap(), None);
}

#[tokio::test] // A4
async fn who_comes_in_does_not_wait_for_a_writer_though_their_use_is_to_be_noted() {
    let (one, _other, folder) = two();
    let (ours, ada) = account(&one).await;
    one.begin_session(ours, ada, &session(1)).await.unwrap();
    let busy = Connection::open(folder.path().join("tallyport.db")).unwrap();
    busy.execute_batch("BEGIN IMMEDIATE").unwrap();
    let later = noon() + chrono::TimeDelta::hours(1);
    let secret = SecretHash([1; 32]);
    // A write would wait for five seconds.
    let bearer = tokio::time::timeout(std::time::Duration::from_secs(2), one.bearer(&secret, later)).await;
    assert!(bearer.unwrap().unwrap().is_some());
    busy.execute_batch("ROLLBACK").unwrap();
}

#[tokio::test(flavor = "multi_thread")] // N3
async fn each_mail_is_taken_by_one_of_many_processes() {
    let (one, other, _folder) = two();
    let (ours, ada) = account(&one).await;
    let email = |number: u8| Email::parse(&format!("p{number}@tally.test")).unwrap();
    let new: Vec<_> = (0..20).map(|number| NewInvitation { email: email(number), role: Role::Member, hash: None }).collect();
    one.invite(ours, &new, ada, noon(), None).await.unwrap();
    let claims: Vec<_> = (0..30u8)
        .map(|number| {
            let store = Arc::clone(if number % 2 == 0 { &one } else { &other });
            let hash = |kind: u8| SecretHash([number * 3 + kind; 32]);
            let secrets = MailSecrets { invitation: hash(0), reset: hash(1), email: hash(2) };
            tokio::spawn(async move { store.claim_mail(&secrets, noon()).await.unwrap() })
        })
        .collect();
    let mut to = Vec::new();
    for claim in claims {
        to.extend(claim.await.unwrap().map(|mail| mail.to.to_string()));
    }
    to.sort_unstable();
    let mut wanted: Vec<_> = new.iter().map(|it| it.email.to_string()).collect();
    wanted.sort_unstable();
    assert_eq!(to, wanted);
}

#[tokio::test] // E7
async fn an_answer_outlives_the_process_that_gave_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tallyport.db");
    let store = open(&path);
    let (ours, ada) = account(&store).await;
    let key = || {
        let answer = Arc::new(|row: &TaskRow| row.task.id.to_string().into_bytes());
        Some(Once { key: "0193".to_owned(), request: [7; 32], answer })
    };
    let name = Name::from_source("Shed");
    let made = store.add_task_once(ours, None, &name, ada, noon(), key()).await.unwrap().now();
    store.close();
    let store = open(&path);
    let again = store.add_task_once(ours, None, &name, ada, noon(), key()).await.unwrap();
    assert_eq!(again, Done::Before(made.task.id.to_string().into_bytes()));
    assert_eq!(store.latest_change(ours).await.unwrap(), 3);
}

/// Whatever is just as this.
fn as_seen<T: Clone + PartialEq + Send + Sync + 'static>(seen: &T) -> Still<T> {
    let seen = seen.clone();
    Still::new(move |there| *there == seen)
}

#[tokio::test(flavor = "multi_thread")]
async fn of_processes_that_change_what_all_of_them_saw_one_does_and_the_others_are_told() {
    let (one, other, _folder) = two();
    let (ours, ada) = account(&one).await;
    enabled(&one, ours, ada, b"sealed").await;
    let task = one.add_task(ours, None, &Name::from_source("Shed"), ada, noon()).await.unwrap();
    let viewer = Viewer { person: ada, sees_all: true };
    let (mut done, mut told) = (0, 0);
    for round in 0..30 {
        let row = one.task(ours, viewer, task).await.unwrap().unwrap();
        let link = other.integration(ours).await.unwrap().unwrap();
        let changes: Vec<_> = (0..6)
            .map(|number| {
                let (store, row, link) = (Arc::clone(if number % 2 == 0 { &one } else { &other }), as_seen(&row), as_seen(&link));
                tokio::spawn(async move {
                    if number < 4 {
                        let name = TaskEdit::Name(Name::from_source(&format!("Shed {round} {number}")));
                        return store.edit_task(ours, task, &name, ada, noon(), Some(row)).await.map(drop);
                    }
                    let schedule = Some(Some(Every::parse(if number == 4 { "6h" } else { "12h" }).unwrap()));
                    let kept = if round % 2 == 0 { PrivateProjects::Keep } else { PrivateProjects::LeaveOut };
                    let what = What::Settings(SettingsChange { schedule, private_projects: Some(kept) });
                    store.save(ours, Save { still: Some(link), ..Save::of(what, ada, noon()) }).await.map(drop)
                })
            })
            .collect();
        for change in changes {
            match change.await.unwrap() {
                Ok(()) => done += 1,
                Err(StoreError::Changed) => told += 1,
                Err(other) => panic!("{other:?}"),
            }
        }
    }
    assert_eq!((done, told), (60, 120), "of four who saw one task one renames it, of two who saw the settings one saves them");
}
