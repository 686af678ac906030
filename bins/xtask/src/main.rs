//! Chores of this repository: `cargo xtask test` and `cargo xtask deps`.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for the terminal of whoever works on the code")]

mod deps;
mod test;
mod tools;

use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask CHORE

  test   sets up what the tests need and runs all of them
  deps   checks which crate uses which, against the table of the architecture";

fn main() -> ExitCode {
    let chore = std::env::args().nth(1);
    let done = match chore.as_deref() {
        Some("test") => deps::check().and_then(|()| test::run()),
        Some("deps") => deps::check(),
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
