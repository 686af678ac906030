//! The kinds that are none of the answer but of the wire that carries it: over real sockets, with the adapter's own client.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use tallyport_api_types::Code;
use tallyport_domain::{Clock, Outcome, Run, Source};
use tallyport_simulator::{Fault, How, Server, Simulator};
use tallyport_sync::system::SystemRandom;
use tallyport_toggl::{Config, Toggl};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::bench::{switches, world};
use super::kinds::Place;
use crate::support::{Desk, TestClock, soon, tell};

/// The adapter's pauses pass at once, while heartbeats come due when the test says so, which is never.
struct Hurried(TestClock);

#[async_trait]
impl Clock for Hurried {
    fn now(&self) -> DateTime<Utc> {
        self.0.now()
    }

    async fn sleep_until(&self, instant: DateTime<Utc>) {
        self.0.advance((instant - self.0.now()).max(TimeDelta::zero()));
    }
}

/// An account that mirrors the world over a socket.
pub(super) struct Line {
    desk: Desk,
    server: Server,
    toggl: Arc<dyn Source>,
}

impl Line {
    /// Long enough for every good answer, and short where one is never to come.
    pub(super) async fn new(patience: Duration) -> Self {
        let simulator = Simulator::new(world());
        simulator.switch(|all| *all = switches());
        let server = Server::start(simulator).unwrap();
        let desk = Desk::new().await;
        // With a pace, so one request after another, as with Toggl itself: then it is known what is asked when a fault strikes.
        let paced = Config { requests_per_second: Some(1000.0), ..Config::at(server.url()) };
        let config = Config { read_timeout: patience, request_timeout: patience * 2, ..paced };
        let token = server.simulator().owner_token().unwrap().into();
        let clock = Arc::new(Hurried(desk.clock.clone()));
        let toggl: Arc<dyn Source> = Arc::new(Toggl::new(config, token, clock, Arc::new(SystemRandom)).unwrap());
        Self { desk, server, toggl }
    }

    pub(super) fn simulator(&self) -> &Simulator {
        self.server.simulator()
    }

    pub(super) async fn sync(&self) -> Run {
        self.desk.engine.run(self.desk.account, Arc::clone(&self.toggl), self.desk.order()).await.unwrap()
    }

    fn rename_everything(&self) {
        self.simulator().change(|world| {
            let all: Vec<_> = world.workspaces().cloned().collect();
            for project in all.into_iter().flat_map(|workspace| workspace.projects) {
                world.rename_project(project.id, format!("{}, renamed", project.name)).unwrap();
            }
        });
    }

    /// Syncs with the fault at that request: the tree is as it was, and the text names what was asked.
    pub(super) async fn expect(&self, place: &Place, how: How, code: Code) -> u64 {
        let injected = self.simulator().faults_injected();
        let before = (self.desk.rows(false).await, self.desk.rows(true).await);
        self.rename_everything();
        self.simulator().inject(Fault::on(format!("GET {}$", place.target), how.clone()));
        let began = self.desk.clock.now();
        let run = self.sync().await;
        self.simulator().clear_faults();
        let error = run.error.unwrap_or_else(|| panic!("{how:?} at {} came to {:?}", place.target, run.outcome));
        assert_eq!((run.outcome, Code::parse(&error.code)), (Outcome::Failed, code), "{how:?} at {}: {error:?}", place.target);
        assert!(error.message.contains(place.path()) && !error.message.contains(['\n', '\r']), "{error:?}");
        assert!(error.message.len() < 500, "{error:?}");
        assert_eq!(before, (self.desk.rows(false).await, self.desk.rows(true).await), "{how:?} at {}", place.target);
        assert!(self.desk.clock.now() - began < TimeDelta::seconds(10));
        let struck = self.simulator().faults_injected() - injected;
        assert!(struck > 0, "{how:?} at {} did not strike", place.target);
        struck
    }
}

/// The requests of a sync.
async fn places() -> Vec<Place> {
    let line = Line::new(Duration::from_secs(20)).await;
    let run = line.sync().await;
    assert_eq!(run.outcome, Outcome::Succeeded, "{run:?}");
    line.simulator().requests().iter().map(|request| Place::of(&request.target())).collect()
}

