//! What an import costs, as ratios against a floor that is measured in the same run.
//!
//! `cargo xtask bench import` builds this in release, with the programs it measures beside it, and runs it. Every
//! measurement is a process of its own, so that memory and caches of one do not flatter another: this program starts itself
//! with `measure` for that.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for the terminal of whoever works on the code")]
#![expect(clippy::cast_possible_wrap, clippy::cast_precision_loss, reason = "no benchmark counts up to 2^52")]
#![expect(clippy::type_complexity, reason = "tuples of rows and functions are read once, where they stand")]

mod account;
mod http;
mod measure;
mod parties;
mod report;
mod scenarios;
mod series;
mod server;
mod stopwatch;
mod time;

use std::process::ExitCode;

/// What goes wrong ends the run: a benchmark has nobody to recover for.
type Result<T, E = Box<dyn std::error::Error>> = std::result::Result<T, E>;

const USAGE: &str = "\
usage: tallyport-bench import [--items N[,N...]] [--rounds N] [--only import|programs|others]
       tallyport-bench http [ITEMS [ROUNDS]]
       tallyport-bench time [ROUNDS [http|programs|events|sheets]]

  --items    how many clients, projects and tasks there are together, by default 1000,10000,100000
  --rounds   how often each thing is measured, by default 7
  --only     just the engine, just whole programs, or just other people's programs; by default all";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["import", options @ ..] => scenarios::Options::parse(options).and_then(|options| scenarios::run(&options)),
        ["http"] => http::run(100_000, 5),
        ["http", items] => number(items).and_then(|items| http::run(items, 5)),
        ["http", items, rounds] => number(items).and_then(|items| http::run(items, number(rounds)?)),
        ["time"] => time::run(5, None),
        ["time", rounds] => number(rounds).and_then(|rounds| time::run(rounds, None)),
        ["time", rounds, only] => number(rounds).and_then(|rounds| time::run(rounds, Some(only))),
        ["track", what, file] => time::bare::track(what, file.as_ref()),
        ["serve", floor, database] => http::serve(floor, database.as_ref()),
        ["measure", party, url, token, file] => measure::one(party, url, token, file.as_ref()),
        _ => Err(USAGE.into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn number(text: &str) -> Result<usize> {
    text.parse().map_err(|_| USAGE.into())
}
