//! A router to send requests to, with people of each role.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use http::{HeaderMap, Method, Request, header};
use http_body_util::BodyExt as _;
use secrecy::SecretString;
use serde_json::{Value, json};
use tallyport_app::{AccountToCreate, App, Key, KeyRing, Parts, Site, SourceFactory};
use tallyport_domain::{AccountId, Mailer, PersonId, Source, SourceError};
use tallyport_http::ActingAs;
use tallyport_simulator::{Clock, Server, Simulator, World};
use tallyport_storage::Store;
use tallyport_storage_sqlite::{Options, Sqlite};
use tallyport_sync::SyncEngine;
use tallyport_sync::system::{SystemClock, SystemRandom};
use tallyport_toggl::{Config, Toggl};
use tempfile::TempDir;
use tower::ServiceExt as _;

/// Who sends a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    /// Ana, who owns the integration.
    Administrator,
    /// Zoë.
    Manager,
    /// Łukasz.
    Member,
    /// Nobody.
    Anonymous,
    /// The administrator of another account.
    Stranger,
}

pub(crate) struct Bench {
    pub(crate) router: Router,
    pub(crate) app: App,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) folder: TempDir,
    pub(crate) server: Server,
    pub(crate) administrator: ActingAs,
    pub(crate) manager: ActingAs,
    pub(crate) member: ActingAs,
    pub(crate) stranger: ActingAs,
    parts: Box<dyn Fn(Arc<dyn Store>) -> Parts + Send + Sync>,
}

pub(crate) struct Answered {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answered {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {:?}", self.text))
    }

    /// All of it but the number of its request.
    pub(crate) fn but_its_number(&self) -> (u16, HeaderMap, &str) {
        let mut headers = self.headers.clone();
        headers.remove("x-request-id");
        (self.status, headers, &self.text)
    }

    /// The same, and but the number of an entry that it was asked about and says back.
    pub(crate) fn but_the_entry(&self, entry: i64) -> (u16, HeaderMap, String) {
        let (status, mut headers, text) = self.but_its_number();
        let left = text.replace(&format!("\"entry {entry}\""), "\"entry\"");
        let length = headers.insert("content-length", left.len().into()).unwrap();
        assert_eq!(length, text.len().to_string());
        (status, headers, left)
    }

    /// The status, or the code of the problem.
    pub(crate) fn outcome(&self) -> String {
        if self.status < 400 { self.status.to_string() } else { self.json()["code"].as_str().unwrap().to_owned() }
    }
}

struct Sources(String);

impl SourceFactory for Sources {
    fn source(&self, token: &SecretString) -> Result<Arc<dyn Source>, SourceError> {
        let toggl = Toggl::new(Config::at(&self.0), token.clone(), Arc::new(SystemClock), Arc::new(SystemRandom));
        Ok(Arc::new(toggl.unwrap()))
    }
}

impl Bench {
    pub(crate) async fn new() -> Self {
        let server = Server::start(Simulator::with_clock(World::nordlicht(), Clock::real())).unwrap();
        let sources = Sources(server.url());
        Self::over(server, Arc::new(sources)).await
    }

    /// The same with a mail server, and everything imported.
    pub(crate) async fn mailing(mailer: Arc<dyn Mailer>) -> Self {
        let server = Server::start(Simulator::with_clock(World::nordlicht(), Clock::real())).unwrap();
        let sources = Sources(server.url());
        Self::with(server, Arc::new(sources), Some(mailer)).await.import().await
    }

    pub(crate) async fn over(server: Server, sources: Arc<dyn SourceFactory>) -> Self {
        Self::with(server, sources, None).await
    }