/// Lets each of these strike each request of a sync, the requests side by side.
async fn at_every_request(name: &str, patience: Duration, kinds: Vec<(How, Code)>) {
    let places = places().await;
    assert_eq!(places.len(), 13);
    let mut all = JoinSet::new();
    for place in places {
        let kinds = kinds.clone();
        all.spawn(async move {
            let line = Line::new(patience).await;
            assert_eq!(line.sync().await.outcome, Outcome::Succeeded);
            let mut struck = 0;
            for (how, code) in kinds {
                struck += line.expect(&place, how, code).await;
            }
            assert_eq!(line.sync().await.outcome, Outcome::Succeeded, "the next clean sync is in step");
            assert_eq!(line.simulator().requests_that_write(), 0); // I18
            struck
        });
    }
    let struck: u64 = all.join_all().await.into_iter().sum();
    tell(&format!("M3: {name}: {struck} faults injected"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)] // I10, kinds 2 to 4, 17 and 29
async fn connections_that_break_and_answers_that_are_no_http() {
    let kinds = vec![
        (How::ResetBeforeHead, Code::TogglUnreachable),
        (How::ResetInBody, Code::TogglUnreachable),
        (How::ShortBody, Code::TogglUnreachable),
        (How::BrokenGzip, Code::TogglNonsense),
        (How::MalformedStatusLine, Code::TogglNonsense),
        (How::HugeHeader { bytes: 1024 * 1024 }, Code::TogglNonsense),
        (How::NoContent, Code::TogglNonsense),
        (How::DeepJson { depth: 10_000 }, Code::TogglNonsense),
    ];
    at_every_request("broken connections", Duration::from_secs(20), kinds).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)] // I10, kinds 5 and 6
async fn servers_that_say_nothing_or_too_little_at_a_time() {
    let kinds = vec![
        (How::StallBeforeHead, Code::TogglUnreachable),
        (How::StallInBody, Code::TogglUnreachable),
        (How::Slow { milliseconds: 200 }, Code::TogglUnreachable),
    ];
    at_every_request("silence", Duration::from_millis(1500), kinds).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)] // I10, kinds 15 and 16
async fn bodies_without_measure() {
    let kinds =
        vec![(How::GzipBomb { mebibytes: 64 }, Code::TogglNonsense), (How::HugePage { mebibytes: 64 }, Code::TogglNonsense)];
    at_every_request("bodies without measure", Duration::from_mins(1), kinds).await;
}

/// A host that counts who comes, and whether they bring a secret.
struct Trap {
    url: String,
    visits: Arc<AtomicUsize>,
    secrets: Arc<AtomicUsize>,
}

impl Trap {
    async fn set() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("http://{}/api/v9/me", listener.local_addr().unwrap());
        let (visits, secrets) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
        let (visited, seen) = (Arc::clone(&visits), Arc::clone(&secrets));
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                visited.fetch_add(1, Ordering::SeqCst);
                let mut head = vec![0; 8192];
                let read = stream.read(&mut head).await.unwrap_or(0);
                let head = String::from_utf8_lossy(&head[..read]).to_lowercase();
                seen.fetch_add(usize::from(head.contains("authorization")), Ordering::SeqCst);
                drop(stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[]").await);
            }
        });
        Self { url, visits, secrets }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)] // I18, kinds 20 and 21
async fn a_redirect_takes_the_token_nowhere() {
    let trap = Trap::set().await;
    let to = |status| (How::Redirect { status, to: trap.url.clone() }, Code::TogglNonsense);
    let around = (How::Redirect { status: 302, to: "/api/v9/me/workspaces".to_owned() }, Code::TogglNonsense);
    let kinds = vec![to(301), to(302), to(303), to(307), to(308), around];
    at_every_request("redirects", Duration::from_secs(20), kinds).await;
    assert_eq!((trap.visits.load(Ordering::SeqCst), trap.secrets.load(Ordering::SeqCst)), (0, 0));
    // The trap works.
    let mut stream = tokio::net::TcpStream::connect(trap.url.split('/').nth(2).unwrap()).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nAuthorization: Basic x\r\n\r\n").await.unwrap();
    stream.read_to_end(&mut Vec::new()).await.unwrap();
    assert_eq!((trap.visits.load(Ordering::SeqCst), trap.secrets.load(Ordering::SeqCst)), (1, 1));
}

/// Syncs with a host that goes away while it is asked that, and is not there when it is asked again.
async fn left_alone_at(place: Place) {
    let line = Line::new(Duration::from_secs(20)).await;
    assert_eq!(line.sync().await.outcome, Outcome::Succeeded);
    line.rename_everything();
    let before = (line.desk.rows(false).await, line.desk.rows(true).await);
    let Line { desk, server, toggl } = line;
    let simulator = server.simulator().clone();
    simulator.inject(Fault::on(format!("GET {}$", place.target), How::StallBeforeHead));
    let leaving = soon(async {
        while simulator.faults_injected() == 0 {
            tokio::task::yield_now().await;
        }
        drop(server);
    });
    let (run, ()) = tokio::join!(desk.engine.run(desk.account, toggl, desk.order()), leaving);
    let (run, there) = (run.unwrap(), &place.target);
    let error = run.error.unwrap_or_else(|| panic!("{there}: {:?}", run.outcome));
    assert_eq!((run.outcome, Code::parse(&error.code)), (Outcome::Failed, Code::TogglUnreachable), "{there}");
    assert!(error.message.contains(place.path()) && error.message.contains("refused"), "{error:?}");
    assert_eq!((desk.rows(false).await, desk.rows(true).await), before, "{there}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)] // I10, kind 1
async fn a_host_that_refuses_connections_is_named_at_every_request() {
    let all: JoinSet<()> = places().await.into_iter().map(left_alone_at).collect();
    tell(&format!("M3: hosts that go away: {} faults injected", all.join_all().await.len()));
}
