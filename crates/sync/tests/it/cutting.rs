//! Runs that fail or are cut off: the tree is as it was, and the record says why (I10, I11, I14, I17).

use std::sync::Arc;

use chrono::TimeDelta;
use tallyport_domain::{Every, Outcome, Selection, Settings, SourceError};
use tallyport_storage::StoreError;
use tallyport_sync::{Phase, source_error_code};

use crate::support::{Act, Desk, Scripted, noon, soon, studio, until, workspace};

#[tokio::test] // I10, I14
async fn whatever_keeps_the_source_from_being_read_leaves_the_tree_as_it_was() {
    let endpoint = || "GET /me/workspaces".to_owned();
    let errors = [
        SourceError::TokenRejected { detail: "403".into() },
        SourceError::OtherProduct,
        SourceError::QuotaSpent { until: noon() },
        SourceError::RateLimited { endpoint: endpoint() },
        SourceError::Unreachable { endpoint: endpoint(), detail: "reset".into() },
        SourceError::Nonsense { endpoint: endpoint(), detail: "HTML".into() },
        SourceError::Refused { endpoint: endpoint(), status: 400, detail: "no".into() },
        SourceError::Retired { endpoint: endpoint() },
        SourceError::Changed { list: "projects".into() },
    ];
    let desk = Desk::new().await;
    desk.sync(&Scripted::of([Act::Read(studio(2))])).await;
    let before = desk.rows(false).await;
    for error in errors {
        let run = desk.sync(&Scripted::of([Act::Fail(error.clone())])).await;
        let recorded = run.error.unwrap();
        assert_eq!(run.outcome, Outcome::Failed);
        assert_eq!((recorded.code.as_str(), recorded.message), (source_error_code(&error), error.to_string()));
        assert_eq!(run.requests, 3, "requests are counted for runs that fail too");
        assert_eq!(desk.rows(false).await, before);
    }
}

#[tokio::test] // I17
async fn a_rejected_token_is_remembered_and_archives_nothing() {
    let desk = Desk::new().await;
    desk.sync(&Scripted::of([Act::Read(studio(2))])).await;
    desk.sync(&Scripted::of([Act::Fail(SourceError::TokenRejected { detail: "403".into() })])).await;
    let integration = desk.store.integration(desk.account).await.unwrap().unwrap();
    assert!(integration.token_rejected);
    assert!(desk.rows(true).await.is_empty());
}

#[tokio::test] // I11
async fn a_cancelled_run_ends_at_once_and_changes_nothing() {
    let desk = Desk::new().await;
    let (there, go_on) = (Arc::default(), Arc::default());
    let active = desk.start(&Scripted::of([Act::Pause(Arc::clone(&there), go_on, studio(2))])).await;
    let (canceller, mut progress) = (active.canceller(), active.progress());
    let driving = tokio::spawn(active.drive());
    soon(there.notified()).await;
    canceller.cancel();
    let run = soon(driving).await.unwrap().unwrap();
    assert_eq!(run.outcome, Outcome::Cancelled);
    until(&mut progress, |progress| progress.phase == Phase::Ended).await;
    assert_eq!(desk.tree().await, ["Toggl"]);
    let next = desk.sync(&Scripted::of([Act::Read(studio(1))])).await;
    assert_eq!(next.outcome, Outcome::Succeeded);
}

#[tokio::test] // I4, I11
async fn a_run_that_its_process_stops_changes_nothing_and_is_due_at_once() {
    let desk = Desk::new().await;
    let settings = Settings { schedule: Every::parse("6h").ok(), ..Settings::default() };
    desk.store.save_settings(desk.account, &settings.into(), desk.ada, noon()).await.unwrap();
    let (there, go_on) = (Arc::default(), Arc::default());
    let active = desk.start(&Scripted::of([Act::Pause(Arc::clone(&there), go_on, studio(2))])).await;
    let canceller = active.canceller();
    let driving = tokio::spawn(active.drive());
    soon(there.notified()).await;
    canceller.stop();
    let run = soon(driving).await.unwrap().unwrap();
    assert_eq!((run.outcome, run.was_cut_off()), (Outcome::Cancelled, true));
    assert_eq!(desk.tree().await, ["Toggl"]);
    assert_eq!(desk.engine.due_at(desk.account).await.unwrap(), Some(noon()));
}

#[tokio::test] // I11
async fn a_run_cancelled_by_another_process_finds_out_at_its_next_heartbeat() {
    let desk = Desk::new().await;
    let (there, go_on) = (Arc::default(), Arc::default());
    let active = desk.start(&Scripted::of([Act::Pause(Arc::clone(&there), go_on, studio(2))])).await;
    let driving = tokio::spawn(active.drive());
    soon(there.notified()).await;
    desk.store.cancel_run(desk.account, Some(desk.ada), noon()).await.unwrap().unwrap();
    desk.clock.advance(TimeDelta::seconds(6));
    let run = soon(driving).await.unwrap().unwrap();
    assert_eq!(run.outcome, Outcome::Cancelled);
}

#[tokio::test] // I11
async fn saving_a_selection_ends_a_run_that_has_not_begun_to_apply() {
    let desk = Desk::new().await;
    let (there, go_on) = (Arc::default(), Arc::default());
    let active = desk.start(&Scripted::of([Act::Pause(Arc::clone(&there), Arc::clone(&go_on), studio(2))])).await;
    let driving = tokio::spawn(active.drive());
    soon(there.notified()).await;
    desk.store.select(desk.account, &Selection::none(), &[workspace(1, "Studio")], desk.ada, noon()).await.unwrap();
    go_on.notify_one();
    let run = soon(driving).await.unwrap().unwrap();
    assert_eq!(run.outcome, Outcome::Cancelled);
    assert_eq!(desk.tree().await, ["Toggl"], "the plan for the old selection was not applied");
}

#[tokio::test] // I10, I14
async fn an_account_without_an_integration_has_nothing_to_sync() {
    let desk = Desk::new().await;
    desk.store.unlink(desk.account, tallyport_domain::Fate::Archive, desk.ada, noon()).await.unwrap();
    let source = Scripted::of([]);
    let error = desk.engine.preview(desk.account, source.as_ref(), None, tallyport_sync::Patience::Forever).await.unwrap_err();
    assert!(matches!(error, tallyport_sync::SyncError::Store(StoreError::Integration { enabled: false })));
}
