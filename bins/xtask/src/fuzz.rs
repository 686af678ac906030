//! `cargo xtask fuzz [TARGET] [SECONDS]`: feeds what reads bytes from outside with any bytes there are.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::cargo::root;

const TARGETS: [&str; 10] =
    ["toggl_bodies", "plan", "restore", "cursor", "duration_text", "time_text", "secrets", "links", "settings", "filters"];
const SECONDS: u32 = 60;
/// Nobody learns much from more inputs than that.
const RUNS: u32 = 10_000_000;
/// A folder in memory, where there is one.
const IN_MEMORY: &str = "/dev/shm";
/// What a target may take of memory, in mebibytes.
const MEMORY: u32 = 1024;

/// Runs one target or all of them, each for so many seconds or [`RUNS`] inputs, whichever comes first.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    let (target, seconds) = match arguments {
        [] => (None, None),
        [one] if one.parse::<u32>().is_ok() => (None, Some(one)),
        [target] => (Some(target), None),
        [target, seconds] => (Some(target), Some(seconds)),
        _ => return Err("usage: cargo xtask fuzz [TARGET] [SECONDS]".to_owned()),
    };
    let seconds = seconds.map_or(Ok(SECONDS), |text| text.parse().map_err(|_| format!("{text} is no number of seconds")))?;
    if let Some(unknown) = target.filter(|target| !TARGETS.contains(&target.as_str())) {
        return Err(format!("there is no target {unknown}, but {}", TARGETS.join(", ")));
    }
    must_have(&["--version"], "nightly Rust is missing: rustup toolchain install nightly")?;
    must_have(&["fuzz", "--version"], "cargo-fuzz is missing: cargo install cargo-fuzz")?;
    TARGETS.iter().filter(|name| target.is_none_or(|target| target == **name)).try_for_each(|name| fuzz(name, seconds))
}

fn fuzz(target: &str, seconds: u32) -> Result<(), String> {
    // What it finds goes into the first folder, so that the corpus that is kept holds what was written for it alone.
    let found = format!("fuzz/target/corpus/{target}");
    std::fs::create_dir_all(root().join(&found)).map_err(|error| format!("{found} cannot be made: {error}"))?;
    let kept = format!("fuzz/corpus/{target}");
    let limits = [
        format!("-runs={RUNS}"),
        format!("-max_total_time={seconds}"),
        format!("-rss_limit_mb={MEMORY}"),
        "-timeout=20".to_owned(),
    ];
    // Without a sanitizer: there is no unsafe code of ours, so what is looked for is panics, hangs and memory.
    let mut command = nightly();
    command.args(["fuzz", "run", "--sanitizer", "none", target, &found, &kept, "--"]).args(&limits);
    // Files that are gone after a blink need no disk.
    if Path::new(IN_MEMORY).is_dir() {
        command.env("TMPDIR", IN_MEMORY);
    }
    println!("+ cargo fuzz run {target} {found} {kept} -- {}", limits.join(" "));
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(format!("{target} found something: see above, and fuzz/artifacts/{target}")),
        Err(error) => Err(format!("cargo fuzz does not run: {error}")),
    }
}

fn must_have(arguments: &[&str], otherwise: &str) -> Result<(), String> {
    let status = nightly().args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status();
    if status.is_ok_and(|status| status.success()) { Ok(()) } else { Err(otherwise.to_owned()) }
}

/// Cargo of the other toolchain, without what this one says of itself.
fn nightly() -> Command {
    let mut command = Command::new("rustup");
    command.args(["run", "nightly", "cargo"]).current_dir(root());
    for name in ["RUSTUP_TOOLCHAIN", "CARGO", "RUSTC", "RUSTDOC"] {
        command.env_remove(name);
    }
    command
}
