//! Any bytes at all in the place of the secret in a link: of an invitation, of a reset, of another address.
//!
//! The fuzz target `links` includes this file, so it stands by itself.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::body::Body;
use http::response::Parts;
use http::uri::PathAndQuery;
use http::{Request, header};
use http_body_util::BodyExt as _;
use secrecy::SecretString;
use tallyport_app::{AccountToCreate, App, Done, Key, KeyRing, Site, SourceFactory};
use tallyport_domain::{PersonId, Secret, SecretKind, Source, SourceError};
use tallyport_storage::Store;
use tallyport_storage_sqlite::{Options, Sqlite};
use tallyport_sync::SyncEngine;
use tallyport_sync::system::{SystemClock, SystemRandom};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tower::ServiceExt as _;

const EMAIL: &str = "ana@tally.test";
const PASSWORD: &str = "five tally strokes";
const SITE: &str = "https://time.example.com";
const PAGES: [&str; 3] = ["/accept/", "/reset/", "/email/"];

/// Edits of the secret of a link that works, each of a place and what stands there instead, so that what they spoil is looked at
/// behind the first check.
const EDITS: u8 = b'e';

/// A server with a link of each kind.
struct Linked {
    router: Router,
    cookie: String,
    secrets: [String; 3],
    /// The markup of its pages.
    known: BTreeSet<Vec<String>>,
    runtime: Runtime,
    _folder: TempDir,
}

/// How a link is opened.
#[derive(Clone, Copy)]
struct Opened {
    page: usize,
    is_signed_in: bool,
    /// Whether the form on it is sent, with nothing in it.
    is_sent: bool,
}

struct NoSources;

impl SourceFactory for NoSources {
    fn source(&self, _: &SecretString) -> Result<Arc<dyn Source>, SourceError> {
        Err(SourceError::OtherProduct)
    }
}

impl Linked {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("there is room");
        let store = Sqlite::open(folder.path().join("tallyport.db"), Options { create: true }).expect("a new file opens");
        let store: Arc<dyn Store> = Arc::new(store);
        let app = App::new(tallyport_app::Parts {
            store: store.clone(),
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom),
            keys: Arc::new(KeyRing::of(Key::generate(&SystemRandom))),
            sources: Arc::new(NoSources),
            engine: SyncEngine::new(store, Arc::new(SystemClock)),
            mailer: None,
            site: Site::at(SITE),
        });
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("it needs nothing");
        let router = tallyport_web::router(app.clone());
        let (secrets, cookie) = runtime.block_on(async { (links(&app).await, sign_in(&router).await) });
        let mut linked = Self { router, cookie, secrets, known: BTreeSet::new(), runtime, _folder: folder };
        for choice in 0..12 {
            let opened = Opened::by(choice);
            for secret in [linked.secrets[opened.page].as_str(), "x", "%00", ""] {
                let (_, text) = linked.open(opened, secret.as_bytes()).expect("it is a path");
                linked.known.insert(markup(&text));
            }
        }
        linked
    }

    /// What is answered to who opens a link; nothing where it is no path at all, and refused before it gets here.
    fn open(&self, opened: Opened, secret: &[u8]) -> Option<(Parts, String)> {
        let path = PathAndQuery::try_from([PAGES[opened.page].as_bytes(), secret].concat()).ok()?;
        let mut request = post(path.as_str(), String::new());
        if !opened.is_sent {
            *request.method_mut() = http::Method::GET;
        }
        if opened.is_signed_in {
            request.headers_mut().insert(header::COOKIE, self.cookie.parse().expect("it is one"));
        }
        self.runtime.block_on(async {
            let answer = self.router.clone().oneshot(request).await.unwrap_or_else(|never| match never {});
            let (parts, body) = answer.into_parts();
            let body = body.collect().await.expect("it is in memory").to_bytes();
            Some((parts, String::from_utf8(body.to_vec()).expect("it is text")))
        })
    }
}

impl Opened {
    fn by(choice: usize) -> Self {
        Self { page: choice % 3, is_signed_in: choice / 3 % 2 == 1, is_sent: choice / 6 % 2 == 1 }
    }
}

