//! Changes that are asked for twice and count once (E7).

use std::sync::Arc;

use chrono::TimeDelta;
use tallyport_domain::{Invitation, Name, Person, Role, Scope};

use super::invitations::whom;
use super::secrets::{SECOND, hash, new_token};
use super::world::{Fresh, name, new_person, picture};
use crate::{Done, Faulty, InvitationStore, Moment, Once, PeopleStore, StoreError, TaskRow, TokenRow};

/// A key, for a request of that number, whose answer is what the value says of itself.
fn once<T: std::fmt::Debug + ?Sized>(key: &str, request: u8) -> Once<T> {
    let answer = Arc::new(|value: &T| format!("{value:?}").into_bytes());
    Once { key: key.to_owned(), request: [request; 32], answer }
}

fn told<T: std::fmt::Debug>(value: &T) -> Vec<u8> {
    format!("{value:?}").into_bytes()
}

/// Asks twice with one key: made once, and answered alike; refused with another request; made again with another key.
macro_rules! counts_once {
    ($db:ident, $value:ty, |$key:ident| $make:expr) => {{
        let (s, w) = (&*$db.store, $db.world);
        let run = async |$key: Once<$value>| $make;
        let made = run(once("key", 1)).await.unwrap();
        let Done::Now(made) = made else { panic!("{made:?}") };
        let before = (picture(s, w.ours).await, picture(s, w.theirs).await, s.invitations(w.ours).await.unwrap());
        assert_eq!(run(once("key", 1)).await.unwrap(), Done::Before(told(&made)));
        refused!(run(once("key", 2)).await, StoreError::ReplayDiffers);
        let after = (picture(s, w.ours).await, picture(s, w.theirs).await, s.invitations(w.ours).await.unwrap());
        assert_eq!(after, before);
        (made, run(once("other", 1)).await)
    }};
}

// E7
pub async fn people_are_added_once_under_one_key(db: Fresh) {
    let w = db.world;
    let new = [new_person("fay", Role::Member), new_person("gil", Role::Member)];
    let (made, other) = counts_once!(db, [Person], |key| db.store.add_people_once(w.ours, &new, w.ada, w.at(1), Some(key)).await);
    assert_eq!(made.len(), 2);
    refused!(other, StoreError::EmailTaken);
}

// E7, N1
pub async fn people_are_invited_once_under_one_key(db: Fresh) {
    let w = db.world;
    let new = [whom("fay", None), whom("gil", Some(1))];
    let (made, other) = counts_once!(db, [Invitation], |key| db.store.invite(w.ours, &new, w.ada, w.at(1), Some(key)).await);
    assert_eq!(made.len(), 2);
    refused!(other, StoreError::Invited(_));
}

// E7, A4
pub async fn a_token_is_made_once_under_one_key(db: Fresh) {
    let w = db.world;
    let numbers = std::sync::atomic::AtomicU8::new(1);
    let (made, other) = counts_once!(db, TokenRow, |key| {
        // Who asks again has another secret at hand, which is forgotten.
        let number = numbers.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        db.store.create_token(w.ours, w.cem, &new_token(number, Scope::Read, w.at(1)), Some(key)).await
    });
    let tokens = db.store.tokens(w.ours, w.cem).await.unwrap();
    assert_eq!(tokens, [other.unwrap().now(), made]);
    assert!(db.store.bearer(&hash(1), w.at(2)).await.unwrap().is_some());
    assert_eq!(db.store.bearer(&hash(2), w.at(2)).await.unwrap(), None);
}

// E7, T2
pub async fn a_task_is_added_once_under_one_key(db: Fresh) {
    let w = db.world;
    let (made, other) = counts_once!(db, TaskRow, |key| {
        db.store.add_task_once(w.ours, Some(w.kitchen), &name("Stove"), w.bea, w.at(1), Some(key)).await
    });
    let viewer = super::world::manager(w.bea);
    assert_eq!(db.store.task(w.ours, viewer, made.task.id).await.unwrap().as_ref(), Some(&made));
    assert_eq!(made.path.iter().map(Name::as_str).collect::<Vec<_>>(), ["House", "Kitchen", "Stove"]);
    assert_ne!(other.unwrap().now().task.id, made.task.id);
}

// E7
pub async fn an_answer_outlives_what_it_was_about(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let add = async |key| s.add_task_once(w.ours, None, &name("Shed"), w.bea, w.at(1), Some(key)).await.unwrap();
    let made = add(once("key", 1)).await.now();
    s.delete_task(w.ours, made.task.id, w.bea, w.at(2)).await.unwrap();
    assert_eq!(add(once("key", 1)).await, Done::Before(told(&made)));
}

