//! Logs: one line an event on standard error, for people or for programs.

use std::fs::File;
use std::io;
use std::sync::Arc;

use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::fmt::writer::BoxMakeWriter;

use crate::config::Logs;

/// Standard error without the lock that the library puts before it: each line is one write, which needs none, and requests would
/// wait there for each other.
fn standard_error() -> BoxMakeWriter {
    #[cfg(unix)]
    let own = std::os::fd::AsFd::as_fd(&io::stderr()).try_clone_to_owned();
    #[cfg(windows)]
    let own = std::os::windows::io::AsHandle::as_handle(&io::stderr()).try_clone_to_owned();
    match own {
        Ok(own) => BoxMakeWriter::new(Arc::new(File::from(own))),
        Err(_) => BoxMakeWriter::new(io::stderr),
    }
}

/// Starts writing logs, and has panics written as events too: what they say is for whoever operates the server.
pub(crate) fn start(logs: Logs) {
    let subscriber = tracing_subscriber::fmt()
        .with_writer(standard_error())
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
