//! The store against its contract, and against what files, processes and machines do to it.

#![expect(clippy::unwrap_used, reason = "a helper that finds nothing fails the test that called it")]

mod backups;
mod conformance;
mod doctor;
mod files;
mod fuzzed;
mod machine;
mod processes;
#[path = "../../../../fuzz/replay.rs"]
mod replay;
mod searches;
mod support;
mod token;
