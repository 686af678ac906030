use std::io::{ErrorKind, Read as _};
use std::time::Duration;

use serde_json::Value;
use tallyport_simulator::{Change, Fault, How, Server, When};

use crate::support::{Little, Seen, ids, little, names, raw, rows, text};

const PATIENCE: Duration = Duration::from_secs(10);
/// How long a stalled connection is watched before it counts as one.
const SILENCE: Duration = Duration::from_millis(150);

/// What a client sees of one struck request for the clients of the workspace.
fn strike_within(little: &Little, how: How, patience: Duration) -> Seen {
    little.simulator.clear_faults();
    little.simulator.inject(Fault::on("/clients", how));
    let server = Server::start(little.simulator.clone()).unwrap();
    raw(&server, &format!("/workspaces/{}/clients", little.workspace), &little.token, patience)
}

fn strike(how: How) -> Seen {
    strike_within(&little(), how, PATIENCE)
}

fn body(seen: &Seen) -> String {
    String::from_utf8(seen.body().to_vec()).unwrap()
}

#[test]
fn any_status_comes_with_the_body_and_headers_that_were_ordered() {
    for status in [401, 402, 403, 404, 410, 418, 429, 500, 502, 503, 504] {
        let headers = vec![("Retry-After".to_owned(), "7".to_owned())];
        let seen = strike(How::Status { status, body: "\"no\"".to_owned(), headers });
        assert!(seen.head().starts_with(&format!("HTTP/1.1 {status} ")), "{}", seen.head());
        assert!(seen.head().contains("\r\nRetry-After: 7"));
        assert_eq!(body(&seen), "\"no\"");
    }
}

#[test]
fn bodies_can_be_empty_null_an_empty_object_html_or_anything() {
    assert_eq!(body(&strike(How::EmptyBody)), "");
    assert_eq!(body(&strike(How::Null)), "null");
    assert_eq!(body(&strike(How::EmptyObject)), "{}");
    assert_eq!(body(&strike(How::Body("[1,".to_owned()))), "[1,");
    let html = strike(How::HtmlBadRequest);
    assert!(html.head().starts_with("HTTP/1.1 400") && body(&html).starts_with("<html>"));
    let nothing = strike(How::NoContent);
    assert!(nothing.head().starts_with("HTTP/1.1 204") && nothing.body().is_empty());
    assert_eq!(nothing.declared_length(), None);
    assert!(strike(How::PartialContent).head().starts_with("HTTP/1.1 206"));
    let redirect = strike(How::Redirect { status: 302, to: "http://127.0.0.1:1/api/v9/me".to_owned() });
    assert!(redirect.head().contains("\r\nLocation: http://127.0.0.1:1/api/v9/me"));
}

#[test]
fn json_can_be_cut_deep_or_of_the_wrong_types() {
    assert!(serde_json::from_str::<Value>(&body(&strike(How::TruncatedJson))).is_err());
    let deep = body(&strike(How::DeepJson { depth: 10_000 }));
    assert_eq!((deep.len(), deep.matches('[').count()), (20_000, 10_000));
    let wrong: Value = serde_json::from_str(&body(&strike(How::WrongTypes))).unwrap();
    assert!(wrong[0]["id"].is_string() && wrong[0]["name"].is_i64());
}

