//! Syncs that are under way (I11).

use rustix::process::{Pid, Signal, kill_process};
use tallyport_simulator::{Fault, How};

use crate::support::{Bench, Mode, in_every_mode, snapshot};

in_every_mode!(
    a_second_sync_is_told_of_the_first_and_cancelling_ends_it,
    ctrl_c_ends_the_sync_with_nothing_changed,
    cancelling_nothing_says_so,
);

fn stalled(bench: &Bench) -> std::process::Child {
    bench.imported().simulator().inject(Fault::on("/projects", How::StallBeforeHead));
    let child = bench.start(&["toggl", "sync", "--json"]);
    bench.wait_for_run("running");
    child
}

fn a_second_sync_is_told_of_the_first_and_cancelling_ends_it(bench: &Bench) {
    let first = stalled(bench);
    snapshot!(bench.run(&["toggl", "sync"]).told(), @r"
    exit 5
    --- stderr
    error: run 2 is under way since [date] [clock] UTC
    hint: Wait for it, or end it: `tallyport toggl cancel`.
    "); // I11
    let cancelled = bench.json(&["toggl", "cancel"]);
    assert_eq!(cancelled["outcome"], "cancelled");
    let first = bench.finish(first);
    assert_eq!((first.code, first.error()["code"].as_str().unwrap()), (1, "cancelled"), "{first:?}");
    bench.simulator().clear_faults();
    assert_eq!(bench.run(&["toggl", "sync"]).code, 0);
}

fn ctrl_c_ends_the_sync_with_nothing_changed(bench: &Bench) {
    let child = stalled(bench);
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    let ran = bench.finish(child);
    let run: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((ran.code, run["outcome"].as_str().unwrap()), (1, "cancelled"), "{ran:?}");
    bench.simulator().clear_faults();
    assert_eq!(bench.json(&["toggl", "sync"])["unchanged"], 6);
}

/// The run dies with the process: on a server that is another one.
#[test]
fn a_dead_process_is_found_out() {
    let bench = Bench::new(Mode::Local);
    let mut child = stalled(&bench);
    child.kill().unwrap();
    child.wait().unwrap();
    bench.simulator().clear_faults();
    assert_eq!(bench.json(&["toggl", "sync"])["outcome"], "succeeded"); // I11
    let history = bench.json(&["toggl", "history"]);
    assert_eq!(history[1]["error"]["code"], "interrupted", "{history}");
}

#[test] // C5
fn a_server_that_stops_ends_the_run_and_whoever_follows_it_is_told() {
    let mut bench = Bench::new(Mode::Server);
    let child = stalled(&bench);
    bench.stop_serving();
    let ran = bench.finish(child);
    let error = ran.error();
    assert_eq!((ran.code, ran.stdout.as_str(), &error["code"]), (1, "", &"server_unreachable".into()), "{ran:?}");
    assert!(error["hint"].as_str().unwrap().contains("toggl status"), "{error}");
    bench.simulator().clear_faults();
    let history = bench.output(bench.local_command(&["toggl", "history", "--json"])).stdout;
    let history: serde_json::Value = serde_json::from_str(&history).unwrap();
    assert_eq!((&history[0]["outcome"], &history[0]["created"]), (&"cancelled".into(), &0.into()), "{history}");
}

#[test] // C5, I11
fn a_run_on_a_server_outlives_the_terminal_that_started_it() {
    let bench = Bench::new(Mode::Server);
    let mut child = stalled(&bench);
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(bench.json(&["toggl", "status"])["last_run"]["outcome"], "running");
    assert_eq!(bench.json(&["toggl", "cancel"])["outcome"], "cancelled");
    bench.simulator().clear_faults();
    assert_eq!(bench.json(&["toggl", "sync"])["outcome"], "succeeded");
}

fn cancelling_nothing_says_so(bench: &Bench) {
    bench.imported();
    snapshot!(bench.run(&["toggl", "cancel"]).told(), @r"
    exit 0
    --- stdout
    No sync is under way
    ");
    snapshot!(bench.run(&["toggl", "cancel", "--json"]).told(), @r"
    exit 0
    --- stdout
    null
    ");
}
