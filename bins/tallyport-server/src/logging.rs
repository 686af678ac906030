//! Logs: one line an event on standard error, for people or for programs.

use std::fs::File;
use std::io;

use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::fmt::writer::BoxMakeWriter;

use crate::config::Logs;
use crate::lines::Lines;

/// Standard error without the lock and the buffer of the library: lines have their own.
fn standard_error() -> Box<dyn io::Write + Send> {
    #[cfg(unix)]
    let own = std::os::fd::AsFd::as_fd(&io::stderr()).try_clone_to_owned();
    #[cfg(windows)]
    let own = std::os::windows::io::AsHandle::as_handle(&io::stderr()).try_clone_to_owned();
    match own {
        Ok(own) => Box::new(File::from(own)),
        Err(_) => Box::new(io::stderr()),
    }
}

/// What has to be kept while logs are written.
pub(crate) type Log = Lines<Box<dyn io::Write + Send>>;

/// Starts writing logs, and has panics written as events too: what they say is for whoever operates the server.
pub(crate) fn start(logs: Logs) -> Log {
    let lines = Lines::to(standard_error());
    let subscriber = tracing_subscriber::fmt()
        .with_writer(BoxMakeWriter::new(lines.writer()))
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
    lines
}
