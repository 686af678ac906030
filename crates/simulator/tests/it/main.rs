//! The simulator as its clients see it.

#![expect(clippy::unwrap_used, reason = "a test whose world cannot be set up has failed")]

mod auth;
mod changes;
mod control;
mod entries;
mod faults;
mod members;
mod paging;
mod quota;
mod scoping;
mod shapes;
mod support;
mod wire;
mod worlds;
