//! `cargo xtask bench`: builds what is measured in release, and measures it.

use std::process::Command;

use crate::cargo::{cargo, root};

/// Runs a benchmark with the arguments that came after `bench`.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    let measured = ["tallyport-bench", "tallyport-simulator-bin", "tallyport", "tallyport-server"];
    let packages = measured.iter().flat_map(|package| ["-p", package]);
    cargo(&["build", "--release", "--locked"].into_iter().chain(packages).collect::<Vec<_>>())?;
    let program = root().join("target/release/tallyport-bench");
    let status = Command::new(&program)
        .args(arguments)
        .status()
        .map_err(|error| format!("{} does not run: {error}", program.display()))?;
    if status.success() { Ok(()) } else { Err("the benchmark failed".to_owned()) }
}
