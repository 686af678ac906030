//! Whatever the document allows, and does not allow, sent to a server by a program that others wrote.
//!
//! Every operation is asked, one by one and along the links of the document, under all of its checks. One of them is replaced in
//! `hooks.py`, since it knows statuses alone: that what the document allows is accepted. There each code is named that no
//! document can rule out, and why.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use futures_util::StreamExt as _;
use http::{Method, header};
use serde_json::json;
use tokio::net::TcpListener;
use tower::ServiceExt as _;

use crate::bench::{Bench, Who};

/// A Python that has it, as the command that runs all tests prepares it.
const PYTHON: &str = "TALLYPORT_SCHEMATHESIS";

/// The check that `hooks.py` has another one for.
const REPLACED: &str = "positive_data_acceptance";

/// How long a stream that has no end is listened to.
const LISTENED: Duration = Duration::from_millis(50);

/// A server that outlives being asked for anything.
///
/// What would take away the token that everything is asked with, or what its person may do, is asked of something that was made
/// for it: another token to sign out with or to revoke, another person to change. A stream without an end is ended.
struct Spared {
    bench: Bench,
    who: Who,
    /// The number of who asks.
    own: i64,
    bearer: String,
}

impl Spared {
    async fn new(who: Who) -> Self {
        let bench = Bench::imported().await;
        // What Toggl's quota does to a run is no matter of the API.
        bench.server.simulator().switch(|switches| switches.user_quota = 1_000_000);
        let own = if who == Who::Administrator { 1 } else { 3 };
        let mut spared = Self { bench, who, own, bearer: String::new() };
        spared.bearer = spared.token().await.0;
        spared
    }

    /// Another token of the same person, and its number.
    async fn token(&self) -> (String, i64) {
        let made = self.bench.post(self.who, "/tokens", &json!({"name": "schemathesis", "scope": "admin"})).await.json();
        (format!("Bearer {}", made["token"].as_str().unwrap()), made["id"].as_i64().unwrap())
    }

    /// The same request, asked of something that may go.
    async fn harmless(&self, request: &mut Request) {
        let path = request.uri().path().trim_start_matches("/api/v1").to_owned();
        let own = format!("/people/{}", self.own);
        let is_own = path == own || path.starts_with(&format!("{own}/"));
        let other = match request.method() {
            &Method::DELETE if path == "/session" => {
                if request.headers().get(header::AUTHORIZATION).is_some_and(|given| *given == self.bearer) {
                    let (bearer, _) = self.token().await;
                    request.headers_mut().insert(header::AUTHORIZATION, bearer.parse().unwrap());
                }
                return;
            }
            &Method::DELETE => match path.strip_prefix("/tokens/").and_then(|id| id.parse::<i64>().ok()) {
                Some(id) if id > 0 => format!("/tokens/{}", self.token().await.1),
                _ => return,
            },
            &Method::PATCH | &Method::POST if is_own => path.replacen(&own, "/people/4", 1),
            _ => return,
        };
        *request.uri_mut() = format!("/api/v1{other}").parse().unwrap();
    }
}

async fn answer(State(spared): State<Arc<Spared>>, mut request: Request) -> Response {
    let is_endless = request.uri().path() == "/api/v1/events";
    spared.harmless(&mut request).await;
    let response = spared.bench.router.clone().oneshot(request).await.unwrap();
    if !is_endless || !response.status().is_success() {
        return response;
    }
    let (head, body) = response.into_parts();
    let mut pieces = body.into_data_stream();
    let mut heard: Vec<Bytes> = Vec::new();
    while let Ok(Some(piece)) = tokio::time::timeout(LISTENED, pieces.next()).await {
        heard.push(piece.unwrap());
    }
    assert!(!heard.is_empty(), "a stream says at once from where it goes on");
    Response::from_parts(head, Body::from(heard.concat()))
}

async fn sent_by(who: Who) {
    let spared = Arc::new(Spared::new(who).await);
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("openapi.json"), tallyport_api::openapi().to_string()).unwrap();
    for file in ["schemathesis.toml", "hooks.py"] {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schemathesis").join(file);
        std::fs::copy(from, folder.path().join(file)).unwrap();
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/api/v1", listener.local_addr().unwrap());
    let router = Router::new().fallback(answer).with_state(spared.clone());
    let serving = tokio::spawn(async move { axum::serve(listener, router).await });
    // It looks for its files where it is, and leaves some of its own there.
    let mut command = command();
    let authorization = format!("Authorization: {}", spared.bearer);
    command.current_dir(folder.path()).args(["openapi.json", "--url", &url, "--header", &authorization]);
    command.env("TOGGL_API_TOKEN", spared.bench.server.simulator().owner_token().unwrap());
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    serving.abort();
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{told}\n{}", String::from_utf8_lossy(&output.stderr));
    let asked = tallyport_api::routes().len();
    for word in ["Coverage", "Fuzzing", "Stateful", "generated", &format!("Tested: {asked}")] {
        assert!(told.contains(word), "{word} is missing: {told}");
    }
    let me = Request::get("/api/v1/me").header(header::AUTHORIZATION, &spared.bearer).body(Body::empty()).unwrap();
    let me = spared.bench.request(Who::Anonymous, me).await;
    let role = if who == Who::Administrator { "administrator" } else { "member" };
    assert_eq!(me.json()["role"], role, "who asked could do so to the end: {}", me.text);
}

#[expect(clippy::disallowed_methods, reason = "where it is installed is known to the command that installed it alone")]
fn command() -> Command {
    let python: PathBuf = std::env::var_os(PYTHON).unwrap_or_else(|| panic!("{PYTHON} names no Python")).into();
    let mut command = Command::new(python.with_file_name("schemathesis"));
    command.args(["--config-file", "schemathesis.toml", "run", "--no-color", "--max-examples", "50", "--seed", "1"]);
    command.args(["--phases", "examples,coverage,fuzzing,stateful", "--checks", "all", "--exclude-checks", REPLACED]);
    // As from our own pages: some of what it sends has a cookie.
    command.args(["--header", "Sec-Fetch-Site: same-origin"]);
    command.args(["--continue-on-failure", "--request-timeout", "30"]);
    command
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs schemathesis: cargo xtask test"]
async fn schemathesis_finds_nothing_as_an_administrator() {
    sent_by(Who::Administrator).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs schemathesis: cargo xtask test"]
async fn schemathesis_finds_nothing_as_a_member() {
    sent_by(Who::Member).await;
}
