//! Unlinking, keeping, and enabling again (I15, I16, P3).

use tallyport_domain::{
    Archived, Every, Fate, Grant, Identity, Origin, PrivateProjects, Reason, Selection, Settings, Task, TaskId,
};

use super::snapshot::{INTERNAL, NORTHLIGHT, WEBSITE, project_of, toggl, toggl_user, workspaces};
use super::sync::in_order;
use super::world::{Fresh, application, begin_by, enable, manager, name, open, picture, sync};
use crate::{Assigned, Enable, StoreError};

async fn task(db: &Fresh, id: TaskId) -> Task {
    db.store.task(db.world.ours, manager(db.world.ada), id).await.unwrap().unwrap().task
}

/// Mirrors, archives "Internal" at minute 10 by a sync, and lets bea stand on Northlight in both ways.
async fn prepared(db: &Fresh) -> super::world::Mirror {
    let (s, w) = (&*db.store, db.world);
    let mirror = db.mirrored().await;
    let mut source = toggl();
    project_of(&mut source, INTERNAL).active = false;
    sync(s, w.ours, w.ada, &source, w.at(10)).await;
    s.assign(w.ours, mirror.northlight, &[w.bea], w.ada, w.at(11)).await.unwrap();
    mirror
}

// I15
pub async fn unlinking_destroys_the_token(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    let settings = Settings { private_projects: PrivateProjects::LeaveOut, schedule: Every::minutes(60) };
    s.save_settings(w.ours, &settings.into(), w.ada, w.at(9)).await.unwrap();
    s.unlink(w.ours, Fate::Archive, w.ada, w.at(10)).await.unwrap();
    let it = s.integration(w.ours).await.unwrap().unwrap();
    assert_eq!((it.linked, it.toggl_user, it.sealed_token), (false, None, None));
    assert_eq!((it.selection, it.settings), (Selection::All, settings));
    assert!(s.integration(w.theirs).await.unwrap().unwrap().sealed_token.is_some());
}

// I15
pub async fn unlinking_archives_what_was_active_and_ends_automatic_assignments(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = prepared(&db).await;
    s.assign(w.ours, w.garden, &[w.cem], w.ada, w.at(11)).await.unwrap();
    let theirs = picture(s, w.theirs).await;

    assert_eq!(s.unlink(w.ours, Fate::Archive, w.ada, w.at(20)).await.unwrap(), 8);

    for id in mirror.tasks() {
        let archived = task(&db, id).await.archived.unwrap();
        if id == mirror.internal {
            assert_eq!(archived, Archived { reason: Reason::ArchivedInToggl, at: w.at(10) });
        } else {
            assert_eq!(archived, Archived { reason: Reason::Unlinked, at: w.at(20) });
        }
        let assigned = s.assigned_to(w.ours, id).await.unwrap();
        let by_hand = [Assigned { person: w.bea, automatic: false }];
        assert_eq!(assigned, if id == mirror.northlight { &by_hand[..] } else { &[] });
        assert!(matches!(task(&db, id).await.origin, Origin::Imported(_)));
    }
    for id in [w.house, w.kitchen, w.sink, w.garden] {
        assert_eq!(task(&db, id).await.archived, None);
    }
    assert_eq!(s.assigned_to(w.ours, w.garden).await.unwrap().len(), 1);
    assert_eq!(picture(s, w.theirs).await, theirs);
}

// I15
pub async fn unlinking_keeps_tasks_as_native_ones_and_turns_assignments_manual(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = prepared(&db).await;
    let before = s.sync_state(w.ours).await.unwrap().current;

    assert_eq!(s.unlink(w.ours, Fate::Keep, w.bea, w.at(20)).await.unwrap(), 9);

    for old in &before.tasks {
        let origin = old.origin.imported().map_or(old.origin, Origin::Kept);
        assert_eq!(task(&db, old.id).await, Task { origin, ..old.clone() });
    }
    for grant in &before.automatic {
        let assigned = s.assigned_to(w.ours, grant.task).await.unwrap();
        assert!(assigned.contains(&Assigned { person: grant.person, automatic: false }), "{grant:?}");
        assert!(assigned.iter().all(|it| !it.automatic));
    }
    let facts = s.task_facts(w.ours, mirror.northlight).await.unwrap();
    let since: Vec<_> = facts.standings.iter().map(|fact| (fact.person, fact.manual_since)).collect();
    assert_eq!(since, [(w.ada, Some((w.at(20), w.bea))), (w.bea, Some((w.at(11), w.ada)))]);
}

