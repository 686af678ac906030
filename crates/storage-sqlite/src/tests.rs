//! What can be shown only from inside: a disk that is full, and a process that dies at the worst moment.

use std::path::Path;

use chrono::{DateTime, Utc};
use tallyport_domain::{AccountId, Email, ExternalId, Name, PersonId, Role, SourceUser, Zone};
use tallyport_storage::{
    Enable, IntegrationStore, LinkFor, NewAccount, NewLink, NewPerson, OutboxStore, PeopleStore, SessionStore, TaskStore,
};

use super::*;

fn noon() -> DateTime<Utc> {
    "2026-11-24T12:00:00Z".parse().unwrap()
}

async fn account(store: &Sqlite) -> (AccountId, PersonId) {
    let email = Email::parse("ada@tally.test").unwrap();
    let administrator = NewPerson { email, name: "Ada".to_owned(), role: Role::Administrator, password_hash: None };
    let new = NewAccount { name: "Ours".to_owned(), zone: Zone::utc(), administrator, now: noon() };
    let (account, ada) = store.create_account(&new).await.unwrap();
    (account.id, ada.id)
}

fn open(path: &Path) -> Sqlite {
    Sqlite::open(path, Options { create: true }).unwrap()
}

/// Lets the file have so many pages more than it has.
async fn room(store: &Sqlite, pages: i64) {
    let limit = move |db: &Connection| {
        let has: i64 = db.pragma_query_value(None, "page_count", |row| row.get(0))?;
        db.pragma_update_and_check(None, "max_page_count", has + pages, |_| Ok(()))?;
        Ok(())
    };
    store.write(limit).await.unwrap();
}

#[tokio::test]
async fn a_full_disk_refuses_writes_keeps_reading_and_recovers_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder.path().join("tallyport.db"));
    let (ours, ada) = account(&store).await;
    room(&store, 20).await;
    let name = Name::from_source(&"x".repeat(10_000));
    let mut saved = Vec::new();
    let error = loop {
        match store.add_task(ours, None, &name, ada, noon()).await {
            Ok(task) => saved.push(task),
            Err(error) => break error,
        }
    };
    assert!(matches!(error, StoreError::Full(_)), "{error:?}");
    assert_eq!(store.people(ours).await.unwrap().len(), 1);

    room(&store, 1_000).await;
    saved.push(store.add_task(ours, None, &name, ada, noon()).await.unwrap());
    let viewer = tallyport_storage::Viewer { person: ada, sees_all: true };
    let tree = store.tree(ours, viewer, false).await.unwrap();
    assert_eq!(tree.into_iter().map(|row| row.task.id).collect::<Vec<_>>(), saved);
    assert!(saved.windows(2).all(|pair| pair[1].0 == pair[0].0 + 1), "the number that was not used comes next: {saved:?}");
}

#[tokio::test] // A4
async fn a_rehearsal_on_a_full_disk_fails_and_one_with_room_for_it_leaves_room_for_a_mail() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder.path().join("tallyport.db"));
    let (ours, ada) = account(&store).await;
    room(&store, 0).await;
    let error = store.rehearse_mail(noon()).await.unwrap_err();
    assert!(matches!(error, StoreError::Full(_)), "{error:?}");
    room(&store, 10).await;
    store.rehearse_mail(noon()).await.unwrap();
    let link = NewLink { hash: None, purpose: LinkFor::Password, mailed: true, by: ada };
    store.make_link(ours, ada, &link, noon()).await.unwrap();
}

#[tokio::test]
async fn writes_that_share_a_transaction_on_a_full_disk_are_answered_each_for_itself() {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(open(&folder.path().join("tallyport.db")));
    let (ours, ada) = account(&store).await;
    room(&store, 20).await;
    let writes: Vec<_> = (0..20)
        .map(|number: usize| {
            let store = Arc::clone(&store);
            // Every second one needs room.
            let name = Name::from_source(&"x".repeat(if number.is_multiple_of(2) { 10 } else { 20_000 }));
            tokio::spawn(async move { store.add_task(ours, None, &name, ada, noon()).await })
        })
        .collect();
    let (mut small, mut full) = (0, 0);
    for (number, write) in writes.into_iter().enumerate() {
        match write.await.unwrap() {
            Ok(_) => small += usize::from(number % 2 == 0),
            Err(StoreError::Full(_)) => full += 1,
            Err(other) => panic!("{other:?}"),
        }
    }
    assert!(small >= 9 && full > 0, "{small} small ones saved, {full} refused");
}

#[tokio::test] // I15
async fn a_token_that_a_dying_process_left_in_the_log_is_gone_when_the_file_is_opened_next() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tallyport.db");
    let token = b"sealed-token-that-must-vanish-from-the-log";
    let log = || std::fs::read(folder.path().join("tallyport.db-wal")).unwrap();
    let traces = |bytes: &[u8]| bytes.windows(token.len()).any(|window| window == token);

    let store = open(&path);
    let (ours, ada) = account(&store).await;
    let user = SourceUser { id: ExternalId(1), name: String::new(), email: String::new() };
    let enable = Enable { owner: ada, toggl_user: user, sealed_token: token.to_vec(), workspaces: Vec::new(), now: noon() };
    store.enable(ours, &enable).await.unwrap();
    // Only the transaction of unlinking: what comes after it never runs.
    store.write(move |db| integration::unlink(db, ours, tallyport_domain::Fate::Keep, ada, noon())).await.unwrap();
    assert!(traces(&log()));
    let next = open(&path);
    assert!(!traces(&log()));
    assert!(!next.integration(ours).await.unwrap().unwrap().linked);
}
