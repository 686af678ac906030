use std::io::{BufRead as _, BufReader, ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use tallyport_simulator::{Plan, Server, Simulator, Size, World};

use crate::support::{basic, little, raw};

const PATIENCE: Duration = Duration::from_secs(5);

#[test]
fn the_url_ends_in_the_base_path_and_one_connection_takes_many_requests() {
    let little = little();
    let server = Server::start(little.simulator.clone()).unwrap();
    assert!(server.url().starts_with("http://127.0.0.1:") && server.url().ends_with("/api/v9"));

    let mut stream = TcpStream::connect(server.address()).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let request = format!("GET /api/v9/me HTTP/1.1\r\nHost: x\r\nAuthorization: {}\r\n\r\n", basic(&little.token));
    for _ in 0..2 {
        // In two parts, as a network may deliver it.
        let (start, end) = request.split_at(20);
        stream.write_all(start.as_bytes()).unwrap();
        stream.write_all(end.as_bytes()).unwrap();
        let mut reader = BufReader::new(&stream);
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        assert_eq!(line, "HTTP/1.1 200 OK\r\n");
        let mut length = 0;
        while line != "\r\n" {
            line.clear();
            reader.read_line(&mut line).unwrap();
            if let Some(value) = line.strip_prefix("Content-Length: ") {
                length = value.trim().parse().unwrap();
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        assert!(body.starts_with(b"{\"id\":"));
    }
    assert_eq!(little.simulator.requests().len(), 2);
}

#[test]
fn dropping_the_server_ends_its_connections() {
    let little = little();
    let server = Server::start(little.simulator).unwrap();
    let mut stream = TcpStream::connect(server.address()).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    drop(server);
    match stream.read(&mut [0]) {
        Ok(read) => assert_eq!(read, 0),
        Err(error) => assert_eq!(error.kind(), ErrorKind::ConnectionReset),
    }
}

#[tokio::test]
async fn it_starts_and_ends_inside_an_asynchronous_program_and_serves_many_at_once() {
    let little = little();
    let server = Server::start(little.simulator.clone()).unwrap();
    let stalled = TcpStream::connect(server.address()).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let seen = raw(&server, "/me/logged", &little.token, PATIENCE);
                assert!(seen.head().starts_with("HTTP/1.1 200"));
            });
        }
    });
    assert_eq!(little.simulator.requests().len(), 8);
    drop(server);
    drop(stalled);
}

#[test]
fn the_control_endpoint_is_served_and_writing_is_recorded_over_the_wire() {
    let little = little();
    let server = Server::start(little.simulator.clone()).unwrap();
    let speak = |request: &str| {
        let mut stream = TcpStream::connect(server.address()).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    let orders = format!("{{\"changes\":[{{\"change\":\"archive_project\",\"id\":{}}}]}}", little.project);
    let length = orders.len();
    let head = format!("POST /control HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n");
    assert!(speak(&format!("{head}{orders}")).starts_with("HTTP/1.1 200 OK"));
    assert!(!little.simulator.read(|world| world.project(little.project).unwrap().active));

    let chunked = "POST /api/v9/me HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    assert!(speak(chunked).starts_with("HTTP/1.1 405"));
    assert_eq!(little.simulator.requests_that_write(), 1);
    assert!(speak("nonsense\r\n\r\n").starts_with("HTTP/1.1 400"));
    assert!(speak(&format!("GET / HTTP/1.1\r\nX: {}\r\n", "x".repeat(70_000))).starts_with("HTTP/1.1 431"));
}

#[test]
fn a_large_body_is_compressed_for_who_asks_and_a_small_one_is_not() {
    let world = World::generate(1, &Size { projects: 200, plan: Plan::Free, ..Size::default() });
    let workspace = world.workspaces().next().unwrap().id;
    let token = world.owner_token().unwrap().to_owned();
    let simulator = Simulator::new(world);
    let ask = |target: &str, coding: &str| {
        let headers = [("authorization", basic(&token)), ("accept-encoding", coding.to_owned())];
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        crate::support::ask(&simulator, "GET", &format!("/api/v9{target}"), &headers, "")
    };
    let projects = format!("/workspaces/{workspace}/projects?per_page=200");
    let plain = ask(&projects, "identity");
    assert_eq!(plain.header("Content-Encoding"), None);
    let packed = ask(&projects, "br, gzip");
    assert_eq!((packed.header("Content-Encoding"), packed.header("Vary")), (Some("gzip"), Some("Accept-Encoding")));
    let mut unpacked = Vec::new();
    flate2::read::GzDecoder::new(&packed.body.to_bytes()[..]).read_to_end(&mut unpacked).unwrap();
    assert_eq!(unpacked, plain.body.to_bytes());
    assert_eq!(ask("/me", "gzip").header("Content-Encoding"), None);
    simulator.switch(|switches| switches.gzip = false);
    assert_eq!(ask(&projects, "gzip").header("Content-Encoding"), None);
}

#[test]
fn what_comes_over_the_wire_is_what_the_core_answers() {
    let little = little();
    let server = Server::start(little.simulator.clone()).unwrap();
    let target = format!("/workspaces/{}/projects", little.workspace);
    let seen = raw(&server, &target, &little.token, PATIENCE);
    assert_eq!(seen.error, None);
    assert_eq!(seen.declared_length(), Some(seen.body().len()));
    assert_eq!(seen.body(), little.get(&target).body.to_bytes());
}
