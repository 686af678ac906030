//! Runs: one at a time, held and confirmed, cancelled, and remembered.

use chrono::TimeDelta;
use tallyport_api_types::Code;
use tallyport_app::{Error, Phase, RunOptions, RunProblem, RunView, SettingsToSave};
use tallyport_domain::plan::ItemChange;
use tallyport_domain::{Clock as _, Outcome, Reason, RunId};
use tallyport_simulator::{Fault, How};
use tallyport_storage::Moment;

use crate::bench::{Bench, code, soon};

/// Archives most of Toggl, so that a sync needs a yes.
fn archive_most(bench: &Bench) {
    bench.in_toggl(|world| {
        for client in ["Café Ñandú", "Müller & Söhne Präzisionswerkzeuge GmbH & Co. KG", "株式会社みなと"] {
            world.archive_client(world.find_client(client).unwrap()).unwrap();
        }
    });
}

async fn held(bench: &Bench) -> RunView {
    archive_most(bench);
    let run = bench.sync(&bench.ana).await;
    assert_eq!(run.run.outcome, Outcome::Held, "{run:?}");
    run
}

#[tokio::test] // I11
async fn a_second_sync_is_told_which_one_is_under_way() {
    let bench = Bench::imported().await;
    let first = bench.waiting().await;
    let refusal = bench.app.integration.start(&bench.bea, RunOptions::default()).await.unwrap_err();
    assert_eq!(refusal.code().as_str(), "run_under_way");
    let told = refusal.to_string();
    assert!(told.starts_with(&format!("run {} is under way since ", first.run.id)), "{told}");
    bench.app.integration.cancel(&bench.bea).await.unwrap();
}

#[tokio::test] // I11
async fn a_run_that_waits_is_cancelled_and_nothing_is_changed() {
    let bench = Bench::imported().await;
    bench.in_toggl(|world| world.rename_project(world.find_project("Internal").unwrap(), "Inside")).unwrap();
    let run = bench.waiting().await;
    let cancelled = bench.app.integration.cancel(&bench.bea).await.unwrap().unwrap();
    assert_eq!((cancelled.run.id, cancelled.run.outcome), (run.run.id, Outcome::Cancelled));
    soon(bench.app.idle()).await;
    assert!(bench.app.integration.cancel(&bench.bea).await.unwrap().is_none());
    bench.task("Internal").await;
    assert_eq!(RunProblem::of(&cancelled.run).unwrap().code.as_str(), "cancelled");
}

#[tokio::test] // I11, I19
async fn a_cancelled_run_says_how_many_requests_it_had_sent() {
    let bench = Bench::imported().await;
    let simulator = bench.server.simulator();
    simulator.forget_requests();
    simulator.inject(Fault::on("/projects", How::StallBeforeHead).first(1));
    let run = bench.app.integration.start(&bench.ana, RunOptions::default()).await.unwrap();
    soon(async {
        while !simulator.requests().iter().any(|request| request.path.ends_with("/projects")) {
            tokio::task::yield_now().await;
        }
    })
    .await;
    let cancelled = soon(bench.app.integration.cancel(&bench.ana)).await.unwrap().unwrap();
    assert_eq!((cancelled.run.id, cancelled.run.outcome), (run.run.id, Outcome::Cancelled));
    // The last request of each of the four lists that are read at once is without an answer, so it may not have been counted.
    let sent = simulator.requests().len();
    assert!(sent - cancelled.run.requests as usize <= 4, "{} of {sent}", cancelled.run.requests);
    assert!(cancelled.run.requests >= 2);
}

#[tokio::test] // I11
async fn a_run_of_another_process_is_followed_and_ended_from_here() {
    let bench = Bench::imported().await;
    let run = bench.waiting().await;
    let beside = bench.beside();
    let mut events = beside.integration.events(&bench.ana, run.run.id).await.unwrap();
    let progress = soon(events.next()).await.unwrap().unwrap();
    assert_eq!(progress.phase, Phase::Waiting);
    assert!(progress.waiting_until.is_some());
    let cancelled = beside.integration.cancel(&bench.ana).await.unwrap().unwrap();
    assert_eq!(cancelled.run.outcome, Outcome::Cancelled);
    bench.clock.advance(TimeDelta::seconds(6));
    assert_eq!(soon(events.next()).await.unwrap().unwrap().phase, Phase::Ended);
    assert!(soon(events.next()).await.is_none());
    soon(bench.app.idle()).await;
}

