//! Syncs that run by themselves (I4, I12, I14, I17), whatever the clock does.

use chrono::TimeDelta;
use secrecy::ExposeSecret as _;
use tallyport_app::{App, RunOptions, ScheduleNews, SettingsToSave};
use tallyport_domain::{MailKind, MailState, Outcome, Run, Trigger};
use tallyport_simulator::{Fault, How};
use tallyport_storage::Moment;

use crate::bench::{Bench, soon};

/// Everything imported, and a sync every six hours from now on.
async fn scheduled() -> Bench {
    let bench = Bench::imported().await;
    let every = SettingsToSave { schedule: Some("6h".to_owned()), ..SettingsToSave::default() };
    bench.app.integration.save_settings(&bench.ana, &every, RunOptions::default()).await.unwrap();
    soon(bench.app.idle()).await;
    bench
}

/// A turn, in words, once what it started has ended.
async fn turn(app: &App) -> Vec<String> {
    let news = app.schedules.turn().await.unwrap();
    soon(app.idle()).await;
    let told = news.into_iter().map(|(_, news)| match news {
        ScheduleNews::Started(_) => "started".to_owned(),
        ScheduleNews::NotStarted(error) => error.code().to_string(),
        ScheduleNews::Told(mails) => format!("{mails} told"),
        ScheduleNews::Failed(error) => panic!("{error}"),
    });
    told.collect()
}

/// The runs that the schedule started, the newest first.
async fn runs(bench: &Bench) -> Vec<Run> {
    let mut runs = bench.store.runs(bench.account, None, 1000).await.unwrap();
    runs.retain(|run| run.trigger == Trigger::Schedule);
    runs
}

#[tokio::test] // I4
async fn a_sync_runs_when_it_is_due_and_nobody_started_it() {
    let bench = scheduled().await;
    bench.clock.advance(TimeDelta::minutes(359));
    assert!(turn(&bench.app).await.is_empty());
    bench.in_toggl(|world| world.rename_project(world.find_project("Internal").unwrap(), "Inside")).unwrap();
    bench.clock.advance(TimeDelta::minutes(1));
    assert_eq!(turn(&bench.app).await, ["started"]);
    bench.task("Inside").await;
    let run = runs(&bench).await.remove(0);
    assert_eq!((run.outcome, run.started_by), (Outcome::Succeeded, None));
    assert!(turn(&bench.app).await.is_empty());
}

#[tokio::test] // I4
async fn a_sync_by_hand_counts_and_a_schedule_that_is_off_does_nothing() {
    let bench = scheduled().await;
    bench.clock.advance(TimeDelta::hours(5));
    bench.sync(&bench.ana).await;
    bench.clock.advance(TimeDelta::hours(5));
    assert!(turn(&bench.app).await.is_empty());
    let off = SettingsToSave { schedule: Some("off".to_owned()), ..SettingsToSave::default() };
    bench.app.integration.save_settings(&bench.ana, &off, RunOptions::default()).await.unwrap();
    soon(bench.app.idle()).await;
    bench.clock.advance(TimeDelta::days(30));
    assert!(turn(&bench.app).await.is_empty());
    assert!(runs(&bench).await.is_empty());
}

#[tokio::test] // I4, M20
async fn whatever_the_clock_does_one_run_makes_up_for_it() {
    for jump in [TimeDelta::days(400), TimeDelta::days(-400), TimeDelta::hours(-2)] {
        let bench = scheduled().await;
        // It is our clock that is wrong, while Toggl's goes right.
        let jump_by = |jump| {
            bench.clock.advance(jump);
            bench.server.simulator().clock().advance(-jump);
        };
        jump_by(jump);
        assert_eq!(turn(&bench.app).await, ["started"], "{jump}");
        let first = runs(&bench).await.remove(0);
        assert_eq!(first.outcome, Outcome::Succeeded, "{jump}: {first:?}");
        for _ in 0..5 {
            assert!(turn(&bench.app).await.is_empty(), "{jump}: the clock stands still");
        }
        bench.clock.advance(TimeDelta::minutes(359));
        assert!(turn(&bench.app).await.is_empty(), "{jump}");
        bench.clock.advance(TimeDelta::minutes(1));
        assert_eq!(turn(&bench.app).await, ["started"], "{jump}: and goes on");
        jump_by(-jump);
        let back = turn(&bench.app).await;
        assert!(back.len() <= 1, "{jump}: {back:?}");
        assert!(turn(&bench.app).await.is_empty(), "{jump}: back again");
        let runs = runs(&bench).await;
        assert!(runs.iter().all(|run| run.outcome == Outcome::Succeeded), "{runs:?}");
        assert!(runs.iter().all(|run| run.ended_at.unwrap() >= run.started_at), "{runs:?}");
    }
}

