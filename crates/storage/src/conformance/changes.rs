//! The change rows that every write leaves behind (E6).

use tallyport_domain::{Fate, Role, Selection, Settings};

use super::held::held;
use super::runs::failed;
use super::snapshot::{changed, email, toggl, workspaces};
use super::world::{Fresh, application, begin_by, enable, manager, name, new_person, open, picture, sync};
use crate::{Change, Heartbeat, Subject, Which};

/// The changes after `after`, which are numbered without a gap.
async fn since(db: &Fresh, after: i64) -> Vec<Change> {
    let (s, w) = (&*db.store, db.world);
    let changes = s.changes(w.ours, after, 10_000).await.unwrap();
    let numbers: Vec<_> = changes.iter().map(|change| change.number).collect();
    let latest = s.latest_change(w.ours).await.unwrap();
    assert_eq!(numbers, (after + 1..=latest).collect::<Vec<_>>());
    changes
}

/// Runs a write, and expects it to leave rows about all of these subjects and nothing else, by and at.
macro_rules! leaves {
    ($db:ident, $by:expr, $minute:expr, $write:expr, [$($subject:expr),+ $(,)?]) => {{
        let before = $db.store.latest_change($db.world.ours).await.unwrap();
        let answer = $write.await.unwrap();
        let changes = since(&$db, before).await;
        for subject in [$($subject),+] {
            assert!(changes.iter().any(|change| change.subject == subject), "{} left {changes:?}", stringify!($write));
        }
        for change in &changes {
            assert!([$($subject),+].contains(&change.subject), "{} left {change:?}", stringify!($write));
            assert_eq!((change.by, change.at), ($by, $db.world.at($minute)), "{}", stringify!($write));
        }
        answer
    }};
}

// E6, A3
pub async fn a_new_account_begins_with_changes_of_its_own(db: Fresh) {
    let w = db.world;
    let changes = since(&db, 0).await;
    assert!(!changes.is_empty());
    for subject in [Subject::Account, Subject::Person(w.ada), Subject::Person(w.dee), Subject::Task(w.sink)] {
        assert!(changes.iter().any(|change| change.subject == subject), "{subject:?} {changes:?}");
    }
    let nobody = tallyport_domain::AccountId(999);
    assert_eq!(db.store.latest_change(nobody).await.unwrap(), 0);
    assert_eq!(db.store.changes(nobody, 0, 10).await.unwrap(), []);
}

// E6
pub async fn changes_are_read_from_a_number_on_page_by_page(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let all = since(&db, 0).await;
    assert_eq!(s.changes(w.ours, 0, 2).await.unwrap(), all[..2]);
    assert_eq!(s.changes(w.ours, all[1].number, 2).await.unwrap(), all[2..4]);
    assert_eq!(s.changes(w.ours, all[all.len() - 1].number, 2).await.unwrap(), []);
    assert_eq!(s.changes(w.ours, 1_000_000, 2).await.unwrap(), []);
}

// E6
pub async fn a_stamp_is_another_one_after_every_write_and_the_same_without(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mut seen = vec![s.stamp().await.unwrap()];
    for minute in 1..=5 {
        s.rename_task(w.theirs, w.house, &name(&format!("House {minute}")), w.ada, w.at(minute)).await.unwrap();
        let stamp = s.stamp().await.unwrap();
        assert!(!seen.contains(&stamp), "{stamp} {seen:?}");
        s.people(w.ours).await.unwrap();
        s.delete_task(w.ours, tallyport_domain::TaskId(999), w.ada, w.at(1)).await.unwrap_err();
        assert_eq!(s.stamp().await.unwrap(), stamp);
        seen.push(stamp);
    }
}

// E6
pub async fn writes_about_people_leave_changes(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let by = Some(w.bea);
    let before = s.latest_change(w.ours).await.unwrap();
    let new = [new_person("fay", Role::Member), new_person("gil", Role::Member)];
    let added = s.add_people(w.ours, &new, w.bea, w.at(1)).await.unwrap();
    let told: Vec<_> = since(&db, before).await.iter().map(|it| (it.subject, it.by, it.at)).collect();
    assert_eq!(told, [0, 1].map(|index: usize| (Subject::Person(added[index].id), by, w.at(1))));
    let dee = Subject::Person(w.dee);
    leaves!(db, by, 2, s.set_role(w.ours, w.dee, Role::Manager, w.bea, w.at(2)), [dee]);
    leaves!(db, by, 3, s.set_email(w.ours, w.dee, &email("deirdre"), w.bea, w.at(3)), [dee]);
    leaves!(db, by, 4, s.deactivate(w.ours, w.dee, w.bea, w.at(4)), [dee]);
    leaves!(db, by, 5, s.reactivate(w.ours, w.dee, w.bea, w.at(5)), [dee]);
}