/// The tags of a page without what is in them, and how many quotes there are in all.
fn markup(text: &str) -> Vec<String> {
    let tags = text.split('<').skip(1).map(|tag| tag.split(['>', ' ', '\n']).next().unwrap_or_default().to_owned());
    tags.chain([text.matches('"').count().to_string()]).collect()
}

/// The secrets of links that work, or for another address, which only mail brings, of one that might.
async fn links(app: &App) -> [String; 3] {
    let account = AccountToCreate {
        name: "Ours".to_owned(),
        admin_email: EMAIL.to_owned(),
        admin_name: None,
        password: Some(SecretString::from(PASSWORD)),
        timezone: None,
    };
    let (account, _) = app.accounts.create(account).await.expect("it is the first");
    let ana = app.actor(account.id, PersonId(1)).await.expect("she is there");
    let invited = app.invitations.invite(&ana, &["ines@tally.test".to_owned()], None, None).await.expect("she may");
    let Done::Now(invited) = invited else { unreachable!("it was asked for once") };
    let accept = invited[0].link.clone().expect("no mail brings it");
    let reset = app.resets.hand_over(&ana, PersonId(1)).await.expect("she may").expect("no mail brings it");
    let email = Secret::generate(SecretKind::Email, &SystemRandom).reveal().to_owned();
    let secret = |link: &str| link.rsplit('/').next().unwrap_or_default().to_owned();
    [secret(&accept), secret(&reset), email]
}

async fn sign_in(router: &Router) -> String {
    let form = format!("email={EMAIL}&password={}", PASSWORD.replace(' ', "+"));
    let answer = router.clone().oneshot(post("/sign-in", form)).await.unwrap_or_else(|never| match never {});
    let cookie = answer.headers().get(header::SET_COOKIE).expect("they match").to_str().expect("it is text");
    cookie.split(';').next().unwrap_or_default().to_owned()
}

fn post(path: &str, form: String) -> Request<Body> {
    let request = Request::post(path).header("sec-fetch-site", "same-origin");
    let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    request.body(Body::from(form)).expect("it is a request")
}

/// Opens a link of these bytes, and holds the answer against what must be. The first one says how it is opened.
pub(crate) fn check(input: &[u8]) {
    static LINKED: OnceLock<Linked> = OnceLock::new();
    let linked = LINKED.get_or_init(Linked::new);
    let (first, rest) = input.split_first().unwrap_or((&b'0', &[]));
    let opened = Opened::by(first.wrapping_sub(b'0').into());
    let secret = match rest.split_first() {
        Some((&EDITS, edits)) => edited(&linked.secrets[opened.page], edits),
        _ => rest.to_vec(),
    };
    let Some((parts, text)) = linked.open(opened, &secret) else { return };
    assert!([200, 400, 401, 403, 404, 405, 410, 422].contains(&parts.status.as_u16()), "{}", parts.status);
    // Nobody is led on or remembered, and what is in the link stands nowhere as markup.
    for name in [header::LOCATION, header::REFRESH, header::LINK, header::SET_COOKIE] {
        assert!(!parts.headers.contains_key(&name), "{name}");
    }
    assert!(linked.known.contains(&markup(&text)), "{text}");
    if parts.headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == "text/html; charset=utf-8") {
        assert_eq!(parts.headers[header::REFERRER_POLICY], "no-referrer");
        assert_eq!(parts.headers[header::CACHE_CONTROL], "no-store");
    }
}

fn edited(secret: &str, edits: &[u8]) -> Vec<u8> {
    let mut secret = secret.as_bytes().to_vec();
    for edit in edits.chunks_exact(2) {
        let length = secret.len();
        secret[usize::from(edit[0]) % length] = edit[1];
    }
    secret
}

#[cfg(test)]
mod tests {
    use crate::replay::replay;

    #[test] // N2, A7, S8
    fn whatever_a_link_is_a_page_answers_and_repeats_none_of_it() {
        replay("links", |input| (0..=input.len()).for_each(|end| super::check(&input[..end])));
    }
}