#[tokio::test] // I19
async fn a_run_that_waits_goes_on_when_the_allowance_is_there_again() {
    let bench = Bench::imported().await;
    let run = bench.waiting().await;
    let mut events = bench.app.integration.events(&bench.ana, run.run.id).await.unwrap();
    let mut hours = 0;
    soon(async {
        while let Some(progress) = events.next().await {
            // Each workspace is refused by itself, and the last one perhaps only after the first hour has passed.
            if progress.unwrap().waiting_until.is_some_and(|until| until > bench.clock.now()) {
                bench.clock.advance(TimeDelta::minutes(61));
                hours += 1;
            }
        }
    })
    .await;
    let ended = bench.app.integration.run(&bench.ana, run.run.id).await.unwrap();
    assert_eq!(ended.run.outcome, Outcome::Succeeded, "{ended:?}");
    assert!(hours > 0 && ended.duration == TimeDelta::minutes(61) * hours, "{hours}: {ended:?}");
}

#[tokio::test] // I19
async fn a_run_that_may_not_wait_fails_and_says_until_when() {
    let bench = Bench::imported().await;
    bench.spend_quota();
    let options = RunOptions { confirm: false, patience: Some(TimeDelta::seconds(1)) };
    let run = bench.app.integration.start(&bench.ana, options).await.unwrap();
    let run = bench.ended(&bench.ana, run).await;
    assert_eq!(run.run.outcome, Outcome::Failed);
    let problem = RunProblem::of(&run.run).unwrap();
    assert_eq!(problem.code.as_str(), "quota_spent");
    assert!(problem.message.contains("until"), "{}", problem.message);
}

#[tokio::test] // I12
async fn a_held_run_is_applied_by_a_yes_if_nothing_came_on_top() {
    let bench = Bench::imported().await;
    let run = held(&bench).await;
    let problem = RunProblem::of(&run.run).unwrap();
    assert_eq!(problem.code.as_str(), "confirmation_needed");
    assert!(problem.message.contains("archive "), "{}", problem.message);
    let message = bench.app.integration.status(&bench.ana).await.unwrap().message.unwrap();
    assert!(message.contains(&format!("Run {} is held", run.run.id)), "{message}");
    bench.task("Moodboard").await;

    let confirmed = bench.app.integration.confirm(&bench.bea, run.run.id, RunOptions::default()).await.unwrap();
    let confirmed = bench.ended(&bench.bea, confirmed).await;
    assert_eq!((confirmed.run.outcome.as_str(), confirmed.run.trigger.as_str()), ("succeeded", "confirmed"));
    assert_eq!(confirmed.run.counts.archived, run.run.counts.archived);
    let before = bench.app.integration.run(&bench.ana, run.run.id).await.unwrap();
    assert_eq!(before.run.outcome, Outcome::Superseded);
    assert_eq!(code(bench.app.integration.confirm(&bench.ana, run.run.id, RunOptions::default()).await), "run_not_held");
}

#[tokio::test] // I12
async fn a_yes_covers_what_was_shown_and_not_more() {
    let bench = Bench::imported().await;
    let run = held(&bench).await;
    bench.in_toggl(|world| world.archive_project(world.find_project("Internal").unwrap())).unwrap();
    let confirmed = bench.app.integration.confirm(&bench.ana, run.run.id, RunOptions::default()).await.unwrap();
    let confirmed = bench.ended(&bench.ana, confirmed).await;
    assert_eq!(confirmed.run.outcome, Outcome::Held);
    bench.task("Internal").await;
    let everything = RunOptions { confirm: true, patience: None };
    let confirmed = bench.app.integration.confirm(&bench.ana, confirmed.run.id, everything).await.unwrap();
    assert_eq!(bench.ended(&bench.ana, confirmed).await.run.outcome, Outcome::Succeeded);
}