#[test]
fn names_can_hold_what_no_name_should() {
    assert!(body(&strike(How::NulInName)).contains(r#""name":"\u0000M"#));
    assert!(body(&strike(How::LoneSurrogate)).contains(r#""name":"\ud83dM"#));
    assert!(std::str::from_utf8(strike(How::InvalidUtf8).body()).is_err());
}

#[test]
fn rows_can_be_there_twice_or_belong_elsewhere() {
    let little = little();
    let twice: Value = serde_json::from_str(&body(&strike_within(&little, How::DuplicateIds, PATIENCE))).unwrap();
    let found = ids(&twice);
    assert_eq!(found.first(), found.last());
    assert_eq!(found.len(), 3);
    let elsewhere = strike_within(&little, How::ForeignRows { workspace: 5 }, PATIENCE);
    let elsewhere: Value = serde_json::from_str(&body(&elsewhere)).unwrap();
    assert_eq!((&elsewhere[0]["wid"], &elsewhere[1]["wid"]), (&little.workspace.into(), &5.into()));
}

#[test]
fn the_connection_can_be_reset_before_the_head_and_in_the_body() {
    let before = strike(How::ResetBeforeHead);
    assert_eq!((before.bytes.len(), before.error), (0, Some(ErrorKind::ConnectionReset)));
    let within = strike(How::ResetInBody);
    assert_eq!(within.error, Some(ErrorKind::ConnectionReset));
    assert!(within.body().len() < within.declared_length().unwrap());
}

#[test]
fn a_body_can_end_before_its_declared_length_in_good_order() {
    let seen = strike(How::ShortBody);
    assert_eq!(seen.error, None);
    assert_eq!(seen.body().len(), seen.declared_length().unwrap() / 2);
}

#[test]
fn an_answer_can_stall_before_its_head_or_after_it() {
    let silent = |error: Option<ErrorKind>| matches!(error, Some(ErrorKind::WouldBlock | ErrorKind::TimedOut));
    let before = strike_within(&little(), How::StallBeforeHead, SILENCE);
    assert!(before.bytes.is_empty() && silent(before.error));
    let after = strike_within(&little(), How::StallInBody, SILENCE);
    assert!(after.head().starts_with("HTTP/1.1 200") && after.body().is_empty() && silent(after.error));
}

#[test]
fn bytes_can_come_one_at_a_time_and_all_of_them_do() {
    let seen = strike(How::Slow { milliseconds: 0 });
    assert_eq!(seen.error, None);
    assert_eq!(seen.body().len(), seen.declared_length().unwrap());
}

#[test]
fn the_status_line_can_be_malformed_and_a_header_very_long() {
    assert!(strike(How::MalformedStatusLine).head().starts_with("HTTP/1.1 twohundred"));
    let huge = strike(How::HugeHeader { bytes: 1024 * 1024 });
    assert!(huge.head().lines().any(|line| line.len() > 1024 * 1024));
}

#[test]
fn a_page_can_be_very_large_and_is_valid_json() {
    let huge = strike(How::HugePage { mebibytes: 3 });
    assert_eq!(huge.body().len(), 3 * 1024 * 1024 + 1);
    assert_eq!(ids(&serde_json::from_slice(huge.body()).unwrap()), [1, 1, 2]);
}

#[test]
fn a_compressed_body_can_be_a_bomb_or_not_compressed_at_all() {
    let bomb = strike(How::GzipBomb { mebibytes: 8 });
    assert!(bomb.head().contains("\r\nContent-Encoding: gzip"));
    let mut unpacked = Vec::new();
    flate2::read::GzDecoder::new(bomb.body()).read_to_end(&mut unpacked).unwrap();
    assert!(unpacked.len() / bomb.body().len() > 900, "{} from {}", unpacked.len(), bomb.body().len());
    assert_eq!(serde_json::from_slice::<Value>(&unpacked).unwrap(), serde_json::json!([]));
    let broken = strike(How::BrokenGzip);
    assert!(broken.head().contains("\r\nContent-Encoding: gzip"));
    assert!(flate2::read::GzDecoder::new(broken.body()).read_to_end(&mut unpacked).is_err());
}

#[test]
fn the_same_page_can_come_for_ever_and_so_can_new_ones() {
    let little = little();
    let second = "/tasks?active=both&per_page=2&page=2";
    let first = ids(&little.list("/tasks?active=both&per_page=2&page=1"));
    little.simulator.inject(Fault::on("/tasks", How::SamePage).from(1));
    let same = little.list(second);
    assert_eq!((ids(&same), &same["page"]), (first, &2.into()));

    little.simulator.clear_faults();
    little.simulator.inject(Fault::on("s?", How::EndlessPages));
    let page = |number| little.list(&format!("/tasks?per_page=100&page={number}"));
    let found: Vec<i64> = [7, 8].into_iter().flat_map(|number| ids(&page(number))).collect();
    assert_eq!(found.len(), 200);
    assert!(found.is_sorted_by(|one, other| one < other));
    assert_eq!(page(8)["total_count"], 900);
    let projects = little.list("/projects?per_page=200&page=40");
    assert_eq!(rows(&projects).len(), 200);
    assert_eq!(rows(&projects)[0]["workspace_id"], little.workspace);
}

#[test]
fn the_world_can_change_between_two_pages() {
    let little = little();
    let change = Change::DeleteProject { id: little.archived_project };
    little.simulator.inject(Fault::on("/projects", How::Change(vec![change])).nth(2));
    // "Attic" comes first, so that once it is gone the second page begins one row too late.
    assert_eq!(names(&little.list("/projects?per_page=1&page=1")), ["Attic"]);
    assert_eq!(names(&little.list("/projects?per_page=1&page=2")), ["Website"]);
    assert_eq!(little.simulator.faults_injected(), 1);

    let unknown = Change::DeleteProject { id: 1 };
    little.simulator.inject(Fault::on("/clients", How::Change(vec![unknown])));
    let answer = little.get(&format!("/workspaces/{}/clients", little.workspace));
    assert_eq!((answer.status, text(&answer).contains("no project with id 1")), (500, true));
}

#[test]
fn only_matching_requests_are_counted_and_struck_and_the_log_names_the_fault() {
    let little = little();
    let mut fault = Fault::on("GET /me", How::status(500)).nth(2);
    little.simulator.inject(fault.clone());
    fault.when = When::First(1);
    fault.on = "/workspaces/*/tags".to_owned();
    little.simulator.inject(fault);
    assert_eq!(little.get("/me").status, 200);
    assert_eq!(little.get(&format!("/workspaces/{}/clients", little.workspace)).status, 200);
    assert_eq!(little.get(&format!("/workspaces/{}/tags", little.workspace)).status, 500);
    assert_eq!(little.get("/me").status, 500);
    assert_eq!(little.get("/me").status, 200);
    assert_eq!(little.simulator.faults_injected(), 2);
    let struck: Vec<_> = little.simulator.requests().iter().map(|request| request.fault.clone()).collect();
    assert_eq!(struck, [None, None, Some("status".to_owned()), Some("status".to_owned()), None]);
}

#[test]
fn a_fault_in_front_of_the_api_spends_no_quota_and_a_spoiled_answer_does() {
    let little = little();
    little.simulator.inject(Fault::on("/me", How::status(503)).first(1));
    little.simulator.inject(Fault::on("/me", How::TruncatedJson).nth(2));
    little.get("/me");
    assert_eq!(little.get("/me").header("X-Toggl-Quota-Remaining"), Some("29"));
}
