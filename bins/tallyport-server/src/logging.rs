//! Logs: one line an event on standard error, for people or for programs.

use std::io;

use tracing_subscriber::fmt::format::FmtSpan;

use crate::config::Logs;

/// Starts writing logs, and has panics written as events too: what they say is for whoever operates the server.
pub(crate) fn start(logs: Logs) {
    let subscriber = tracing_subscriber::fmt()
        .with_writer(io::stderr)
        .with_max_level(logs.level)
        .with_target(false)
        .with_span_events(FmtSpan::NONE);
    if logs.json {
        subscriber.json().with_current_span(true).with_span_list(false).flatten_event(true).init();
    } else {
        subscriber.with_ansi(false).init();
    }
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        // What a panic says may hold a value of somebody's: the place is enough to find it.
        tracing::error!(place, "something went wrong that should not have");
    }));
}
