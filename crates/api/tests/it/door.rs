//! A router to come to from outside, with people who have passwords, and a clock that is set by hand.

use std::net::IpAddr;
use std::sync::Arc;

use async_trait::async_trait;
use axum::Router;
use axum::body::Body;
use chrono::{DateTime, TimeDelta, Utc};
use http::{Method, Request, header};
use secrecy::SecretString;
use serde_json::{Value, json};
use tallyport_app::{AccountToCreate, App, Key, KeyRing, Parts, PersonToAdd, Site, SourceFactory};
use tallyport_domain::{AccountId, Clock, Letter, MailKind, Mailer, PersonId, Posted, Secret, SecretKind, Source, SourceError};
use tallyport_http::{ActingAs, Peer, Proxies};
use tallyport_storage::{MailSecrets, Store};
use tallyport_storage_sqlite::{Options, Sqlite};
use tallyport_sync::SyncEngine;
use tallyport_sync::system::SystemRandom;
use tempfile::TempDir;
use tokio::sync::watch;

use crate::bench::{Answered, answered};

pub(crate) const ANA: &str = "ana@nordlicht.example";
pub(crate) const ZOE: &str = "zoe@nordlicht.example";
pub(crate) const LUKASZ: &str = "lukasz@nordlicht.example";
/// Is deactivated.
pub(crate) const JURGEN: &str = "jurgen@nordlicht.example";
/// Has no password.
pub(crate) const KIM: &str = "kim@nordlicht.example";
/// The administrator of the other account.
pub(crate) const ADA: &str = "ada@werft.example";

/// Everybody's password.
pub(crate) const PASSWORD: &str = "a ship in the harbour";

/// A clock that moves when it is told to.
pub(crate) struct HandClock(watch::Sender<DateTime<Utc>>);

impl HandClock {
    pub(crate) fn advance(&self, by: TimeDelta) {
        self.0.send_modify(|now| *now += by);
    }
}

#[async_trait]
impl Clock for HandClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.borrow()
    }

    async fn sleep_until(&self, instant: DateTime<Utc>) {
        let mut now = self.0.subscribe();
        now.wait_for(|now| *now >= instant).await.expect("the clock outlives who waits for it");
    }
}

struct NoSources;

impl SourceFactory for NoSources {
    fn source(&self, _: &SecretString) -> Result<Arc<dyn Source>, SourceError> {
        panic!("nothing here asks Toggl")
    }
}

/// Says that mail leaves; the tests take it from the outbox themselves.
struct Letterbox;

#[async_trait]
impl Mailer for Letterbox {
    async fn send(&self, _: &Letter) -> Posted {
        panic!("nothing here sends mail by itself")
    }
}

/// How a server under test stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Standing {
    pub(crate) site: &'static str,
    pub(crate) mails: bool,
    pub(crate) accounts: usize,
}

pub(crate) const USUAL: Standing = Standing { site: "https://time.example.com", mails: false, accounts: 1 };

pub(crate) struct Door {
    pub(crate) router: Router,
    pub(crate) app: App,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clock: Arc<HandClock>,
    pub(crate) folder: TempDir,
    parts: Box<dyn Fn() -> Parts + Send + Sync>,
}

/// A request from outside.
pub(crate) struct Ask {
    request: http::request::Builder,
    body: Option<Value>,
    peer: IpAddr,
    proxies: Option<Proxies>,
}

impl Ask {
    pub(crate) fn new(method: &Method, path: &str) -> Self {
        let request = Request::builder().method(method).uri(format!("/api/v1{path}"));
        Self { request, body: None, peer: [192, 0, 2, 1].into(), proxies: None }
    }

    pub(crate) fn get(path: &str) -> Self {
        Self::new(&Method::GET, path)
    }

    pub(crate) fn post(path: &str, body: Value) -> Self {
        Self::new(&Method::POST, path).body(body)
    }

    pub(crate) fn patch(path: &str, body: Value) -> Self {
        Self::new(&Method::PATCH, path).body(body)
    }

    pub(crate) fn delete(path: &str) -> Self {
        Self::new(&Method::DELETE, path)
    }

