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
//! use tallyport_domain::Source;
//! use tallyport_simulator::{Server, Simulator, World};
//! use tallyport_toggl::{Config, Toggl};
//! # use chrono::{DateTime, Utc};
//! # struct Stopped;
//! # #[async_trait::async_trait]
//! # impl tallyport_domain::Clock for Stopped {
//! #     fn now(&self) -> DateTime<Utc> { DateTime::UNIX_EPOCH }
//! #     async fn sleep_until(&self, _: DateTime<Utc>) {}
//! # }
//! # struct Zeros;
//! # impl tallyport_domain::Random for Zeros {
//! #     fn fill(&self, bytes: &mut [u8]) { bytes.fill(0) }
//! # }
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let (clock, random) = (Arc::new(Stopped), Arc::new(Zeros));
//! // In earnest `Config::default()`, and the token from Toggl's profile page.
//! let server = Server::start(Simulator::new(World::nordlicht()))?;
//! let token = server.simulator().owner_token().ok_or("nobody has a token")?;
//! let toggl = Toggl::new(Config::at(server.url()), token.into(), clock, random)?;
//!
//! assert_eq!(toggl.identify().await?.name, "Ana Nováková");
//! assert_eq!(toggl.workspaces().await?.len(), 3);
//! # Ok(())
//! # }
//! ```
//!
//! To read a new list: its row goes into `wire`, its request into `lists`, its price into `plan`, and `snapshot` says when it
//! is read.

mod asker;
mod classify;
mod config;
mod credential;
mod decode;
mod endpoint;
mod headers;
mod limits;
mod lists;
mod members;
mod pages;
mod plan;
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
