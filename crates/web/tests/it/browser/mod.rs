//! Every page in every state, in a real browser: what axe finds, and whether the keyboard alone gets everywhere.

mod states;
mod visit;

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;

/// The folder of what looks at pages, as the command that runs all tests prepares it.
const BROWSER: &str = "TALLYPORT_BROWSER";

/// What the browser did.
#[derive(Debug, Deserialize)]
struct Counts {
    looked: usize,
    rules: usize,
    walked: usize,
    stops: usize,
    sent: usize,
}

#[tokio::test]
async fn every_page_has_its_states_among_those_that_a_browser_looks_at() {
    let pages: BTreeSet<&str> = tallyport_web::paths().into_iter().collect();
    let states = states::all().await;
    let looked_at = states.visits().iter().map(|visit| visit.page).filter(|page| *page != states::NOWHERE);
    assert_eq!(looked_at.collect::<BTreeSet<_>>(), pages);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs chromium: cargo xtask test"]
async fn every_state_of_every_page_is_accessible_and_goes_by_keyboard_alone() {
    let states = states::all().await;
    let visits = serde_json::to_string(states.visits()).unwrap();
    let told = tokio::task::spawn_blocking(move || look(&visits)).await.unwrap();
    let (counts, wrong) = told.split_last().unwrap();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let counts: Counts = serde_json::from_str(counts).unwrap_or_else(|_| panic!("it did not come to an end: {counts}"));
    let (opened, sent) = (states.visits().len(), states.visits().iter().filter(|visit| visit.then.is_some()).count());
    assert_eq!((counts.looked, counts.walked, counts.sent), (2 * (opened + sent), opened + sent, sent), "{counts:?}");
    assert!(counts.rules > 20 * counts.looked && counts.stops > 2 * counts.walked, "{counts:?}");
}

/// Has the browser look, and gives what it says, line by line.
#[expect(clippy::disallowed_methods, reason = "where it is installed is known to the command that installed it alone")]
fn look(visits: &str) -> Vec<String> {
    let folder: PathBuf = std::env::var_os(BROWSER).unwrap_or_else(|| panic!("{BROWSER} names no folder")).into();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser/look.js");
    let mut command = Command::new("node");
    command.arg(script).env("NODE_PATH", folder.join("node_modules")).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut looking = command.spawn().unwrap();
    looking.stdin.take().unwrap().write_all(visits.as_bytes()).unwrap();
    let output = looking.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}
