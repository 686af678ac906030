//! One history: what is pressed on which device, what befalls it on the way, and what is there when all is told.

use chrono::{DateTime, Utc};
use tallyport_domain::EntryId;
use tallyport_storage::Subject;

use super::census::Census;
use super::chance::Chance;
use super::device::{Came, Device, View};
use super::model::{Model, SITE};
use super::pressed::{LATE, Pressed};
use super::request::{Answer, Body, Request, Shown};
use super::servers::{GARDEN, Place, Servers};

/// More than any device takes to tell everything once nothing is in its way.
const ENDLESS: usize = 1000;

/// How many changes are read at once, so that there is always a next page.
const PAGE: u32 = 7;

struct History<'a> {
    servers: Servers<'a>,
    devices: Vec<Device>,
    model: Model,
    pressed: Pressed,
    chance: Chance,
    /// The true time, in milliseconds.
    truth: i64,
    /// By how many milliseconds the clocks of the servers are wrong.
    wrong: [i64; 2],
    /// Whether every clock is right from beginning to end.
    exact: bool,
    /// Until when what is under way may still arrive.
    late: Vec<(i64, Request)>,
    calm: bool,
    trace: Vec<String>,
    census: Census,
}

/// Plays a seed over an account of its own; gives the trace, and what it came upon.
pub(super) async fn play(place: &mut Place, seed: u64) -> (Vec<String>, Census) {
    let mut chance = Chance::new(seed);
    let exact = chance.percent(40);
    let begin: DateTime<Utc> = "2026-11-27T13:00:00Z".parse().unwrap();
    let devices = (0..2 + chance.below(3)).map(|number| {
        let wrong = if exact { 0 } else { chance.range(-3_600_000, 3_600_000) };
        Device { number, online: chance.percent(60), wrong, ..Device::default() }
    });
    let devices = devices.collect();
    let wrong = if exact { [0; 2] } else { [0, chance.range(-3000, 3000)] };
    let servers = place.account(begin).await;
    let mut history = History {
        servers,
        devices,
        model: Model::default(),
        pressed: Pressed::default(),
        truth: begin.timestamp_millis(),
        wrong,
        exact,
        late: Vec::new(),
        calm: false,
        trace: Vec::new(),
        census: Census::default(),
        chance,
    };
    for _ in 0..40 + history.chance.below(60) {
        history.step().await;
    }
    history.come_to_an_end().await;
    history.census.count("clocks that are right", u64::from(exact));
    let ended_earlier = history.model.ended_earlier;
    history.census.count("ended earlier", ended_earlier);
    (history.trace, history.census)
}

