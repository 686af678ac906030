//! The terminal as people and scripts meet it: the real binary, over a real database and a simulated Toggl on a socket.
//!
//! A file has its cases in one list, which runs in every mode there is ([`support::Mode`]); what needs a world of its own, or has
//! nothing to do with how the API is reached, is a test beside it.

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
mod faults;
mod help;
mod invitations;
mod machine;
mod oneself;
mod output;
mod people;
mod reports;
mod served;
mod signing_in;
mod support;
mod tasks;
#[cfg(unix)]
mod terminal;
mod time;
mod toggl;
