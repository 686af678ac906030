//! A person's time in two places: a server, and a terminal on the same file.

use serde_json::Value;
use tallyport_api_types::{ApiToken, SelectionChange, StartRun};
use tallyport_client::{Client, Events, Live, SheetOf};
use tallyport_simulator::{Clock, NewProject, Plan, Server as Toggl, Simulator, World};
use tokio::task::block_in_place;

use crate::events::{client, sync};
use crate::support::{Bench, DEADLINE, Ran};

/// The next timer or entry that a stream tells of.
async fn heard(events: &mut Events) -> i64 {
    let hearing = async {
        loop {
            if let Live::Change(change) = events.next().await.unwrap().unwrap()
                && change.subject == "entry"
            {
                return change.id.unwrap();
            }
        }
    };
    tokio::time::timeout(DEADLINE, hearing).await.expect("it is heard of")
}

/// What the terminal's program does on the file.
fn terminal(bench: &Bench, words: &[&str]) -> Ran {
    block_in_place(|| Bench::ran(bench.terminal(&[words, &["--json"]].concat())))
}

fn done(bench: &Bench, words: &[&str]) -> Value {
    let ran = terminal(bench, words);
    assert_eq!(ran.code, Some(0), "{words:?}: {ran:?}");
    serde_json::from_str(&ran.stdout).unwrap()
}

/// Enables Toggl and mirrors all of it.
async fn import(client: &Client, toggl: &Toggl) {
    let api_token = toggl.simulator().owner_token().unwrap();
    client.integration().enable(&ApiToken { api_token, run: StartRun::default() }).await.unwrap();
    let all = SelectionChange { all: true, ..SelectionChange::default() };
    let run = client.integration().select(&all).await.unwrap();
    let ended = client.runs().follow(run.id, |_| {}).await.unwrap().value;
    assert_eq!(ended.outcome, "succeeded", "{ended:?}");
}

#[tokio::test(flavor = "multi_thread")] // T4, E1, E6, E7, I9
#[ignore = "needs the program of the terminal: cargo xtask test"]
async fn a_timer_that_is_started_here_is_seen_and_stopped_there_whatever_is_archived_meanwhile() {
    let (mut world, workspace) = World::with_workspace(Plan::Starter, "Studio").unwrap();
    let project = world.add_project(workspace, NewProject::named("Website relaunch")).unwrap();
    let toggl = Toggl::start(Simulator::with_clock(world, Clock::real())).unwrap();
    let bench = Bench::new();
    let server = block_in_place(|| bench.start_with(&["--toggl-url", &toggl.url()]));
    let token = block_in_place(|| server.set_up());
    let there = client(server.address, &token);
    import(&there, &toggl).await;
    let mut events = there.events(None).await.unwrap();
    assert_eq!(events.next().await.unwrap().unwrap(), Live::Ready);

    // It is searched for and started here, and seen there.
    let found = done(&bench, &["tasks", "search", "relaunch"]);
    let task = found[0]["id"].to_string();
    let started = done(&bench, &["start", &task, "-m", "Sketches"]);
    let timer = started["timer"]["id"].as_i64().unwrap();
    assert_eq!(heard(&mut events).await, timer);
    let seen = there.time().running().await.unwrap().timer.unwrap();
    assert_eq!((seen.id, seen.note.as_str(), seen.task.unwrap().id.to_string()), (timer, "Sketches", task.clone()));

    // Its task is archived in Toggl: it runs on, and no other one begins there.
    toggl.simulator().change(|world| world.archive_project(project)).unwrap();
    sync(&there).await;
    let running = done(&bench, &["status"]);
    assert_eq!((&running["timer"]["id"], &running["timer"]["task"]["archived"]), (&timer.into(), &true.into()));
    let refused = terminal(&bench, &["start", &task]);
    assert_eq!(refused.code, Some(5), "{refused:?}");
    let error: Value = serde_json::from_str(&refused.stderr).unwrap();
    assert_eq!(error["error"]["code"], "task_archived", "{error}");
    assert_eq!(there.time().running().await.unwrap().timer.map(|timer| timer.id), Some(timer));

    // It is stopped there, once, and has ended here.
    assert!(there.time().stop(timer).await.unwrap().changed);
    assert_eq!(heard(&mut events).await, timer);
    assert!(!there.time().stop(timer).await.unwrap().changed);
    assert_eq!(done(&bench, &["stop"])["timer"], Value::Null);
    let entries = done(&bench, &["entries", "--from", "yesterday", "--to", "today"]);
    let [entry] = entries.as_array().unwrap().as_slice() else { panic!("{entries}") };
    assert_eq!((&entry["id"], &entry["note"]), (&timer.into(), &"Sketches".into()));
    assert_eq!(entry["task"]["path"].as_array().unwrap().last().unwrap(), "Website relaunch");
    assert!(entry["end"].is_string() && entry["task"]["archived"] == true, "{entry}");

    // Its ten minutes are in the sheet there and in the report here.
    done(&bench, &["edit", &timer.to_string(), "--start", "9:00", "--end", "9:10"]);
    let of = SheetOf { from: entry["date"].as_str().map(str::to_owned), span: None, ..SheetOf::default() };
    let sheet = there.time().sheet(&of).await.unwrap();
    let [row] = sheet.rows.as_slice() else { panic!("{sheet:?}") };
    assert_eq!((row.task.as_ref().unwrap().id.to_string(), row.trackable), (task.clone(), false));
    let report = done(&bench, &["report", "--from", "yesterday"]);
    assert_eq!((&report["seconds"], sheet.seconds), (&row.seconds.into(), row.seconds));
    assert_eq!(row.seconds, 600);
    let healthy = terminal(&bench, &["doctor"]);
    assert_eq!(healthy.code, Some(0), "{healthy:?}");
    drop(events);
    block_in_place(|| server.stop());
}
