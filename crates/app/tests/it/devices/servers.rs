//! Two servers on one file, each with connections and a clock of its own.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use tallyport_app::{AccountToCreate, Actor, App, Error, WhatToTrack, WhenToAdd};
use tallyport_domain::{Clock as _, EntryId, TaskId};
use tallyport_storage::{Change, Done, Once, Store, Tracking};
use tallyport_storage_sqlite::{Options, Sqlite};
use tempfile::TempDir;

use super::model::SITE;
use super::request::{Answer, Body, Request, Shown, written};
use crate::bench::{alone, person};
use crate::hand_clock::HandClock;

/// A task whose state does not change.
pub(super) const GARDEN: TaskId = TaskId(2);

/// A folder with one file, for one account after the other.
pub(super) struct Place {
    folder: TempDir,
    servers: [Server; 2],
    accounts: u64,
}

struct Server {
    clock: Arc<HandClock>,
    store: Arc<dyn Store>,
    app: App,
}

impl Server {
    fn start(folder: &TempDir, clock: Arc<HandClock>) -> Self {
        let sqlite = Sqlite::open(folder.path().join("tallyport.db"), Options { create: true }).unwrap();
        let store: Arc<dyn Store> = Arc::new(sqlite);
        let app = alone(&store, &clock);
        Self { clock, store, app }
    }
}

impl Place {
    /// In memory where the machine has a folder there: what a disk does to commits is not what is asked here.
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
        let servers = [(); 2].map(|()| Server::start(&folder, Arc::new(HandClock::new())));
        Self { folder, servers, accounts: 0 }
    }

    /// A new account, whose member has two tasks.
    pub(super) async fn account(&mut self, now: DateTime<Utc>) -> Servers<'_> {
        self.accounts += 1;
        for server in 0..2 {
            self.set(server, now);
        }
        let app = &self.servers[0].app;
        let new = AccountToCreate {
            name: format!("Studio {}", self.accounts),
            admin_email: "ana@nordlicht.example".to_owned(),
            admin_name: None,
            password: None,
            timezone: Some("Europe/Berlin".to_owned()),
        };
        let (account, ana) = app.accounts.create(new).await.unwrap();
        let ana = app.actor(account.id, ana.id).await.unwrap();
        let added = app.people.add(&ana, vec![person("cem@nordlicht.example", "Cem", "member")]).await.unwrap();
        let cem = app.actor(account.id, added[0].id).await.unwrap();
        for (id, name) in [SITE, (GARDEN, "Garden")] {
            assert_eq!(app.tasks.add(&ana, name, None).await.unwrap().task.id, id);
            app.assignments.assign_one(&ana, id, cem.person().id).await.unwrap();
        }
        Servers { place: self, ana, cem }
    }

    fn set(&self, server: usize, now: DateTime<Utc>) {
        let clock = &self.servers[server].clock;
        clock.advance(now - clock.now());
    }
}

/// What the servers are for one account.
pub(super) struct Servers<'a> {
    place: &'a mut Place,
    ana: Actor,
    cem: Actor,
}

impl Servers<'_> {
    pub(super) fn set(&self, server: usize, now: DateTime<Utc>) {
        self.place.set(server, now);
    }

    /// What the clock of a server shows.
    pub(super) fn now(&self, server: usize) -> DateTime<Utc> {
        self.place.servers[server].clock.now()
    }

    /// Ends one and starts it anew.
    pub(super) fn restart(&mut self, server: usize) {
        let clock = self.place.servers[server].clock.clone();
        self.place.servers[server] = Server::start(&self.place.folder, clock);
    }

    fn app(&self, server: usize) -> &App {
        &self.place.servers[server].app
    }

    /// A request arrives.
    pub(super) async fn ask(&self, server: usize, request: &Request) -> Answer {
        let (time, Request { key, body }) = (&self.app(server).time, request.clone());
        let mut hasher = DefaultHasher::new();
        format!("{body:?}").hash(&mut hasher);
        let mut hash = [0; 32];
        hash[..8].copy_from_slice(&hasher.finish().to_le_bytes());
        let answer = |tracking: &Tracking| Shown::of(&tracking.row).to_string().into_bytes();
        let once = Some(Once { key, request: hash, answer: Arc::new(answer) });
        let what = |note: String, task, done: Option<i64>| WhatToTrack {
            task,
            note,
            done_at: done.map(written),
            ..WhatToTrack::default()
        };
        let done = match body {
            Body::Start { mark, task, done } => time.start(&self.cem, what(mark, task, done), None, once).await,
            Body::Stop { entry, at } => time.stop(&self.cem, EntryId(entry), at.map(written).as_deref(), once).await,
            Body::Add { mark, task, start, end } => {
                let times = WhenToAdd::FromTo { start: written(start), end: written(end), counted: true };
                time.add(&self.cem, None, what(mark, task, Some(start)), &times, once).await
            }
        };
        match done {
            Ok(Done::Now(tracking)) => Answer::Done { text: Shown::of(&tracking.row).to_string(), before: false },
            Ok(Done::Before(text)) => Answer::Done { text: String::from_utf8(text).unwrap(), before: true },
            Err(error) => Answer::Refused(error.code().as_str()),
        }
    }

    pub(super) async fn delete(&self, server: usize, entry: i64) -> Result<(), &'static str> {
        let deleted = self.app(server).time.delete_if(&self.cem, EntryId(entry), None).await;
        deleted.map(drop).map_err(|error| error.code().as_str())
    }

    pub(super) async fn archive(&self, server: usize) {
        self.app(server).tasks.archive(&self.ana, SITE.0).await.unwrap();
    }

    pub(super) async fn restore(&self, server: usize) {
        self.app(server).tasks.restore(&self.ana, SITE.0).await.unwrap();
    }

    pub(super) async fn unassign(&self, server: usize) {
        self.app(server).assignments.unassign_one(&self.ana, SITE.0, self.cem.person().id).await.unwrap();
    }

    pub(super) async fn assign(&self, server: usize) {
        self.app(server).assignments.assign_one(&self.ana, SITE.0, self.cem.person().id).await.unwrap();
    }

    pub(super) async fn running(&self, server: usize) -> Option<Shown> {
        self.app(server).time.running(&self.cem, None).await.unwrap().as_ref().map(Shown::of)
    }

    /// One timer or entry, where it is there.
    pub(super) async fn show(&self, server: usize, entry: EntryId) -> Option<Shown> {
        match self.app(server).time.show(&self.cem, entry).await {
            Ok(row) => Some(Shown::of(&row)),
            Err(Error::NotFound(_)) => None,
            Err(error) => panic!("{entry}: {error:?}"),
        }
    }

    /// All there are around this time.
    pub(super) async fn list(&self, server: usize, now: DateTime<Utc>) -> Vec<Shown> {
        let day = |days| (now + TimeDelta::days(days)).date_naive().to_string();
        let rows = self.app(server).time.entries(&self.cem, None, Some(&day(-60)), Some(&day(60))).await.unwrap();
        rows.iter().map(Shown::of).collect()
    }

    pub(super) async fn latest_change(&self, server: usize) -> i64 {
        self.place.servers[server].store.latest_change(self.cem.account()).await.unwrap()
    }

    pub(super) async fn changes(&self, server: usize, after: i64, many: u32) -> Vec<Change> {
        self.place.servers[server].store.changes(self.cem.account(), after, many).await.unwrap()
    }
}