#[tokio::test] // I12
async fn a_held_run_is_refused_by_a_no() {
    let bench = Bench::imported().await;
    let run = held(&bench).await;
    let rejected = bench.app.integration.reject(&bench.ana, run.run.id).await.unwrap();
    assert_eq!(rejected.run.outcome, Outcome::Rejected);
    assert_eq!(code(bench.app.integration.reject(&bench.ana, run.run.id).await), "run_not_held");
    assert_eq!(code(bench.app.integration.confirm(&bench.ana, run.run.id, RunOptions::default()).await), "run_not_held");
    assert_eq!(code(bench.app.integration.reject(&bench.ana, RunId(99)).await), "not_found");
    bench.task("Moodboard").await;
}

#[tokio::test] // I12
async fn a_yes_that_comes_along_is_a_yes_to_everything() {
    let bench = Bench::imported().await;
    archive_most(&bench);
    let options = RunOptions { confirm: true, patience: None };
    let run = bench.app.integration.start(&bench.ana, options).await.unwrap();
    assert_eq!(bench.ended(&bench.ana, run).await.run.outcome, Outcome::Succeeded);
}

#[tokio::test] // I14
async fn history_says_who_and_what_with_old_and_new_values() {
    let bench = Bench::imported().await;
    bench
        .in_toggl(|world| {
            world.rename_project(world.find_project("Internal").unwrap(), "Inside").unwrap();
            world.finish_task(world.find_task("Moodboard").unwrap()).unwrap();
            world.remove_member(
                world.find_workspace("Labs").unwrap(),
                world.find_user("lukasz.wisniewski@nordlicht.example").unwrap(),
            )
        })
        .unwrap();
    let run = bench.sync(&bench.bea).await;
    let runs = bench.app.integration.runs(&bench.ana, None, 10).await.unwrap();
    assert_eq!(runs.iter().map(|view| view.run.id).collect::<Vec<_>>(), [run.run.id, RunId(1)]);
    assert_eq!(runs[0].started_by.as_ref().unwrap().name, "Bea");
    assert_eq!(bench.app.integration.runs(&bench.ana, Some(run.run.id), 10).await.unwrap().len(), 1);

    let changes = bench.app.integration.changes(&bench.ana, run.run.id, 0, 10).await.unwrap();
    let kinds: Vec<ItemChange> = changes.iter().map(|change| change.item.change).collect();
    assert_eq!(kinds.len(), 3, "{changes:?}");
    let renamed = changes.iter().find(|change| change.item.change == ItemChange::Renamed).unwrap();
    assert_eq!(renamed.item.old_name.as_ref().unwrap().as_str(), "Internal");
    assert_eq!(renamed.item.name.as_str(), "Inside");
    let archived = changes.iter().find(|change| change.item.change == ItemChange::Archived).unwrap();
    assert_eq!(archived.item.reason, Some(Reason::DoneInToggl));
    let withdrawn = changes.iter().find(|change| change.item.change == ItemChange::Withdrawn).unwrap();
    assert_eq!(withdrawn.person.as_ref().unwrap().name, "Łukasz");
    assert_eq!(bench.app.integration.changes(&bench.ana, run.run.id, 2, 10).await.unwrap().len(), 1);
}

#[tokio::test] // I10, I14
async fn a_run_that_fails_says_why_and_changes_nothing() {
    let bench = Bench::imported().await;
    bench.in_toggl(|world| world.rename_project(world.find_project("Internal").unwrap(), "Inside")).unwrap();
    bench.server.simulator().inject(Fault::on("/projects", How::Null));
    bench.server.simulator().inject(Fault::on("/tasks", How::EmptyObject));
    let run = bench.sync(&bench.ana).await;
    assert_eq!(run.run.outcome, Outcome::Failed, "{run:?}");
    let problem = RunProblem::of(&run.run).unwrap();
    assert_eq!(problem.code.as_str(), "toggl_nonsense");
    bench.task("Internal").await;
}

