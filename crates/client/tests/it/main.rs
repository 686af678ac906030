//! The client over a transport that answers from a list, and over HTTP to a server that does.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod calls;
mod over_http;
mod runs;
mod server;
mod support;
