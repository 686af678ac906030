//! One run at a time, leases, how runs end, and history (I11, I14, I17).

use chrono::TimeDelta;
use tallyport_domain::{Fate, Outcome, Quota, RunError, RunId, Selection, Settings, Trigger};

use super::held::{held, held_run};
use super::parts::part;
use super::snapshot::{toggl, workspaces};
use super::world::{Fresh, application, begin_by, enable, open, picture, sync};
use crate::{BeginRun, Begun, Ended, Heartbeat, Holder, Lease, StoreError};

fn beat(db: &Fresh, minute: i64, expires: i64) -> Heartbeat {
    let w = db.world;
    Heartbeat { now: w.at(minute), expires: w.at(expires), requests: 3, waiting_until: None, quota: None }
}

pub(super) fn failed(db: &Fresh, minute: i64) -> Ended {
    Ended {
        outcome: Outcome::Failed,
        error: Some(RunError { code: "toggl_unreachable".to_owned(), message: "Toggl could not be reached".to_owned() }),
        token_rejected: false,
        requests: 5,
        quota: None,
        keep_parts: false,
        now: db.world.at(minute),
    }
}

pub(super) async fn outcome(db: &Fresh, run: RunId) -> Outcome {
    db.store.run(db.world.ours, run).await.unwrap().unwrap().outcome
}

/// Whatever can be done with a lease finds it worthless, and changes nothing.
async fn assert_fenced(db: &Fresh, lease: &Lease) {
    let (s, w) = (&*db.store, db.world);
    let held = held(db, 50).await;
    let before = picture(s, w.ours).await;
    refused!(s.heartbeat(w.ours, lease, &beat(db, 50, 51)).await, StoreError::Fenced(run) if run == lease.run);
    refused!(s.stage_parts(w.ours, lease, &[part(db, "late", 1, b"x")]).await, StoreError::Fenced(_));
    refused!(s.apply(w.ours, lease, held.application.clone()).await, StoreError::Fenced(_));
    refused!(s.hold(w.ours, lease, held).await, StoreError::Fenced(_));
    refused!(s.end_run(w.ours, lease, failed(db, 50)).await, StoreError::Fenced(_));
    assert_eq!(picture(s, w.ours).await, before);
}

// I11
pub async fn a_second_run_is_told_which_one_is_under_way(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    let first = begin_by(w.ada, w.at(10));
    let (held, ..) = open(s, w.ours, &first).await;

    match s.begin_run(w.ours, &begin_by(w.bea, w.at(10))).await.unwrap() {
        Begun::UnderWay { lease, holder } => assert_eq!((lease, holder), (held, first.holder)),
        Begun::Open { .. } => panic!("two runs at once"),
    }

    assert_eq!(s.runs(w.ours, None, 10).await.unwrap().len(), 2);
    s.heartbeat(w.ours, &held, &beat(&db, 10, 12)).await.unwrap();
}

// I11
pub async fn of_runs_that_begin_at_once_one_opens(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    let begin = begin_by(w.ada, w.at(10));
    let (one, two, three) = tokio::join!(s.begin_run(w.ours, &begin), s.begin_run(w.ours, &begin), s.begin_run(w.ours, &begin));
    let opened = [one, two, three].into_iter().filter(|begun| matches!(begun, Ok(Begun::Open { .. })));
    assert_eq!(opened.count(), 1);
}