// T2, I15
pub async fn kept_tasks_are_ordinary_ones(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = prepared(&db).await;
    s.unlink(w.ours, Fate::Keep, w.ada, w.at(20)).await.unwrap();
    s.rename_task(w.ours, mirror.website, &name("Ours now"), w.ada, w.at(21)).await.unwrap();
    s.add_task(w.ours, Some(mirror.draft), &name("Below"), w.ada, w.at(22)).await.unwrap();
    s.move_task(w.ours, mirror.harbour, Some(w.garden), w.ada, w.at(23)).await.unwrap();
    s.archive_task(w.ours, mirror.review, w.ada, w.at(24)).await.unwrap();
    s.restore_task(w.ours, mirror.internal, w.ada, w.at(25)).await.unwrap();
    assert_eq!(task(&db, mirror.website).await.name, name("Ours now"));
    assert_eq!(task(&db, mirror.harbour).await.parent, Some(w.garden));
    assert_eq!(task(&db, mirror.review).await.archived.map(|it| it.reason), Some(Reason::ArchivedHere));
    assert_eq!(task(&db, mirror.internal).await.archived, None);
    let items = s.run_items(w.ours, mirror.run, 0, 1_000).await.unwrap();
    s.delete_task(w.ours, mirror.northlight, w.ada, w.at(26)).await.unwrap();
    s.delete_task(w.ours, mirror.harbour, w.ada, w.at(27)).await.unwrap();
    assert_eq!(s.task(w.ours, manager(w.ada), mirror.draft).await.unwrap(), None);
    // What runs recorded of them is history (I14).
    assert_eq!(s.run_items(w.ours, mirror.run, 0, 1_000).await.unwrap(), items);
}

// I15
pub async fn archived_by_unlinking_they_can_still_be_kept_later(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = prepared(&db).await;
    s.unlink(w.ours, Fate::Archive, w.ada, w.at(20)).await.unwrap();

    assert_eq!(s.unlink(w.ours, Fate::Keep, w.ada, w.at(30)).await.unwrap(), 9);

    for id in mirror.tasks() {
        let kept = task(&db, id).await;
        assert!(matches!(kept.origin, Origin::Kept(_)));
        let internal = Archived { reason: Reason::ArchivedInToggl, at: w.at(10) };
        assert_eq!(kept.archived, (id == mirror.internal).then_some(internal));
    }
    let assigned = s.assigned_to(w.ours, mirror.northlight).await.unwrap();
    assert_eq!(assigned, [Assigned { person: w.bea, automatic: false }]);
}

// I15
pub async fn what_is_unlinked_is_not_unlinked_again(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    s.unlink(w.ours, Fate::Archive, w.ada, w.at(10)).await.unwrap();
    let before = picture(s, w.ours).await;
    refused!(s.unlink(w.ours, Fate::Archive, w.ada, w.at(11)).await, StoreError::Integration { enabled: false });
    let selected = s.select(w.ours, &Selection::All, &workspaces(), w.ada, w.at(11)).await;
    refused!(selected, StoreError::Integration { enabled: false });
    let saved = s.save_settings(w.ours, &Settings::default().into(), w.ada, w.at(11)).await;
    refused!(saved, StoreError::Integration { enabled: false });
    assert_eq!(s.members(w.ours).await.unwrap(), []);
    assert_eq!(picture(s, w.ours).await, before);

    s.unlink(w.ours, Fate::Keep, w.ada, w.at(12)).await.unwrap();
    let before = picture(s, w.ours).await;
    for fate in [Fate::Keep, Fate::Archive] {
        refused!(s.unlink(w.ours, fate, w.ada, w.at(13)).await, StoreError::Integration { enabled: false });
    }
    assert_eq!(picture(s, w.ours).await, before);
}

// I16, P3
pub async fn re_enabling_changes_owner_and_token_and_keeps_everything_else(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = db.mirrored().await;
    let root = |person| Grant { person, task: mirror.root };
    s.assign(w.ours, mirror.root, &[w.bea], w.ada, w.at(4)).await.unwrap();
    let before = s.sync_state(w.ours).await.unwrap();

    let again = Enable { toggl_user: toggl_user("bea"), sealed_token: b"other".to_vec(), ..enable(w.bea, w.at(10)) };
    s.re_enable(w.ours, &again).await.unwrap();

    let it = s.integration(w.ours).await.unwrap().unwrap();
    assert_eq!((it.linked, it.owner, it.root), (true, w.bea, Some(mirror.root)));
    assert_eq!((it.toggl_user, it.sealed_token), (Some(toggl_user("bea")), Some(b"other".to_vec())));
    let after = s.sync_state(w.ours).await.unwrap();
    let mut automatic = before.current.automatic.clone();
    automatic.remove(&root(w.ada));
    automatic.insert(root(w.bea));
    assert_eq!(after.current.automatic, automatic);
    assert_eq!(after.current.tasks, before.current.tasks);
    assert_eq!((after.selection, after.settings, after.roster.owner), (before.selection, before.settings, w.bea));
    let both = [Assigned { person: w.bea, automatic: true }, Assigned { person: w.bea, automatic: false }];
    assert_eq!(s.assigned_to(w.ours, mirror.root).await.unwrap(), both);
}

