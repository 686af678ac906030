//! `cargo xtask bench`: builds what is measured in release, and measures it.

use std::process::Command;

use crate::cargo::{cargo, root};

/// Runs a benchmark with the arguments that came after `bench`.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    cargo(&["build", "--release", "--locked", "-p", "tallyport-bench", "-p", "tallyport-simulator-bin", "-p", "tallyport"])?;
    let program = root().join("target/release/tallyport-bench");
    let status = Command::new(&program)
        .args(arguments)
        .status()
        .map_err(|error| format!("{} does not run: {error}", program.display()))?;
    if status.success() { Ok(()) } else { Err("the benchmark failed".to_owned()) }
}