// I11, A1
pub async fn each_account_has_runs_of_its_own(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    let (ours, ..) = open(s, w.ours, &begin_by(w.ada, w.at(10))).await;
    let (theirs, ..) = open(s, w.theirs, &begin_by(w.ada, w.at(10))).await;
    assert_eq!(ours.run, theirs.run);
    let quota = Quota { remaining: 5, resets_at: w.at(60) };
    let waiting = Heartbeat { waiting_until: Some(w.at(30)), ..beat(&db, 10, 11) };
    s.heartbeat(w.theirs, &theirs, &waiting).await.unwrap();
    let before = s.latest_change(w.ours).await.unwrap();
    s.heartbeat(w.ours, &ours, &Heartbeat { quota: Some(quota), expires: w.at(40), ..waiting }).await.unwrap();
    assert_eq!(s.latest_change(w.ours).await.unwrap(), before + 1);
    assert_eq!(s.integration(w.theirs).await.unwrap().unwrap().quota, None);
    s.heartbeat(w.ours, &ours, &beat(&db, 11, 40)).await.unwrap();
    assert_eq!(s.run(w.theirs, theirs.run).await.unwrap().unwrap().outcome, Outcome::Waiting);
    // Their lease runs out while ours goes on.
    let (next, ..) = open(s, w.theirs, &begin_by(w.ada, w.at(12))).await;
    assert_eq!(s.cancel_run(w.theirs, None, w.at(12)).await.unwrap(), Some(next.run));
    s.heartbeat(w.ours, &ours, &beat(&db, 12, 40)).await.unwrap();
    let record = s.run(w.theirs, theirs.run).await.unwrap();
    s.end_run(w.ours, &ours, failed(&db, 13)).await.unwrap();
    assert_eq!(s.run(w.theirs, theirs.run).await.unwrap(), record);
}

// I11
pub async fn a_lease_that_ran_out_is_taken_over_and_its_run_closed_as_failed(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    let first = begin_by(w.ada, w.at(10));
    let (dead, ..) = open(s, w.ours, &first).await;
    let early = BeginRun { now: first.expires - TimeDelta::seconds(1), ..begin_by(w.bea, w.at(10)) };
    assert!(matches!(s.begin_run(w.ours, &early).await.unwrap(), Begun::UnderWay { .. }));

    let (lease, ..) = open(s, w.ours, &begin_by(w.bea, first.expires + TimeDelta::seconds(1))).await;

    assert!(lease.epoch > dead.epoch && lease.run > dead.run);
    let run = s.run(w.ours, dead.run).await.unwrap().unwrap();
    assert_eq!(run.outcome, Outcome::Failed);
    assert_eq!(run.error.unwrap().code, "interrupted");
    assert!(run.ended_at.is_some());
    assert_fenced(&db, &dead).await;
}

// I11
pub async fn a_lease_of_a_dead_process_is_taken_over_at_once(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    let (dead, ..) = open(s, w.ours, &begin_by(w.ada, w.at(10))).await;
    let wrong = Lease { epoch: dead.epoch - 1, ..dead };
    let over = BeginRun { over: Some(wrong), ..begin_by(w.bea, w.at(10)) };
    assert!(matches!(s.begin_run(w.ours, &over).await.unwrap(), Begun::UnderWay { .. }));

    let over = BeginRun { over: Some(dead), ..begin_by(w.bea, w.at(10)) };
    let (lease, ..) = open(s, w.ours, &over).await;

    assert_eq!(s.run(w.ours, dead.run).await.unwrap().unwrap().error.unwrap().code, "interrupted");
    assert_fenced(&db, &dead).await;
    // Whoever saw the dead process too comes too late for the one that took over.
    assert!(matches!(s.begin_run(w.ours, &over).await.unwrap(), Begun::UnderWay { .. }));
    s.heartbeat(w.ours, &lease, &beat(&db, 10, 12)).await.unwrap();
}

// I11
pub async fn a_heartbeat_prolongs_the_lease(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    let (lease, ..) = open(s, w.ours, &begin_by(w.ada, w.at(10))).await;
    s.heartbeat(w.ours, &lease, &beat(&db, 10, 20)).await.unwrap();
    assert!(matches!(s.begin_run(w.ours, &begin_by(w.bea, w.at(19))).await.unwrap(), Begun::UnderWay { .. }));
    open(s, w.ours, &begin_by(w.bea, w.at(21))).await;
}

