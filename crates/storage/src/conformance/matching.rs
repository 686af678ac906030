//! Automatic assignments by email: at a sync, on joining, with another address, on leaving and coming back (P3, P4, P5).

use std::collections::BTreeSet;

use tallyport_domain::{Fate, Grant, PersonId, Role, Selection, TaskId};

use super::snapshot::{NORTHLIGHT, SOUTHWIND, content, email, member, members_of, toggl, workspaces};
use super::world::{Fresh, enable, new_person, sync};
use crate::Assigned;

fn grants(pairs: &[(PersonId, TaskId)]) -> BTreeSet<Grant> {
    pairs.iter().map(|&(person, task)| Grant { person, task }).collect()
}

async fn automatic(db: &Fresh) -> BTreeSet<Grant> {
    db.store.sync_state(db.world.ours).await.unwrap().current.automatic
}

async fn joins(db: &Fresh, name: &str, minute: i64) -> PersonId {
    let w = db.world;
    db.store.add_people(w.ours, &[new_person(name, Role::Member)], w.ada, w.at(minute)).await.unwrap()[0].id
}

// P3, P4
pub async fn a_sync_assigns_members_their_workspaces_and_the_owner_the_root(db: Fresh) {
    let w = db.world;
    let mirror = db.mirrored().await;
    let wanted = [(w.ada, mirror.root), (w.ada, mirror.northlight), (w.bea, mirror.northlight), (w.cem, mirror.southwind)];
    assert_eq!(automatic(&db).await, grants(&wanted));
    let assigned = db.store.assigned_to(w.ours, mirror.southwind).await.unwrap();
    assert_eq!(assigned, [Assigned { person: w.cem, automatic: true }]);
}

// P5
pub async fn a_sync_withdraws_from_who_left_and_only_what_was_automatic(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = db.mirrored().await;
    s.assign(w.ours, mirror.northlight, &[w.bea], w.ada, w.at(4)).await.unwrap();
    let mut source = toggl();
    members_of(&mut source, NORTHLIGHT).retain(|member| member.email != email("bea"));
    members_of(&mut source, SOUTHWIND).clear();

    let run = sync(s, w.ours, w.ada, &source, w.at(10)).await;

    assert_eq!((run.counts.assigned, run.counts.withdrawn), (0, 2));
    assert_eq!(automatic(&db).await, grants(&[(w.ada, mirror.root), (w.ada, mirror.northlight)]));
    let assigned = s.assigned_to(w.ours, mirror.northlight).await.unwrap();
    assert!(assigned.contains(&Assigned { person: w.bea, automatic: false }));
    assert_eq!(s.assigned_to(w.ours, mirror.southwind).await.unwrap(), []);
}

// P5
pub async fn members_that_could_not_be_read_stand_as_last_known(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = db.mirrored().await;
    let mut source = toggl();
    content(&mut source, SOUTHWIND).members = None;
    sync(s, w.ours, w.ada, &source, w.at(10)).await;
    assert!(automatic(&db).await.contains(&Grant { person: w.cem, task: mirror.southwind }));
    let fay = joins(&db, "fay", 11).await;
    assert!(automatic(&db).await.is_superset(&grants(&[(fay, mirror.northlight), (fay, mirror.southwind)])));
}

// P4
pub async fn who_joins_is_matched_at_once(db: Fresh) {
    let w = db.world;
    let mirror = db.mirrored().await;
    let before = automatic(&db).await;
    let fay = joins(&db, "FAY", 10).await;
    let gained = &automatic(&db).await - &before;
    assert_eq!(gained, grants(&[(fay, mirror.northlight), (fay, mirror.southwind)]));
    assert_eq!(&before - &automatic(&db).await, BTreeSet::new());
    // Nothing of it in the other account (A1).
    let theirs = db.store.sync_state(w.theirs).await.unwrap().current.automatic;
    assert_eq!(theirs, before);
}

