//! Runs that wait for a yes (I12).

use tallyport_domain::plan::{Consent, Hold, ShownChanges};
use tallyport_domain::{Fate, Outcome, RunId, Trigger};

use super::runs::{failed, outcome};
use super::snapshot::{changed, toggl};
use super::world::{Fresh, application, begin_by, name, open, sync};
use crate::{BeginRun, Held, StoreError};

/// A plan for [`changed`] that waits for a yes.
pub(super) async fn held(db: &Fresh, minute: i64) -> Held {
    let w = db.world;
    let state = db.store.sync_state(w.ours).await.unwrap();
    let application = application(&state, &changed(), w.at(minute));
    let shown = application.plan.shown(&application.current);
    assert!(!shown.archived.is_empty());
    let hold = Hold { archives: 3, active: 9, overwrites: 1 };
    Held { application, hold, shown }
}

/// A run that is held.
pub(super) async fn held_run(db: &Fresh, minute: i64) -> RunId {
    let w = db.world;
    let (lease, ..) = open(&*db.store, w.ours, &begin_by(w.ada, w.at(minute))).await;
    let held = held(db, minute).await;
    db.store.hold(w.ours, &lease, held).await.unwrap().id
}

// I12
pub async fn a_held_run_changes_nothing_and_shows_what_it_would(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    let before = s.sync_state(w.ours).await.unwrap();
    let members = s.members(w.ours).await.unwrap();
    let (lease, ..) = open(s, w.ours, &begin_by(w.ada, w.at(10))).await;
    let held = held(&db, 10).await;

    let run = s.hold(w.ours, &lease, held.clone()).await.unwrap();

    let plan = &held.application.plan;
    assert_eq!((run.outcome, run.ended_at, run.requests), (Outcome::Held, Some(w.at(10)), 7));
    assert_eq!((&run.hold, &run.counts), (&Some(held.hold), &plan.counts(&before.current)));
    assert_eq!((&run.warnings, &run.proof), (&plan.warnings, &held.application.proof));
    assert_eq!(s.run(w.ours, run.id).await.unwrap(), Some(run.clone()));
    let items = s.run_items(w.ours, run.id, 0, 1_000).await.unwrap();
    let told = plan.items(&before.current).map(|item| tallyport_domain::plan::Item { created: None, ..item });
    assert_eq!(items, told.collect::<Vec<_>>());
    assert_eq!(s.shown_changes(w.ours, run.id).await.unwrap(), held.shown);
    assert_eq!(s.sync_state(w.ours).await.unwrap(), before);
    assert_eq!(s.members(w.ours).await.unwrap(), members);
    assert_eq!(s.integration(w.ours).await.unwrap().unwrap().last_synced_at, Some(w.at(3)));
}

// I12
pub async fn a_held_run_blocks_nothing_and_is_superseded_by_the_next_that_plans(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    let first = held_run(&db, 10).await;
    let (lease, ..) = open(s, w.ours, &begin_by(w.ada, w.at(11))).await;
    assert_eq!(outcome(&db, first).await, Outcome::Held);
    s.end_run(w.ours, &lease, failed(&db, 11)).await.unwrap();
    assert_eq!(outcome(&db, first).await, Outcome::Held);

    let second = held_run(&db, 12).await;
    assert_eq!((outcome(&db, first).await, outcome(&db, second).await), (Outcome::Superseded, Outcome::Held));

    sync(s, w.ours, w.ada, &toggl(), w.at(13)).await;
    assert_eq!((outcome(&db, first).await, outcome(&db, second).await), (Outcome::Superseded, Outcome::Superseded));
    refused!(s.shown_changes(w.ours, second).await, StoreError::RunIs { outcome: Outcome::Superseded, .. });
}

// I12
pub async fn a_held_run_can_be_rejected_once(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = db.mirrored().await;
    let held = held_run(&db, 10).await;
    let before = s.sync_state(w.ours).await.unwrap();

    let run = s.reject_run(w.ours, held, w.ada, w.at(20)).await.unwrap();

    assert_eq!(run.outcome, Outcome::Rejected);
    assert_eq!(s.run(w.ours, held).await.unwrap(), Some(run));
    assert_eq!(s.sync_state(w.ours).await.unwrap(), before);
    for run in [held, mirror.run] {
        refused!(s.reject_run(w.ours, run, w.ada, w.at(20)).await, StoreError::RunIs { run: which, .. } if which == run);
        refused!(s.shown_changes(w.ours, run).await, StoreError::RunIs { run: which, .. } if which == run);
    }
    refused!(s.reject_run(w.ours, RunId(999), w.ada, w.at(20)).await, StoreError::NotFound(_));
    refused!(s.shown_changes(w.ours, RunId(999)).await, StoreError::NotFound(_));
}

// I12
pub async fn what_a_held_run_showed_is_the_consent_to_it(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    let held = held_run(&db, 10).await;
    let shown: ShownChanges = s.shown_changes(w.ours, held).await.unwrap();
    let state = s.sync_state(w.ours).await.unwrap();
    let begin = BeginRun { trigger: Trigger::Confirmed, ..begin_by(w.bea, w.at(11)) };
    let (lease, ..) = open(s, w.ours, &begin).await;
    let application = application(&state, &changed(), w.at(11));
    assert_eq!(application.plan.hold(&state.current, &Consent::Shown(shown)), None);

    let run = s.apply(w.ours, &lease, application).await.unwrap();

    assert_eq!((run.trigger, run.outcome), (Trigger::Confirmed, Outcome::Succeeded));
    assert_eq!(outcome(&db, held).await, Outcome::Superseded);
}

// I12
pub async fn a_plan_is_held_though_the_tree_has_changed_meanwhile(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    let (lease, ..) = open(s, w.ours, &begin_by(w.ada, w.at(10))).await;
    let held = held(&db, 10).await;
    s.rename_task(w.ours, w.house, &name("Home"), w.ada, w.at(11)).await.unwrap();
    let run = s.hold(w.ours, &lease, held).await.unwrap();
    assert_eq!(run.outcome, Outcome::Held);
}

// I12, I15
pub async fn unlinking_supersedes_a_held_run(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    let held = held_run(&db, 10).await;
    s.unlink(w.ours, Fate::Keep, w.ada, w.at(11)).await.unwrap();
    assert_eq!(outcome(&db, held).await, Outcome::Superseded);
}
