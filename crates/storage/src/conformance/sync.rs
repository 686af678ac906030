//! Reading the state and applying plans: all or nothing, and just what the plan says (I7, I10, I14, T5).

use tallyport_domain::plan::{Current, Item, Plan};
use tallyport_domain::{
    ExternalId, Identity, Name, Origin, Outcome, Part, Quota, Reason, Role, Selection, Snapshot, TaskId, Trigger,
};

use super::snapshot::{
    INTERNAL, NORTHLIGHT, REVIEW, SOUTHWIND, changed, content, email, project, project_of, task, task_of, toggl, workspaces,
};
use super::world::{Fresh, application, begin_by, enable, manager, mirrored_as, name, new_person, open, picture, proof, sync};
use crate::{Heartbeat, StoreError, SyncState};

/// The tree that the domain says a plan leaves, in the order of numbers.
fn expected(plan: &Plan, current: &Current) -> Current {
    let next = current.tasks.iter().map(|task| task.id.0).max().unwrap_or(0) + 1;
    in_order(plan.apply_to(current, next))
}

/// The same with its tasks in the order of their numbers.
pub(super) fn in_order(mut current: Current) -> Current {
    current.tasks.sort_by_key(|task| task.id);
    current
}

/// The items that a plan's run must have recorded.
fn recorded(plan: &Plan, before: &Current, after: &SyncState) -> Vec<Item> {
    let numbered = |item: Item| {
        let made = item.created.and(item.identity).and_then(|identity| mirrored_as(after, identity));
        Item { task: item.task.or(made), created: None, ..item }
    };
    plan.items(before).map(numbered).collect()
}

/// Applies the plan for `source`, and compares what it left and recorded with what the domain says.
async fn apply_and_compare(db: &Fresh, source: &Snapshot, minute: i64) -> SyncState {
    let (s, w) = (&*db.store, db.world);
    let (lease, run, _) = open(s, w.ours, &begin_by(w.ada, w.at(minute))).await;
    let before = s.sync_state(w.ours).await.unwrap();
    let application = application(&before, source, w.at(minute));
    let plan = application.plan.clone();

    let ended = s.apply(w.ours, &lease, application).await.unwrap();

    let after = s.sync_state(w.ours).await.unwrap();
    assert_eq!(in_order(after.current.clone()), expected(&plan, &before.current));
    assert_eq!(ended.counts, plan.counts(&before.current));
    assert_eq!(ended.warnings, plan.warnings);
    let items = s.run_items(w.ours, run.id, 0, 10_000).await.unwrap();
    assert_eq!(items, recorded(&plan, &before.current, &after));
    after
}

// I10, I14, P3, P4
pub async fn a_first_sync_leaves_just_what_its_plan_says(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    s.enable(w.ours, &enable(w.ada, w.at(1))).await.unwrap();
    s.select(w.ours, &Selection::All, &workspaces(), w.ada, w.at(2)).await.unwrap();

    let after = apply_and_compare(&db, &toggl(), 3).await;

    let imported = after.current.tasks.iter().filter(|task| task.origin.imported().is_some());
    assert_eq!(imported.count(), 9);
    assert_eq!(after.current.automatic.len(), 4);
}

// I5, I7, I8, I14
pub async fn a_later_sync_changes_just_what_its_plan_says(db: Fresh) {
    let w = db.world;
    let mirror = db.mirrored().await;

    let after = apply_and_compare(&db, &changed(), 10).await;
    let found = |id: TaskId| after.current.tasks.iter().find(|task| task.id == id).unwrap();
    assert_eq!(found(mirror.website).name.as_str(), "Web site \u{1f980} / \"new\"");
    assert_eq!(Some(found(mirror.website).parent), Some(mirrored_as(&after, Identity::Client(ExternalId(112)))));
    assert_eq!(found(mirror.internal).archived.map(|it| (it.reason, it.at)), Some((Reason::ArchivedInToggl, w.at(10))));

    let after = apply_and_compare(&db, &toggl(), 20).await;
    let internal = after.current.tasks.iter().find(|task| task.id == mirror.internal).unwrap();
    assert_eq!(internal.archived, None);
}

// I8
pub async fn an_archived_task_gets_its_latest_reason_and_keeps_its_first_time(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = db.mirrored().await;
    let mut source = toggl();
    project_of(&mut source, INTERNAL).active = false;
    apply_and_compare(&db, &source, 10).await;
    content(&mut source, NORTHLIGHT).projects.retain(|project| project.id != INTERNAL);
    apply_and_compare(&db, &source, 20).await;

    let row = s.task(w.ours, manager(w.ada), mirror.internal).await.unwrap().unwrap();
    assert_eq!(row.task.archived.map(|it| (it.reason, it.at)), Some((Reason::DeletedInToggl, w.at(10))));
}

