//! A clock that stands still, sources that do as they are told, and an account on a temporary file.

use std::collections::VecDeque;
use std::io::Write as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use tallyport_domain::plan::Consent;
use tallyport_domain::{
    AccountId, Clock, Content, Email, ExternalId, ListProof, Member, Name, Part, Parts, PersonId, Proof, Quota, ReadProgress,
    ReadRequest, Reading, Role, Run, Selection, Snapshot, Source, SourceClient, SourceError, SourceProject, SourceTask,
    SourceUser, SourceWorkspace, Trigger, WaitFor, WorkspaceContent, WorkspaceSnapshot, Zone,
};
use tallyport_storage::{Enable, NewAccount, NewPerson, Store, TaskRow, Viewer};
use tallyport_storage_sqlite::{Options, Sqlite};
use tallyport_sync::{ActiveRun, Order, Patience, Progress, SyncEngine};
use tokio::sync::{Notify, watch};

/// The longest a test waits for a state that should come at once.
const DEADLINE: Duration = Duration::from_secs(20);

/// A clock that only moves when it is told to.
#[derive(Clone)]
pub(crate) struct TestClock(watch::Sender<DateTime<Utc>>);

impl TestClock {
    pub(crate) fn at_noon() -> Self {
        Self(watch::Sender::new("2026-11-26T12:00:00Z".parse().unwrap()))
    }

    pub(crate) fn advance(&self, by: TimeDelta) {
        self.0.send_modify(|now| *now += by);
    }
}

#[async_trait]
impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.borrow()
    }

    async fn sleep_until(&self, instant: DateTime<Utc>) {
        self.0.subscribe().wait_for(|now| *now >= instant).await.unwrap();
    }
}

/// What a scripted source does at one reading.
pub(crate) enum Act {
    /// Answers with this.
    Read(Snapshot),
    /// Keeps a page, asks to wait for an hour, then answers with this.
    WaitThenRead(Snapshot),
    /// Keeps a page, asks to wait so long for another reason than the allowance, then answers with this.
    Pace(WaitFor, TimeDelta, Snapshot),
    /// Keeps a page, then fails.
    Fail(SourceError),
    /// Keeps a page, says that it got there, then answers when it is told to.
    Pause(Arc<Notify>, Arc<Notify>, Snapshot),
}

/// A source that does one act after another, and remembers what it was asked.
#[derive(Default)]
pub(crate) struct Scripted {
    acts: Mutex<VecDeque<Act>>,
    asked: Mutex<Vec<ReadRequest>>,
}

impl Scripted {
    pub(crate) fn of(acts: impl IntoIterator<Item = Act>) -> Arc<Self> {
        Arc::new(Self { acts: Mutex::new(acts.into_iter().collect()), asked: Mutex::default() })
    }

    /// What the last reading was given of earlier ones.
    pub(crate) fn kept(&self) -> Vec<Part> {
        self.asked.lock().unwrap().last().unwrap().kept.clone()
    }
}

#[async_trait]
impl Source for Scripted {
    async fn identify(&self) -> Result<SourceUser, SourceError> {
        Ok(toggl_user())
    }

    async fn workspaces(&self) -> Result<Vec<SourceWorkspace>, SourceError> {
        Ok(vec![workspace(1, "Studio")])
    }

    async fn read(&self, request: ReadRequest, parts: &dyn Parts) -> Result<Reading, SourceError> {
        self.asked.lock().unwrap().push(request);
        let act = self.acts.lock().unwrap().pop_front().expect("an act for every reading");
        parts.keep(page()).await;
        parts.progress(ReadProgress { pages: 1, requests: 3, quota: Some(quota()), ..ReadProgress::default() });
        match act {
            Act::Read(snapshot) => Ok(reading(snapshot)),
            Act::WaitThenRead(snapshot) => {
                let until = quota().resets_at;
                parts.wait(until, WaitFor::Quota).await.map_err(|_| SourceError::QuotaSpent { until })?;
                Ok(reading(snapshot))
            }
            Act::Pace(why, wait, snapshot) => {
                let endpoint = "GET /me/workspaces".to_owned();
                parts.wait(noon() + wait, why).await.map_err(|_| SourceError::RateLimited { endpoint })?;
                Ok(reading(snapshot))
            }
            Act::Fail(error) => Err(error),
            Act::Pause(there, go_on, snapshot) => {
                there.notify_one();
                go_on.notified().await;
                Ok(reading(snapshot))
            }
        }
    }
}

pub(crate) fn page() -> Part {
    Part { list: "projects of 1".into(), page: 1, read_at: noon(), bytes: vec![1, 2, 3] }
}

pub(crate) fn quota() -> Quota {
    Quota { remaining: 3, resets_at: noon() + TimeDelta::hours(1) }
}

pub(crate) fn noon() -> DateTime<Utc> {
    TestClock::at_noon().now()
}

fn toggl_user() -> SourceUser {
    SourceUser { id: ExternalId(9), name: "Ada".into(), email: "ada@x.test".into() }
}

fn reading(snapshot: Snapshot) -> Reading {
    let list =
        ListProof { list: "projects".into(), workspace: Some(ExternalId(1)), pages: 1, rows: 2, total: None, read_twice: false };
    Reading { snapshot, proof: Proof { lists: vec![list] } }
}

