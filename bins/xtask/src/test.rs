//! `cargo xtask test`: everything that shows that Tallyport works, in one go.

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use crate::tools::Tools;

/// Runs all tests.
pub(crate) fn run() -> Result<(), String> {
    cargo(&["test", "--workspace", "--locked"])?;
    // What needs something beside the checkout is ignored by a plain `cargo test`, with the reason in the attribute.
    let tools = Tools::prepare()?;
    let mut ignored = vec!["test", "--workspace", "--locked", "--tests", "--", "--ignored"];
    for (tests, why) in &tools.missing {
        println!("not run: the tests of {tests}: {why}");
        ignored.extend(["--skip", tests]);
    }
    cargo_with(&ignored, &tools.environment)
}

pub(crate) fn cargo(arguments: &[&str]) -> Result<(), String> {
    cargo_with(arguments, &[])
}

fn cargo_with(arguments: &[&str], environment: &[(&str, OsString)]) -> Result<(), String> {
    println!("+ cargo {}", arguments.join(" "));
    let status = Command::new(env!("CARGO"))
        .args(arguments)
        .envs(environment.iter().map(|(name, value)| (name, value)))
        .current_dir(root())
        .status()
        .map_err(|error| format!("cargo does not run: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("failed: cargo {}", arguments.join(" "))) }
}

pub(crate) fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here)
}