// I7
pub async fn numbers_outlive_renaming_moving_archiving_and_coming_back(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = db.mirrored().await;
    for (minute, source) in [(10, changed()), (20, toggl()), (30, changed())] {
        sync(s, w.ours, w.ada, &source, w.at(minute)).await;
        let state = s.sync_state(w.ours).await.unwrap();
        for (identity, number) in [
            (Identity::Root, mirror.root),
            (Identity::Workspace(NORTHLIGHT), mirror.northlight),
            (Identity::Project(INTERNAL), mirror.internal),
            (Identity::Task(REVIEW), mirror.review),
        ] {
            assert_eq!(mirrored_as(&state, identity), Some(number));
        }
        let mut identities: Vec<_> = state.current.tasks.iter().filter_map(|task| task.origin.identity()).collect();
        let all = identities.len();
        identities.sort_unstable();
        identities.dedup();
        assert_eq!(identities.len(), all, "a thing was mirrored twice");
    }
}

// I7
pub async fn one_number_of_the_source_is_not_another_kinds(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = db.mirrored().await;
    let mut source = toggl();
    let north = content(&mut source, NORTHLIGHT);
    north.projects.push(project(NORTHLIGHT, None, "A project numbered as its workspace"));
    north.tasks.as_mut().unwrap().push(task(INTERNAL, INTERNAL, "A task numbered as its project"));

    let state = apply_and_compare(&db, &source, 10).await;

    assert_eq!(mirrored_as(&state, Identity::Workspace(NORTHLIGHT)), Some(mirror.northlight));
    assert_eq!(mirrored_as(&state, Identity::Project(INTERNAL)), Some(mirror.internal));
    assert!(mirrored_as(&state, Identity::Project(NORTHLIGHT)).is_some_and(|id| id != mirror.northlight));
    let below = mirrored_as(&state, Identity::Task(INTERNAL)).unwrap();
    let row = s.task(w.ours, manager(w.ada), below).await.unwrap().unwrap();
    assert_eq!(row.task.parent, Some(mirror.internal));
}

// T5
pub async fn names_of_the_source_are_kept_to_the_last_character(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = db.mirrored().await;
    let names = ["", "  two  ", "a\tb\nc", "\u{1f980} / \"x\" \\ % _ '", "\u{202e}abc", "e\u{301}", &"long ".repeat(20_000)];
    for (minute, text) in (10..).zip(names) {
        let mut source = toggl();
        project_of(&mut source, INTERNAL).name = Name::from_source(text);
        sync(s, w.ours, w.ada, &source, w.at(minute)).await;
        let row = s.task(w.ours, manager(w.ada), mirror.internal).await.unwrap().unwrap();
        assert_eq!(row.task.name.as_str(), text);
    }
}

// I14, I20
pub async fn a_run_records_how_it_went(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = db.mirrored().await;
    let (lease, opened, _) = open(s, w.ours, &begin_by(w.bea, w.at(10))).await;
    assert_eq!((opened.outcome, opened.started_at, opened.ended_at), (Outcome::Running, w.at(10), None));
    assert!(opened.id > mirror.run);
    let state = s.sync_state(w.ours).await.unwrap();
    let quota = Quota { remaining: 23, resets_at: w.at(60) };
    let application = crate::Application { quota: Some(quota), ..application(&state, &changed(), w.at(11)) };

    let ended = s.apply(w.ours, &lease, application).await.unwrap();

    assert_eq!(ended.id, opened.id);
    assert_eq!((ended.trigger, ended.started_by), (Trigger::Manual, Some(w.bea)));
    assert_eq!((ended.started_at, ended.ended_at), (w.at(10), Some(w.at(11))));
    assert_eq!((ended.outcome, ended.requests, ended.waiting_until), (Outcome::Succeeded, 7, None));
    assert_eq!((&ended.proof, &ended.error, &ended.hold), (&proof(), &None, &None));
    assert!(ended.counts.created > 0 && ended.counts.renamed > 0 && ended.counts.moved > 0);
    assert!(ended.counts.archived > 0 && ended.counts.unchanged > 0);
    assert_eq!(s.run(w.ours, ended.id).await.unwrap().as_ref(), Some(&ended));
    let integration = s.integration(w.ours).await.unwrap().unwrap();
    assert_eq!(integration.last_run, Some(ended.id));
    assert_eq!(integration.last_synced_at, Some(w.at(11)));
    assert_eq!(integration.quota, Some(quota));
}

pub async fn a_run_that_finds_nothing_to_do_succeeds_too(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    let run = sync(s, w.ours, w.ada, &toggl(), w.at(10)).await;
    assert_eq!(run.outcome, Outcome::Succeeded);
    assert_eq!((run.counts.created, run.counts.archived, run.counts.unchanged), (0, 0, 9));
    assert_eq!(s.run_items(w.ours, run.id, 0, 10).await.unwrap(), []);
}

