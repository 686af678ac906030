//! The source over real HTTP: against the simulator, and against servers that answer whatever a test wants.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod errors;
mod fuzzed;
mod get_only;
mod limits;
mod members;
mod nonsense;
mod overlap;
mod pages;
mod real_clients;
mod recorded;
#[path = "../../../../fuzz/replay.rs"]
mod replay;
mod resume;
mod snapshot;
mod support;
