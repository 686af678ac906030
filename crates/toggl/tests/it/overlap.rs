//! Workspaces are read side by side where no pace is asked for, and one after another where it is (I19).

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use bytes::Bytes;
use chrono::TimeDelta;
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode};

use tallyport_domain::{Clock as _, Content, Reading, Source, SourceError};
use tallyport_simulator::{Clock, Fault, How, NewProject, Plan, Simulator, World};
use tallyport_toggl::{Answer, Broken, Config, Toggl, Transport};

use crate::support::{Listener, TestClock, TestRandom, request};

/// How many workspaces there are.
const MANY: usize = 9;

/// Goes straight to the simulator, slowly, and counts how many requests are under way.
struct Slow {
    simulator: Simulator,
    now: AtomicUsize,
    most: AtomicUsize,
}

#[async_trait]
impl Transport for Slow {
    async fn get(&self, target: &str, authorization: HeaderValue) -> Result<Answer, Broken> {
        let now = 1 + self.now.fetch_add(1, Ordering::Relaxed);
        self.most.fetch_max(now, Ordering::Relaxed);
        for _ in 0..20 {
            tokio::task::yield_now().await;
        }
        let request = Request::get(format!("{}{target}", tallyport_simulator::BASE_PATH)).header(AUTHORIZATION, authorization);
        let answer = self.simulator.answer(&request.body(Bytes::new()).unwrap());
        self.now.fetch_sub(1, Ordering::Relaxed);
        let header =
            |(name, value): &(String, String)| (HeaderName::try_from(name).unwrap(), HeaderValue::try_from(value).unwrap());
        let headers: HeaderMap = answer.headers.iter().map(header).collect();
        Ok(Answer { status: StatusCode::from_u16(answer.status).unwrap(), headers, body: answer.body.to_bytes() })
    }
}

/// An account of some workspaces, over such a network.
struct Bench {
    clock: Arc<TestClock>,
    slow: Arc<Slow>,
}

impl Bench {
    fn new() -> Self {
        let (mut world, first) = World::with_workspace(Plan::Enterprise, "Studio 1").unwrap();
        let organization = world.workspace(first).unwrap().organization;
        for number in 2..=MANY {
            let studio = world.add_workspace(organization, format!("Studio {number}")).unwrap();
            let project = world.add_project(studio, NewProject::named("Website")).unwrap();
            world.add_task(project, "Texts").unwrap();
        }
        let clock = TestClock::new();
        let shared = clock.clone();
        let simulator = Simulator::with_clock(world, Clock::following(move || shared.now()));
        let slow = Arc::new(Slow { simulator, now: AtomicUsize::new(0), most: AtomicUsize::new(0) });
        Self { clock, slow }
    }

    /// Reads everything; answers how many requests were under way at most.
    async fn read(&self, requests_per_second: Option<f64>, listener: &Listener) -> (Result<Reading, SourceError>, usize) {
        let config = Config { requests_per_second, ..Config::at("http://127.0.0.1") };
        let token = self.slow.simulator.owner_token().unwrap();
        let transport = Arc::clone(&self.slow) as Arc<dyn Transport>;
        let toggl = Toggl::over(config, transport, token.into(), self.clock.clone(), Arc::new(TestRandom(0))).unwrap();
        let reading = toggl.read(request(), listener).await;
        (reading, self.slow.most.swap(0, Ordering::Relaxed))
    }
}

#[tokio::test] // I19
async fn lists_overlap_only_where_no_pace_is_asked_for() {
    let bench = Bench::new();
    let listener = Listener::patient(&bench.clock);
    let (paced, one) = bench.read(Some(1.0), &listener).await;
    let (free, some) = bench.read(None, &listener).await;
    assert_eq!((one, some), (1, 4));
    let (paced, free) = (paced.unwrap(), free.unwrap());
    assert_eq!(paced, free, "the same in the same order");
    assert_eq!(free.snapshot.workspaces.len(), MANY);
    assert_eq!(listener.last().workspaces_done, u32::try_from(MANY).unwrap());
}

#[tokio::test] // I19
async fn the_reserve_is_left_by_requests_side_by_side_too() {
    let bench = Bench::new();
    // Workspaces apart, one request for the members and three for each workspace.
    let needed = i64::try_from(1 + 3 * MANY).unwrap();
    for short in 1..=6 {
        bench.slow.simulator.switch(|switches| switches.enterprise_quota = needed + 3 - short);
        let listener = Listener::patient(&bench.clock);
        let (reading, most) = bench.read(None, &listener).await;
        assert!(reading.is_ok() && most > 1, "{reading:?} with {most}");
        let left = listener.told().iter().filter_map(|told| Some(told.quota?.remaining)).min();
        assert_eq!(left, Some(3), "{short} too few");
        assert!(!listener.waited().is_empty(), "{short} too few");
        bench.clock.set(bench.clock.now() + TimeDelta::hours(2));
    }
}

#[tokio::test] // I8, I10
async fn what_goes_wrong_in_one_workspace_is_no_other_ones_trouble() {
    let bench = Bench::new();
    let listener = Listener::patient(&bench.clock);
    let fifth = bench.slow.simulator.read(|world| world.workspaces().nth(4).unwrap().id);
    bench.slow.simulator.inject(Fault::on(format!("/{fifth}/projects"), How::status(403)));
    let reading = bench.read(None, &listener).await.0.unwrap();
    let refused = |content: &Content| matches!(content, Content::Refused(_));
    let refused: Vec<bool> = reading.snapshot.workspaces.iter().map(|workspace| refused(&workspace.content)).collect();
    assert_eq!(refused, [false, false, false, false, true, false, false, false, false]);

    bench.slow.simulator.clear_faults();
    bench.slow.simulator.inject(Fault::on(format!("/{fifth}/projects"), How::status(200)));
    assert!(matches!(bench.read(None, &listener).await.0, Err(SourceError::Nonsense { .. })), "it ends the reading of all");
}