// P3, P5
pub async fn re_enabling_lifts_a_suppression_of_the_owner_on_the_root_alone(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = db.mirrored().await;
    for task in [mirror.root, mirror.northlight] {
        s.unassign(w.ours, task, &[w.ada], w.ada, w.at(4)).await.unwrap();
    }
    s.re_enable(w.ours, &enable(w.ada, w.at(10))).await.unwrap();
    let state = s.sync_state(w.ours).await.unwrap();
    assert_eq!(state.current.suppressions, [Grant { person: w.ada, task: mirror.northlight }].into());
    assert!(state.current.automatic.contains(&Grant { person: w.ada, task: mirror.root }));
}

// W1, P3
pub async fn what_stands_already_is_not_made_again(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = db.mirrored().await;
    let before = s.task_facts(w.ours, mirror.root).await.unwrap().standings;
    assert_eq!(before[0].automatic_since, Some((w.at(1), None)));
    s.re_enable(w.ours, &enable(w.ada, w.at(10))).await.unwrap();
    sync(s, w.ours, w.ada, &toggl(), w.at(11)).await;
    assert_eq!(s.task_facts(w.ours, mirror.root).await.unwrap().standings, before);
}

// P4, I16
pub async fn who_was_deactivated_meanwhile_gets_nothing_back(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = db.mirrored().await;
    s.unlink(w.ours, Fate::Keep, w.ada, w.at(10)).await.unwrap();
    s.deactivate(w.ours, w.cem, w.ada, w.at(11)).await.unwrap();
    s.re_enable(w.ours, &enable(w.ada, w.at(12))).await.unwrap();
    let cem = Grant { person: w.cem, task: mirror.southwind };
    assert!(!s.sync_state(w.ours).await.unwrap().current.automatic.contains(&cem));
    sync(s, w.ours, w.ada, &toggl(), w.at(13)).await;
    s.reactivate(w.ours, w.cem, w.ada, w.at(14)).await.unwrap();
    assert!(s.sync_state(w.ours).await.unwrap().current.automatic.contains(&cem));
}

// I16
pub async fn after_archiving_a_sync_brings_everything_back_under_its_old_number(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = prepared(&db).await;
    let before = s.sync_state(w.ours).await.unwrap().current;
    s.unlink(w.ours, Fate::Archive, w.ada, w.at(20)).await.unwrap();

    s.enable(w.ours, &enable(w.ada, w.at(30))).await.unwrap();

    assert_eq!(task(&db, mirror.root).await.archived, None);
    assert_eq!(s.integration(w.ours).await.unwrap().unwrap().root, Some(mirror.root));
    assert_eq!(task(&db, mirror.draft).await.archived.map(|it| it.reason), Some(Reason::Unlinked));
    let mut source = toggl();
    project_of(&mut source, INTERNAL).active = false;
    let run = sync(s, w.ours, w.ada, &source, w.at(31)).await;
    assert_eq!((run.counts.created, run.counts.restored), (0, 7));
    let (before, after) = (in_order(before), in_order(s.sync_state(w.ours).await.unwrap().current));
    assert_eq!((after.tasks, after.automatic), (before.tasks, before.automatic));
}

// I16, I7
pub async fn kept_tasks_are_found_again_and_nothing_comes_twice(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = prepared(&db).await;
    let before = s.sync_state(w.ours).await.unwrap().current;
    s.unassign(w.ours, mirror.southwind, &[w.cem], w.ada, w.at(12)).await.unwrap();
    s.unlink(w.ours, Fate::Keep, w.ada, w.at(20)).await.unwrap();
    s.rename_task(w.ours, mirror.website, &name("Ours now"), w.ada, w.at(21)).await.unwrap();
    s.move_task(w.ours, mirror.draft, Some(w.garden), w.ada, w.at(22)).await.unwrap();
    let native = s.add_task(w.ours, Some(mirror.website), &name("Below"), w.ada, w.at(23)).await.unwrap();

    s.re_enable(w.ours, &enable(w.ada, w.at(30))).await.unwrap();

    assert_eq!(task(&db, mirror.root).await.origin, Origin::Imported(Identity::Root));
    let state = s.sync_state(w.ours).await.unwrap();
    let mut automatic = before.automatic.clone();
    automatic.remove(&Grant { person: w.cem, task: mirror.southwind });
    assert_eq!(state.current.automatic, automatic);
    assert_eq!(state.current.suppressions, [Grant { person: w.cem, task: mirror.southwind }].into());
    let northlight = [(w.ada, true), (w.bea, true), (w.bea, false)];
    let northlight = northlight.map(|(person, automatic)| Assigned { person, automatic });
    assert_eq!(s.assigned_to(w.ours, mirror.northlight).await.unwrap(), northlight);

    let (lease, ..) = open(s, w.ours, &begin_by(w.ada, w.at(31))).await;
    let application = application(&state, &toggl(), w.at(31));
    let next = state.current.tasks.iter().map(|task| task.id.0).max().unwrap() + 1;
    let wanted = in_order(application.plan.apply_to(&state.current, next));
    s.apply(w.ours, &lease, application).await.unwrap();
    let after = in_order(s.sync_state(w.ours).await.unwrap().current);
    assert_eq!(after, wanted);
    assert_eq!(after.tasks.len(), state.current.tasks.len());
    let found = |id| after.tasks.iter().find(|task| task.id == id).unwrap();
    assert_eq!(found(mirror.website).origin, Origin::Imported(Identity::Project(WEBSITE)));
    assert_eq!(found(mirror.website).name, name("Website"));
    assert_eq!(found(mirror.draft).parent, Some(mirror.website));
    assert_eq!((found(native).origin, found(native).parent), (Origin::Native, None));
}