    pub(crate) fn body(self, body: Value) -> Self {
        Self { body: Some(body), ..self }
    }

    pub(crate) fn header(self, name: &str, value: &str) -> Self {
        Self { request: self.request.header(name, value), ..self }
    }

    /// With a cookie, from no page that would say so.
    pub(crate) fn cookie(self, cookie: &str) -> Self {
        self.header("cookie", cookie)
    }

    /// With a cookie, from our own page.
    pub(crate) fn by(self, cookie: &str) -> Self {
        self.cookie(cookie).header("sec-fetch-site", "same-origin")
    }

    pub(crate) fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    pub(crate) fn from(self, peer: &str) -> Self {
        Self { peer: peer.parse().unwrap(), ..self }
    }

    pub(crate) fn through(self, proxies: &str) -> Self {
        Self { proxies: Some(Proxies::parse([proxies]).unwrap()), ..self }
    }
}

impl Door {
    pub(crate) async fn new() -> Self {
        Self::standing(USUAL).await
    }

    /// The same with a mail server.
    pub(crate) async fn mailing() -> Self {
        Self::standing(Standing { mails: true, ..USUAL }).await
    }

    pub(crate) async fn standing(standing: Standing) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let sqlite = Sqlite::open(folder.path().join("tallyport.db"), Options { create: true }).unwrap();
        let store: Arc<dyn Store> = Arc::new(sqlite);
        let clock = Arc::new(HandClock(watch::Sender::new(DateTime::from_timestamp(1_795_000_000, 0).unwrap())));
        let ring = KeyRing::of(Key::generate(&SystemRandom));
        let parts = {
            let (store, clock) = (store.clone(), clock.clone());
            move || Parts {
                store: store.clone(),
                clock: clock.clone(),
                random: Arc::new(SystemRandom),
                keys: Arc::new(ring.clone()),
                sources: Arc::new(NoSources),
                engine: SyncEngine::new(store.clone(), clock.clone()),
                mailer: standing.mails.then(|| Arc::new(Letterbox) as Arc<dyn Mailer>),
                site: Site::at(standing.site),
            }
        };
        let app = App::new(parts());
        for (name, email) in [("Nordlicht", ANA), ("Werft", ADA)].into_iter().take(standing.accounts) {
            let new = AccountToCreate {
                name: name.to_owned(),
                admin_email: email.to_owned(),
                admin_name: Some("Ana".to_owned()),
                password: Some(PASSWORD.into()),
                timezone: Some("Europe/Berlin".to_owned()),
            };
            app.accounts.create(new).await.unwrap();
        }
        let door = Self { router: tallyport_api::router(app.clone()), app, store, clock, folder, parts: Box::new(parts) };
        if standing.accounts > 0 {
            let ana = door.app.actor(AccountId(1), PersonId(1)).await.unwrap();
            let person = |email: &str, name: &str, role: &str, password: Option<&str>| PersonToAdd {
                email: email.to_owned(),
                name: name.to_owned(),
                role: Some(role.to_owned()),
                password: password.map(SecretString::from),
            };
            let people = vec![
                person(ZOE, "Zoë", "manager", Some(PASSWORD)),
                person(LUKASZ, "Łukasz", "member", Some(PASSWORD)),
                person(JURGEN, "Jürgen", "member", Some(PASSWORD)),
                person(KIM, "Kim", "member", None),
            ];
            door.app.people.add(&ana, people).await.unwrap();
            door.app.people.deactivate(&ana, PersonId(4), false).await.unwrap();
        }
        door
    }

    /// Another process over the same file, as far as anything of the API can tell.
    pub(crate) fn beside(&self) -> Router {
        tallyport_api::router(App::new((self.parts)()))
    }

    /// The same with a connection of its own, which is what another process is to a store.
    pub(crate) fn apart(&self) -> Router {
        let sqlite = Sqlite::open(self.folder.path().join("tallyport.db"), Options::default()).unwrap();
        let store: Arc<dyn Store> = Arc::new(sqlite);
        let engine = SyncEngine::new(store.clone(), self.clock.clone());
        tallyport_api::router(App::new(Parts { store, engine, ..(self.parts)() }))
    }

    pub(crate) async fn ask(&self, ask: Ask) -> Answered {
        Self::ask_of(&self.router, ask).await
    }

    pub(crate) async fn ask_of(router: &Router, ask: Ask) -> Answered {
        let mut request = match ask.body {
            Some(body) => ask.request.header(header::CONTENT_TYPE, "application/json").body(Body::from(body.to_string())),
            None => ask.request.body(Body::empty()),
        }
        .unwrap();
        request.extensions_mut().insert(Peer(ask.peer));
        if let Some(proxies) = ask.proxies {
            request.extensions_mut().insert(proxies);
        }
        answered(router, request).await
    }

    /// Asks in the name of a person for whom this process vouches.
    pub(crate) async fn vouched(&self, person: i64, method: &Method, path: &str, body: Option<Value>) -> Answered {
        let request = Request::builder().method(method).uri(format!("/api/v1{path}")).header("content-type", "application/json");
        let mut request = request.body(body.map_or_else(Body::empty, |body| Body::from(body.to_string()))).unwrap();
        request.extensions_mut().insert(ActingAs::new(AccountId(1), PersonId(person)));
        answered(&self.router, request).await
    }

    pub(crate) async fn sign_in(&self, email: &str) -> Answered {
        self.ask(Ask::post("/session", json!({"email": email, "password": PASSWORD}))).await
    }

    /// Signs in; answers the cookie as a browser sends it.
    pub(crate) async fn cookie(&self, email: &str) -> String {
        let signed = self.sign_in(email).await;
        assert_eq!(signed.status, 200, "{}", signed.text);
        cookie_of(&signed)
    }

    /// Makes a token of this scope, for who has this number; answers it and its number.
    pub(crate) async fn token(&self, person: i64, scope: &str) -> (String, i64) {
        let made = self.vouched(person, &Method::POST, "/tokens", Some(json!({"name": scope, "scope": scope}))).await;
        assert_eq!(made.status, 201, "{}", made.text);
        (made.json()["token"].as_str().unwrap().to_owned(), made.json()["id"].as_i64().unwrap())
    }

    /// What this cookie or token gets to hear about who it is.
    pub(crate) async fn who(&self, ask: impl Fn(Ask) -> Ask) -> String {
        let me = self.ask(ask(Ask::get("/me"))).await;
        if me.status == 200 { me.json()["email"].as_str().unwrap().to_owned() } else { me.outcome() }
    }

    /// Returns once the use of this session at this very time is noted.
    pub(crate) async fn noted(&self, cookie: &str) {
        let now = self.clock.now().to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
        let is_noted = async || {
            let sessions = self.ask(Ask::get("/me/sessions").cookie(cookie)).await.json();
            sessions.as_array().unwrap().iter().any(|session| session["used_at"] == now)
        };
        let noting = async {
            while !is_noted().await {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(30), noting).await.expect("a use is noted within half a minute");
    }

    /// Takes the next mail from the outbox; answers to whom it goes, and the secret of its link.
    pub(crate) async fn letter(&self) -> Option<(MailKind, String, Secret)> {
        let secret = |kind| Secret::generate(kind, &SystemRandom);
        let (invitation, reset, email) = (secret(SecretKind::Invitation), secret(SecretKind::Reset), secret(SecretKind::Email));
        let hashes = MailSecrets { invitation: invitation.hash(), reset: reset.hash(), email: email.hash() };
        let mail = self.store.claim_mail(&hashes, self.clock.now()).await.unwrap()?;
        self.store.settle_mail(mail.account.id, mail.id, &Posted::Sent, self.clock.now()).await.unwrap();
        let secret = if mail.kind == MailKind::Email { email } else { reset };
        Some((mail.kind, mail.to.as_str().to_owned(), secret))
    }
}

/// The cookie of an answer, as a browser sends it back.
pub(crate) fn cookie_of(answered: &Answered) -> String {
    let given = answered.headers[header::SET_COOKIE].to_str().unwrap();
    given.split(';').next().unwrap().to_owned()
}
