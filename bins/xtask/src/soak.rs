//! `cargo xtask soak`: the searches of the tests, for as long as somebody cares to wait.

use crate::cargo::cargo_with;

/// What can be searched.
const USAGE: &str = "\
usage: cargo xtask soak model | engine | time [SEEDS]

  model   the planner's invariants, over SEEDS histories (200000)
  engine  the whole engine under a swarm of faults, over SEEDS histories (10000)
  time    days and totals in every zone, over SEEDS cases (1000000)";

/// Runs a search.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["model"] => model("200000"),
        ["engine"] => engine("10000"),
        ["time"] => time("1000000"),
        ["model", seeds] if seeds.parse::<u64>().is_ok() => model(seeds),
        ["engine", seeds] if seeds.parse::<u64>().is_ok() => engine(seeds),
        ["time", seeds] if seeds.parse::<u64>().is_ok() => time(seeds),
        _ => Err(USAGE.to_owned()),
    }
}

fn model(seeds: &str) -> Result<(), String> {
    test(&["-p", "tallyport-domain", "--test", "it", "plan::every"], ("TALLYPORT_MODEL_SEEDS", seeds))
}

fn engine(seeds: &str) -> Result<(), String> {
    test(&["-p", "tallyport-sync", "--test", "it", "swarm::"], ("TALLYPORT_SWARM_SEEDS", seeds))
}

fn time(seeds: &str) -> Result<(), String> {
    test(&["-p", "tallyport-domain", "--test", "it", "time::zones::"], ("TALLYPORT_TIME_CASES", seeds))
}

/// Runs tests in release, with what they print.
fn test(what: &[&str], seeds: (&str, &str)) -> Result<(), String> {
    let arguments = [&["test", "--release", "--locked"], what, &["--", "--nocapture"]].concat();
    println!("{}={}", seeds.0, seeds.1);
    cargo_with(&arguments, &[(seeds.0, seeds.1.into())]).map_err(|_| "the search found something; see above".to_owned())
}
