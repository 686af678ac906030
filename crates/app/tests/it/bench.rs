//! A place to work at: an account with four people, and Nordlicht Studio's Toggl.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use tallyport_app::{
    AccountToCreate, Actor, App, Error, Key, KeyRing, Keys, Parts, PersonToAdd, Phase, Picked, RunOptions, RunView, Site,
    SourceFactory, TaskRow, Which,
};
use tallyport_domain::{
    AccountId, Clock, MailKind, Mailer, Outcome, Person, PersonId, Random, Secret, SecretKind, Source, SourceError, TaskId,
};
use tallyport_simulator::{Bucket, Server, Simulator, World};
use tallyport_storage::{Faulty, MailSecrets, Store};
use tallyport_storage_sqlite::{Options, Sqlite};
use tallyport_sync::SyncEngine;
use tallyport_sync::system::SystemRandom;
use tallyport_toggl::{Config, Toggl};
use tempfile::TempDir;
use tokio::sync::watch;

use crate::hand_clock::HandClock;
use crate::postbox::Postbox;

struct Sources {
    url: String,
    clock: Arc<HandClock>,
}

impl SourceFactory for Sources {
    fn source(&self, token: &SecretString) -> Result<Arc<dyn Source>, SourceError> {
        let config = Config::at(&self.url);
        Ok(Arc::new(Toggl::new(config, token.clone(), self.clock.clone(), Arc::new(SystemRandom)).unwrap()))
    }
}

/// Keys that can be lost.
pub(crate) struct LosableKeys(watch::Sender<KeyRing>);

impl LosableKeys {
    pub(crate) fn lose(&self) -> KeyRing {
        self.0.send_replace(KeyRing::default())
    }

    pub(crate) fn bring_back(&self, ring: KeyRing) {
        self.0.send_replace(ring);
    }
}

impl Keys for LosableKeys {
    fn ring(&self) -> Result<KeyRing, tallyport_app::KeyError> {
        Ok(self.0.borrow().clone())
    }

    fn ring_to_seal(&self, random: &dyn Random) -> Result<KeyRing, tallyport_app::KeyError> {
        self.0.send_if_modified(|ring| {
            let missing = ring.is_empty();
            if missing {
                *ring = KeyRing::of(Key::generate(random));
            }
            missing
        });
        self.ring()
    }
}

pub(crate) struct Bench {
    pub(crate) app: App,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clock: Arc<HandClock>,
    pub(crate) keys: Arc<LosableKeys>,
    pub(crate) server: Server,
    /// Where its mail goes, where it sends any.
    pub(crate) post: Option<Arc<Postbox>>,
    pub(crate) account: AccountId,
    /// Ana, an administrator, who has the token.
    pub(crate) ana: Actor,
    /// Bea, another administrator, who is unknown in Toggl.
    pub(crate) bea: Actor,
    /// Zoë, a manager, a member of Studio and Pro bono.
    pub(crate) zoe: Actor,
    /// Łukasz, a member here and in all three workspaces.
    pub(crate) lukasz: Actor,
    folder: TempDir,
}

impl Bench {
    pub(crate) async fn new() -> Self {
        Self::with(None).await
    }

    /// The same with a mail server.
    pub(crate) async fn mailing() -> Self {
        Self::with(Some(Arc::default())).await
    }

    async fn with(post: Option<Arc<Postbox>>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(HandClock::new());
        let shared = clock.clone();
        let follows = tallyport_simulator::Clock::following(move || shared.now());
        let server = Server::start(Simulator::with_clock(World::nordlicht(), follows)).unwrap();
        let sqlite = Sqlite::open(folder.path().join("tallyport.db"), Options { create: true }).unwrap();
        let store: Arc<dyn Store> = Arc::new(sqlite);
        let keys = Arc::new(LosableKeys(watch::Sender::new(KeyRing::default())));
        let app = app(&store, &clock, &keys, server.url(), post.clone());
        let new = AccountToCreate {
            name: "Nordlicht".to_owned(),
            admin_email: "ana.novakova@nordlicht.example".to_owned(),
            admin_name: Some("Ana".to_owned()),
            password: None,
            timezone: None,
        };
        let (account, ana) = app.accounts.create(new).await.unwrap();
        let ana = app.actor(account.id, ana.id).await.unwrap();
        let people = [
            ("bea@nordlicht.example", "Bea", "administrator"),
            ("zoe.lefevre@nordlicht.example", "Zoë", "manager"),
            ("lukasz.wisniewski@nordlicht.example", "Łukasz", "member"),
        ];
        let people = people.map(|(email, name, role)| person(email, name, role)).into();
        let added = app.people.add(&ana, people).await.unwrap();
        let mut actors = Vec::new();
        for person in &added {
            actors.push(app.actor(account.id, person.id).await.unwrap());
        }
        let [bea, zoe, lukasz] = actors.try_into().unwrap();
        Self { app, store, clock, keys, server, post, account: account.id, ana, bea, zoe, lukasz, folder }
    }