// E7, A1
pub async fn a_key_is_its_persons_own(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    for (account, person) in [(w.ours, w.ada), (w.ours, w.bea), (w.theirs, w.ada)] {
        let done = s.add_task_once(account, None, &name("Shed"), person, w.at(1), Some(once("key", 1))).await.unwrap();
        assert!(matches!(done, Done::Now(_)), "{done:?}");
    }
}

// E7
pub async fn what_was_refused_is_tried_anew_under_its_key(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    s.archive_task(w.ours, w.garden, w.ada, w.at(1)).await.unwrap();
    let add = async |key| s.add_task_once(w.ours, Some(w.garden), &name("Shed"), w.ada, w.at(2), Some(key)).await;
    refused!(add(once("key", 1)).await, StoreError::ParentArchived);
    s.restore_task(w.ours, w.garden, w.ada, w.at(3)).await.unwrap();
    assert!(matches!(add(once("key", 1)).await, Ok(Done::Now(_))));
}

// E7
pub async fn an_answer_is_kept_for_thirty_days(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let add = async |key, now| s.add_task_once(w.ours, None, &name("Shed"), w.ada, now, Some(key)).await.unwrap();
    let made = add(once("key", 1), w.noon).await.now();
    let month = w.noon + TimeDelta::days(30);
    assert_eq!(add(once("key", 1), month).await, Done::Before(told(&made)));
    let again = add(once("key", 1), month + SECOND).await;
    assert!(matches!(again, Done::Now(_)), "{again:?}");
}

// E7, A1
pub async fn what_was_answered_is_told_to_its_own_person_for_its_own_request(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let replayed = async |account, person, key: &str, now| s.replayed(account, person, key, [1; 32], now).await;
    assert_eq!(replayed(w.ours, w.ada, "key", w.noon).await.unwrap(), None);
    let made = s.add_task_once(w.ours, None, &name("Shed"), w.ada, w.noon, Some(once("key", 1))).await.unwrap().now();
    assert_eq!(replayed(w.ours, w.ada, "key", w.noon).await.unwrap(), Some(told(&made)));
    let month = w.noon + TimeDelta::days(30);
    assert_eq!(replayed(w.ours, w.ada, "key", month).await.unwrap(), Some(told(&made)));
    assert_eq!(replayed(w.ours, w.ada, "key", month + SECOND).await.unwrap(), None);
    for (account, person, key) in [(w.ours, w.ada, "other"), (w.ours, w.bea, "key"), (w.theirs, w.ada, "key")] {
        assert_eq!(replayed(account, person, key, w.noon).await.unwrap(), None);
    }
    refused!(s.replayed(w.ours, w.ada, "key", [2; 32], w.noon).await, StoreError::ReplayDiffers);
}

// E7
pub async fn of_two_who_ask_at_once_under_one_key_one_makes_it(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let task = name("Shed");
    let add = || s.add_task_once(w.ours, None, &task, w.ada, w.at(1), Some(once("key", 1)));
    let (one, other) = tokio::join!(add(), add());
    match (one.unwrap(), other.unwrap()) {
        (Done::Now(made), Done::Before(answer)) | (Done::Before(answer), Done::Now(made)) => assert_eq!(answer, told(&made)),
        both => panic!("{both:?}"),
    }
}

// E7
pub async fn who_never_heard_the_answer_gets_it_by_asking_again(db: Fresh) {
    let w = db.world;
    let faulty = Faulty::over(Arc::clone(&db.store));
    let new = [new_person("fay", Role::Member)];
    faulty.fail(Moment::After, 1);
    refused!(faulty.add_people_once(w.ours, &new, w.ada, w.at(1), Some(once("key", 1))).await, StoreError::Unknown(_));
    let fay = db.store.person_by_email(w.ours, &new[0].email).await.unwrap().unwrap();
    let again = faulty.add_people_once(w.ours, &new, w.ada, w.at(1), Some(once("key", 1))).await.unwrap();
    assert_eq!(again, Done::Before(told(&vec![fay])));
    let new = [whom("gil", None)];
    faulty.fail(Moment::Before, 1);
    refused!(faulty.invite(w.ours, &new, w.ada, w.at(1), Some(once("letter", 1))).await, StoreError::Failed(_));
    let now = faulty.invite(w.ours, &new, w.ada, w.at(1), Some(once("letter", 1))).await.unwrap();
    assert!(matches!(now, Done::Now(_)));
}
