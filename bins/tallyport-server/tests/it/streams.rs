//! Very many streams of live events: each ends when it has to, and the others go on (E6, A5, P6, S6, M21).

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread::{JoinHandle, spawn};
use std::time::Duration;

use rustix::net::sockopt::set_socket_recv_buffer_size;
use rustix::process::Signal;
use serde_json::{Value, json};
use tallyport_api_types::TaskChange;
use tallyport_client::Client;
use tallyport_compose::{Local, LocalOptions};

use crate::load::{now, set};
use crate::support::{Bench, DEADLINE, JSON, OLGA, Running, ask, connect, follow, request};

/// As many as one person may have open.
const OF_ONE: usize = 20;
/// People who are added while some do not read, in so many requests: more changes than are kept at hand.
const ADDED: usize = 500;
const REQUESTS: usize = 3;
/// How much more memory a server takes for a stream that is not read.
const UNREAD_KIB: u64 = 512;
/// How long somebody hears who may not come in any more, and how long a server takes to end streams.
const SOON: Duration = Duration::from_secs(2);

/// One event.
#[derive(Debug, Clone, PartialEq)]
struct Event {
    number: i64,
    name: String,
    data: Value,
}

/// A stream that is read as it comes.
struct Stream {
    said: Arc<Mutex<Vec<Event>>>,
    thread: JoinHandle<()>,
}

impl Stream {
    fn read(stream: BufReader<TcpStream>) -> Self {
        let said = Arc::<Mutex<Vec<Event>>>::default();
        let saying = said.clone();
        let thread = spawn(move || {
            let (mut number, mut name) = (0, String::new());
            // The last piece has no length.
            for line in stream.lines().map_while(Result::ok).take_while(|line| line != "0") {
                match line.split_once(": ") {
                    Some(("id", text)) => number = text.parse().unwrap(),
                    Some(("event", word)) => word.clone_into(&mut name),
                    Some(("data", data)) => {
                        let data = serde_json::from_str(data).unwrap();
                        saying.lock().unwrap().push(Event { number, name: name.clone(), data });
                    }
                    _ => {}
                }
            }
        });
        Self { said, thread }
    }

    /// Goes on after an event that was heard before.
    fn go_on(address: SocketAddr, token: &str, after: i64) -> Self {
        let mut stream = connect(address);
        let headers = [format!("Authorization: Bearer {token}"), format!("Last-Event-ID: {after}")];
        stream.write_all(request("GET /api/v1/events", &headers.each_ref().map(String::as_str), "").as_bytes()).unwrap();
        Self::read(BufReader::new(stream))
    }

    fn said(&self) -> Vec<Event> {
        self.said.lock().unwrap().clone()
    }

    /// How many events were about this subject.
    fn about(&self, subject: &str) -> usize {
        self.said.lock().unwrap().iter().filter(|event| event.data["subject"] == subject).count()
    }

    fn is_told_to_read_again(&self) -> bool {
        self.said.lock().unwrap().iter().any(|event| event.name == "read_again")
    }

    /// The number of the last event. Numbers grow, so nothing is told twice.
    fn last(&self) -> i64 {
        let numbers: Vec<i64> = self.said().iter().map(|event| event.number).collect();
        assert!(numbers.is_sorted_by(|one, next| one < next), "{numbers:?}");
        *numbers.last().unwrap()
    }
}

/// Somebody with streams.
struct Person {
    id: i64,
    token: String,
    streams: Vec<Stream>,
}

/// People who are alike.
struct Group(Vec<Person>);

impl Group {
    fn streams(&self) -> impl Iterator<Item = &Stream> {
        self.0.iter().flat_map(|person| &person.streams)
    }

    fn listen(mut self, address: SocketAddr) -> Self {
        for Person { token, streams, .. } in &mut self.0 {
            streams.extend((0..OF_ONE).map(|_| Stream::read(follow(address, token))));
        }
        self
    }

    /// Waits until each stream has said what is expected.
    fn wait(&self, what: &str, is_said: impl Fn(&Stream) -> bool) {
        let began = now();
        while !self.streams().all(&is_said) {
            assert!(began.elapsed() < DEADLINE, "{what} is not heard");
            std::thread::park_timeout(Duration::from_millis(5));
        }
    }

