//! Waiting for the source's allowance, and going on from what was read (I19).

use std::sync::Arc;

use chrono::TimeDelta;
use tallyport_domain::{Outcome, SourceError, WaitFor};
use tallyport_storage::{Faulty, Moment, SyncStore};
use tallyport_sync::{Order, Patience, Phase, SyncEngine};

use crate::support::{Act, Desk, Scripted, noon, page, quota, soon, studio, until};

#[tokio::test] // I19
async fn a_patient_run_says_until_when_it_waits_and_then_goes_on() {
    let desk = Desk::new().await;
    let active = desk.start(&Scripted::of([Act::WaitThenRead(studio(2))])).await;
    let (id, mut progress) = (active.record().id, active.progress());
    let driving = tokio::spawn(active.drive());
    until(&mut progress, |progress| progress.phase == Phase::Waiting).await;
    assert_eq!(progress.borrow().waiting_until, Some(quota().resets_at));
    // The record says so too, as soon as the heartbeat of the wait is in.
    let waiting = soon(async {
        loop {
            let run = desk.store.run(desk.account, id).await.unwrap().unwrap();
            if run.outcome == Outcome::Waiting {
                break run;
            }
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert_eq!((waiting.waiting_until, waiting.requests), (Some(quota().resets_at), 3));

    desk.clock.advance(TimeDelta::hours(1));
    let run = soon(driving).await.unwrap().unwrap();
    assert_eq!((run.outcome, run.waiting_until), (Outcome::Succeeded, None));
    let integration = desk.store.integration(desk.account).await.unwrap().unwrap();
    assert_eq!(integration.quota, Some(quota()));
}

#[tokio::test] // I19
async fn an_impatient_run_ends_with_what_it_read_and_the_next_one_is_given_it() {
    let desk = Desk::new().await;
    let source = Scripted::of([Act::WaitThenRead(studio(2)), Act::Read(studio(2)), Act::Read(studio(2))]);
    let order = Order { patience: Patience::AtMost(TimeDelta::minutes(5)), ..desk.order() };
    let run = desk.sync_as(&source, order).await;
    assert_eq!((run.outcome, run.error.unwrap().code.as_str()), (Outcome::Failed, "quota_spent"));
    desk.sync(&source).await;
    assert_eq!(source.kept(), [page()]);
    desk.sync(&source).await;
    assert!(source.kept().is_empty(), "a run that succeeded leaves nothing behind");
}

#[tokio::test] // I11, I19
async fn an_impatient_run_that_was_cancelled_elsewhere_meanwhile_is_answered_as_it_is_on_record() {
    let desk = Desk::new().await;
    let source = Scripted::of([Act::WaitThenRead(studio(2))]);
    let order = Order { patience: Patience::AtMost(TimeDelta::zero()), ..desk.order() };
    let active = desk.engine.start(desk.account, source, order).await.unwrap();
    desk.store.cancel_run(desk.account, Some(desk.bea), noon()).await.unwrap();
    assert_eq!(soon(active.drive()).await.unwrap().outcome, Outcome::Cancelled);
}

#[tokio::test] // I14, I19
async fn an_impatient_run_whose_pages_cannot_be_kept_is_recorded_all_the_same() {
    let desk = Desk::new().await;
    let faulty = Arc::new(Faulty::over(Arc::clone(&desk.store)));
    let engine = SyncEngine::new(Arc::clone(&faulty) as Arc<dyn SyncStore>, Arc::new(desk.clock.clone()));
    for moment in [Moment::Before, Moment::Busy, Moment::After] {
        let order = Order { patience: Patience::AtMost(TimeDelta::zero()), ..desk.order() };
        // The first call opens the run, the second reads the tree, the third keeps the page.
        faulty.fail(moment, 3);
        let run = soon(engine.run(desk.account, Scripted::of([Act::WaitThenRead(studio(2))]), order)).await.unwrap();
        assert_eq!((run.outcome, run.error.unwrap().code.as_str()), (Outcome::Failed, "quota_spent"), "{moment:?}");
        assert!(!faulty.relent(), "the fault struck");
    }
}

#[tokio::test] // I19
async fn after_any_other_failure_reading_starts_over() {
    let desk = Desk::new().await;
    let nonsense = SourceError::Nonsense { endpoint: "GET /me".into(), detail: "HTML".into() };
    let quota_spent = SourceError::QuotaSpent { until: noon() };
    let source = Scripted::of([Act::Fail(quota_spent), Act::Fail(nonsense), Act::Read(studio(1))]);
    desk.sync(&source).await;
    desk.sync(&source).await;
    assert_eq!(source.kept(), [page()], "the run after the spent quota was given the page");
    desk.sync(&source).await;
    assert!(source.kept().is_empty(), "the run after the nonsense was not");
}

#[tokio::test] // I19
async fn a_preview_neither_keeps_nor_uses_what_was_read() {
    let desk = Desk::new().await;
    let quota_spent = SourceError::QuotaSpent { until: noon() };
    let source = Scripted::of([Act::Fail(quota_spent), Act::Read(studio(1)), Act::Read(studio(1))]);
    desk.sync(&source).await;
    desk.engine.preview(desk.account, source.as_ref(), None, Patience::Forever).await.unwrap();
    assert!(source.kept().is_empty());
    desk.sync(&source).await;
    assert_eq!(source.kept(), [page()], "the preview took nothing from the run");
}

#[tokio::test] // I19
async fn a_pause_that_the_source_asks_for_is_too_long_for_the_impatient() {
    let desk = Desk::new().await;
    let source = Scripted::of([Act::Pace(WaitFor::Rate, TimeDelta::minutes(1), studio(1))]);
    let order = Order { patience: Patience::AtMost(TimeDelta::zero()), ..desk.order() };
    let run = desk.sync_as(&source, order).await;
    assert_eq!((run.outcome, run.error.unwrap().code.as_str()), (Outcome::Failed, "rate_limited"));
}

#[tokio::test] // I19
async fn the_pace_is_kept_by_the_impatient_too_and_not_told_as_waiting() {
    let desk = Desk::new().await;
    let source = Scripted::of([Act::Pace(WaitFor::Rate, TimeDelta::seconds(2), studio(1))]);
    let order = Order { patience: Patience::AtMost(TimeDelta::zero()), ..desk.order() };
    let active = desk.engine.start(desk.account, source, order).await.unwrap();
    let mut progress = active.progress();
    let driving = tokio::spawn(active.drive());
    until(&mut progress, |progress| progress.read.requests == 3).await;
    assert_eq!(progress.borrow().phase, Phase::Reading);
    let before = desk.store.latest_change(desk.account).await.unwrap();
    desk.clock.advance(TimeDelta::seconds(2));
    assert_eq!(soon(driving).await.unwrap().unwrap().outcome, Outcome::Succeeded);
    let changes = desk.store.changes(desk.account, before, 10).await.unwrap();
    assert_eq!(changes.len(), 1, "the end of the run and nothing before it");
}

#[tokio::test] // I11
async fn a_database_that_is_busy_for_a_moment_ends_no_run_that_has_read_something() {
    let desk = Desk::new().await;
    let faulty = Arc::new(Faulty::over(Arc::clone(&desk.store)));
    let engine = SyncEngine::new(Arc::clone(&faulty) as Arc<dyn SyncStore>, Arc::new(desk.clock.clone()));
    let mut succeeded = 0;
    for nth in 3.. {
        // The first call opens the run, the second reads the tree: before them nothing is lost.
        let (there, go_on) = (Arc::default(), Arc::default());
        let source = Scripted::of([Act::Pause(Arc::clone(&there), Arc::clone(&go_on), studio(2))]);
        faulty.fail(Moment::Busy, nth);
        let active = engine.start(desk.account, source, desk.order()).await.unwrap();
        let driving = tokio::spawn(active.drive());
        soon(there.notified()).await;
        let (calls, struck) = (faulty.calls(), faulty.injected());
        desk.clock.advance(TimeDelta::seconds(6));
        soon(async {
            while faulty.calls() < calls + 2 && faulty.injected() == struck {
                tokio::task::yield_now().await;
            }
        })
        .await;
        go_on.notify_one();
        let run = soon(driving).await.unwrap().unwrap();
        assert_eq!(run.outcome, Outcome::Succeeded, "call {nth}: {:?}", run.error);
        succeeded += 1;
        if faulty.relent() {
            break;
        }
    }
    // The beat, the pages that are staged with it, and the plan.
    assert_eq!(faulty.injected(), 3, "in {succeeded} runs");
}