impl History<'_> {
    fn count(&mut self, what: &str) {
        self.census.count(what, 1);
    }

    fn tell(&mut self, what: &str) {
        self.trace.push(format!("{} {what}", self.truth));
    }

    /// Time passes, which the servers see as their clocks show it.
    fn pass(&mut self) {
        self.truth += match self.chance.below(10) {
            0 => 0,
            1..=5 => self.chance.range(1, 20_000),
            6..=8 => self.chance.range(20_000, 600_000),
            _ => self.chance.range(600_000, 6_000_000),
        };
        self.set_clocks();
    }

    fn set_clocks(&self) {
        for server in 0..2 {
            self.servers.set(server, DateTime::from_timestamp_millis(self.truth + self.wrong[server]).unwrap());
        }
    }

    /// What the clock of a server shows, in milliseconds.
    fn shows(&self, server: usize) -> i64 {
        self.truth + self.wrong[server]
    }

    fn second(&self, server: usize) -> i64 {
        self.shows(server).div_euclid(1000)
    }

    async fn step(&mut self) {
        self.pass();
        self.arrive_late().await;
        let device = self.chance.below(self.devices.len());
        match self.chance.below(100) {
            0..=21 => self.start(device).await,
            22..=41 => self.stop(device).await,
            42..=59 => self.send(device).await,
            60..=75 => self.follow(device).await,
            76..=86 => self.partition(device),
            87..=89 => {
                self.devices[device].restart();
                self.count("device restarts");
            }
            90..=91 if !self.exact => {
                self.devices[device].wrong += self.chance.range(-900_000, 900_000);
                self.count("device clock jumps");
            }
            92..=93 if !self.exact => self.set_a_clock(),
            94 if self.chance.percent(30) => {
                let server = self.chance.below(2);
                self.servers.restart(server);
                self.count("server restarts");
            }
            95..=96 => self.manage().await,
            // Where what ended another one is gone, what is left cannot be held against what was pressed.
            97..=99 if !self.exact => self.delete(device).await,
            _ => {}
        }
        let server = self.chance.below(2);
        assert_eq!(self.servers.running(server).await.as_ref(), self.model.running(), "the timer that runs");
    }

    async fn start(&mut self, device: usize) {
        let task = [Some(SITE.0), Some(SITE.0), Some(GARDEN), None][self.chance.below(4)];
        let at = self.devices[device].now(self.truth);
        let (mark, ended) = self.devices[device].start(task, at);
        self.tell(&format!("start {mark} at {at}"));
        let truth = self.truth.div_euclid(1000);
        self.pressed.start(&mark, truth);
        if let Some(timer) = ended {
            self.pressed.end(&timer.mark, truth, &mark);
        }
        self.send_at_once(device).await;
    }

    async fn stop(&mut self, device: usize) {
        let at = self.devices[device].now(self.truth);
        if let Some((by, timer)) = self.devices[device].stop(at) {
            self.tell(&format!("stop {by} of {} at {at}", timer.mark));
            self.pressed.end(&timer.mark, self.truth.div_euclid(1000), &by);
            self.send_at_once(device).await;
        }
    }

    /// What somebody pressed and looks at leaves at once.
    async fn send_at_once(&mut self, device: usize) {
        if self.devices[device].online && self.devices[device].queue.len() == 1 {
            self.send(device).await;
        }
    }

    /// Sends what waits, until something gets lost.
    async fn send(&mut self, device: usize) {
        for _ in 0..ENDLESS {
            let asks = self.devices[device].online.then(|| self.devices[device].request()).flatten();
            let Some(request) = asks else { return };
            if !self.send_one(device, request).await {
                return;
            }
        }
        panic!("device {device} does not end: {:?}", self.devices[device]);
    }

    /// Sends one request; says whether an answer came.
    async fn send_one(&mut self, device: usize, request: Request) -> bool {
        let fate = if self.calm { 99 } else { self.chance.below(100) };
        if fate < 8 {
            self.tell(&format!("lost {request:?}"));
            self.count("requests lost");
            return false;
        }
        if fate < 16 {
            self.tell(&format!("late {request:?}"));
            self.count("requests late");
            self.late.push((self.truth + LATE * 1000, request));
            return false;
        }
        let server = self.chance.below(2);
        let answer = self.arrive(server, &request).await;
        if fate < 26 {
            self.count("answers lost");
            return false;
        }
        let clocks = (self.truth, self.shows(server));
        let came = self.devices[device].answered(&request, &answer, clocks);
        self.tell(&format!("device {device}: {came:?}"));
        match came {
            Came::Settled { differed: true } => self.count("settled by what differs"),
            Came::Again("ahead_of_clock") => self.count("ahead of the clock"),
            Came::Settled { differed: false } | Came::Again(_) => {}
            Came::Dropped { mark, why } => {
                self.count(if mark.is_empty() { "stops of what is gone" } else { "refused while somebody looks" });
                assert!(["task_archived", "not_found"].contains(&why), "{why}");
                self.pressed.gone(&mark);
            }
        }
        true
    }

    /// What was given up for lost arrives after all, or never does.
    async fn arrive_late(&mut self) {
        self.late.retain(|(until, _)| *until >= self.truth);
        while !self.late.is_empty() && self.chance.percent(50) {
            let (_, request) = self.late.remove(self.chance.below(self.late.len()));
            let server = self.chance.below(2);
            self.arrive(server, &request).await;
        }
    }

    /// A request arrives, and is answered as the model answers it.
    async fn arrive(&mut self, server: usize, request: &Request) -> Answer {
        let answer = self.servers.ask(server, request).await;
        self.tell(&format!("server {server} at {}: {request:?}: {answer:?}", self.second(server)));
        let now = self.second(server);
        assert_eq!(answer, self.model.ask(request, now), "{request:?} at {now}");
        match (&answer, &request.body) {
            (Answer::Done { before: true, .. }, _) => self.count("replayed"),
            (Answer::Done { text, .. }, body) => {
                let (made, _) = &self.model.entries[&super::request::about(text).0];
                let made = made.clone();
                self.count_made(&made, body, text);
            }
            (Answer::Refused(_), _) => {}
        }
        answer
    }

    fn count_made(&mut self, made: &Shown, body: &Body, text: &str) {
        let happened = [
            ("told later", matches!(body, Body::Start { done: Some(_), .. } | Body::Stop { at: Some(_), .. })),
            ("counted on a device", matches!(body, Body::Add { .. })),
            ("started late, ended by a later start", matches!(body, Body::Start { .. }) && made.end.is_some()),
            ("stepped back", made.stepped_back),
            ("to no task", made.note.contains('\n') && !matches!(body, Body::Stop { .. })),
            ("nothing to stop", matches!(body, Body::Stop { at: Some(at), .. } if made.end.is_some_and(|end| end < *at))),
        ];
        for (what, _) in happened.into_iter().filter(|(_, happened)| *happened) {
            self.count(what);
        }
        assert_eq!(made.to_string(), text);
    }

    fn partition(&mut self, device: usize) {
        self.devices[device].online ^= true;
        if !self.devices[device].online {
            self.count("partitions");
        }
    }

    /// The clocks of both servers are set, as clocks of one machine room are.
    fn set_a_clock(&mut self) {
        let by = match self.chance.below(4) {
            0 => self.chance.range(-7_200_000, 0),
            1 => self.chance.range(0, 7_200_000),
            _ => self.chance.range(-5000, 5000),
        };
        self.wrong = self.wrong.map(|wrong| wrong + by);
        self.set_clocks();
        self.count(if by < 0 { "server clocks set back" } else { "server clocks set forward" });
    }

    /// Somebody archives the task that is tracked on, or takes it from the person, or puts that right again.
    async fn manage(&mut self) {
        let (server, assignment) = (self.chance.below(2), self.chance.percent(50));
        let now = self.second(server);
        let task = &mut self.model.task;
        match (assignment, task.lost.is_some(), task.archived.is_some()) {
            (true, false, _) => {
                self.servers.unassign(server).await;
                task.lost = Some(now);
            }
            (true, true, _) => {
                self.servers.assign(server).await;
                task.lost = None;
            }
            (false, _, false) => {
                self.servers.archive(server).await;
                task.archived = Some(now);
            }
            (false, _, true) => {
                self.servers.restore(server).await;
                task.archived = None;
            }
        }
        let told = format!("the task: {:?}", self.model.task);
        self.tell(&told);
    }

    /// Somebody deletes what a device shows.
    async fn delete(&mut self, device: usize) {
        let rows: Vec<Shown> = self.devices[device].view.rows.values().cloned().collect();
        let Some(row) = self.chance.pick(&rows).cloned().filter(|_| self.devices[device].online) else { return };
        let deleted = self.servers.delete(0, row.id).await;
        assert_eq!(deleted.is_ok(), self.model.entries.remove(&row.id).is_some(), "{deleted:?}");
        if deleted.is_ok() {
            self.tell(&format!("deleted {row}"));
            self.count("deleted");
            self.pressed.gone(row.mark());
        }
    }

    /// Reads what a device has not heard of yet, and stops somewhere.
    async fn follow(&mut self, device: usize) {
        let server = self.chance.below(2);
        if !self.devices[device].online {
            return;
        }
        let Some(after) = self.devices[device].view.after else {
            // What happens between the number and the reading is heard of once more.
            self.devices[device].view.after = Some(self.servers.latest_change(server).await);
            return;
        };
        if !self.devices[device].view.is_read {
            let rows = self.servers.list(server, self.servers.now(server)).await;
            let view = View { after: Some(after), is_read: true, rows: rows.into_iter().map(|row| (row.id, row)).collect() };
            self.devices[device].view = view;
            self.count("read again");
            return;
        }
        let many = if self.calm { PAGE } else { 1 + u32::try_from(self.chance.below(7)).unwrap() };
        for change in self.servers.changes(server, after, many).await {
            if let Subject::Entry(entry, _) = change.subject {
                self.look(device, server, entry).await;
            }
            self.devices[device].view.after = Some(change.number);
        }
    }

    async fn look(&mut self, device: usize, server: usize, entry: EntryId) {
        let shown = self.servers.show(server, entry).await;
        let rows = &mut self.devices[device].view.rows;
        match shown {
            Some(shown) => rows.insert(entry.0, shown),
            None => rows.remove(&entry.0),
        };
    }

    /// Nothing is in the way any more: everything is told, and everybody hears of it.
    async fn come_to_an_end(&mut self) {
        self.calm = true;
        while let Some((_, request)) = self.late.pop() {
            self.arrive(0, &request).await;
        }
        for device in 0..self.devices.len() {
            self.devices[device].online = true;
            self.send(device).await;
        }
        let newest = self.servers.latest_change(0).await;
        let expected: Vec<Shown> = self.model.entries.values().map(|(shown, _)| shown.clone()).collect();
        for server in 0..2 {
            let mut listed = self.servers.list(server, self.servers.now(server)).await;
            listed.sort_by_key(|shown| shown.id);
            assert_eq!(listed, expected, "what is there, and what was asked for");
        }
        for device in 0..self.devices.len() {
            for _ in 0..ENDLESS {
                if self.devices[device].view.is_read && self.devices[device].view.after == Some(newest) {
                    break;
                }
                self.follow(device).await;
            }
            let view: Vec<Shown> = self.devices[device].view.rows.values().cloned().collect();
            assert_eq!(view, expected, "what device {device} shows");
        }
        self.pressed.hold(&expected);
        if self.exact {
            self.pressed.hold_instants(&self.model);
        }
    }
}