// E6
pub async fn writes_about_tasks_leave_changes(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let by = Some(w.bea);
    let before = s.latest_change(w.ours).await.unwrap();
    let shed = s.add_task(w.ours, Some(w.garden), &name("Shed"), w.bea, w.at(1)).await.unwrap();
    let told: Vec<_> = since(&db, before).await.iter().map(|it| (it.subject, it.by, it.at)).collect();
    assert_eq!(told, [(Subject::Task(shed), by, w.at(1))]);
    let moved = Subject::Task(shed);
    leaves!(db, by, 2, s.rename_task(w.ours, shed, &name("Hut"), w.bea, w.at(2)), [moved]);
    leaves!(db, by, 3, s.move_task(w.ours, shed, None, w.bea, w.at(3)), [moved]);
    let (cem, dee, shared) = (Subject::Access(w.cem), Subject::Access(w.dee), Subject::Assignments(shed));
    leaves!(db, by, 4, s.assign(w.ours, shed, &[w.cem, w.dee], w.bea, w.at(4)), [cem, dee, shared]);
    leaves!(db, by, 5, s.unassign(w.ours, shed, &[w.cem], w.bea, w.at(5)), [cem, shared]);
    for (minute, archive) in [(6, true), (7, false)] {
        let before = s.latest_change(w.ours).await.unwrap();
        if archive {
            s.archive_task(w.ours, w.house, w.bea, w.at(minute)).await.unwrap();
        } else {
            s.restore_task(w.ours, w.house, w.bea, w.at(minute)).await.unwrap();
        }
        assert!(since(&db, before).await.iter().any(|change| change.subject == Subject::Task(w.house) && change.by == by));
    }
    let before = s.latest_change(w.ours).await.unwrap();
    s.delete_task(w.ours, shed, w.bea, w.at(8)).await.unwrap();
    assert!(since(&db, before).await.iter().any(|change| change.subject == Subject::Task(shed) && change.at == w.at(8)));
}

// E6, P1, P6
pub async fn moving_and_deleting_tells_everybody_who_has_it_there_above_or_below(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let by = Some(w.bea);
    s.assign(w.ours, w.house, &[w.ada], w.bea, w.at(1)).await.unwrap();
    s.assign(w.ours, w.sink, &[w.cem], w.bea, w.at(1)).await.unwrap();
    s.assign(w.ours, w.garden, &[w.dee], w.bea, w.at(1)).await.unwrap();
    let (ada, cem, dee) = (Subject::Access(w.ada), Subject::Access(w.cem), Subject::Access(w.dee));
    let kitchen = Subject::Task(w.kitchen);
    leaves!(db, by, 2, s.move_task(w.ours, w.kitchen, Some(w.garden), w.bea, w.at(2)), [ada, cem, kitchen]);
    leaves!(db, by, 3, s.delete_task(w.ours, w.kitchen, w.bea, w.at(3)), [cem, dee, kitchen]);
}

// E6
pub async fn writes_about_the_integration_leave_changes(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let told = async |before: i64, minute: i64| {
        let changes = since(&db, before).await;
        let integration = changes.iter().find(|change| change.subject == Subject::Integration).unwrap();
        assert_eq!((integration.by, integration.at), (Some(w.ada), w.at(minute)));
    };
    let latest = async || s.latest_change(w.ours).await.unwrap();
    let before = latest().await;
    s.enable(w.ours, &enable(w.ada, w.at(1))).await.unwrap();
    told(before, 1).await;
    let before = latest().await;
    s.select(w.ours, &Selection::All, &workspaces(), w.ada, w.at(2)).await.unwrap();
    told(before, 2).await;
    let before = latest().await;
    s.save_settings(w.ours, &Settings::default().into(), w.ada, w.at(3)).await.unwrap();
    told(before, 3).await;
    let before = latest().await;
    s.unlink(w.ours, Fate::Archive, w.ada, w.at(4)).await.unwrap();
    told(before, 4).await;
    let before = latest().await;
    s.re_enable(w.ours, &enable(w.ada, w.at(5))).await.unwrap();
    told(before, 5).await;
}

// E6, P8
pub async fn adopting_assignments_leaves_changes(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = db.mirrored().await;
    let before = s.latest_change(w.ours).await.unwrap();
    s.adopt_assignments(w.ours, w.ada, w.at(10)).await.unwrap();
    let changes = since(&db, before).await;
    for task in [mirror.northlight, mirror.southwind] {
        assert!(changes.iter().any(|change| change.subject == Subject::Assignments(task)), "{changes:?}");
    }
}