#[tokio::test] // I4, I11, M20
async fn a_clock_that_is_set_while_a_sync_is_at_work_starts_no_other() {
    for jump in [TimeDelta::days(400), TimeDelta::days(-400), TimeDelta::hours(-2), TimeDelta::hours(7), TimeDelta::zero()] {
        let bench = scheduled().await;
        let beside = bench.beside();
        bench.clock.advance(TimeDelta::hours(6));
        // It waits at Toggl until the clock has been set.
        bench.server.simulator().inject(Fault::on("/projects", How::StallBeforeHead).first(1));
        assert_eq!(bench.app.schedules.turn().await.unwrap().len(), 1);
        let at_toggl = async {
            while bench.server.simulator().faults_injected() == 0 {
                tokio::task::yield_now().await;
            }
        };
        soon(at_toggl).await;
        // A clock set ahead ends the lease until its next beat; who is faster than that takes over, and rightly so.
        if jump > TimeDelta::zero() {
            bench.clock.advance_past_a_sleep(jump).await;
        } else {
            bench.clock.advance(jump);
        }
        for _ in 0..5 {
            for app in [&bench.app, &beside] {
                let news = app.schedules.turn().await.unwrap();
                assert!(news.is_empty(), "{jump}: {news:?}");
            }
        }
        let stopped = async { tokio::join!(bench.app.stop_runs(), beside.stop_runs()) };
        soon(stopped).await;
        let runs = runs(&bench).await;
        assert_eq!(runs.iter().map(|run| run.outcome).collect::<Vec<_>>(), [Outcome::Cancelled], "{jump}");
        assert!(runs[0].ended_at.unwrap() >= runs[0].started_at, "{jump}: {runs:?}");
    }
}

#[tokio::test] // I11
async fn of_two_processes_one_runs() {
    let bench = scheduled().await;
    let beside = bench.beside();
    bench.clock.advance(TimeDelta::hours(6));
    // The first run waits at Toggl until the other one had its turn.
    bench.server.simulator().inject(Fault::on("/projects", How::StallBeforeHead).first(1));
    let (one, other) = tokio::join!(bench.app.schedules.turn(), beside.schedules.turn());
    let started = [one, other].map(|news| news.unwrap().len());
    assert_eq!(started.iter().sum::<usize>(), 1, "{started:?}");
    assert_eq!(runs(&bench).await.len(), 1);
    let stopped = async { tokio::join!(bench.app.stop_runs(), beside.stop_runs()) };
    soon(stopped).await;
    assert_eq!(runs(&bench).await[0].outcome, Outcome::Cancelled, "what stops a server ends its runs");
}