    async fn with(server: Server, sources: Arc<dyn SourceFactory>, mailer: Option<Arc<dyn Mailer>>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let sqlite = Sqlite::open(folder.path().join("tallyport.db"), Options { create: true }).unwrap();
        let store: Arc<dyn Store> = Arc::new(sqlite);
        let ring = KeyRing::of(Key::generate(&SystemRandom));
        let parts = move |store: Arc<dyn Store>| Parts {
            store: store.clone(),
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom),
            keys: Arc::new(ring.clone()),
            sources: sources.clone(),
            engine: SyncEngine::new(store, Arc::new(SystemClock)),
            mailer: mailer.clone(),
            site: Site::at("https://time.example.com"),
        };
        let app = App::new(parts(store.clone()));
        let account = |name: &str, email: &str| AccountToCreate {
            name: name.to_owned(),
            admin_email: email.to_owned(),
            admin_name: Some("Ana".to_owned()),
            password: None,
            timezone: None,
        };
        let (ours, ana) = app.accounts.create(account("Nordlicht", "ana.novakova@nordlicht.example")).await.unwrap();
        let (theirs, ada) = app.accounts.create(account("Werft", "ada@werft.example")).await.unwrap();
        let acting = |person: i64| ActingAs::new(AccountId(ours.id.0), PersonId(person));
        let bench = Self {
            router: tallyport_api::router(app.clone()),
            app,
            store,
            folder,
            server,
            administrator: acting(ana.id.0),
            manager: acting(2),
            member: acting(3),
            stranger: ActingAs::new(theirs.id, ada.id),
            parts: Box::new(parts),
        };
        let people = json!([
            {"email": "zoe.lefevre@nordlicht.example", "name": "Zoë", "role": "manager"},
            {"email": "lukasz.wisniewski@nordlicht.example", "name": "Łukasz"},
            {"email": "jurgen@elsewhere.example", "name": "Jürgen"},
        ]);
        let added = bench.post(Who::Administrator, "/people", &people).await;
        assert_eq!(added.json()[0]["id"], 2, "{}", added.text);
        bench
    }

    /// The same with everything imported, and a native task that the member has: numbers 2 on are imported.
    pub(crate) async fn imported() -> Self {
        Self::new().await.import().await
    }

    async fn import(self) -> Self {
        self.enable().await;
        let run = self.put(Who::Administrator, "/integrations/toggl/selection", &json!({"all": true})).await;
        assert_eq!(self.ended(&run).await["outcome"], "succeeded");
        self
    }

    pub(crate) async fn enable(&self) {
        let token = self.server.simulator().owner_token().unwrap();
        let enabled = self.put(Who::Administrator, "/integrations/toggl", &json!({"api_token": token})).await;
        assert_eq!(enabled.status, 200, "{}", enabled.text);
    }

    /// Adds a native task; answers its number.
    pub(crate) async fn native(&self, name: &str) -> i64 {
        self.post(Who::Manager, "/tasks", &json!({"name": name})).await.json()["id"].as_i64().unwrap()
    }

    /// Follows the run of an answer to its end; answers its record.
    pub(crate) async fn ended(&self, started: &Answered) -> Value {
        assert_eq!(started.status, 202, "{}", started.text);
        let run = started.json()["id"].as_i64().unwrap();
        let events = self.get(Who::Administrator, &format!("/integrations/toggl/runs/{run}/events")).await;
        assert_eq!(events.status, 200);
        self.get(Who::Administrator, &format!("/integrations/toggl/runs/{run}?changes=false")).await.json()
    }

    pub(crate) async fn get(&self, who: Who, path: &str) -> Answered {
        self.send(who, &Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, who: Who, path: &str, body: &Value) -> Answered {
        self.send(who, &Method::POST, path, Some(body.to_string())).await
    }

    pub(crate) async fn put(&self, who: Who, path: &str, body: &Value) -> Answered {
        self.send(who, &Method::PUT, path, Some(body.to_string())).await
    }

    pub(crate) async fn send(&self, who: Who, method: &Method, path: &str, body: Option<String>) -> Answered {
        let request = Request::builder().method(method).uri(format!("/api/v1{path}"));
        let request = match body {
            Some(body) => request.header(header::CONTENT_TYPE, "application/json").body(Body::from(body)),
            None => request.body(Body::empty()),
        };
        self.request(who, request.unwrap()).await
    }

    /// Opens a stream of live events: the answer's status and its body, which has no end.
    pub(crate) async fn open(&self, who: Who, path: &str, last: Option<i64>) -> (u16, Body) {
        let mut request = Request::builder().uri(format!("/api/v1{path}"));
        if let Some(last) = last {
            request = request.header("last-event-id", last.to_string());
        }
        let mut request = request.body(Body::empty()).unwrap();
        request.extensions_mut().extend(self.acting(who));
        let response = self.router.clone().oneshot(request).await.unwrap();
        (response.status().as_u16(), response.into_body())
    }

    fn acting(&self, who: Who) -> http::Extensions {
        let mut extensions = http::Extensions::new();
        let acting = match who {
            Who::Administrator => Some(self.administrator),
            Who::Manager => Some(self.manager),
            Who::Member => Some(self.member),
            Who::Stranger => Some(self.stranger),
            Who::Anonymous => None,
        };
        if let Some(acting) = acting {
            extensions.insert(acting);
        }
        extensions
    }

    pub(crate) async fn request(&self, who: Who, request: Request<Body>) -> Answered {
        self.request_of(&self.router, who, request).await
    }

    /// Asks another process than the usual one.
    pub(crate) async fn request_of(&self, router: &Router, who: Who, mut request: Request<Body>) -> Answered {
        request.extensions_mut().extend(self.acting(who));
        answered(router, request).await
    }

    /// Another process over the same file, as far as anything of the API can tell.
    pub(crate) fn beside(&self) -> (Router, App) {
        let sqlite = Sqlite::open(self.folder.path().join("tallyport.db"), Options::default()).unwrap();
        let store: Arc<dyn Store> = Arc::new(sqlite);
        let app = App::new((self.parts)(store));
        (tallyport_api::router(app.clone()), app)
    }
}

pub(crate) async fn answered(router: &Router, request: Request<Body>) -> Answered {
    let endless = request.uri().path() == "/api/v1/events";
    let answering = async {
        let response = router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = if endless && status == 200 { Body::empty() } else { response.into_body() };
        let body = body.collect().await.unwrap().to_bytes();
        let text = String::from_utf8(body.to_vec()).unwrap();
        let commands = ["`tallyport ", "tallyport toggl ", "`--", " --"];
        assert!(commands.iter().all(|command| !text.contains(command)), "this speaks of the terminal: {text}");
        Answered { status, headers, text }
    };
    tokio::time::timeout(Duration::from_secs(30), answering).await.expect("an answer comes within half a minute")
}
