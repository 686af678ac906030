//! Everything that people ask of a server, for a long time: it takes no more and no more of the machine (S11, M8).

use std::collections::BTreeMap;
use std::io::BufRead as _;
use std::net::SocketAddr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::scope;
use std::time::Duration;

use serde_json::json;
use tallyport_simulator::{Clock, QuotaMode, Server as Toggl, Simulator, World};

use crate::cap::Capped;
use crate::load::{Chance, lasting, now, set};
use crate::support::{Answer, Bench, JSON, OLGA, ask, follow};

/// How many ask at once.
const PEOPLE: usize = 4;
/// How many long tasks there are once, which take more room than any cache has.
const FILLING: usize = 3000;
/// What it may take of memory: the limit that it is given where one can be given, and what it is held against anyway.
const MEMORY_MIB: u64 = 256;
/// How much more memory it may take for 100,000 requests, once it has what it needs.
const MORE_KIB: f64 = 1024.0;
const LOG_MIB: u64 = 64;

/// What one person does, again and again, by chance.
struct Busy {
    address: SocketAddr,
    bearer: String,
    token: String,
    chance: Chance,
    /// What was answered how often, by route and status.
    answered: BTreeMap<(String, u16), usize>,
}

impl Busy {
    fn ask(&mut self, what: &str, headers: &[&str], body: &str) -> Answer {
        let answer = ask(self.address, what, &[&[self.bearer.as_str(), JSON], headers].concat(), body);
        let route: String = what.split('?').next().unwrap_or_default().chars().filter(|c| !c.is_ascii_digit()).collect();
        *self.answered.entry((route, answer.status)).or_default() += 1;
        assert!(answer.status < 500, "{what}: {} {}", answer.status, answer.body);
        answer
    }

    /// One thing that somebody does; most of them look.
    fn do_something(&mut self) {
        const LOOKS: [&str; 12] = [
            "/api/v1/me",
            "/api/v1/tasks",
            "/api/v1/tasks?q=a",
            "/api/v1/tasks?q=web%20design",
            "/api/v1/tasks/2",
            "/api/v1/tasks/2/why",
            "/api/v1/people",
            "/api/v1/people/1/access?effective=true",
            "/api/v1/integrations/toggl",
            "/api/v1/integrations/toggl/runs",
            "/api/v1/tokens",
            "/api/v1/me/sessions",
        ];
        // What is asked wrongly, and by nobody.
        const WRONG: [&str; 6] =
            ["/api/v1/tasks/0", "/api/v1/tasks/x", "/api/v1/nothing", "/api/v1/tasks?z=1", "/accept/tpi_x", "/x"];
        match self.chance.below(1000) {
            0..700 => self.look(&LOOKS),
            700..760 => self.look(&WRONG),
            760..800 => self.look(&["/healthz", "/readyz", "/sign-in", "/api/docs/"]),
            800..900 => self.work_on_a_task(),
            900..960 => self.change_name(),
            960..990 => self.follow(),
            990..996 => drop(self.ask("POST /api/v1/integrations/toggl/preview", &[], "{}")),
            996..999 => drop(self.ask("POST /api/v1/integrations/toggl/runs", &[], "{}")),
            _ => self.come_and_go(),
        }
    }

    fn look(&mut self, paths: &[&str]) {
        let path = paths[self.chance.below(paths.len())];
        self.ask(&format!("GET {path}"), &[], "");
    }

    /// A task is added, with the same answer to whoever asks again, gets another name, is archived and restored, and goes.
    fn work_on_a_task(&mut self) {
        let key = format!("Idempotency-Key: {}-{}", self.chance.below(usize::MAX), self.token.len());
        let new = json!({"name": format!("Task {}", self.chance.below(1000))}).to_string();
        let made = [(); 2].map(|()| self.ask("POST /api/v1/tasks", &[&key], &new));
        assert_eq!(made[0].body, made[1].body, "it was made once");
        let path = format!("/api/v1/tasks/{}", made[0].json()["id"]);
        self.ask(&format!("PATCH {path}"), &[], &json!({"name": "Renamed"}).to_string());
        self.ask(&format!("PUT {path}/assignments/1"), &[], "");
        self.ask(&format!("POST {path}/archive"), &[], "");
        self.ask(&format!("POST {path}/restore"), &[], "");
        assert_eq!(self.ask(&format!("DELETE {path}"), &[], "").status, 204);
    }