#[tokio::test] // I4
async fn saving_the_settings_syncs() {
    let bench = Bench::imported().await;
    let integration = &bench.app.integration;
    let save = async |private: Option<&str>, schedule: Option<&str>| {
        let change = SettingsToSave { private_projects: private.map(str::to_owned), schedule: schedule.map(str::to_owned) };
        integration.save_settings(&bench.ana, &change, RunOptions::default()).await
    };
    assert_eq!(code(save(None, None).await), "invalid_request");
    assert_eq!(code(save(Some("leave_out"), None).await), "invalid_request");
    assert_eq!(code(save(None, Some("5m")).await), "invalid_request");
    assert_eq!(code(save(Some("leave-out"), Some("weekly")).await), "invalid_request");

    let status = save(Some("leave-out"), Some("6h")).await.unwrap();
    let details = status.details.unwrap();
    assert_eq!(details.settings.schedule.unwrap().to_string(), "6h");
    let run = bench.ended(&bench.ana, details.last_run.unwrap()).await;
    assert_eq!((run.run.outcome, run.run.trigger.as_str()), (Outcome::Succeeded, "saved"));
    // I21
    assert_eq!(bench.archived("Skunkworks").await.task.archived.unwrap().reason, Reason::LeftOut);
    let details = save(None, Some("off")).await.unwrap().details.unwrap();
    assert_eq!(details.settings.schedule, None);
    bench.ended(&bench.ana, details.last_run.unwrap()).await;
}

#[tokio::test] // I4
async fn saving_the_settings_of_one_that_cannot_sync_saves_them_all_the_same() {
    let bench = Bench::imported().await;
    bench.deactivate_owner().await;
    let change = SettingsToSave { schedule: Some("1d".to_owned()), ..SettingsToSave::default() };
    let status = bench.app.integration.save_settings(&bench.bea, &change, RunOptions::default()).await.unwrap();
    let details = status.details.unwrap();
    assert_eq!(details.settings.schedule.unwrap().to_string(), "1d");
    assert_eq!(details.last_run.unwrap().run.id, RunId(1));
}

#[tokio::test] // I3
async fn progress_goes_from_reading_to_the_end() {
    let bench = Bench::imported().await;
    let run = bench.app.integration.start(&bench.ana, RunOptions::default()).await.unwrap();
    let mut events = bench.app.integration.events(&bench.ana, run.run.id).await.unwrap();
    let mut last = None;
    while let Some(progress) = soon(events.next()).await {
        last = Some(progress.unwrap());
    }
    let last = last.unwrap();
    assert_eq!((last.phase, last.read.workspaces_done), (Phase::Ended, 3));
    assert!(!bench.app.integration.run(&bench.ana, run.run.id).await.unwrap().run.outcome.is_under_way());
    let mut events = bench.app.integration.events(&bench.ana, run.run.id).await.unwrap();
    assert_eq!(soon(events.next()).await.unwrap().unwrap().phase, Phase::Ended);
    assert!(soon(events.next()).await.is_none());
    assert_eq!(code(bench.app.integration.events(&bench.ana, RunId(99)).await.map(|_| ())), "not_found");
}

#[tokio::test] // I14
async fn whoever_follows_a_run_hears_its_end_whichever_call_of_the_store_fails() {
    let bench = Bench::imported().await;
    let (app, faulty) = bench.failing();
    let mut lost = 0;
    for nth in 1.. {
        // What could not be recorded gives way when its lease runs out.
        bench.clock.advance(TimeDelta::minutes(1));
        bench.server.simulator().clear_faults();
        bench.server.simulator().inject(Fault::on("/me/workspaces", How::status(404)).first(1));
        faulty.fail(Moment::Before, nth);
        // Starting is refused, or it runs and somebody hears how it ends.
        if let Ok(run) = app.integration.start(&bench.ana, RunOptions::default()).await {
            soon(app.idle()).await;
            let Ok(mut events) = app.integration.events(&bench.ana, run.run.id).await else { continue };
            while let Some(progress) = soon(events.next()).await {
                lost += u32::from(matches!(progress, Err(Error::RunLost { code: Code::Internal, .. })));
            }
        }
        if faulty.relent() {
            break;
        }
    }
    let faults = faulty.injected();
    assert!(faults > 3 && lost > 0, "{faults} faults, {lost} runs lost");
}