pub(crate) fn workspace(id: i64, name: &str) -> SourceWorkspace {
    SourceWorkspace { id: ExternalId(id), name: Name::from_source(name), administered: true }
}

/// A workspace "Studio" with one client, so many projects under it and one task in each.
pub(crate) fn studio(projects: i64) -> Snapshot {
    studio_of(1..=projects)
}

/// The same with just these projects.
pub(crate) fn studio_of(projects: impl IntoIterator<Item = i64>) -> Snapshot {
    let mut content = WorkspaceContent { tasks: Some(Vec::new()), members: Some(Vec::new()), ..WorkspaceContent::default() };
    content.clients.push(SourceClient { id: ExternalId(10), name: Name::from_source("Nordwind"), archived: false });
    for number in projects {
        content.projects.push(SourceProject {
            id: ExternalId(100 + number),
            client: Some(ExternalId(10)),
            name: Name::from_source(&format!("Project {number}")),
            active: true,
            template: false,
            private: false,
            color: None,
            billable: None,
        });
        let task = SourceTask {
            id: ExternalId(1000 + number),
            project: ExternalId(100 + number),
            name: Name::from_source(&format!("Task {number}")),
            active: true,
        };
        content.tasks.get_or_insert_default().push(task);
    }
    let member = Member { email: Email::parse("bea@x.test").unwrap(), name: "Bea".into(), joined: true };
    content.members.get_or_insert_default().push(member);
    Snapshot { workspaces: vec![WorkspaceSnapshot { workspace: workspace(1, "Studio"), content: Content::Read(content) }] }
}

/// An account with an enabled integration that mirrors everything, on a file of its own.
pub(crate) struct Desk {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clock: TestClock,
    pub(crate) engine: SyncEngine,
    pub(crate) account: AccountId,
    pub(crate) ada: PersonId,
    pub(crate) bea: PersonId,
    _folder: tempfile::TempDir,
}

impl Desk {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store: Arc<dyn Store> = Arc::new(Sqlite::open(folder.path().join("tallyport.db"), Options { create: true }).unwrap());
        let clock = TestClock::at_noon();
        let person = |email: &str, role| NewPerson {
            email: Email::parse(email).unwrap(),
            name: email.split('@').next().unwrap().to_owned(),
            role,
            password_hash: None,
        };
        let administrator = person("ada@x.test", Role::Administrator);
        let new = NewAccount { name: "Nordlicht".into(), zone: Zone::utc(), administrator, now: noon() };
        let (account, ada) = store.create_account(&new).await.unwrap();
        let bea = store.add_people(account.id, &[person("bea@x.test", Role::Member)], ada.id, noon()).await.unwrap().remove(0);
        let workspaces = vec![workspace(1, "Studio")];
        let enable = Enable {
            owner: ada.id,
            toggl_user: toggl_user(),
            sealed_token: vec![7; 8],
            workspaces: workspaces.clone(),
            now: noon(),
        };
        store.enable(account.id, &enable).await.unwrap();
        store.select(account.id, &Selection::All, &workspaces, ada.id, noon()).await.unwrap();
        let engine = SyncEngine::new(Arc::clone(&store) as Arc<dyn tallyport_storage::SyncStore>, Arc::new(clock.clone()));
        Self { store, clock, engine, account: account.id, ada: ada.id, bea: bea.id, _folder: folder }
    }

    /// An order by Ada, without a yes and with all the time in the world.
    pub(crate) fn order(&self) -> Order {
        Order { trigger: Trigger::Manual, started_by: Some(self.ada), consent: Consent::None, patience: Patience::Forever }
    }

    pub(crate) async fn sync(&self, source: &Arc<Scripted>) -> Run {
        self.sync_as(source, self.order()).await
    }

    pub(crate) async fn sync_as(&self, source: &Arc<Scripted>, order: Order) -> Run {
        let source = Arc::clone(source) as Arc<dyn Source>;
        tokio::time::timeout(DEADLINE, self.engine.run(self.account, source, order)).await.expect("it ends").unwrap()
    }

    pub(crate) async fn start(&self, source: &Arc<Scripted>) -> ActiveRun {
        self.engine.start(self.account, Arc::clone(source) as Arc<dyn Source>, self.order()).await.unwrap()
    }

    /// The active tree as names with their depth.
    pub(crate) async fn tree(&self) -> Vec<String> {
        self.rows(false).await.iter().map(|row| format!("{}{}", "  ".repeat(row.level as usize - 1), row.task.name)).collect()
    }

    pub(crate) async fn rows(&self, archived: bool) -> Vec<TaskRow> {
        let viewer = Viewer { person: self.ada, sees_all: true };
        self.store.tree(self.account, viewer, archived).await.unwrap()
    }
}

/// Waits until a run's progress is what the test waits for.
pub(crate) async fn until(progress: &mut watch::Receiver<Progress>, holds: impl FnMut(&Progress) -> bool) {
    tokio::time::timeout(DEADLINE, progress.wait_for(holds)).await.expect("it gets there").unwrap();
}

/// Waits for something that should come at once.
pub(crate) async fn soon<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(DEADLINE, future).await.expect("it comes at once")
}

/// Says something that is to be seen of a test that passes too, such as how many faults struck.
pub(crate) fn tell(text: &str) {
    drop(writeln!(std::io::stderr(), "{text}"));
}