// I10; M2
pub async fn a_plan_for_a_tree_that_changed_meanwhile_is_refused_whole(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    let (lease, ..) = open(s, w.ours, &begin_by(w.ada, w.at(10))).await;
    let old = s.sync_state(w.ours).await.unwrap();
    s.add_task(w.ours, None, &name("Meanwhile"), w.bea, w.at(10)).await.unwrap();
    let before = picture(s, w.ours).await;

    let answer = s.apply(w.ours, &lease, application(&old, &changed(), w.at(11))).await;

    refused!(answer, StoreError::Stale);
    assert_eq!(picture(s, w.ours).await, before);
}

pub async fn a_stale_run_plans_again_and_applies(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = db.mirrored().await;
    let (lease, ..) = open(s, w.ours, &begin_by(w.ada, w.at(10))).await;
    let old = s.sync_state(w.ours).await.unwrap();
    s.add_people(w.ours, &[new_person("fay", Role::Member)], w.ada, w.at(10)).await.unwrap();
    refused!(s.apply(w.ours, &lease, application(&old, &changed(), w.at(11))).await, StoreError::Stale);

    let new = s.sync_state(w.ours).await.unwrap();
    let run = s.apply(w.ours, &lease, application(&new, &changed(), w.at(12))).await.unwrap();

    assert_eq!(run.outcome, Outcome::Succeeded);
    let row = s.task(w.ours, manager(w.ada), mirror.internal).await.unwrap().unwrap();
    assert!(row.task.archived.is_some());
}

pub async fn whatever_a_plan_rests_on_changes_the_version(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = db.mirrored().await;
    let mut seen = vec![s.sync_state(w.ours).await.unwrap().version];
    macro_rules! differs_after {
        ($($write:expr;)*) => {
            $(
                $write.await.unwrap();
                let version = s.sync_state(w.ours).await.unwrap().version;
                assert!(!seen.contains(&version), "not after {}", stringify!($write));
                seen.push(version);
            )*
        };
    }
    differs_after! {
        s.add_task(w.ours, Some(w.house), &name("Attic"), w.ada, w.at(10));
        s.rename_task(w.ours, w.sink, &name("Basin"), w.ada, w.at(11));
        s.move_task(w.ours, w.sink, None, w.ada, w.at(12));
        s.archive_task(w.ours, w.sink, w.ada, w.at(13));
        s.restore_task(w.ours, w.sink, w.ada, w.at(14));
        s.delete_task(w.ours, w.sink, w.ada, w.at(15));
        s.unassign(w.ours, mirror.northlight, &[w.bea], w.ada, w.at(16));
        s.assign(w.ours, mirror.northlight, &[w.bea], w.ada, w.at(17));
        s.add_people(w.ours, &[new_person("ned", Role::Member)], w.ada, w.at(18));
        s.set_email(w.ours, w.dee, &email("fay"), w.ada, w.at(19));
        s.deactivate(w.ours, w.dee, w.ada, w.at(20));
        s.reactivate(w.ours, w.dee, w.ada, w.at(21));
        s.select(w.ours, &Selection::Only([NORTHLIGHT].into()), &workspaces(), w.ada, w.at(22));
        s.re_enable(w.ours, &enable(w.bea, w.at(23)));
    }
    sync(s, w.ours, w.ada, &changed(), w.at(24)).await;
    let version = s.sync_state(w.ours).await.unwrap().version;
    assert!(!seen.contains(&version), "not after a sync");
}

pub async fn a_run_at_work_leaves_the_version_alone(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    let before = s.sync_state(w.ours).await.unwrap();
    let (lease, ..) = open(s, w.ours, &begin_by(w.ada, w.at(10))).await;
    let part = Part { list: "projects".to_owned(), page: 1, read_at: w.at(10), bytes: vec![1] };
    s.stage_parts(w.ours, &lease, &[part]).await.unwrap();
    let beat = Heartbeat { now: w.at(10), expires: w.at(12), requests: 3, waiting_until: Some(w.at(11)), quota: None };
    s.heartbeat(w.ours, &lease, &beat).await.unwrap();
    assert_eq!(s.sync_state(w.ours).await.unwrap(), before);
}

