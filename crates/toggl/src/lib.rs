//! Reads complete snapshots of a Toggl Track account, with GET requests only.
//!
//! [`Toggl`] is a [`Source`](tallyport_domain::Source) over Toggl's API v9. It keeps to Toggl's limits (a request a second, the hourly quota of each
//! bucket with a reserve for the owner's other apps), waits or gives up as its caller says, goes on after a spent quota from
//! the pages that were kept, and returns a reading only with the proof that nothing is missing from it.
//!
//! It does not know what a reading is for: nothing here compares, plans, stores or archives. It does not know what time it
//! is, or chance: both come in through [`Clock`](tallyport_domain::Clock) and [`Random`](tallyport_domain::Random). And it does not know any TLS provider of the process: it
//! brings its own, neither using nor installing a global one.
//!
//! Nothing but GET can be said through its [`Transport`], no redirect is followed, and neither the token nor a raw body is
//! ever logged, kept or put into an error.
//!
//! ```
//! use std::sync::Arc;
//!
//! use tallyport_domain::{Clock, Random, Source, SourceError, SourceWorkspace};
//! use tallyport_toggl::{Config, ConfigError, Toggl};
//!
//! fn connect(token: &str, clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Result<Toggl, ConfigError> {
//!     Toggl::new(Config::at("http://127.0.0.1:8080/api/v9"), token.into(), clock, random)
//! }
//!
//! async fn whose(toggl: &Toggl) -> Result<(String, Vec<SourceWorkspace>), SourceError> {
//!     Ok((toggl.identify().await?.email, toggl.workspaces().await?))
//! }
//! ```
//!
//! To read a new list: its row goes into `wire`, its request into `lists`, and `snapshot` says when it is read.

mod asker;
mod classify;
mod config;
mod credential;
mod decode;
mod endpoint;
mod limits;
mod lists;
mod members;
mod pages;
mod progress;
mod resume;
mod retry;
mod said;
mod snapshot;
mod toggl;
mod transport;
mod web;
mod wire;

pub use config::{Config, ConfigError};
pub use toggl::Toggl;
pub use transport::{Answer, Broken, Transport};