// I14, I19
pub async fn a_heartbeat_tells_how_far_the_run_is_and_until_when_it_waits(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    let (lease, ..) = open(s, w.ours, &begin_by(w.ada, w.at(10))).await;
    let quota = Quota { remaining: -2, resets_at: w.at(30) };
    let waiting = Heartbeat { waiting_until: Some(w.at(30)), quota: Some(quota), ..beat(&db, 10, 12) };
    s.heartbeat(w.ours, &lease, &waiting).await.unwrap();
    let run = s.run(w.ours, lease.run).await.unwrap().unwrap();
    assert_eq!((run.outcome, run.waiting_until, run.requests), (Outcome::Waiting, Some(w.at(30)), 3));
    assert_eq!(s.integration(w.ours).await.unwrap().unwrap().quota, Some(quota));

    s.heartbeat(w.ours, &lease, &Heartbeat { requests: 4, ..beat(&db, 30, 31) }).await.unwrap();

    let run = s.run(w.ours, lease.run).await.unwrap().unwrap();
    assert_eq!((run.outcome, run.waiting_until, run.requests), (Outcome::Running, None, 4));
    assert_eq!(s.integration(w.ours).await.unwrap().unwrap().quota, Some(quota));
}

// I19
pub async fn what_was_left_for_another_token_is_forgotten(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    let (lease, ..) = open(s, w.ours, &begin_by(w.ada, w.at(10))).await;
    let quota = Quota { remaining: 0, resets_at: w.at(60) };
    s.end_run(w.ours, &lease, Ended { quota: Some(quota), ..failed(&db, 11) }).await.unwrap();
    assert_eq!(s.integration(w.ours).await.unwrap().unwrap().quota, Some(quota));
    s.re_enable(w.ours, &enable(w.bea, w.at(12))).await.unwrap();
    assert_eq!(s.integration(w.ours).await.unwrap().unwrap().quota, None);
}

// I11
pub async fn a_run_that_waits_is_under_way(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    let (lease, ..) = open(s, w.ours, &begin_by(w.ada, w.at(10))).await;
    let waiting = Heartbeat { waiting_until: Some(w.at(60)), ..beat(&db, 10, 12) };
    s.heartbeat(w.ours, &lease, &waiting).await.unwrap();
    assert!(matches!(s.begin_run(w.ours, &begin_by(w.bea, w.at(11))).await.unwrap(), Begun::UnderWay { .. }));
    assert_eq!(s.cancel_run(w.ours, None, w.at(11)).await.unwrap(), Some(lease.run));
    assert_eq!(outcome(&db, lease.run).await, Outcome::Cancelled);
    assert_eq!(s.run(w.ours, lease.run).await.unwrap().unwrap().waiting_until, None);
}

// I11
pub async fn cancelling_ends_the_run_and_fences_its_process(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    let (lease, ..) = open(s, w.ours, &begin_by(w.ada, w.at(10))).await;

    assert_eq!(s.cancel_run(w.ours, None, w.at(11)).await.unwrap(), Some(lease.run));

    let run = s.run(w.ours, lease.run).await.unwrap().unwrap();
    assert_eq!((run.outcome, run.ended_at), (Outcome::Cancelled, Some(w.at(11))));
    assert_fenced(&db, &lease).await;
    open(s, w.ours, &begin_by(w.ada, w.at(11))).await;
}

// I11
pub async fn a_run_ends_no_earlier_than_it_began_whatever_the_clock_says(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    let (lease, ..) = open(s, w.ours, &begin_by(w.ada, w.at(10))).await;
    assert_eq!(s.cancel_run(w.ours, None, w.at(-60)).await.unwrap(), Some(lease.run));
    let run = s.run(w.ours, lease.run).await.unwrap().unwrap();
    assert_eq!((run.started_at, run.ended_at), (w.at(10), Some(w.at(10))));
}

