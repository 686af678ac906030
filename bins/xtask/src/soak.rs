//! `cargo xtask soak`: the searches and loads of the tests, for as long as somebody cares to wait.

use crate::cargo::cargo_with;

const USAGE: &str = "\
usage: cargo xtask soak model [SEEDS] | engine [SEEDS] | devices [SEEDS] | time [CASES] | http [SECONDS [RATE]] | overload [SECONDS] | streams [STREAMS]

  model     the planner's invariants, over SEEDS histories (200000)
  engine    the whole engine under a swarm of faults, over SEEDS histories (10000)
  devices   a person's devices without a connection, over SEEDS histories (20000)
  time      days and totals in every zone, over CASES cases (1000000)
  http      everything that is asked of a server, for SECONDS (600), RATE requests a second (1000): does it take ever more?
  overload  more than a server can do, for SECONDS (600): is anybody held up who means no harm?
  streams   STREAMS of live events (1000) that have to end, go on and miss nothing";

/// Something to search, or a load.
struct Soak {
    name: &'static str,
    /// The crate and the test.
    test: [&'static str; 2],
    /// What its numbers are handed over in, and what they are unless somebody says so.
    numbers: &'static [(&'static str, &'static str)],
}

const SOAKS: [Soak; 7] = [
    Soak { name: "model", test: ["tallyport-domain", "plan::every"], numbers: &[("TALLYPORT_MODEL_SEEDS", "200000")] },
    Soak { name: "engine", test: ["tallyport-sync", "swarm::"], numbers: &[("TALLYPORT_SWARM_SEEDS", "10000")] },
    Soak { name: "devices", test: ["tallyport-app", "devices::"], numbers: &[("TALLYPORT_DEVICES_SEEDS", "20000")] },
    Soak { name: "time", test: ["tallyport-domain", "time::zones::"], numbers: &[("TALLYPORT_TIME_CASES", "1000000")] },
    Soak {
        name: "http",
        test: ["tallyport-server", "soak::whatever"],
        numbers: &[("TALLYPORT_LOAD_SECONDS", "600"), ("TALLYPORT_LOAD_RATE", "1000")],
    },
    Soak { name: "overload", test: ["tallyport-server", "overload::"], numbers: &[("TALLYPORT_LOAD_SECONDS", "600")] },
    Soak { name: "streams", test: ["tallyport-server", "streams::"], numbers: &[("TALLYPORT_STREAMS", "1000")] },
];

/// Runs one of them in release, with what it prints.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    let usage = || USAGE.to_owned();
    let (name, given) = arguments.split_first().ok_or_else(usage)?;
    let Soak { test: [package, test], numbers, .. } = SOAKS.iter().find(|soak| soak.name == name).ok_or_else(usage)?;
    if given.len() > numbers.len() || !given.iter().all(|number| number.parse::<u64>().is_ok()) {
        return Err(usage());
    }
    let said = given.iter().map(String::as_str);
    let values = said.chain(numbers.iter().skip(given.len()).map(|(_, usual)| *usual));
    let variables: Vec<_> = numbers.iter().map(|(variable, _)| *variable).zip(values.map(Into::into)).collect();
    println!("{variables:?}");
    let arguments =
        ["test", "--release", "--locked", "-p", package, "--test", "it", test, "--", "--nocapture", "--include-ignored"];
    cargo_with(&arguments, &variables).map_err(|_| "the search found something; see above".to_owned())
}
