//! Every kind of answer that makes no sense ends the reading with an error that names it, and nothing is half read (I10, I20).

use std::io::Write as _;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use tallyport_domain::{Reading, Source, SourceError};
use tallyport_simulator::{Fault, How, Plan, Server, Simulator, Size, World};
use tallyport_toggl::Config;

use crate::support::{
    Account, Answer, Canned, Listener, Simulated, TOKEN, TestClock, config, content, json, read, reply, request, serve,
    toggl_with,
};

/// Serves a good account whose projects are answered so.
async fn projects_answered(answer: Answer) -> Canned {
    serve(Account::new(), move |request, _| request.path().ends_with("/projects").then(|| answer.clone())).await
}

async fn reading_of(answer: Answer) -> Result<Reading, SourceError> {
    read(&projects_answered(answer).await).await
}

/// What is wrong, where an answer makes no sense.
async fn nonsense(answer: Answer) -> String {
    let server = projects_answered(answer).await;
    let error = read(&server).await.unwrap_err();
    let SourceError::Nonsense { endpoint, detail } = error else { panic!("{error:?}") };
    assert_eq!(endpoint, "GET /workspaces/11/projects, page 1");
    let asked = server.requests().iter().filter(|request| request.path().ends_with("/projects")).count();
    assert_eq!(asked, 1, "nonsense is not asked for again");
    detail
}

