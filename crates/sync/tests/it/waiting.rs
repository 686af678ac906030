//! Waiting for the source's allowance, and going on from what was read (I19).

use chrono::TimeDelta;
use tallyport_domain::{Outcome, SourceError};
use tallyport_sync::{Order, Patience, Phase};

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
