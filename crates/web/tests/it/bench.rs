//! Pages to look at, and a browser that keeps its cookie.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use axum::Router;
use axum::body::Body;
use axum::middleware::from_fn;
use chrono::{DateTime, TimeDelta, Utc};
use http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use secrecy::SecretString;
use tallyport_app::{AccountToCreate, Actor, App, Key, KeyRing, Parts, Site, SourceFactory};
use tallyport_domain::{Clock, Letter, Mailer, Posted, Source, SourceError};
use tallyport_http::no_such_route;
use tallyport_storage::Store;
use tallyport_storage_sqlite::{Options, Sqlite};
use tallyport_sync::SyncEngine;
use tallyport_sync::system::{SystemClock, SystemRandom};
use tempfile::TempDir;
use tower::ServiceExt as _;

pub(crate) const EMAIL: &str = "ana.novakova@nordlicht.example";
pub(crate) const PASSWORD: &str = "five tally strokes";
const SITE: &str = "https://time.example.com";

struct NoSources;

impl SourceFactory for NoSources {
    fn source(&self, _: &SecretString) -> Result<Arc<dyn Source>, SourceError> {
        Err(SourceError::OtherProduct)
    }
}

/// Keeps what is mailed.
#[derive(Clone, Default)]
pub(crate) struct Letters(Arc<Mutex<Vec<Letter>>>);

#[async_trait]
impl Mailer for Letters {
    async fn send(&self, letter: &Letter) -> Posted {
        self.0.lock().unwrap().push(letter.clone());
        Posted::Sent
    }
}

/// The clock of the machine, which can be put forward.
#[derive(Clone, Default)]
pub(crate) struct Ahead(Arc<AtomicI64>);

impl Ahead {
    pub(crate) fn by_days(&self, days: i64) {
        self.0.fetch_add(days, Ordering::Relaxed);
    }
}

#[async_trait]
impl Clock for Ahead {
    fn now(&self) -> DateTime<Utc> {
        SystemClock.now() + TimeDelta::days(self.0.load(Ordering::Relaxed))
    }

    async fn sleep_until(&self, instant: DateTime<Utc>) {
        SystemClock.sleep_until(instant - (self.now() - SystemClock.now())).await;
    }
}

pub(crate) struct Bench {
    pub(crate) app: App,
    pub(crate) clock: Ahead,
    pub(crate) letters: Letters,
    pub(crate) router: Router,
    _folder: TempDir,
}

/// A page as a browser gets it.
pub(crate) struct Shown {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Shown {
    pub(crate) fn header(&self, name: impl header::AsHeaderName) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Where it leads on.
    pub(crate) fn leads_to(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.text);
        self.header(header::LOCATION)
    }

    pub(crate) fn has(&self, text: &str) -> bool {
        self.text.contains(text)
    }
}

/// Somebody's browser.
#[derive(Clone, Default)]
pub(crate) struct Browser {
    pub(crate) cookie: Option<String>,
}

impl Bench {
    /// A server that waits to be set up.
    pub(crate) fn fresh() -> Self {
        Self::at(SITE, false)
    }

    /// A server with an account and an administrator; no mail leaves it.
    pub(crate) async fn new() -> Self {
        let bench = Self::at(SITE, false);
        bench.create("Nordlicht Studio").await;
        bench
    }

    /// The same, and mail leaves it.
    pub(crate) async fn with_mail() -> Self {
        let bench = Self::at(SITE, true);
        bench.create("Nordlicht Studio").await;
        bench
    }