// I11
pub async fn where_nothing_is_under_way_nothing_is_cancelled(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    assert_eq!(s.cancel_run(w.ours, None, w.at(1)).await.unwrap(), None);
    let mirror = db.mirrored().await;
    assert_eq!(s.cancel_run(w.ours, None, w.at(10)).await.unwrap(), None);
    assert_eq!(outcome(&db, mirror.run).await, Outcome::Succeeded);
    let held = held_run(&db, 11).await;
    assert_eq!(s.cancel_run(w.ours, None, w.at(12)).await.unwrap(), None);
    assert_eq!(outcome(&db, held).await, Outcome::Held);
}

// I11
pub async fn a_lease_of_another_epoch_is_worthless(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    let (lease, ..) = open(s, w.ours, &begin_by(w.ada, w.at(10))).await;
    for epoch in [lease.epoch - 1, lease.epoch + 1] {
        assert_fenced(&db, &Lease { epoch, ..lease }).await;
    }
    s.heartbeat(w.ours, &lease, &beat(&db, 10, 12)).await.unwrap();
}

// I11
pub async fn a_run_ends_once(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    let (lease, ..) = open(s, w.ours, &begin_by(w.ada, w.at(10))).await;
    s.end_run(w.ours, &lease, failed(&db, 11)).await.unwrap();
    assert_fenced(&db, &lease).await;
    let (lease, ..) = open(s, w.ours, &begin_by(w.ada, w.at(12))).await;
    let held = held(&db, 12).await;
    s.hold(w.ours, &lease, held).await.unwrap();
    assert_fenced(&db, &lease).await;
    let (lease, ..) = open(s, w.ours, &begin_by(w.ada, w.at(13))).await;
    let state = s.sync_state(w.ours).await.unwrap();
    s.apply(w.ours, &lease, application(&state, &toggl(), w.at(13))).await.unwrap();
    assert_fenced(&db, &lease).await;
}

// I11, I3, I4, I15, I16
pub async fn saving_unlinking_and_re_enabling_cancel_the_run_under_way(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    let (lease, ..) = open(s, w.ours, &begin_by(w.ada, w.at(10))).await;
    s.select(w.ours, &Selection::All, &workspaces(), w.ada, w.at(11)).await.unwrap();
    assert_eq!(outcome(&db, lease.run).await, Outcome::Cancelled);
    assert_fenced(&db, &lease).await;

    let (lease, ..) = open(s, w.ours, &begin_by(w.ada, w.at(12))).await;
    s.save_settings(w.ours, &Settings::default().into(), w.ada, w.at(13)).await.unwrap();
    assert_eq!(outcome(&db, lease.run).await, Outcome::Cancelled);
    assert_fenced(&db, &lease).await;

    let (lease, ..) = open(s, w.ours, &begin_by(w.ada, w.at(14))).await;
    s.re_enable(w.ours, &enable(w.bea, w.at(15))).await.unwrap();
    assert_eq!(outcome(&db, lease.run).await, Outcome::Cancelled);
    assert_fenced(&db, &lease).await;

    let (lease, ..) = open(s, w.ours, &begin_by(w.ada, w.at(16))).await;
    s.unlink(w.ours, Fate::Archive, w.ada, w.at(17)).await.unwrap();
    assert_eq!(outcome(&db, lease.run).await, Outcome::Cancelled);
    refused!(s.heartbeat(w.ours, &lease, &beat(&db, 17, 18)).await, StoreError::Fenced(_));
}

// I14
pub async fn a_failed_run_says_why_and_changes_nothing_else(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    let before = s.sync_state(w.ours).await.unwrap();
    let (lease, ..) = open(s, w.ours, &begin_by(w.ada, w.at(10))).await;

    let run = s.end_run(w.ours, &lease, failed(&db, 11)).await.unwrap();

    assert_eq!((run.outcome, run.ended_at, run.requests), (Outcome::Failed, Some(w.at(11)), 5));
    assert_eq!(run.error, failed(&db, 11).error);
    assert_eq!(s.run(w.ours, run.id).await.unwrap(), Some(run.clone()));
    assert_eq!(s.sync_state(w.ours).await.unwrap(), before);
    let integration = s.integration(w.ours).await.unwrap().unwrap();
    assert_eq!((integration.last_run, integration.last_synced_at), (Some(run.id), Some(w.at(3))));
    assert!(!integration.token_rejected);
}