// I16
pub async fn a_root_that_was_kept_and_changed_is_the_root_again(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = db.mirrored().await;
    s.unlink(w.ours, Fate::Keep, w.ada, w.at(10)).await.unwrap();
    s.rename_task(w.ours, mirror.root, &name("Old things"), w.ada, w.at(11)).await.unwrap();
    s.move_task(w.ours, mirror.root, Some(w.house), w.ada, w.at(12)).await.unwrap();
    s.archive_task(w.ours, w.house, w.ada, w.at(13)).await.unwrap();
    s.re_enable(w.ours, &enable(w.bea, w.at(14))).await.unwrap();
    assert_eq!(s.integration(w.ours).await.unwrap().unwrap().root, Some(mirror.root));
    sync(s, w.ours, w.ada, &toggl(), w.at(15)).await;
    let root = task(&db, mirror.root).await;
    assert_eq!((root.parent, root.name, root.archived), (None, name("Toggl"), None));
    for id in mirror.tasks() {
        assert_eq!(task(&db, id).await.archived, None);
    }
    assert!(task(&db, w.house).await.archived.is_some());
}

// I16
pub async fn a_kept_tree_that_was_deleted_comes_in_anew(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = db.mirrored().await;
    s.unlink(w.ours, Fate::Keep, w.ada, w.at(10)).await.unwrap();
    s.delete_task(w.ours, mirror.root, w.ada, w.at(11)).await.unwrap();

    s.re_enable(w.ours, &enable(w.ada, w.at(12))).await.unwrap();

    let root = s.integration(w.ours).await.unwrap().unwrap().root.unwrap();
    assert!(root > mirror.review, "a number was given twice");
    let run = sync(s, w.ours, w.ada, &toggl(), w.at(13)).await;
    assert_eq!(run.counts.created, 8);
    let rows = s.tree(w.ours, manager(w.ada), false).await.unwrap();
    assert_eq!(rows.iter().filter(|row| row.task.origin.imported().is_some()).count(), 9);
}

// I15, I16, P2
pub async fn unlinking_and_re_enabling_time_and_again_leaves_everything_in_place(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = prepared(&db).await;
    sync(s, w.ours, w.ada, &toggl(), w.at(12)).await;
    let before = in_order(s.sync_state(w.ours).await.unwrap().current);
    for (minute, fate) in [(20, Fate::Keep), (30, Fate::Archive), (40, Fate::Keep)] {
        s.unlink(w.ours, fate, w.ada, w.at(minute)).await.unwrap();
        s.re_enable(w.ours, &enable(w.ada, w.at(minute + 1))).await.unwrap();
        sync(s, w.ours, w.ada, &toggl(), w.at(minute + 2)).await;
        let after = in_order(s.sync_state(w.ours).await.unwrap().current);
        assert_eq!((&after.tasks, &after.automatic), (&before.tasks, &before.automatic));
        let bea = s.assigned_to(w.ours, mirror.northlight).await.unwrap();
        assert!(bea.contains(&Assigned { person: w.bea, automatic: false }));
    }
    let only = Selection::Only([NORTHLIGHT].into());
    s.select(w.ours, &only, &workspaces(), w.ada, w.at(50)).await.unwrap();
    s.unlink(w.ours, Fate::Archive, w.ada, w.at(51)).await.unwrap();
    s.re_enable(w.ours, &enable(w.ada, w.at(52))).await.unwrap();
    assert_eq!(s.sync_state(w.ours).await.unwrap().selection, only);
}
