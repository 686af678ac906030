//! Chores of this repository: `cargo xtask help` lists them.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for the terminal of whoever works on the code")]

mod bench;
mod cargo;
mod deps;
mod fuzz;
mod soak;
mod test;
mod tools;

use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask CHORE

  test   sets up what the tests need and runs all of them
  deps   checks which crate uses which, against the table of the architecture
  bench  measures in release, beside a floor of the same run; `bench help` says what can be measured
  fuzz   feeds what reads bytes from outside with any bytes there are, by nightly Rust: fuzz [TARGET] [SECONDS]
  soak   searches, or loads a server, for longer than a test may; `soak help` says what there is";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.first().map(String::as_str) {
        Some("test") => deps::check().and_then(|()| test::run()),
        Some("deps") => deps::check(),
        Some("bench") => bench::run(&arguments[1..]),
        Some("fuzz") => fuzz::run(&arguments[1..]),
        Some("soak") => soak::run(&arguments[1..]),
        Some("help" | "--help" | "-h") => {
            println!("{USAGE}");
            Ok(())
        }
        _ => Err(USAGE.to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}