#[tokio::test] // I10, kinds 7 and 9 to 11
async fn bodies_that_are_no_list_are_named() {
    for (body, words) in [
        ("", "empty"),
        ("{}", "expected a list"),
        ("<html>hello</html>", "a page, not JSON"),
        ("[{\"id\":1,\"name\":\"x\"}", "EOF"),
        (r#"[{"id":"41","name":"x"}]"#, "row 1: invalid type: string \"41\", expected an id"),
        (r#"[{"id":-1,"name":"x"}]"#, "row 1: -1 is no id"),
        (r#"[{"id":0,"name":"x"}]"#, "row 1: 0 is no id"),
        (r#"[{"id":41,"name":"x"},{"id":4.5,"name":"x"}]"#, "row 2: invalid type: floating point"),
        (r#"[{"id":9223372036854775808,"name":"x"}]"#, "too large for an id"),
        (r#"[{"id":41,"name":"x","client_id":"31"}]"#, "row 1"),
        (r#"[{"id":null,"name":"x"}]"#, "row 1: invalid type: null"),
        (r#"[{"name":"x"}]"#, "row 1: missing field `id`"),
        (r#"[{"id":41}]"#, "row 1: missing field `name`"),
        (r#"[{"id":41,"name":null}]"#, "row 1: invalid type: null"),
        (r#"[{"id":41,"name":7}]"#, "row 1"),
        (r#"[{"id":41,"name":"x","active":"yes"}]"#, "row 1"),
        (r#"[{"id":41,"id":42,"name":"x"}]"#, "duplicate field"),
        ("[null]", "row 1"),
        ("[[1]]", "row 1"),
    ] {
        let detail = nonsense(json(body)).await;
        assert!(detail.contains(words), "{body}: {detail}");
    }
}

#[tokio::test] // I20, kind 8
async fn null_is_an_empty_list_only_where_it_is_known_to_be() {
    for path in ["/me/workspaces", "/organizations/22/workspaces/11/workspace_users"] {
        let server = serve(Account::new(), move |request, _| (request.path() == path).then(|| json("null"))).await;
        let Err(SourceError::Nonsense { endpoint, .. }) = read(&server).await else { panic!("{path}") };
        assert!(endpoint.contains(path));
    }
    for path in ["/workspaces/11/clients", "/workspaces/11/projects", "/workspaces/11/tasks"] {
        let server = serve(Account::new(), move |request, _| (request.path() == path).then(|| json("null"))).await;
        read(&server).await.unwrap();
    }
}

#[tokio::test] // I10, kinds 7 to 10
async fn every_list_is_held_to_its_shape() {
    let paths = [
        "/me/workspaces",
        "/workspaces/11/clients",
        "/workspaces/11/projects",
        "/workspaces/11/tasks",
        "/organizations/22/workspaces/11/workspace_users",
    ];
    for path in paths {
        for body in ["", "{}", "<html>", "17", "\"text\"", "[17]", "[{\"id\":\"1\"}]"] {
            let server = serve(Account::new(), move |request, _| (request.path() == path).then(|| json(body))).await;
            let Err(SourceError::Nonsense { endpoint, .. }) = read(&server).await else { panic!("{path} {body}") };
            assert!(endpoint.contains(path), "{endpoint}");
        }
    }
}

#[tokio::test] // kind 18
async fn json_that_is_too_deep_is_refused_and_deep_fields_nobody_reads_are_not() {
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    nonsense(json(&deep)).await;
    let row = format!(r#"[{{"id":41,"name":"x","recurring_parameters":{deep}}}]"#);
    assert_eq!(content(&reading_of(json(row)).await.unwrap()).projects.len(), 1);
}

#[tokio::test] // T5, kind 19
async fn odd_strings_do_not_block_and_broken_bytes_do() {
    let odd = r#"[{"id":41,"name":"a\ud800b\u0000c","workspace_id":11,"color":"\udfff","extra":"\udc00"}]"#;
    let reading = reading_of(json(odd)).await.unwrap();
    assert_eq!(content(&reading).projects[0].name.as_str(), "a\u{fffd}b\u{fffd}c");
    for body in [&b"[{\"id\":41,\"name\":\"a\xffb\"}]"[..], b"[{\"id\":41,\"name\":\"a\xed\xa0\x80b\"}]", b"\xff\xfe[\x00]\x00"] {
        assert!(nonsense(json(body)).await.contains("not UTF-8"));
    }
}

#[tokio::test] // kind 30
async fn rows_of_another_workspace_are_refused() {
    for key in ["workspace_id", "wid"] {
        let detail = nonsense(json(format!(r#"[{{"id":41,"name":"x","{key}":12}}]"#))).await;
        assert!(detail.contains("row 1: it belongs to workspace 12, not 11"), "{detail}");
    }
    for (path, body) in [
        ("/workspaces/11/clients", r#"[{"id":31,"wid":12,"name":"x"}]"#),
        ("/workspaces/11/tasks", r#"{"data":[{"id":51,"workspace_id":12,"project_id":41,"name":"x"}]}"#),
        ("/organizations/22/workspaces/11/workspace_users", r#"[{"id":61,"workspace_id":12,"email":"a@x.test"}]"#),
    ] {
        let server = serve(Account::new(), move |request, _| (request.path() == path).then(|| json(body))).await;
        assert!(matches!(read(&server).await, Err(SourceError::Nonsense { .. })), "{path}");
    }
}

#[tokio::test] // I5, kind 31
async fn what_names_something_unknown_is_passed_on_as_it_is() {
    let mut account = Account::new();
    account.projects[0]["client_id"] = 999.into();
    account.tasks[0]["project_id"] = 998.into();
    let reading = read(&serve(account, |_, _| None).await).await.unwrap();
    assert_eq!(content(&reading).projects[0].client.unwrap().0, 999);
    assert_eq!(content(&reading).tasks.as_ref().unwrap()[0].project.0, 998);
}

#[tokio::test] // I18, kinds 20 and 21
async fn a_redirect_is_not_followed_and_the_token_stays_here() {
    let trap = Canned::serve(|_, _| json("[]")).await;
    for status in [301, 302, 303, 307, 308] {
        let to = format!("{}/workspaces/11/projects", trap.url);
        let detail = nonsense(reply(status, &[("location", &to)], "")).await;
        assert_eq!(detail, format!("status {status}, a redirect, and none is ever followed"));
    }
    assert!(trap.requests().is_empty());
}

#[tokio::test] // kind 28
async fn half_answers_are_no_answers() {
    nonsense(reply(204, &[], "")).await;
    nonsense(reply(206, &[], "[]")).await;
    nonsense(reply(203, &[], "[]")).await;
}

#[tokio::test] // kinds 1 to 4
async fn broken_connections_are_tried_again_and_then_given_up() {
    let cut = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n[{\"id\":41,".to_vec();
    for answer in [
        Answer::Reset(Vec::new()),
        Answer::Bytes(Vec::new()),
        Answer::Reset(cut.clone()),
        Answer::Bytes(cut),
        Answer::Bytes(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nff\r\n[".to_vec()),
    ] {
        let broken = answer.clone();
        let server = serve(Account::new(), move |request, before| {
            (request.path().ends_with("/projects") && before < 3).then(|| broken.clone())
        })
        .await;
        assert_eq!(content(&read(&server).await.unwrap()).projects.len(), 1, "{answer:?}");
        let server = projects_answered(answer.clone()).await;
        let Err(SourceError::Unreachable { endpoint, .. }) = read(&server).await else { panic!("{answer:?}") };
        assert_eq!(endpoint, "GET /workspaces/11/projects, page 1");
        assert_eq!(server.requests().iter().filter(|request| request.path().ends_with("/projects")).count(), 4);
    }
}

#[tokio::test] // kinds 5 and 6
async fn a_server_that_stalls_or_drips_is_not_waited_for_for_ever() {
    let head = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n[".to_vec();
    for answer in [Answer::Stall(Vec::new()), Answer::Stall(head)] {
        let server = projects_answered(answer).await;
        let hasty = Config { read_timeout: Duration::from_millis(200), ..config(&server.url) };
        let clock = TestClock::new();
        let error = toggl_with(hasty, TOKEN, &clock).read(request(), &Listener::patient(&clock)).await.unwrap_err();
        let SourceError::Unreachable { detail, .. } = error else { panic!("{error:?}") };
        assert_eq!(detail, "the answer did not come in time");
    }
    let (world, _) = World::with_workspace(Plan::Starter, "Studio").unwrap();
    let server = Server::start(Simulator::new(world)).unwrap();
    server.simulator().inject(Fault::on("/projects", How::Slow { milliseconds: 50 }));
    let hasty = Config { request_timeout: Duration::from_millis(500), ..config(&server.url()) };
    let clock = TestClock::new();
    let token = server.simulator().owner_token().unwrap();
    let error = toggl_with(hasty, &token, &clock).read(request(), &Listener::patient(&clock)).await.unwrap_err();
    assert!(matches!(error, SourceError::Unreachable { .. }), "{error:?}");
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test] // kind 17
async fn gzip_is_unpacked_and_broken_gzip_is_nonsense() {
    let packed = gzip(br#"[{"id":41,"name":"Site"}]"#);
    let reading = reading_of(reply(200, &[("content-encoding", "gzip")], &packed)).await.unwrap();
    assert_eq!(content(&reading).projects[0].name.as_str(), "Site");
    for broken in [&packed[..packed.len() / 2], b"[{\"id\":41,\"name\":\"Site\"}]"] {
        let detail = nonsense(reply(200, &[("content-encoding", "gzip")], broken)).await;
        assert!(detail.contains("cannot be unpacked"), "{detail}");
    }
}

#[tokio::test] // kinds 15 and 16
async fn bodies_without_measure_are_cut_off_packed_or_not() {
    let mebibytes = |count: usize| vec![b' '; count * 1024 * 1024];
    let huge = nonsense(json(mebibytes(33))).await;
    assert_eq!(huge, "the body is larger than 32 MiB");
    let mut bomb = mebibytes(64);
    bomb[0] = b'[';
    let packed = gzip(&bomb);
    assert!(packed.len() < 100_000);
    assert_eq!(nonsense(reply(200, &[("content-encoding", "gzip")], packed)).await, "the body is larger than 32 MiB");
    // Just below the limit it is read, however it is padded.
    let mut large = mebibytes(31);
    large[0] = b'[';
    *large.last_mut().unwrap() = b']';
    assert!(content(&reading_of(json(large)).await.unwrap()).projects.is_empty());
}

#[tokio::test] // kind 29
async fn what_is_no_http_is_nonsense() {
    let long = format!("HTTP/1.1 200 OK\r\nx-long: {}\r\ncontent-length: 2\r\n\r\n[]", "x".repeat(1024 * 1024));
    for bytes in [&b"SSH-2.0-OpenSSH_9.2\r\n"[..], b"HTTP/1.1 banana\r\n\r\n", long.as_bytes()] {
        assert_eq!(nonsense(Answer::Bytes(bytes.to_vec())).await, "the answer is not HTTP");
    }
}

/// Every fault of the simulator that must end a reading.
fn faults() -> Vec<How> {
    vec![
        How::HtmlBadRequest,
        How::Body("[{\"id\":1.5}]".to_owned()),
        How::EmptyBody,
        How::EmptyObject,
        How::NoContent,
        How::PartialContent,
        How::Redirect { status: 302, to: "http://127.0.0.1:9/".to_owned() },
        How::TruncatedJson,
        How::WrongTypes,
        How::DuplicateIds,
        How::InvalidUtf8,
        How::DeepJson { depth: 10_000 },
        How::BrokenGzip,
        How::ResetBeforeHead,
        How::ResetInBody,
        How::ShortBody,
        How::MalformedStatusLine,
        How::HugeHeader { bytes: 1024 * 1024 },
        How::status(401),
        How::status(418),
        How::status(500),
        How::status(503),
    ]
}

#[tokio::test] // I10: the k-th answer is nonsense, for every k and kind
async fn no_answer_that_makes_no_sense_brings_a_reading_whichever_it_is() {
    let size = Size { workspaces: 1, clients: 2, projects: 205, tasks: 205, members: 4, plan: Plan::Starter, ..Size::default() };
    let simulated = Simulated::of(World::generate(11, &size));
    simulated.read().await.unwrap();
    let requests = simulated.targets();
    assert!(requests.len() >= 7, "{requests:#?}");
    for how in faults() {
        for target in &requests {
            simulated.simulator().clear_faults();
            let injected = simulated.simulator().faults_injected();
            simulated.simulator().inject(Fault::on(format!("{target}$"), how.clone()));
            let Err(error) = simulated.read().await else { panic!("{how:?} at {target} brought a reading") };
            assert!(simulated.simulator().faults_injected() > injected, "{how:?} at {target} did not strike");
            let text = error.to_string();
            let path = target.split('?').next().unwrap();
            let named = text.contains(path) || matches!(error, SourceError::Changed { .. } | SourceError::TokenRejected { .. });
            assert!(named, "{how:?} at {target}: {text}");
        }
    }
    simulated.simulator().clear_faults();
    simulated.read().await.unwrap();
    assert_eq!(simulated.simulator().requests_that_write(), 0);
}
