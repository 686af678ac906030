//! The brake and the yes (I12).

use std::collections::BTreeSet;

use tallyport_domain::plan::Consent;
use tallyport_domain::{Outcome, Trigger};
use tallyport_sync::Order;

use crate::support::{Act, Desk, Scripted, noon, studio, studio_of};

async fn twenty_projects(desk: &Desk) {
    assert_eq!(desk.sync(&Scripted::of([Act::Read(studio(20))])).await.counts.created, 42);
}

#[tokio::test] // I12
async fn a_run_that_would_archive_too_much_is_held_and_changes_nothing() {
    let desk = Desk::new().await;
    twenty_projects(&desk).await;
    let before = desk.rows(false).await;
    let run = desk.sync(&Scripted::of([Act::Read(studio(10))])).await;
    assert_eq!((run.outcome, run.counts.archived), (Outcome::Held, 20));
    let hold = run.hold.unwrap();
    assert_eq!((hold.archives, hold.active), (20, 43));
    assert_eq!(desk.rows(false).await, before);
    assert_eq!(desk.store.run_items(desk.account, run.id, 0, 100).await.unwrap().len(), 20, "it shows what it would do");
}

#[tokio::test] // I12
async fn a_yes_to_a_held_run_reads_again_and_applies_what_was_shown() {
    let desk = Desk::new().await;
    twenty_projects(&desk).await;
    let source = Scripted::of([Act::Read(studio(10)), Act::Read(studio(9)), Act::Read(studio(10))]);
    let held = desk.sync(&source).await;
    let consent = Consent::Shown(desk.store.shown_changes(desk.account, held.id).await.unwrap());
    let confirm = || Order { trigger: Trigger::Confirmed, consent: consent.clone(), ..desk.order() };

    let anew = desk.sync_as(&source, confirm()).await;
    assert_eq!((anew.outcome, anew.counts.archived), (Outcome::Held, 22), "a project more is gone, which was not shown");
    let first = desk.store.run(desk.account, held.id).await.unwrap().unwrap();
    assert_eq!(first.outcome, Outcome::Superseded);

    let applied = desk.sync_as(&source, confirm()).await;
    assert_eq!((applied.outcome, applied.counts.archived), (Outcome::Succeeded, 20));
}

#[tokio::test] // I12
async fn a_yes_to_everything_is_not_held() {
    let desk = Desk::new().await;
    twenty_projects(&desk).await;
    let order = Order { consent: Consent::Everything, ..desk.order() };
    let run = desk.sync_as(&Scripted::of([Act::Read(studio_of([]))]), order).await;
    assert_eq!((run.outcome, run.counts.archived), (Outcome::Succeeded, 40));
}

#[tokio::test] // I3, I12
async fn a_yes_to_deselecting_covers_what_is_deselected_and_nothing_else() {
    let desk = Desk::new().await;
    twenty_projects(&desk).await;
    let shown: BTreeSet<_> = desk.rows(false).await.iter().map(|row| row.task.id).collect();
    let order = |shown| Order { consent: Consent::Selection(shown), ..desk.order() };
    let source = Scripted::of([Act::Read(studio(10)), Act::Read(studio(10))]);
    assert_eq!(desk.sync_as(&source, order(BTreeSet::new())).await.outcome, Outcome::Held);
    assert_eq!(desk.sync_as(&source, order(shown)).await.outcome, Outcome::Succeeded);
}

#[tokio::test] // I12
async fn a_held_run_blocks_nothing_and_a_newer_one_supersedes_it() {
    let desk = Desk::new().await;
    twenty_projects(&desk).await;
    let source = Scripted::of([Act::Read(studio(10)), Act::Read(studio(20)), Act::Read(studio(10))]);
    let held = desk.sync(&source).await;
    let calm = desk.sync(&source).await;
    assert_eq!(calm.outcome, Outcome::Succeeded);
    assert_eq!(desk.store.run(desk.account, held.id).await.unwrap().unwrap().outcome, Outcome::Superseded);

    let held = desk.sync(&source).await;
    assert_eq!(desk.store.reject_run(desk.account, held.id, desk.ada, noon()).await.unwrap().outcome, Outcome::Rejected);
    assert!(desk.store.shown_changes(desk.account, held.id).await.is_err(), "there is nothing to confirm any more");
}
