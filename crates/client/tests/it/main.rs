//! The client over a transport that answers from a list.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod calls;
mod runs;
mod support;