// E6, I14
pub async fn a_run_leaves_changes_as_it_begins_waits_and_ends(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    let about = async |before: i64| -> Vec<Subject> { since(&db, before).await.iter().map(|it| it.subject).collect() };
    let latest = async || s.latest_change(w.ours).await.unwrap();

    let before = latest().await;
    let (lease, run, _) = open(s, w.ours, &begin_by(w.bea, w.at(10))).await;
    assert_eq!(about(before).await, [Subject::Run(run.id)]);
    assert_eq!(since(&db, before).await[0].by, Some(w.bea));
    let before = latest().await;
    let beat = Heartbeat { now: w.at(10), expires: w.at(12), requests: 1, waiting_until: Some(w.at(11)), quota: None };
    s.heartbeat(w.ours, &lease, &beat).await.unwrap();
    assert_eq!(about(before).await, [Subject::Run(run.id)]);
    let before = latest().await;
    s.end_run(w.ours, &lease, failed(&db, 11)).await.unwrap();
    assert_eq!(about(before).await, [Subject::Run(run.id)]);
    let (lease, ..) = open(s, w.ours, &begin_by(w.bea, w.at(12))).await;
    let before = latest().await;
    s.cancel_run(w.ours, Some(w.bea), w.at(13)).await.unwrap();
    assert_eq!(about(before).await, [Subject::Run(lease.run)]);
    let cancelled = since(&db, before).await.pop().unwrap();
    assert_eq!((cancelled.by, cancelled.at), (Some(w.bea), w.at(13)));
}

// E6
pub async fn a_sync_leaves_one_change_that_names_its_run(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    let (lease, ..) = open(s, w.ours, &begin_by(w.bea, w.at(10))).await;
    let state = s.sync_state(w.ours).await.unwrap();
    let before = s.latest_change(w.ours).await.unwrap();

    s.apply(w.ours, &lease, application(&state, &changed(), w.at(11))).await.unwrap();

    let changes = since(&db, before).await;
    let wanted = Change { number: before + 1, subject: Subject::Run(lease.run), by: Some(w.bea), at: w.at(11) };
    assert_eq!(changes, [wanted]);
}

// E6, I12
pub async fn a_held_run_and_its_rejection_leave_changes(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    let (lease, ..) = open(s, w.ours, &begin_by(w.bea, w.at(10))).await;
    let held = held(&db, 11).await;
    let before = s.latest_change(w.ours).await.unwrap();
    s.hold(w.ours, &lease, held).await.unwrap();
    let between = s.latest_change(w.ours).await.unwrap();
    s.reject_run(w.ours, lease.run, w.ada, w.at(20)).await.unwrap();
    for after in [before, between] {
        assert!(since(&db, after).await.iter().all(|change| change.subject == Subject::Run(lease.run)));
    }
    assert!(before < between && between < s.latest_change(w.ours).await.unwrap());
    let rejected = since(&db, between).await.pop().unwrap();
    assert_eq!((rejected.by, rejected.at), (Some(w.ada), w.at(20)));
}

// E6
pub async fn reading_and_refusals_leave_no_change(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = db.mirrored().await;
    let before = s.latest_change(w.ours).await.unwrap();
    picture(s, w.ours).await;
    s.search(w.ours, manager(w.ada), "draft", Which::All, 5).await.unwrap();
    s.begin_run(w.ours, &begin_by(w.ada, w.at(10))).await.unwrap();
    let begun = s.latest_change(w.ours).await.unwrap();
    s.begin_run(w.ours, &begin_by(w.ada, w.at(10))).await.unwrap();
    s.rename_task(w.ours, mirror.draft, &name("X"), w.ada, w.at(10)).await.unwrap_err();
    s.unassign(w.ours, mirror.draft, &[w.dee], w.ada, w.at(10)).await.unwrap_err();
    s.enable(w.ours, &enable(w.ada, w.at(10))).await.unwrap_err();
    s.deactivate(w.ours, w.ada, w.ada, w.at(10)).await.unwrap_err();
    assert_eq!(s.latest_change(w.ours).await.unwrap(), begun);
    assert_eq!(begun, before + 1);
}

// E6, A1
pub async fn each_account_counts_its_own_changes(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    let theirs = s.changes(w.theirs, 0, 10_000).await.unwrap();
    assert_eq!(since(&db, 0).await, theirs);
    sync(s, w.ours, w.ada, &toggl(), w.at(10)).await;
    assert_eq!(s.changes(w.theirs, 0, 10_000).await.unwrap(), theirs);
    assert!(s.latest_change(w.ours).await.unwrap() > theirs[theirs.len() - 1].number);
}
