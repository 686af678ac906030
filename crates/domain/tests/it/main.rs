//! The plan, seen from outside: each rule by example, then the invariants on trees perturbed into snapshots.

#![expect(clippy::unwrap_used, reason = "a helper that finds nothing fails the test that called it")]

mod archive;
mod assignments;
mod fuzzed;
mod fuzzed_secrets;
mod guard;
mod items;
mod kept;
mod mapping;
mod names;
mod plan;
#[path = "../../../../fuzz/replay.rs"]
mod replay;
mod support;
mod time;
mod typed;
mod words;
