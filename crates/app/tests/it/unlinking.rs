//! Unlinking, and what becomes of what was imported.

use tallyport_app::{RunOptions, Which};
use tallyport_domain::{Fate, Outcome, Reason, State};

use crate::bench::{Bench, code, id_of, names};

#[tokio::test] // I15
async fn unlinking_destroys_the_token_and_archives() {
    let bench = Bench::imported().await;
    bench.in_toggl(|world| world.finish_task(world.find_task("Moodboard").unwrap())).unwrap();
    bench.sync(&bench.ana).await;
    let status = bench.app.integration.unlink(&bench.bea, Fate::Archive).await.unwrap();
    assert_eq!(status.state, State::Unlinked);
    assert!(status.message.unwrap().contains("revoke it in Toggl"));
    assert_eq!(status.details.unwrap().toggl_user, None);
    assert_eq!(bench.store.integration(bench.account).await.unwrap().unwrap().sealed_token, None);
    assert_eq!(names(&bench.app.tasks.tree(&bench.ana, Which::Active).await.unwrap()), [""; 0]);
    assert_eq!(bench.archived("Design").await.task.archived.unwrap().reason, Reason::Unlinked);
    assert_eq!(bench.archived("Moodboard").await.task.archived.unwrap().reason, Reason::DoneInToggl);
    assert_eq!(bench.app.people.access(&bench.ana, id_of(&bench.lukasz), false).await.unwrap(), []);

    let refusal = bench.app.integration.start(&bench.ana, RunOptions::default()).await.unwrap_err();
    assert_eq!((refusal.code().as_str(), refusal.to_string().as_str()), ("not_enabled", "the Toggl integration is unlinked"));
    assert!(refusal.hint().contains("re-enable"), "{}", refusal.hint());
    assert_eq!(code(bench.app.integration.unlink(&bench.ana, Fate::Archive).await), "not_enabled");
    assert_eq!(code(bench.app.integration.re_enable(&bench.ana, None, RunOptions::default()).await), "token_missing");
}

#[tokio::test] // I15
async fn what_is_kept_is_native_and_its_assignments_are_manual() {
    let bench = Bench::imported().await;
    bench.app.integration.unlink(&bench.ana, Fate::Keep).await.unwrap();
    let design = bench.task("Design").await;
    assert_eq!(design.task.origin.imported(), None);
    bench.app.tasks.rename(&bench.zoe, design.task.id, "Entwurf und Gestaltung").await.unwrap();
    let access = bench.app.people.access(&bench.ana, id_of(&bench.lukasz), false).await.unwrap();
    assert_eq!(access.len(), 3);
    assert!(access.iter().all(|row| row.via.iter().all(|(_, automatic)| !automatic)));
    let (_, reasons) = bench.app.tasks.why(&bench.zoe, design.task.id).await.unwrap();
    assert!(reasons.iter().any(|reason| reason.rule == "I15"), "{reasons:?}");
}

#[tokio::test] // I15
async fn what_unlinking_archived_can_still_be_kept_later() {
    let bench = Bench::imported().await;
    bench.app.integration.unlink(&bench.ana, Fate::Archive).await.unwrap();
    let status = bench.app.integration.unlink(&bench.ana, Fate::Keep).await.unwrap();
    assert_eq!(status.state, State::Unlinked);
    assert_eq!(bench.task("Design").await.task.origin.imported(), None);
}

#[tokio::test] // I16
async fn re_enabling_finds_kept_tasks_and_asks_before_it_overwrites_them() {
    let bench = Bench::imported().await;
    bench.app.integration.unlink(&bench.ana, Fate::Keep).await.unwrap();
    let logo = bench.task("Logo").await.task.id;
    bench.app.tasks.rename(&bench.ana, logo, "Signet").await.unwrap();
    let ours = bench.app.tasks.add(&bench.ana, "Ours", Some(logo)).await.unwrap().task.id;
    let run = bench.app.integration.re_enable(&bench.ana, Some(&bench.token()), RunOptions::default()).await.unwrap();
    let run = bench.ended(&bench.ana, run).await;
    assert_eq!(run.run.outcome, Outcome::Held, "{run:?}");
    assert_eq!(run.run.hold.as_ref().unwrap().overwrites, 1);
    let run = bench.app.integration.confirm(&bench.ana, run.run.id, RunOptions::default()).await.unwrap();
    let run = bench.ended(&bench.ana, run).await;
    assert_eq!((run.run.outcome, run.run.counts.created), (Outcome::Succeeded, 0), "{run:?}");
    let back = bench.task("Logo").await.task;
    assert_eq!(back.id, logo);
    assert!(back.origin.imported().is_some());

    // W1: Toggl renamed and moved neither.
    let why = async |task, done: &str| {
        let (_, reasons) = bench.app.tasks.why(&bench.ana, task).await.unwrap();
        let reason = reasons.into_iter().find(|reason| reason.text.contains(done)).unwrap();
        (reason.rule, reason.text)
    };
    let overwritten = "It had been kept here, and a confirmed sync overwrote it with what Toggl says: it was renamed.";
    assert_eq!(why(logo, "renamed").await, ("I16", overwritten.to_owned()));
    let room = "It was moved by a confirmed sync to make room: nothing of here hangs under what comes from Toggl.";
    assert_eq!(why(ours, "moved").await, ("I16", room.to_owned()));
}

#[tokio::test] // I11, I15
async fn unlinking_ends_a_run_that_waits() {
    let bench = Bench::imported().await;
    let waiting = bench.waiting().await;
    bench.app.integration.unlink(&bench.ana, Fate::Archive).await.unwrap();
    assert_eq!(bench.ended(&bench.ana, waiting).await.run.outcome, Outcome::Cancelled);
}