    /// Another process over the same file, as far as anything of this crate can tell.
    pub(crate) fn beside(&self) -> App {
        app(&self.store, &self.clock, &self.keys, self.server.url(), self.post.clone())
    }

    /// Another process over the same file with a connection of its own.
    pub(crate) fn apart(&self) -> App {
        let sqlite = Sqlite::open(self.folder.path().join("tallyport.db"), Options::default()).unwrap();
        let store: Arc<dyn Store> = Arc::new(sqlite);
        app(&store, &self.clock, &self.keys, self.server.url(), self.post.clone())
    }

    /// Where its mail goes.
    pub(crate) fn post(&self) -> &Postbox {
        self.post.as_ref().unwrap()
    }

    /// What is queued, in its order; it is as if it had been sent from then on.
    pub(crate) async fn mail(&self) -> Vec<(MailKind, String)> {
        let secret = |kind| Secret::generate(kind, &SystemRandom).hash();
        let (invitation, reset, email) = (secret(SecretKind::Invitation), secret(SecretKind::Reset), secret(SecretKind::Email));
        let secrets = MailSecrets { invitation, reset, email };
        let mut mail = Vec::new();
        while let Some(claimed) = self.store.claim_mail(&secrets, self.clock.now()).await.unwrap() {
            mail.push((claimed.kind, claimed.to.as_str().to_owned()));
        }
        mail
    }

    /// The same over a store that fails when it is told to.
    pub(crate) fn failing(&self) -> (App, Arc<Faulty>) {
        let faulty = Arc::new(Faulty::over(self.store.clone()));
        let store: Arc<dyn Store> = faulty.clone();
        (app(&store, &self.clock, &self.keys, self.server.url(), self.post.clone()), faulty)
    }

    /// The same, enabled by Ana.
    pub(crate) async fn enabled() -> Self {
        let bench = Self::new().await;
        bench.app.integration.enable(&bench.ana, &bench.token(), RunOptions::default()).await.unwrap();
        bench
    }

