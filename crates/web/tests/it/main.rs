//! The pages over a router, as a browser without scripts sees them.

#![expect(clippy::unwrap_used, reason = "a test whose helper cannot go on has failed")]

mod accept;
mod bench;
mod browser;
mod email;
mod every_page;
mod fuzzed;
#[path = "../../../../fuzz/replay.rs"]
mod replay;
mod reset;
mod set_up;
mod sign_in;
