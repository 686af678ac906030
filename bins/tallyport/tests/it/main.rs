//! The terminal as people and scripts meet it: the real binary, over a real database and a simulated Toggl on a socket.
//!
//! Each file has one list of cases, and runs it in every mode there is ([`support::Mode`]).

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod accounts;
mod assignments;
mod bad_input;
mod canaries;
mod contract;
#[cfg(target_os = "linux")]
mod crash;
mod demo;
mod exit_codes;
mod held;
mod help;
mod machine;
mod output;
mod people;
mod running;
mod support;
mod tasks;
#[cfg(unix)]
mod terminal;
mod toggl;
mod toggl_fails;