    /// Its streams have ended or end within two seconds.
    fn ends(&self) {
        let began = now();
        while !self.streams().all(|stream| stream.thread.is_finished()) {
            let open = self.streams().filter(|stream| !stream.thread.is_finished()).count();
            assert!(began.elapsed() < SOON, "{open} streams go on after {SOON:?}");
            std::thread::park_timeout(Duration::from_millis(5));
        }
    }

    fn go_on(&mut self, address: SocketAddr) {
        for Person { token, streams, .. } in &mut self.0 {
            *streams = streams.iter().map(|stream| Stream::go_on(address, token, stream.last())).collect();
        }
    }
}

/// The server, as its administrator asks it.
struct Stage {
    server: Running,
    admin: String,
    task: Value,
}

impl Stage {
    fn done(&self, what: &str, body: &Value) -> Value {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let answer = ask(self.server.address, what, &[&self.admin, JSON], &body);
        assert!(answer.status < 300, "{what}: {} {}", answer.status, answer.body);
        if answer.body.is_empty() { Value::Null } else { answer.json() }
    }

    fn rename(&self, name: &str) {
        self.done(&format!("PATCH /api/v1/tasks/{}", self.task), &json!({"name": name}));
    }

    fn people(&self, many: usize, group: &str, role: &str) -> Group {
        let person = |number| {
            let email = format!("{group}{number}@example.com");
            let new = json!({"email": email, "name": group, "role": role, "password": OLGA.1});
            let id = self.done("POST /api/v1/people", &new)["id"].as_i64().unwrap();
            let sign_in = json!({"email": email, "password": OLGA.1, "token": {"name": "test", "scope": "admin"}}).to_string();
            // Of one address too many would come at once.
            let from = format!("X-Forwarded-For: 192.0.2.{number}");
            let answer = ask(self.server.address, "POST /api/v1/session", &[JSON, &from], &sign_in);
            Person { id, token: answer.json()["token"].as_str().unwrap().to_owned(), streams: Vec::new() }
        };
        Group((0..many).map(person).collect())
    }

    fn open(&self) -> u64 {
        self.server.number("tallyport_streams_open ")
    }
}

