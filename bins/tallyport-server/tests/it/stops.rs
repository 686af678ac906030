//! How a server ends.

use std::io::{Read as _, Write as _};
use std::time::{Duration, Instant};

use rustix::process::Signal;

use tallyport_simulator::{Fault, How, Server as Toggl, Simulator, World};

use crate::support::{Bench, JSON, Running, ask, connect, follow, request};

/// Less than the ten seconds that requests have: nothing here has to be waited for.
const AT_ONCE: Duration = Duration::from_secs(5);

#[test]
#[expect(clippy::disallowed_methods, reason = "how long it takes is what is tested")]
fn streams_and_idle_connections_do_not_hold_it_up_and_end_as_they_should() {
    let bench = Bench::new();
    let server = bench.start();
    let token = server.set_up();
    let mut stream = follow(server.address, &token);
    let mut idle = connect(server.address);
    idle.write_all(request("GET /healthz", &[], "").as_bytes()).unwrap();
    // What nobody has taken when it stops is reset, so it is taken first.
    let mut answered = [0; 15];
    idle.read_exact(&mut answered).unwrap();
    assert_eq!(&answered, b"HTTP/1.1 200 OK");
    let mut silent = connect(server.address);
    let begun = Instant::now();
    server.signal(Signal::TERM);
    let mut rest = String::new();
    stream.read_to_string(&mut rest).unwrap();
    assert!(rest.ends_with("0\r\n\r\n"), "the stream ends with its end: {rest:?}");
    idle.read_to_end(&mut Vec::new()).unwrap();
    let mut nothing = Vec::new();
    let _reset_is_as_good = silent.read_to_end(&mut nothing);
    assert_eq!(nothing, b"");
    let (code, lines) = server.ended();
    assert_eq!(code, Some(0), "{lines:#?}");
    assert!(begun.elapsed() < AT_ONCE, "{:?}", begun.elapsed());
    assert!(lines.last().unwrap().contains("stopped"), "{lines:#?}");
    let left: Vec<String> =
        std::fs::read_dir(bench.path("")).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    assert!(!left.iter().any(|file| file.ends_with("-wal")), "the database is closed: {left:?}");
}

#[test]
fn an_interrupt_stops_it_too_and_no_connection_is_taken_any_more() {
    let server = Bench::new().start();
    let address = server.address;
    server.signal(Signal::INT);
    assert_eq!(server.ended().0, Some(0));
    assert!(std::net::TcpStream::connect(address).is_err());
}

#[test]
fn a_request_that_is_at_work_is_finished() {
    let server = Bench::new().start();
    let mut slow = connect(server.address);
    let whole = request(
        "POST /api/v1/session",
        &["Content-Type: application/json"],
        r#"{"email":"a@b.example","password":"wrong wrong"}"#,
    );
    let (first, rest) = whole.split_at(whole.len() - 5);
    slow.write_all(first.as_bytes()).unwrap();
    // Its head is here once the server says that a request is at work.
    let at_work = || ask(server.metrics, "GET /metrics", &[], "").body.contains("tallyport_requests_open 1\n");
    while !at_work() {}
    server.signal(Signal::TERM);
    let mut server = server;
    server.event("stopping");
    slow.write_all(rest.as_bytes()).unwrap();
    let mut answered = String::new();
    slow.read_to_string(&mut answered).unwrap();
    assert!(answered.starts_with("HTTP/1.1 401 "), "{answered}");
    assert_eq!(server.ended().0, Some(0));
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let server = Bench::new().start();
    let mut slow = connect(server.address);
    let whole = request("POST /api/v1/session", &["Content-Type: application/json"], "{}");
    slow.write_all(&whole.as_bytes()[..whole.len() - 1]).unwrap();
    let at_work = || ask(server.metrics, "GET /metrics", &[], "").body.contains("tallyport_requests_open 1\n");
    while !at_work() {}
    server.signal(Signal::TERM);
    let mut server = server;
    server.event("stopping");
    server.signal(Signal::TERM);
    assert_eq!(server.ended().0, Some(1));
}

#[test] // I10, I11
fn a_sync_that_waits_for_toggl_ends_with_the_server_and_changed_nothing() {
    let toggl = Toggl::start(Simulator::new(World::nordlicht())).unwrap();
    let token = toggl.simulator().owner_token().unwrap();
    let bench = Bench::new();
    let arguments = ["--toggl-url", &toggl.url()];
    let server = bench.start_with(&arguments);
    let bearer = format!("Authorization: Bearer {}", server.set_up());
    let put = |server: &Running, path: &str, body: &str| {
        let answer = ask(server.address, &format!("PUT /api/v1/integrations/toggl{path}"), &[&bearer, JSON], body);
        assert!((200..300).contains(&answer.status), "{}", answer.body);
        answer.json()
    };
    put(&server, "", &format!(r#"{{"api_token":"{token}"}}"#));
    toggl.simulator().inject(Fault::on("/projects", How::StallBeforeHead));
    let run = put(&server, "/selection", r#"{"all":true}"#);
    assert_eq!(run["outcome"], "running", "{run}");
    while !toggl.simulator().requests().iter().any(|request| request.path.ends_with("/projects")) {}
    server.stop();

    let again = bench.start_with(&arguments);
    let run = ask(again.address, &format!("GET /api/v1/integrations/toggl/runs/{}", run["id"]), &[&bearer], "").json();
    assert_eq!(run["outcome"], "cancelled", "{run}");
    let tree = ask(again.address, "GET /api/v1/tasks", &[&bearer], "").json();
    assert_eq!(tree.as_array().unwrap().len(), 1, "the root alone: {tree}");
}