    /// The same, with everything imported.
    pub(crate) async fn imported() -> Self {
        let bench = Self::enabled().await;
        let run = bench.select(&bench.ana, &Picked::All).await;
        assert_eq!(run.run.outcome.as_str(), "succeeded", "{run:?}");
        bench
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Ana's token.
    pub(crate) fn token(&self) -> SecretString {
        self.server.simulator().owner_token().unwrap().into()
    }

    /// A token of somebody else in Toggl.
    pub(crate) fn token_of(&self, email: &str) -> SecretString {
        self.server.simulator().change(|world| world.issue_token(world.find_user(email).unwrap())).unwrap().into()
    }

    /// The id of a workspace.
    pub(crate) fn workspace(&self, name: &str) -> String {
        self.server.simulator().read(|world| world.find_workspace(name)).unwrap().to_string()
    }

    pub(crate) fn workspaces(&self, names: &[&str]) -> Picked {
        Picked::These(names.iter().map(|name| self.workspace(name)).collect())
    }

    /// Saves a selection with a yes, and waits until it is synced.
    pub(crate) async fn select(&self, actor: &Actor, picked: &Picked) -> RunView {
        let run = self.app.integration.select(actor, picked, true, RunOptions::default()).await.unwrap();
        self.ended(actor, run).await
    }

    /// Syncs and waits until that is done.
    pub(crate) async fn sync(&self, actor: &Actor) -> RunView {
        let run = self.app.integration.start(actor, RunOptions::default()).await.unwrap();
        self.ended(actor, run).await
    }

    /// Follows a run to its end.
    pub(crate) async fn ended(&self, actor: &Actor, run: RunView) -> RunView {
        let mut events = self.app.integration.events(actor, run.run.id).await.unwrap();
        soon(async {
            while let Some(progress) = events.next().await {
                progress.unwrap();
            }
        })
        .await;
        self.app.integration.run(actor, run.run.id).await.unwrap()
    }

    /// Uses up what Toggl allows an hour, so that the next sync has to wait.
    pub(crate) fn spend_quota(&self) {
        let simulator = self.server.simulator();
        let ana = simulator.read(|world| world.find_user("ana.novakova@nordlicht.example")).unwrap();
        let organization = simulator.read(|world| world.organizations().next().unwrap().id);
        simulator.consume_quota(ana, Bucket::Organization(organization), 100_000);
    }

    /// Starts a sync that waits for Toggl's allowance.
    pub(crate) async fn waiting(&self) -> RunView {
        self.spend_quota();
        let run = self.app.integration.start(&self.ana, RunOptions::default()).await.unwrap();
        let mut events = self.app.integration.events(&self.ana, run.run.id).await.unwrap();
        soon(async {
            while events.next().await.unwrap().unwrap().phase != Phase::Waiting {}
            // Its record, which is what others see, follows a little later.
            let record = async || self.store.run(self.account, run.run.id).await.unwrap().unwrap();
            while record().await.outcome != Outcome::Waiting {}
        })
        .await;
        run
    }

    /// The first active task of that name which Ana sees.
    pub(crate) async fn task(&self, name: &str) -> TaskRow {
        self.named(name, Which::Active).await
    }

    /// The first archived task of that name.
    pub(crate) async fn archived(&self, name: &str) -> TaskRow {
        self.named(name, Which::Archived).await
    }

    async fn named(&self, name: &str, which: Which) -> TaskRow {
        let tree = self.app.tasks.tree(&self.ana, which).await.unwrap();
        let found = tree.iter().find(|row| row.task.name.as_str() == name).cloned();
        found.unwrap_or_else(|| panic!("no {which:?} task {name:?} among {:?}", names(&tree)))
    }

    /// The same person with the role and name that they have now.
    pub(crate) async fn again(&self, actor: &Actor) -> Actor {
        self.app.actor(self.account, actor.person().id).await.unwrap()
    }

    /// Deactivates Ana, who owns the integration.
    pub(crate) async fn deactivate_owner(&self) {
        self.app.people.deactivate(&self.bea, self.ana.person().id, true).await.unwrap();
    }

    pub(crate) fn in_toggl<T>(&self, change: impl FnOnce(&mut World) -> T) -> T {
        self.server.simulator().change(change)
    }
}

fn app(store: &Arc<dyn Store>, clock: &Arc<HandClock>, keys: &Arc<LosableKeys>, url: String, post: Option<Arc<Postbox>>) -> App {
    App::new(Parts {
        store: store.clone(),
        clock: clock.clone(),
        random: Arc::new(SystemRandom),
        keys: keys.clone(),
        sources: Arc::new(Sources { url, clock: clock.clone() }),
        engine: SyncEngine::new(store.clone(), clock.clone()),
        mailer: post.map(|post| post as Arc<dyn Mailer>),
        site: Site::at("https://time.example.com"),
    })
}

/// An application of its own over a store, with a clock of its own and no Toggl.
pub(crate) fn alone(store: &Arc<dyn Store>, clock: &Arc<HandClock>) -> App {
    let keys = Arc::new(LosableKeys(watch::Sender::new(KeyRing::default())));
    app(store, clock, &keys, "http://127.0.0.1:1".to_owned(), None)
}

pub(crate) fn person(email: &str, name: &str, role: &str) -> PersonToAdd {
    PersonToAdd { email: email.to_owned(), name: name.to_owned(), role: Some(role.to_owned()), password: None }
}

pub(crate) fn names(rows: &[TaskRow]) -> Vec<&str> {
    rows.iter().map(|row| row.task.name.as_str()).collect()
}

pub(crate) fn ids(rows: &[TaskRow]) -> Vec<TaskId> {
    rows.iter().map(|row| row.task.id).collect()
}

pub(crate) fn email_of(person: &Person) -> &str {
    person.email.as_str()
}

pub(crate) fn id_of(actor: &Actor) -> PersonId {
    actor.person().id
}

pub(crate) fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> &'static str {
    result.map_or_else(|error| error.code().as_str(), |done| panic!("it was done: {done:?}"))
}

/// What has to happen soon, happens, or the test fails.
pub(crate) async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(30), what).await.expect("it happens within half a minute")
}
