//! What the program says of itself, and what the documents say of it.

use std::collections::BTreeSet;
use std::process::Command;

use crate::support::Bench;

/// The variables of all settings, from the program itself.
fn variables(defaults: &str) -> BTreeSet<&str> {
    let words = defaults.split(|character: char| !character.is_ascii_alphanumeric() && character != '_');
    words.filter(|word| word.starts_with("TALLYPORT_")).chain(["TALLYPORT_CONFIG"]).collect()
}

#[test]
fn the_file_of_defaults_is_the_one_that_is_kept() {
    let printed = Bench::new().run(&["config"]);
    assert_eq!((printed.code, printed.stderr.as_str()), (Some(0), ""));
    let kept = include_str!("../../config.default.toml");
    assert!(printed.stdout == kept, "`tallyport-server config > bins/tallyport-server/config.default.toml` keeps it up to date");
}

#[test]
fn every_setting_is_documented_and_none_that_is_not_there() {
    let printed = Bench::new().run(&["config"]).stdout;
    let documented = include_str!("../../../../docs/operating.md");
    let rows = documented.lines().filter_map(|line| line.strip_prefix("| `TALLYPORT_")?.split('`').next());
    let rows: BTreeSet<String> = rows.map(|rest| format!("TALLYPORT_{rest}")).collect();
    let named: BTreeSet<String> = variables(&printed).into_iter().map(str::to_owned).collect();
    assert_eq!(rows, named);
}

#[test]
fn it_says_what_it_does() {
    let help = Bench::new().run(&["--help"]);
    assert_eq!((help.code, help.stderr.as_str()), (Some(0), ""));
    assert!(help.stdout.lines().all(|line| line.chars().count() <= 80), "{}", help.stdout);
    insta::assert_snapshot!("help", help.stdout);
    let version = Bench::new().run(&["--version"]);
    assert_eq!(version.stdout, concat!("tallyport-server ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
#[ignore = "needs curl: cargo xtask test"]
fn every_line_for_curl_does_what_the_document_says() {
    let documented = include_str!("../../../../docs/api.md");
    let blocks = documented.split("```sh\n").skip(1).filter_map(|block| block.split("```").next());
    let script: String = ["set -euo pipefail\n"].into_iter().chain(blocks).collect();
    assert!(script.matches("curl ").count() > 15, "{script}");
    let server = Bench::new().start_with(&["--demo"]);
    let mut command = Command::new("bash");
    command.args(["-c", &script]).env("SERVER", format!("http://{}", server.address));
    command.env("EMAIL", "ana.novakova@nordlicht.example").env("PASSWORD", "nordlicht-demo");
    let ran = Bench::ran(command);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert_eq!(ran.stdout.matches("\"name\":\"Our own\"").count(), 2, "the second answer is the first one");
    server.stop();
}
