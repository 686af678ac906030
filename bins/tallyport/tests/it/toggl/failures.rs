//! Each way in which Toggl refuses, breaks or talks nonsense: the exit code, two lines, and a tree as it was.

use tallyport_simulator::{Fault, How};

use crate::support::{Bench, Mode, Ran, in_every_mode};

in_every_mode!(
    a_spent_quota_and_too_many_requests_exit_7,
    a_wait_is_said_where_nobody_watches,
    an_outdated_api_exits_1_and_says_to_update,
    refusals_and_nonsense_exit_8,
    a_redirect_is_not_followed,
    a_broken_server_exits_8,
    a_broken_gateway_exits_8,
    a_broken_connection_exits_8,
    a_token_revoked_later_exits_6_and_the_state_says_so,
);

/// Imports, lets every list of projects fail in that way, and syncs.
fn failing(mode: Mode, how: How) -> (Bench, Ran) {
    let bench = Bench::new(mode);
    bench.imported();
    let before = bench.json(&["tasks", "tree"]);
    bench.simulator().inject(Fault::on("/projects", how));
    let ran = bench.run(&["toggl", "sync", "--wait", "0"]);
    assert_eq!(bench.json(&["tasks", "tree"]), before); // I10
    assert_eq!(bench.simulator().requests_that_write(), 0); // I18
    (bench, ran)
}

fn expect(mode: Mode, exit: i32, hows: impl IntoIterator<Item = How>) {
    for how in hows {
        let told = format!("{how:?}");
        let (bench, ran) = failing(mode, how);
        assert_eq!(ran.code, exit, "{told}: {ran:?}");
        let lines: Vec<&str> = ran.stderr.lines().collect();
        assert_eq!(lines.len(), 2, "{told}: {ran:?}");
        assert!(lines[0].starts_with("error: ") && lines[1].starts_with("hint: "), "{told}: {ran:?}");
        assert!(ran.stdout.starts_with("Failed just now"), "{told}: {ran:?}");
        bench.simulator().clear_faults();
        // A server remembers until when Toggl wants to be left alone; a process of its own begins anew (I19).
        let again = bench.run(&["toggl", "sync", "--wait", "0"]);
        let remembered = mode == Mode::Server && exit == 7;
        assert_eq!(again.code, if remembered { 7 } else { 0 }, "{told}: {again:?}");
    }
}

fn status(status: u16, body: &str, headers: &[(&str, &str)]) -> How {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    How::Status { status, body: body.to_owned(), headers }
}

// I19
fn a_spent_quota_and_too_many_requests_exit_7(bench: &Bench) {
    let spent = status(
        402,
        "You have hit your hourly limit for API calls",
        &[("X-Toggl-Quota-Remaining", "0"), ("X-Toggl-Quota-Resets-In", "1800")],
    );
    expect(bench.mode(), 7, [spent]);
    expect(bench.mode(), 7, [status(429, "", &[("Retry-After", "3600")])]);
}

// I19
fn a_wait_is_said_where_nobody_watches(bench: &Bench) {
    bench.imported();
    let spent = status(402, "", &[("X-Toggl-Quota-Remaining", "0"), ("X-Toggl-Quota-Resets-In", "1")]);
    bench.simulator().inject(Fault::on("/projects", spent).first(1));
    let ran = bench.run(&["toggl", "sync"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stderr.starts_with("Waiting for Toggl's allowance until "), "{ran:?}");
    assert_eq!(ran.stderr.lines().count(), 1, "{ran:?}");
}

fn an_outdated_api_exits_1_and_says_to_update(bench: &Bench) {
    expect(bench.mode(), 1, [How::status(410), How::status(418)]);
    let (_, ran) = failing(bench.mode(), How::status(410));
    assert!(ran.stderr.contains("Update Tallyport"), "{ran:?}");
}

fn refusals_and_nonsense_exit_8(bench: &Bench) {
    expect(bench.mode(), 8, [How::HtmlBadRequest, How::Body("<html>".into()), How::EmptyObject, How::TruncatedJson]);
    expect(bench.mode(), 8, [How::WrongTypes, How::PartialContent, How::DeepJson { depth: 5_000 }, How::BrokenGzip]);
}

// I18
fn a_redirect_is_not_followed(bench: &Bench) {
    let (bench, ran) = failing(bench.mode(), How::Redirect { status: 302, to: "http://127.0.0.1:9/".into() });
    assert_eq!(ran.code, 8, "{ran:?}");
    assert!(bench.simulator().requests().iter().all(|request| request.method == "GET"));
}

fn a_broken_server_exits_8(bench: &Bench) {
    expect(bench.mode(), 8, [How::status(500), How::status(503)]);
}

fn a_broken_gateway_exits_8(bench: &Bench) {
    expect(bench.mode(), 8, [How::status(502), How::status(504)]);
}

fn a_broken_connection_exits_8(bench: &Bench) {
    expect(bench.mode(), 8, [How::ResetBeforeHead, How::ShortBody]);
}

// I17
fn a_token_revoked_later_exits_6_and_the_state_says_so(bench: &Bench) {
    bench.imported();
    let token = bench.token();
    bench.simulator().change(|world| world.revoke_token(&token));
    let ran = bench.run(&["toggl", "sync", "--json"]);
    assert_eq!((ran.code, ran.error()["code"].as_str().unwrap()), (6, "token_rejected"), "{ran:?}");
    assert_eq!(bench.json(&["toggl", "status"])["state"], "token_rejected");
    assert_eq!(bench.json(&["tasks", "tree"]).as_array().unwrap().len(), 6);
    assert_eq!(bench.run(&["toggl", "preview"]).code, 6);
}

/// A server is told at its start where Toggl is.
#[test]
fn no_network_exits_8() {
    let bench = Bench::new(Mode::Local);
    bench.imported();
    let nowhere = [("TALLYPORT_TOGGL_URL", "http://127.0.0.1:1/api/v9")];
    for command in ["sync", "preview"] {
        let ran = bench.run_with(&["toggl", command], "", &nowhere);
        assert_eq!((ran.code, ran.stderr.lines().count()), (8, 2), "{ran:?}");
    }
    assert_eq!(bench.json(&["tasks", "tree"]).as_array().unwrap().len(), 6);
}
