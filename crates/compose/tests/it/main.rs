//! Tests of the parts put together, over a real file and a simulated Toggl on a socket.

#![expect(clippy::unwrap_used, reason = "a test whose helper cannot go on has failed")]

mod acting;
mod client;
mod filters;
mod keys;
#[path = "../../../../fuzz/replay.rs"]
mod replay;
mod whole;