    /// Fills what the server keeps at hand of its database, whatever that is worth: tasks with the longest names that there can
    /// be are added, looked at, and deleted.
    fn fill_caches(&mut self) {
        let new = json!({"name": "a".repeat(4096)}).to_string();
        let mut added = Vec::new();
        for _ in 0..FILLING / PEOPLE {
            added.push(self.ask("POST /api/v1/tasks", &[], &new).json()["id"].clone());
        }
        for path in ["/api/v1/tasks", "/api/v1/tasks?q=a", "/api/v1/integrations/toggl/runs"] {
            self.ask(&format!("GET {path}"), &[], "");
        }
        for id in added {
            self.ask(&format!("DELETE /api/v1/tasks/{id}"), &[], "");
        }
    }

    fn change_name(&mut self) {
        let name = json!({"name": format!("Olga {}", self.chance.below(usize::MAX))}).to_string();
        assert_eq!(self.ask("PATCH /api/v1/me", &[], &name).status, 200);
    }

    /// Somebody follows what happens until something did.
    fn follow(&mut self) {
        let mut stream = follow(self.address, &self.token);
        self.change_name();
        let mut line = String::new();
        while !line.starts_with("event: change") {
            line.clear();
            assert!(stream.read_line(&mut line).unwrap() > 0, "a stream ended");
        }
    }

    fn come_and_go(&mut self) {
        let from = format!("X-Forwarded-For: 192.0.2.{}", self.chance.below(200));
        let body = json!({"email": OLGA.0, "password": OLGA.1}).to_string();
        let answer = ask(self.address, "POST /api/v1/session", &[JSON, &from, "Sec-Fetch-Site: same-origin"], &body);
        let Some(cookie) = answer.header("set-cookie").and_then(|cookie| cookie.split(';').next()) else {
            return assert_eq!(answer.status, 429, "{}", answer.body);
        };
        let cookie = format!("Cookie: {cookie}");
        let gone = ask(self.address, "DELETE /api/v1/session", &[&cookie, "Sec-Fetch-Site: same-origin"], "");
        assert_eq!(gone.status, 204, "{}", gone.body);
    }
}

/// What was seen of the server at one moment.
#[derive(Clone, Copy)]
struct Seen {
    requests: usize,
    resident_kib: u64,
    log_bytes: u64,
}

/// How much the memory grows, in KiB for 100,000 requests: the line through what was seen that is nearest to it.
#[expect(clippy::cast_precision_loss, reason = "nothing here comes near to 2^52")]
fn growth(seen: &[Seen]) -> f64 {
    let points: Vec<(f64, f64)> = seen.iter().map(|seen| (seen.requests as f64 / 1e5, seen.resident_kib as f64)).collect();
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / points.len() as f64;
    let (x, y) = (mean(|point| point.0), mean(|point| point.1));
    let (up, along) =
        points.iter().fold((0.0, 0.0), |(up, along), point| (up + (point.0 - x) * (point.1 - y), along + (point.0 - x).powi(2)));
    up / along
}

#[test]
fn a_line_is_found_through_what_was_seen() {
    let seen = |requests, resident_kib| Seen { requests, resident_kib, log_bytes: 0 };
    assert!((growth(&[seen(0, 100), seen(100_000, 300), seen(200_000, 500)]) - 200.0).abs() < 1e-6);
    assert!(growth(&[seen(0, 7), seen(50_000, 7)]).abs() < 1e-6);
}

