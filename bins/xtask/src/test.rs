//! `cargo xtask test`: everything that shows that Tallyport works, in one go.

use std::path::Path;
use std::process::Command;

/// The folder of recorded answers beside the checkout. It is not part of the repository, so its tests run where it is.
const RECORDED: &str = "../shared/reference/toggl-recorded";

/// Runs all tests.
pub(crate) fn run() -> Result<(), String> {
    cargo(&["test", "--workspace", "--locked"])?;
    // What needs something beside the checkout is ignored by a plain `cargo test`, with the reason in the attribute.
    if root().join(RECORDED).is_dir() {
        cargo(&["test", "--workspace", "--locked", "--tests", "--", "--ignored"])
    } else {
        println!("not run: the tests of recorded answers, which need {RECORDED}");
        cargo(&["test", "--workspace", "--locked", "--tests", "--", "--ignored", "--skip", "recorded"])
    }
}

fn cargo(arguments: &[&str]) -> Result<(), String> {
    println!("+ cargo {}", arguments.join(" "));
    let status = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(root())
        .status()
        .map_err(|error| format!("cargo does not run: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("failed: cargo {}", arguments.join(" "))) }
}

fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here)
}
