//! Tests of the API through its router, over a real file and a simulated Toggl on a socket.

#![expect(clippy::unwrap_used, reason = "a test whose helper cannot go on has failed")]

mod bench;
mod canary;
mod cross_site;
mod document;
mod door;
mod events;
mod guessing;
mod joining;
mod meanwhile;
mod oneself;
mod paging;
mod problems;
mod replays;
mod reports;
mod resets;
mod roles;
mod runs_replayed;
mod schemathesis;
mod set_up;
mod sheets;
mod signing;
mod strict;
mod tenants;
mod timers_replayed;
mod tokens;
mod wire;
