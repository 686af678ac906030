//! One run at a time, across processes (I11).

use std::sync::Arc;

use chrono::TimeDelta;
use tallyport_domain::{Outcome, Source, Trigger};
use tallyport_storage::{BeginRun, Begun, Holder};
use tallyport_sync::SyncError;

use crate::support::{Act, Desk, Scripted, noon, page, soon, studio};

#[tokio::test] // I11
async fn a_second_run_is_told_which_one_is_under_way() {
    let desk = Desk::new().await;
    let first = desk.start(&Scripted::of([])).await;
    let second = desk.engine.start(desk.account, Scripted::of([]) as Arc<dyn Source>, desk.order()).await;
    let Err(SyncError::UnderWay(run)) = second else { panic!("there must not be two") };
    assert_eq!((run.id, run.outcome), (first.record().id, Outcome::Running));
}

#[tokio::test] // I11
async fn a_run_that_is_no_longer_driven_gives_way_when_its_lease_runs_out() {
    let desk = Desk::new().await;
    let abandoned = desk.start(&Scripted::of([])).await.record().id;
    desk.clock.advance(TimeDelta::seconds(16));
    let run = desk.sync(&Scripted::of([Act::Read(studio(1))])).await;
    assert_eq!(run.outcome, Outcome::Succeeded);
    let closed = desk.store.run(desk.account, abandoned).await.unwrap().unwrap();
    assert_eq!((closed.outcome, closed.error.unwrap().code.as_str()), (Outcome::Failed, "interrupted"));
}

#[tokio::test] // I11, I19
async fn a_dead_process_of_this_machine_is_taken_over_at_once_with_what_it_had_read() {
    let desk = Desk::new().await;
    let mut child = std::process::Command::new("true").spawn().unwrap();
    let process = child.id();
    child.wait().unwrap();
    let mine = desk.start(&Scripted::of([])).await;
    let lease = match desk.store.begin_run(desk.account, &begin(holder(&desk, process).await)).await.unwrap() {
        Begun::UnderWay { lease, .. } => lease,
        Begun::Open { .. } => panic!("my run is under way"),
    };
    // Take the run over in the name of the dead process, and let that have read a page.
    let take_over = BeginRun { over: Some(lease), ..begin(holder(&desk, process).await) };
    let Begun::Open { lease: dead, .. } = desk.store.begin_run(desk.account, &take_over).await.unwrap() else { panic!() };
    desk.store.stage_parts(desk.account, &dead, &[page()]).await.unwrap();
    drop(mine);

    let source = Scripted::of([Act::Read(studio(1))]);
    let run = soon(desk.sync(&source)).await;
    assert_eq!(run.outcome, Outcome::Succeeded);
    assert_eq!(source.kept(), [page()]);
    let closed = desk.store.run(desk.account, dead.run).await.unwrap().unwrap();
    assert_eq!((closed.outcome, closed.error.unwrap().code.as_str()), (Outcome::Failed, "interrupted"));
}

#[tokio::test] // I11
async fn a_run_that_was_taken_over_while_it_slept_cannot_apply() {
    let desk = Desk::new().await;
    let (there, go_on) = (Arc::default(), Arc::default());
    let active = desk.start(&Scripted::of([Act::Pause(Arc::clone(&there), Arc::clone(&go_on), studio(9))])).await;
    let driving = tokio::spawn(active.drive());
    soon(there.notified()).await;
    let begin = BeginRun {
        now: noon() + TimeDelta::minutes(1),
        expires: noon() + TimeDelta::minutes(2),
        ..begin(holder(&desk, 1).await)
    };
    let Begun::Open { .. } = desk.store.begin_run(desk.account, &begin).await.unwrap() else { panic!("the lease ran out") };
    go_on.notify_one();
    let run = soon(driving).await.unwrap().unwrap();
    assert_eq!((run.outcome, run.error.unwrap().code.as_str()), (Outcome::Failed, "interrupted"));
    assert_eq!(desk.tree().await, ["Toggl"]);
}

/// A process of this machine, known from a lease that this process holds.
async fn holder(desk: &Desk, process: u32) -> Holder {
    let probe = begin(Holder { machine: "probe".into(), process: 1, started: 1 });
    match desk.store.begin_run(desk.account, &probe).await.unwrap() {
        Begun::UnderWay { holder, .. } => Holder { process, ..holder },
        Begun::Open { .. } => panic!("a run should be under way"),
    }
}

fn begin(holder: Holder) -> BeginRun {
    let now = noon();
    BeginRun { trigger: Trigger::Schedule, started_by: None, holder, now, expires: now + TimeDelta::seconds(15), over: None }
}