// P4
pub async fn who_is_only_invited_in_toggl_is_not_matched(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = db.mirrored().await;
    let before = automatic(&db).await;
    let gil = joins(&db, "gil", 10).await;
    assert_eq!(automatic(&db).await, before);
    let mut source = toggl();
    members_of(&mut source, NORTHLIGHT).push(member("hal", false));
    let gil_joined = members_of(&mut source, NORTHLIGHT).iter_mut().find(|it| it.email == email("gil"));
    gil_joined.unwrap().joined = true;
    sync(s, w.ours, w.ada, &source, w.at(11)).await;
    assert_eq!(&automatic(&db).await - &before, grants(&[(gil, mirror.northlight)]));
}

// P4
pub async fn before_the_first_sync_nobody_is_matched(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    s.enable(w.ours, &enable(w.ada, w.at(1))).await.unwrap();
    let before = automatic(&db).await;
    joins(&db, "fay", 2).await;
    assert_eq!(automatic(&db).await, before);
}

// P4, A6
pub async fn another_email_assigns_and_withdraws(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = db.mirrored().await;
    s.assign(w.ours, mirror.southwind, &[w.cem], w.ada, w.at(4)).await.unwrap();
    s.assign(w.ours, w.garden, &[w.cem], w.ada, w.at(4)).await.unwrap();
    let before = automatic(&db).await;

    s.set_email(w.ours, w.cem, &email("somebody-else"), w.ada, w.at(10)).await.unwrap();

    assert_eq!(&before - &automatic(&db).await, grants(&[(w.cem, mirror.southwind)]));
    for task in [mirror.southwind, w.garden] {
        assert_eq!(s.assigned_to(w.ours, task).await.unwrap(), [Assigned { person: w.cem, automatic: false }]);
    }
    s.set_email(w.ours, w.cem, &email("Fay"), w.ada, w.at(11)).await.unwrap();
    let gained = &automatic(&db).await - &before;
    assert_eq!(gained, grants(&[(w.cem, mirror.northlight)]));
    assert!(automatic(&db).await.contains(&Grant { person: w.cem, task: mirror.southwind }));
}

// P4, P5
pub async fn a_suppression_outlives_another_email_and_coming_back(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = db.mirrored().await;
    s.unassign(w.ours, mirror.southwind, &[w.cem], w.ada, w.at(4)).await.unwrap();
    s.unassign(w.ours, mirror.root, &[w.ada], w.ada, w.at(4)).await.unwrap();
    s.set_role(w.ours, w.dee, Role::Administrator, w.ada, w.at(5)).await.unwrap();
    s.set_email(w.ours, w.cem, &email("fay"), w.ada, w.at(10)).await.unwrap();
    for person in [w.cem, w.ada] {
        s.deactivate(w.ours, person, w.dee, w.at(11)).await.unwrap();
        s.reactivate(w.ours, person, w.dee, w.at(12)).await.unwrap();
    }
    let state = s.sync_state(w.ours).await.unwrap();
    assert_eq!(state.current.suppressions, grants(&[(w.cem, mirror.southwind), (w.ada, mirror.root)]));
    let standing = [(w.ada, mirror.northlight), (w.bea, mirror.northlight), (w.cem, mirror.northlight)];
    assert_eq!(state.current.automatic, grants(&standing));
}

// A5, P4, I17
pub async fn deactivating_ends_what_is_automatic_and_reactivating_brings_it_back(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = db.mirrored().await;
    s.set_role(w.ours, w.dee, Role::Administrator, w.ada, w.at(4)).await.unwrap();
    s.assign(w.ours, mirror.draft, &[w.ada], w.dee, w.at(5)).await.unwrap();
    let before = automatic(&db).await;

    s.deactivate(w.ours, w.ada, w.dee, w.at(10)).await.unwrap();

    assert_eq!(&before - &automatic(&db).await, grants(&[(w.ada, mirror.root), (w.ada, mirror.northlight)]));
    assert_eq!(s.assigned_to(w.ours, mirror.draft).await.unwrap(), [Assigned { person: w.ada, automatic: false }]);
    let state = s.sync_state(w.ours).await.unwrap();
    assert_eq!((state.roster.owner, state.current.suppressions), (w.ada, BTreeSet::new()));
    assert!(s.integration(w.ours).await.unwrap().unwrap().linked);

    s.reactivate(w.ours, w.ada, w.dee, w.at(11)).await.unwrap();
    assert_eq!(automatic(&db).await, before);
}

