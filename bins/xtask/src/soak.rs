//! `cargo xtask soak`: the searches of the tests, for as long as somebody cares to wait.

use std::path::Path;
use std::process::Command;

/// What can be searched.
const USAGE: &str = "\
usage: cargo xtask soak model | engine [SEEDS]

  model   the planner's properties, over 200,000 histories each
  engine  the whole engine under a swarm of faults, over SEEDS histories (10000)";

/// How often the planner's tests multiply the number of cases.
const PER_CASE: u32 = 8;

/// Runs a search.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["model"] => {
            let cases = (200_000 / PER_CASE).to_string();
            test(&["-p", "tallyport-domain", "--test", "it", "plan::"], ("PROPTEST_CASES", &cases))
        }
        ["engine"] => engine("10000"),
        ["engine", seeds] if seeds.parse::<u64>().is_ok() => engine(seeds),
        _ => Err(USAGE.to_owned()),
    }
}

fn engine(seeds: &str) -> Result<(), String> {
    test(&["-p", "tallyport-sync", "--test", "it", "swarm::"], ("TALLYPORT_SWARM_SEEDS", seeds))
}

/// Runs tests in release, with what they print.
fn test(what: &[&str], (name, value): (&str, &str)) -> Result<(), String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap_or(Path::new("."));
    println!("+ {name}={value} cargo test --release --locked {} -- --nocapture", what.join(" "));
    let status = Command::new(env!("CARGO"))
        .args(["test", "--release", "--locked"])
        .args(what)
        .args(["--", "--nocapture"])
        .env(name, value)
        .current_dir(root)
        .status()
        .map_err(|error| format!("cargo does not run: {error}"))?;
    if status.success() { Ok(()) } else { Err("the search found something; see above".to_owned()) }
}