/// A sync that is due is started and stands still at Toggl.
async fn at_work() -> Bench {
    let bench = scheduled().await;
    bench.clock.advance(TimeDelta::hours(6));
    bench.server.simulator().inject(Fault::on("/projects", How::StallBeforeHead).first(1));
    bench.server.simulator().forget_requests();
    assert_eq!(bench.app.schedules.turn().await.unwrap().len(), 1);
    let asked = || bench.server.simulator().requests().iter().any(|request| request.path.ends_with("/projects"));
    soon(async {
        while !asked() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    bench
}

#[tokio::test] // I4, I11
async fn what_a_stop_cut_off_is_made_up_for_once_after_the_restart() {
    let bench = at_work().await;
    soon(bench.app.stop_runs()).await;
    let run = runs(&bench).await.remove(0);
    assert_eq!((run.outcome, run.error.unwrap().code.as_str()), (Outcome::Cancelled, "interrupted"));
    let restarted = bench.beside();
    assert_eq!(turn(&restarted).await, ["started"]);
    assert_eq!(runs(&bench).await[0].outcome, Outcome::Succeeded);
    assert!(turn(&restarted).await.is_empty());
}

#[tokio::test] // I4, I12
async fn what_is_cut_off_twice_and_would_archive_much_is_held_all_the_same() {
    let bench = at_work().await;
    soon(bench.app.stop_runs()).await;
    bench.in_toggl(|world| {
        for client in ["Café Ñandú", "Müller & Söhne Präzisionswerkzeuge GmbH & Co. KG", "株式会社みなと"] {
            world.archive_client(world.find_client(client).unwrap()).unwrap();
        }
    });
    let restarted = bench.beside();
    assert_eq!(turn(&restarted).await, ["started"]);
    assert_eq!(runs(&bench).await[0].outcome, Outcome::Held);
}

#[tokio::test] // I4, I11
async fn what_a_person_cancelled_is_not_started_again_before_its_time() {
    let bench = at_work().await;
    soon(bench.app.integration.cancel(&bench.ana)).await.unwrap();
    let run = runs(&bench).await.remove(0);
    assert_eq!((run.outcome, run.error), (Outcome::Cancelled, None));
    assert!(turn(&bench.app).await.is_empty());
}

#[tokio::test] // I12, I14
async fn what_is_held_is_mailed_once_to_each_administrator() {
    let bench = scheduled().await;
    bench.in_toggl(|world| {
        for client in ["Café Ñandú", "Müller & Söhne Präzisionswerkzeuge GmbH & Co. KG", "株式会社みなと"] {
            world.archive_client(world.find_client(client).unwrap()).unwrap();
        }
    });
    bench.clock.advance(TimeDelta::hours(6));
    assert_eq!(turn(&bench.app).await, ["started"]);
    assert_eq!(runs(&bench).await[0].outcome, Outcome::Held);
    assert_eq!(turn(&bench.app).await, ["2 told"]);
    assert_eq!(bench.app.outbox.counts().await.unwrap(), [(MailState::Queued, 2)]);
    let told = bench.mail().await;
    assert!(told.iter().all(|(kind, _)| *kind == MailKind::Held), "{told:?}");
    let mut to: Vec<&str> = told.iter().map(|(_, to)| to.as_str()).collect();
    to.sort_unstable();
    assert_eq!(to, ["ana.novakova@nordlicht.example", "bea@nordlicht.example"]);
    assert!(turn(&bench.app).await.is_empty());
    // Another process has looked at nothing yet, and still tells nobody again.
    assert!(turn(&bench.beside()).await.is_empty());
    assert!(bench.mail().await.is_empty());
    bench.task("Website relaunch").await;
}

#[tokio::test] // I14
async fn the_second_failure_in_a_row_is_mailed_and_the_third_is_not() {
    let bench = scheduled().await;
    bench.server.simulator().inject(Fault::on("/projects", How::EmptyBody));
    let fail = async || {
        bench.clock.advance(TimeDelta::hours(6));
        assert_eq!(turn(&bench.app).await, ["started"]);
        assert_eq!(runs(&bench).await[0].outcome, Outcome::Failed);
        turn(&bench.app).await
    };
    assert!(fail().await.is_empty(), "once may happen");
    assert_eq!(fail().await, ["2 told"]);
    assert!(fail().await.is_empty(), "they know");
    let told = bench.mail().await;
    assert!(told.len() == 2 && told.iter().all(|(kind, _)| *kind == MailKind::Failing), "{told:?}");
    bench.server.simulator().clear_faults();
    bench.clock.advance(TimeDelta::hours(6));
    assert_eq!(turn(&bench.app).await, ["started"]);
    assert_eq!(runs(&bench).await[0].outcome, Outcome::Succeeded);
}

#[tokio::test] // I17
async fn what_cannot_be_started_is_said_once_and_archives_nothing() {
    let bench = scheduled().await;
    let tasks = bench.app.tasks.tree(&bench.ana, tallyport_app::Which::Active).await.unwrap().len();
    bench.clock.advance(TimeDelta::hours(6));
    let ring = bench.keys.lose();
    assert_eq!(turn(&bench.app).await, ["key_missing"]);
    assert!(turn(&bench.app).await.is_empty(), "it is known");
    bench.keys.bring_back(ring);
    bench.deactivate_owner().await;
    assert_eq!(turn(&bench.app).await, ["owner_inactive"]);
    assert!(turn(&bench.app).await.is_empty());
    assert!(runs(&bench).await.is_empty());
    assert_eq!(bench.app.tasks.tree(&bench.bea, tallyport_app::Which::Active).await.unwrap().len(), tasks);
    bench.app.people.reactivate(&bench.bea, bench.ana.person().id).await.unwrap();
    assert_eq!(turn(&bench.app).await, ["started"]);
}

#[tokio::test] // I17
async fn a_token_that_toggl_rejects_is_not_tried_again() {
    let bench = scheduled().await;
    let token = bench.token();
    bench.in_toggl(|world| world.revoke_token(token.expose_secret()));
    bench.clock.advance(TimeDelta::hours(6));
    assert_eq!(turn(&bench.app).await, ["started"]);
    assert_eq!(runs(&bench).await[0].error.as_ref().unwrap().code, "token_rejected");
    bench.clock.advance(TimeDelta::hours(6));
    assert_eq!(turn(&bench.app).await, ["token_rejected"]);
    assert!(turn(&bench.app).await.is_empty());
    assert_eq!(runs(&bench).await.len(), 1);
}

#[tokio::test]
async fn a_store_that_cannot_be_asked_is_asked_at_the_next_turn() {
    let bench = scheduled().await;
    let (app, faulty) = bench.failing();
    bench.clock.advance(TimeDelta::hours(6));
    faulty.fail(Moment::Before, 1);
    assert!(app.schedules.turn().await.is_err());
    assert_eq!(faulty.injected(), 1);
    assert_eq!(turn(&app).await, ["started"]);
}