// I17
pub async fn a_demoted_owner_keeps_integration_and_root(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    let before = automatic(&db).await;
    s.set_role(w.ours, w.dee, Role::Administrator, w.ada, w.at(10)).await.unwrap();
    s.set_role(w.ours, w.ada, Role::Member, w.dee, w.at(11)).await.unwrap();
    sync(s, w.ours, w.dee, &toggl(), w.at(12)).await;
    assert_eq!(automatic(&db).await, before);
    assert_eq!(s.integration(w.ours).await.unwrap().unwrap().owner, w.ada);
}

// P4
pub async fn nobody_gives_a_deactivated_person_anything_automatically(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    s.deactivate(w.ours, w.cem, w.ada, w.at(10)).await.unwrap();
    let before = automatic(&db).await;
    s.set_email(w.ours, w.cem, &email("fay"), w.ada, w.at(11)).await.unwrap();
    sync(s, w.ours, w.ada, &toggl(), w.at(12)).await;
    assert_eq!(automatic(&db).await, before);
}

// P5
pub async fn what_stands_on_an_archived_workspace_stands_until_a_sync_brings_it_back(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = db.mirrored().await;
    let north = Selection::Only([NORTHLIGHT].into());
    s.select(w.ours, &north, &workspaces(), w.ada, w.at(10)).await.unwrap();
    sync(s, w.ours, w.ada, &toggl(), w.at(11)).await;
    let fay = joins(&db, "fay", 12).await;
    s.set_email(w.ours, w.cem, &email("somebody-else"), w.ada, w.at(13)).await.unwrap();
    let standing = automatic(&db).await;
    assert!(standing.contains(&Grant { person: fay, task: mirror.northlight }));
    assert!(!standing.contains(&Grant { person: fay, task: mirror.southwind }));
    assert!(standing.contains(&Grant { person: w.cem, task: mirror.southwind }));
    // Deactivation ends it there too (P4).
    s.deactivate(w.ours, w.cem, w.ada, w.at(14)).await.unwrap();
    assert!(!automatic(&db).await.contains(&Grant { person: w.cem, task: mirror.southwind }));

    s.select(w.ours, &Selection::All, &workspaces(), w.ada, w.at(15)).await.unwrap();
    sync(s, w.ours, w.ada, &toggl(), w.at(16)).await;
    let southwind: Vec<_> = automatic(&db).await.into_iter().filter(|it| it.task == mirror.southwind).collect();
    assert_eq!(southwind, [Grant { person: fay, task: mirror.southwind }]);
}

// I15, P4
pub async fn an_unlinked_integration_matches_nobody(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = db.mirrored().await;
    for (minute, fate) in [(10, Fate::Archive), (20, Fate::Keep)] {
        s.unlink(w.ours, fate, w.ada, w.at(minute)).await.unwrap();
        let fay = joins(&db, if minute == 10 { "fay" } else { "hal" }, minute + 1).await;
        s.set_email(w.ours, w.dee, &email(if minute == 10 { "fay2" } else { "dee" }), w.ada, w.at(minute + 2)).await.unwrap();
        s.deactivate(w.ours, w.ada, w.ada, w.at(minute + 3)).await.unwrap_err();
        s.deactivate(w.ours, w.bea, w.ada, w.at(minute + 3)).await.unwrap();
        s.reactivate(w.ours, w.bea, w.ada, w.at(minute + 4)).await.unwrap();
        for person in [fay, w.dee, w.bea] {
            assert_eq!(s.access(w.ours, person, false).await.unwrap(), []);
        }
        for task in mirror.tasks() {
            assert!(s.assigned_to(w.ours, task).await.unwrap().iter().all(|it| !it.automatic));
        }
    }
}
