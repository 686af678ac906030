//! Tests of the API through its router, over a real file and a simulated Toggl on a socket.

#![expect(clippy::unwrap_used, reason = "a test whose helper cannot go on has failed")]

mod bench;
mod canary;
mod document;
mod events;
mod problems;
mod roles;
mod strict;
mod wire;
