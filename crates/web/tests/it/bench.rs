//! Pages to look at, and a browser that keeps its cookie.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use axum::Router;
use axum::body::Body;
use http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use secrecy::SecretString;
use tallyport_app::{AccountToCreate, Actor, App, Key, KeyRing, Parts, Site, SourceFactory};
use tallyport_domain::{Letter, Mailer, Posted, Source, SourceError};
use tallyport_storage::Store;
use tallyport_storage_sqlite::{Options, Sqlite};
use tallyport_sync::SyncEngine;
use tallyport_sync::system::{SystemClock, SystemRandom};
use tempfile::TempDir;
use tower::ServiceExt as _;

pub(crate) const EMAIL: &str = "ana.novakova@nordlicht.example";
pub(crate) const PASSWORD: &str = "five tally strokes";

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

pub(crate) struct Bench {
    pub(crate) app: App,
    pub(crate) letters: Letters,
    router: Router,
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
    cookie: Option<String>,
}

impl Bench {
    /// A server that waits to be set up.
    pub(crate) fn fresh() -> Self {
        Self::with(None)
    }

    /// A server with an account and an administrator; no mail leaves it.
    pub(crate) async fn new() -> Self {
        let bench = Self::with(None);
        bench.create("Nordlicht Studio").await;
        bench
    }

    /// The same, and mail leaves it.
    pub(crate) async fn with_mail() -> Self {
        let letters = Letters::default();
        let bench = Self { letters: letters.clone(), ..Self::with(Some(Arc::new(letters))) };
        bench.create("Nordlicht Studio").await;
        let outbox = bench.app.outbox.clone();
        tokio::spawn(async move { outbox.run(std::future::pending()).await });
        bench
    }

    fn with(mailer: Option<Arc<dyn Mailer>>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store: Arc<dyn Store> = Arc::new(Sqlite::open(folder.path().join("tallyport.db"), Options { create: true }).unwrap());
        let app = App::new(Parts {
            store: store.clone(),
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom),
            keys: Arc::new(KeyRing::of(Key::generate(&SystemRandom))),
            sources: Arc::new(NoSources),
            engine: SyncEngine::new(store, Arc::new(SystemClock)),
            mailer,
            site: Site::at("https://time.example.com"),
        });
        let router = tallyport_web::router(app.clone());
        Self { app, letters: Letters::default(), router, _folder: folder }
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
        Shown { status, headers, text: String::from_utf8(body.to_vec()).unwrap() }
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
    let rest = text.split("https://time.example.com").nth(1).unwrap_or_else(|| panic!("no link in {text}"));
    rest.split_whitespace().next().unwrap().to_owned()
}

fn encoded(fields: &[(&str, &str)]) -> String {
    let escaped = |text: &str| -> String {
        let escape = |byte: u8| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") };
        text.bytes().map(escape).collect()
    };
    fields.iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect::<Vec<_>>().join("&")
}
