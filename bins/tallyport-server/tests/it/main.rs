//! The server as a program: started, asked over sockets, stopped by signals.

#![expect(clippy::unwrap_used, reason = "a test whose helper cannot go on has failed")]

mod asking;
mod canaries;
mod cap;
mod clients;
mod config;
#[cfg(target_os = "linux")]
mod cuts;
mod demo;
mod documents;
mod events;
mod exports;
#[cfg(target_os = "linux")]
mod failing_calls;
#[path = "../../../tallyport/tests/it/faults.rs"]
mod faults;
mod kills;
mod load;
mod logs;
mod overload;
mod second;
mod sharing;
mod soak;
mod starts;
mod stops;
mod storm;
mod story;
mod streams;
mod support;
mod tap;
mod timers;