#[test] // E6, A5, P6, S6, M21
#[expect(clippy::print_stdout, reason = "what was found is for people to read")]
fn of_a_hundred_streams_each_ends_when_it_has_to_and_misses_nothing_until_then() {
    let many = usize::try_from(set("TALLYPORT_STREAMS", 100)).unwrap().div_ceil(5 * OF_ONE);
    let each = (many * OF_ONE) as u64;
    let bench = Bench::new();
    let start = || bench.start_with(&["--trusted-proxies", "127.0.0.1"]);
    let server = start();
    let admin = format!("Authorization: Bearer {}", server.set_up());
    let mut stage = Stage { server, admin, task: Value::Null };
    stage.task = stage.done("POST /api/v1/tasks", &json!({"name": "Theirs"}))["id"].clone();
    let address = stage.server.address;
    let assignment = format!("/api/v1/tasks/{}/assignments", stage.task);
    let people = ["revoked", "deactivated", "slow", "steady"].map(|group| stage.people(many, group, "manager"));
    let [revoked, deactivated, mut slow, steady] = people;
    let unassigned = stage.people(many, "unassigned", "member");
    for person in &unassigned.0 {
        stage.done(&format!("PUT {assignment}/{}", person.id), &Value::Null);
    }
    let [revoked, deactivated, mut steady, mut unassigned] =
        [revoked, deactivated, steady, unassigned].map(|group| group.listen(address));
    let not_read = |person: &Person| {
        let stream = follow(address, &person.token);
        set_socket_recv_buffer_size(stream.get_ref(), 4096).unwrap();
        stream
    };
    let before = stage.server.resident();
    let not_read: Vec<Vec<_>> = slow.0.iter().map(|person| (0..OF_ONE).map(|_| not_read(person)).collect()).collect();
    assert_eq!(stage.open(), 5 * each);
    stage.rename("Before");

    // Whose token is revoked, and who is deactivated, hear no more from then on; who loses a task hears that, and goes on.
    for person in &revoked.0 {
        let own = format!("Authorization: Bearer {}", person.token);
        let token = ask(address, "GET /api/v1/tokens", &[&own], "").json()[0]["id"].clone();
        assert_eq!(ask(address, &format!("DELETE /api/v1/tokens/{token}"), &[&own], "").status, 200);
    }
    revoked.ends();
    for person in &deactivated.0 {
        stage.done(&format!("POST /api/v1/people/{}/deactivate", person.id), &json!({}));
    }
    deactivated.ends();
    for person in &unassigned.0 {
        stage.done(&format!("DELETE {assignment}/{}", person.id), &Value::Null);
    }
    stage.rename("After");
    assert_eq!(stage.open(), 3 * each);

    // Some do not read while very much happens. When they do, they hear all of it, or that they have to read everything again.
    for number in 0..REQUESTS {
        let new = |other| json!({"email": format!("new{number}.{other}@example.com"), "name": "New"});
        stage.done("POST /api/v1/people", &(0..ADDED).map(new).collect());
        // Who reads keeps up; far more at once, and they would have to read again as well.
        let added = ADDED * (number + 1);
        steady.wait("everybody who was added", |stream| stream.about("person") >= added);
    }
    let more = stage.server.resident().saturating_sub(before);
    println!("{} streams, of which {each} are not read and take {} KiB each", stage.open(), more / each);
    assert!(more < each * UNREAD_KIB, "{more} KiB");
    for (person, streams) in slow.0.iter_mut().zip(not_read) {
        let awake = |stream: BufReader<TcpStream>| {
            set_socket_recv_buffer_size(stream.get_ref(), 1 << 18).unwrap();
            Stream::read(stream)
        };
        person.streams = streams.into_iter().map(awake).collect();
    }
    let has_caught_up = |stream: &Stream| stream.about("person") >= ADDED * REQUESTS || stream.is_told_to_read_again();
    slow.wait("everybody who was added", has_caught_up);
    stage.rename("At last");
    slow.wait("the last change", |stream| stream.said().last().is_some_and(|event| event.data["subject"] == "task"));
    steady.wait("the last change", |stream| stream.about("task") == 3);

    // The server ends, and so do they; when it is back they go on where they were.
    stage.server.signal(Signal::TERM);
    [&slow, &steady, &unassigned].into_iter().for_each(Group::ends);
    stage.server.ended();
    for stream in revoked.streams().chain(deactivated.streams()).chain(unassigned.streams()) {
        assert_eq!(stream.about("task"), 1, "{:?}", stream.said());
    }
    assert!(unassigned.streams().all(|stream| stream.about("access") == 1));
    assert!(!steady.streams().any(Stream::is_told_to_read_again));
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let beside = Local::open(LocalOptions::at(bench.path("tallyport.db"))).await.unwrap();
        let client = Client::new(beside.acting(None, Some(OLGA.0)).await.unwrap());
        let task = stage.task.as_i64().unwrap();
        for person in &unassigned.0 {
            client.assignments().assign(task, person.id).await.unwrap();
        }
        client.tasks().change(task, &TaskChange { name: Some("Meanwhile".to_owned()), parent: None }).await.unwrap();
        beside.close().await;
    });
    stage.server = start();
    for group in [&mut slow, &mut steady, &mut unassigned] {
        group.go_on(stage.server.address);
    }
    for group in [&slow, &steady] {
        group.wait("what was meanwhile", |stream| stream.about("task") == 1);
    }
    // What they heard last is too long ago: there was nothing for them in all that was told to others.
    unassigned.wait("that all has to be read again", Stream::is_told_to_read_again);
    stage.rename("Again");
    for (group, tasks) in [(&slow, 2), (&steady, 2), (&unassigned, 1)] {
        group.wait("what is from then on", |stream| stream.about("task") == tasks);
        assert!(group.streams().all(|stream| stream.last() > 0));
    }
    assert!(!slow.streams().chain(steady.streams()).any(Stream::is_told_to_read_again));
    assert_eq!(stage.open(), 3 * each);
    stage.server.stop();
}