    /// A server at this address that waits to be set up.
    pub(crate) fn at(site: &str, mails: bool) -> Self {
        let (letters, clock) = (Letters::default(), Ahead::default());
        let mailer = mails.then(|| Arc::new(letters.clone()) as Arc<dyn Mailer>);
        let folder = tempfile::tempdir().unwrap();
        let store: Arc<dyn Store> = Arc::new(Sqlite::open(folder.path().join("tallyport.db"), Options { create: true }).unwrap());
        let app = App::new(Parts {
            store: store.clone(),
            clock: Arc::new(clock.clone()),
            random: Arc::new(SystemRandom),
            keys: Arc::new(KeyRing::of(Key::generate(&SystemRandom))),
            sources: Arc::new(NoSources),
            engine: SyncEngine::new(store, Arc::new(clock.clone())),
            mailer,
            site: Site::at(site),
        });
        let outbox = app.outbox.clone();
        tokio::spawn(async move { outbox.run(std::future::pending()).await });
        let router = tallyport_web::router(app.clone()).fallback(no_such_route).layer(from_fn(tallyport_web::readable));
        Self { app, clock, letters, router, _folder: folder }
    }

    pub(crate) async fn create(&self, name: &str) {
        let account = AccountToCreate {
            name: name.to_owned(),
            admin_email: EMAIL.to_owned(),
            admin_name: Some("Ana <b>Nováková".to_owned()),
            password: Some(SecretString::from(PASSWORD)),
            timezone: None,
        };
        self.app.accounts.create(account).await.unwrap();
    }

    /// The administrator of the first account.
    pub(crate) async fn ana(&self) -> Actor {
        let account = self.app.accounts.list().await.unwrap()[0].id;
        self.app.actor(account, tallyport_domain::PersonId(1)).await.unwrap()
    }

    pub(crate) async fn get(&self, browser: &mut Browser, path: &str) -> Shown {
        self.send(browser, Request::get(path), String::new()).await
    }

    /// Sends a form as browsers do from our own page.
    pub(crate) async fn post(&self, browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Shown {
        let request = Request::post(path).header("sec-fetch-site", "same-origin");
        self.send(browser, request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded"), encoded(fields)).await
    }

    pub(crate) async fn send(&self, browser: &mut Browser, request: http::request::Builder, body: String) -> Shown {
        let request = browser.cookie.iter().fold(request, |request, cookie| request.header(header::COOKIE, cookie));
        let answering = self.router.clone().oneshot(request.body(Body::from(body)).unwrap());
        let response = tokio::time::timeout(Duration::from_secs(30), answering).await.unwrap().unwrap();
        if let Some(cookie) = response.headers().get(header::SET_COOKIE) {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            browser.cookie = (!pair.ends_with('=')).then(|| pair.to_owned());
        }
        let (status, headers) = (response.status(), response.headers().clone());
        let body = response.into_body().collect().await.unwrap().to_bytes();
        let text = String::from_utf8(body.to_vec()).unwrap();
        let commands = ["`", " --", "tallyport toggl"];
        let is_read = headers.get(header::CONTENT_TYPE).is_none_or(|kind| !kind.as_bytes().starts_with(b"text/css"));
        assert!(!is_read || commands.iter().all(|command| !text.contains(command)), "this speaks of the terminal: {text}");
        Shown { status, headers, text }
    }

    /// A browser in which the administrator is signed in.
    pub(crate) async fn signed_in(&self) -> Browser {
        let mut browser = Browser::default();
        let fields = [("email", EMAIL), ("password", PASSWORD)];
        assert_eq!(self.post(&mut browser, "/sign-in", &fields).await.leads_to(), "/");
        browser
    }

    /// The path of the link in the only mail that arrives.
    pub(crate) async fn link(&self) -> String {
        let waiting = async {
            loop {
                let found = self.letters.0.lock().unwrap().first().map(|letter| letter.text.clone());
                match found {
                    Some(text) => break path_of(&text),
                    None => tokio::task::yield_now().await,
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(30), waiting).await.expect("a mail arrives within half a minute")
    }
}

/// The path of the first link of ours in a text.
pub(crate) fn path_of(text: &str) -> String {
    let (_, rest) = text.split_once("://").unwrap_or_else(|| panic!("no link in {text}"));
    let link = rest.split_whitespace().next().unwrap();
    link[link.find('/').unwrap()..].to_owned()
}

fn encoded(fields: &[(&str, &str)]) -> String {
    let escaped = |text: &str| -> String {
        let escape = |byte: u8| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") };
        text.bytes().map(escape).collect()
    };
    fields.iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect::<Vec<_>>().join("&")
}