// L5, P5
pub async fn a_sync_leaves_native_tasks_manual_assignments_and_suppressions_alone(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = db.mirrored().await;
    s.assign(w.ours, mirror.draft, &[w.dee], w.ada, w.at(5)).await.unwrap();
    s.assign(w.ours, w.house, &[w.dee], w.ada, w.at(5)).await.unwrap();
    s.unassign(w.ours, mirror.southwind, &[w.cem], w.ada, w.at(6)).await.unwrap();
    s.archive_task(w.ours, w.sink, w.ada, w.at(7)).await.unwrap();
    let native = |state: &SyncState| {
        let tasks = state.current.tasks.iter().filter(|task| task.origin == Origin::Native);
        (tasks.cloned().collect::<Vec<_>>(), state.current.suppressions.clone())
    };
    let before = native(&s.sync_state(w.ours).await.unwrap());
    assert_eq!((before.0.len(), before.1.len()), (4, 1));

    sync(s, w.ours, w.ada, &changed(), w.at(10)).await;
    sync(s, w.ours, w.ada, &toggl(), w.at(20)).await;

    let state = s.sync_state(w.ours).await.unwrap();
    assert_eq!(native(&state), before);
    for task in [mirror.draft, w.house] {
        let assigned = s.assigned_to(w.ours, task).await.unwrap();
        assert_eq!(assigned, [crate::Assigned { person: w.dee, automatic: false }]);
    }
    assert_eq!(s.assigned_to(w.ours, mirror.southwind).await.unwrap(), []);
}

// I10
pub async fn a_plan_of_thousands_of_tasks_is_applied(db: Fresh) {
    let w = db.world;
    db.mirrored().await;
    let mut source = toggl();
    let north = content(&mut source, NORTHLIGHT);
    for number in 0..1_500 {
        let id = ExternalId(10_000 + number);
        north.projects.push(project(id, None, &format!("Project {number}")));
        north.tasks.as_mut().unwrap().push(task(ExternalId(20_000 + number), id, "Task"));
    }
    apply_and_compare(&db, &source, 10).await;
    for project in &mut content(&mut source, NORTHLIGHT).projects {
        project.name = Name::from_source(&format!("{} again", project.name));
        project.active = project.id.0 % 3 != 0;
    }
    apply_and_compare(&db, &source, 20).await;
    assert_eq!(db.store.runs(w.ours, None, 10).await.unwrap().len(), 3);
}

// I2, I15
pub async fn without_an_integration_there_is_no_state_and_no_run(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    refused!(s.sync_state(w.ours).await, StoreError::Integration { enabled: false });
    refused!(s.begin_run(w.ours, &begin_by(w.ada, w.at(1))).await, StoreError::Integration { enabled: false });
    db.mirrored().await;
    s.unlink(w.ours, tallyport_domain::Fate::Archive, w.ada, w.at(10)).await.unwrap();
    refused!(s.sync_state(w.ours).await, StoreError::Integration { enabled: false });
    refused!(s.begin_run(w.ours, &begin_by(w.ada, w.at(11))).await, StoreError::Integration { enabled: false });
}

// P3, P4, A6
pub async fn the_state_names_people_owner_selection_and_settings(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    s.deactivate(w.ours, w.dee, w.ada, w.at(10)).await.unwrap();
    s.select(w.ours, &Selection::Only([SOUTHWIND].into()), &workspaces(), w.ada, w.at(11)).await.unwrap();
    let settings = tallyport_domain::Settings {
        private_projects: tallyport_domain::PrivateProjects::LeaveOut,
        schedule: tallyport_domain::Every::minutes(360),
    };
    s.save_settings(w.ours, &settings.into(), w.ada, w.at(12)).await.unwrap();

    let state = s.sync_state(w.ours).await.unwrap();

    assert_eq!(state.roster.owner, w.ada);
    let mut people: Vec<_> = state.roster.people.iter().map(|it| (it.id, it.email_key.as_str(), it.active)).collect();
    people.sort_unstable();
    assert_eq!(
        people,
        [
            (w.ada, "ada@tally.test", true),
            (w.bea, "bea@tally.test", true),
            (w.cem, "cem@tally.test", true),
            (w.dee, "dee@tally.test", false)
        ]
    );
    assert_eq!((state.selection, state.settings), (Selection::Only([SOUTHWIND].into()), settings));
}

// I10
pub async fn what_is_read_at_one_moment_fits_together(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = db.mirrored().await;
    let mut source = toggl();
    task_of(&mut source, REVIEW).active = false;
    sync(s, w.ours, w.ada, &source, w.at(10)).await;
    let state = s.sync_state(w.ours).await.unwrap();
    let mut listed = s.tree(w.ours, manager(w.ada), false).await.unwrap();
    listed.extend(s.tree(w.ours, manager(w.ada), true).await.unwrap());
    let mut listed: Vec<_> = listed.into_iter().map(|row| row.task).collect();
    listed.sort_by_key(|task| task.id);
    assert_eq!(in_order(state.current).tasks, listed);
    assert_eq!(listed.iter().filter(|task| task.archived.is_some()).map(|task| task.id).collect::<Vec<_>>(), [mirror.review]);
}