#[test] // S11, M8
#[ignore = "by hand, since it takes minutes: cargo xtask soak http"]
#[expect(clippy::print_stdout, reason = "what was found is for people to read")]
fn whatever_is_asked_for_long_it_takes_no_more_of_the_machine() {
    let toggl = Toggl::start(Simulator::with_clock(World::nordlicht(), Clock::real())).unwrap();
    toggl.simulator().switch(|switches| {
        switches.quota = QuotaMode::Counted;
        (switches.quota_headers, switches.rate_limit) = (false, None);
    });
    let bench = Bench::new();
    let flags = ["--toggl-url", &toggl.url(), "--trusted-proxies", "127.0.0.1"];
    let server = bench.start_with(&flags);
    let capped = Capped::at(MEMORY_MIB, server.process());
    let token = server.set_up();
    let busy = |seed| Busy {
        address: server.address,
        bearer: format!("Authorization: Bearer {token}"),
        token: token.clone(),
        chance: Chance::of(seed),
        answered: BTreeMap::new(),
    };
    let mut first = busy(0);
    let api_token = json!({"api_token": toggl.simulator().owner_token().unwrap()}).to_string();
    assert_eq!(first.ask("PUT /api/v1/integrations/toggl", &[], &api_token).status, 200);
    assert_eq!(first.ask("PUT /api/v1/integrations/toggl/selection", &[], r#"{"all":true}"#).status, 202);
    first.fill_caches();

    let (seed, rate, lasting) = (set("TALLYPORT_LOAD_SEED", 8), set("TALLYPORT_LOAD_RATE", 1 << 20), lasting(60));
    println!(
        "seed {seed}; memory {} at {MEMORY_MIB} MiB",
        if capped.is_some() { "is capped" } else { "cannot be capped: it is looked at" }
    );
    let (over, requests, answered) = (AtomicBool::new(false), AtomicUsize::new(0), Mutex::new(BTreeMap::new()));
    let mut seen = Vec::new();
    scope(|scope| {
        let workers: Vec<_> = (0..PEOPLE)
            .map(|person| {
                let (mut busy, over, requests, answered) = (busy(seed + person as u64), &over, &requests, &answered);
                scope.spawn(move || {
                    let began = now();
                    let mut done = 0;
                    while !over.load(Ordering::Relaxed) {
                        busy.do_something();
                        let all: usize = busy.answered.values().sum();
                        requests.fetch_add(all - done, Ordering::Relaxed);
                        done = all;
                        let due = Duration::from_micros((done * PEOPLE * 1_000_000) as u64 / rate);
                        std::thread::park_timeout(due.saturating_sub(began.elapsed()));
                    }
                    let mut all = answered.lock().unwrap();
                    busy.answered.into_iter().for_each(|(what, count)| *all.entry(what).or_insert(0) += count);
                })
            })
            .collect();
        let began = now();
        // Who fails ends it for all: what they say is told when they are joined.
        while began.elapsed() < lasting && workers.iter().all(|worker| !worker.is_finished()) {
            std::thread::park_timeout(Duration::from_millis(200));
            let log_bytes = std::fs::metadata(bench.path("tallyport.db-wal")).map_or(0, |log| log.len());
            seen.push(Seen { requests: requests.load(Ordering::Relaxed), resident_kib: server.resident(), log_bytes });
        }
        over.store(true, Ordering::Relaxed);
    });
    let answered = answered.into_inner().unwrap();
    // What it takes once is taken by the end of the first third.
    let growth = growth(&seen[seen.len() / 3..]);
    let most = |of: fn(&Seen) -> u64| seen.iter().map(of).max().unwrap_or_default();
    let (resident, log) = (most(|seen| seen.resident_kib), most(|seen| seen.log_bytes));
    let requests: usize = answered.values().sum();
    println!(
        "{requests} requests in {lasting:?}: memory grew by {growth:.0} KiB for 100,000 of them, {} MiB at most; log {} MiB at most",
        resident >> 10,
        log >> 20
    );
    let tenths: Vec<(usize, u64)> =
        seen.iter().step_by(1 + seen.len() / 10).map(|seen| (seen.requests, seen.resident_kib >> 10)).collect();
    println!("requests, and MiB by then: {tenths:?}");
    let mut statuses = BTreeMap::<u16, usize>::new();
    for ((what, status), count) in &answered {
        println!("{count:>8}  {status}  {what}");
        *statuses.entry(*status).or_default() += count;
    }
    assert!(statuses.keys().all(|status| *status < 500), "{statuses:?}");
    assert!([200, 201, 202, 204, 400, 404].iter().all(|status| statuses.contains_key(status)), "{statuses:?}");
    assert!(resident < MEMORY_MIB << 10 && log < LOG_MIB << 20, "{resident} KiB, {log} bytes of log");
    assert!(growth < MORE_KIB, "{growth} KiB for 100,000 requests");
    server.stop();
    drop(capped);
}