// I17
pub async fn a_rejected_token_is_remembered_until_another_one_is_stored(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    let (lease, ..) = open(s, w.ours, &begin_by(w.ada, w.at(10))).await;
    s.end_run(w.ours, &lease, Ended { token_rejected: true, ..failed(&db, 11) }).await.unwrap();
    assert!(s.integration(w.ours).await.unwrap().unwrap().token_rejected);
    assert!(!s.integration(w.theirs).await.unwrap().unwrap().token_rejected);

    s.re_enable(w.ours, &enable(w.ada, w.at(12))).await.unwrap();

    assert!(!s.integration(w.ours).await.unwrap().unwrap().token_rejected);
}

// I14
pub async fn runs_are_listed_newest_first_page_by_page(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    assert_eq!(s.runs(w.ours, None, 10).await.unwrap(), []);
    db.mirrored().await;
    for minute in [10, 20, 30] {
        sync(s, w.ours, w.ada, &toggl(), w.at(minute)).await;
    }
    let all = s.runs(w.ours, None, 10).await.unwrap();
    assert_eq!(all.iter().map(|run| run.started_at).collect::<Vec<_>>(), [w.at(30), w.at(20), w.at(10), w.at(3)]);
    assert!(all.windows(2).all(|two| two[0].id > two[1].id));
    assert_eq!(s.runs(w.ours, None, 2).await.unwrap(), all[..2]);
    assert_eq!(s.runs(w.ours, Some(all[1].id), 10).await.unwrap(), all[2..]);
    assert_eq!(s.runs(w.ours, Some(all[3].id), 10).await.unwrap(), []);
    assert_eq!(s.run(w.ours, RunId(999)).await.unwrap(), None);
}

// I14
pub async fn the_items_of_a_run_are_listed_in_order_page_by_page(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = db.mirrored().await;
    let all = s.run_items(w.ours, mirror.run, 0, 1_000).await.unwrap();
    assert!(all.len() > 5);
    assert_eq!(s.run_items(w.ours, mirror.run, 0, 3).await.unwrap(), all[..3]);
    assert_eq!(s.run_items(w.ours, mirror.run, 3, 2).await.unwrap(), all[3..5]);
    assert_eq!(s.run_items(w.ours, mirror.run, 10_000, 5).await.unwrap(), []);
    assert_eq!(s.run_items(w.ours, RunId(999), 0, 5).await.unwrap(), []);
}

// I14
pub async fn every_trigger_is_recorded_and_a_schedule_is_nobody(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    let triggers = [Trigger::Manual, Trigger::Saved, Trigger::Schedule, Trigger::Confirmed, Trigger::ReEnabled];
    for (minute, trigger) in (10..).zip(triggers) {
        let started_by = (trigger != Trigger::Schedule).then_some(w.bea);
        let holder = Holder { machine: "elsewhere \u{fc}".to_owned(), process: u32::MAX, started: u64::MAX >> 1 };
        let begin = BeginRun { trigger, started_by, holder: holder.clone(), ..begin_by(w.ada, w.at(minute)) };
        let (lease, run, _) = open(s, w.ours, &begin).await;
        assert_eq!((run.trigger, run.started_by), (trigger, started_by));
        match s.begin_run(w.ours, &begin).await.unwrap() {
            Begun::UnderWay { holder: told, .. } => assert_eq!(told, holder),
            Begun::Open { .. } => panic!("two runs at once"),
        }
        let ended = Ended { outcome: Outcome::Cancelled, error: None, ..failed(&db, minute) };
        let run = s.end_run(w.ours, &lease, ended).await.unwrap();
        assert_eq!((run.outcome, run.error), (Outcome::Cancelled, None));
    }
}
