//! Whatever the document allows, and does not allow, sent to a server by a program that others wrote.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;
use tokio::net::TcpListener;

use crate::bench::{Bench, Who};

/// A Python that has it, as the command that runs all tests prepares it.
const PYTHON: &str = "TALLYPORT_SCHEMATHESIS";

/// What is not asked: a stream that does not end, and what would end the token that everything is asked with.
const LEFT_OUT: [&str; 3] = ["events_follow", "session_sign_out", "tokens_revoke"];

/// Its own check of what is accepted takes no refusal for what a request says (a name without letters, a key that was used);
/// `hooks.py` has one that does.
const REPLACED: &str = "positive_data_acceptance";

async fn sent_by(who: Who) {
    let bench = Bench::imported().await;
    // What Toggl's quota does to a run is no matter of the API.
    bench.server.simulator().switch(|switches| switches.user_quota = 1_000_000);
    let made = bench.post(who, "/tokens", &json!({"name": "schemathesis", "scope": "admin"})).await;
    let token = made.json()["token"].as_str().unwrap().to_owned();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("openapi.json"), tallyport_api::openapi().to_string()).unwrap();
    for file in ["schemathesis.toml", "hooks.py"] {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schemathesis").join(file);
        std::fs::copy(from, folder.path().join(file)).unwrap();
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/api/v1", listener.local_addr().unwrap());
    let router = bench.router.clone();
    let serving = tokio::spawn(async move { axum::serve(listener, router).await });
    // It looks for its files where it is, and leaves some of its own there.
    let mut command = command();
    command.current_dir(folder.path()).args([
        "openapi.json",
        "--url",
        &url,
        "--header",
        &format!("Authorization: Bearer {token}"),
    ]);
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    serving.abort();
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{told}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(told.contains("Fuzzing") && told.contains("generated"), "{told}");
}

#[expect(clippy::disallowed_methods, reason = "where it is installed is known to the command that installed it alone")]
fn command() -> Command {
    let python: PathBuf = std::env::var_os(PYTHON).unwrap_or_else(|| panic!("{PYTHON} names no Python")).into();
    let mut command = Command::new(python.with_file_name("schemathesis"));
    command.args(["--config-file", "schemathesis.toml", "run", "--no-color", "--max-examples", "50", "--seed", "1"]);
    command.args(["--phases", "examples,coverage,fuzzing", "--checks", "all", "--exclude-checks", REPLACED]);
    command.args(["--continue-on-failure", "--request-timeout", "30"]);
    command.args(LEFT_OUT.iter().flat_map(|operation| ["--exclude-operation-id", operation]));
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
