//! Puts Tallyport's parts together: store, key ring, sources, router.
//!
//! The only library that names the leaves. A binary reads its configuration into [`LocalOptions`], opens a [`Local`], and gets a
//! [`Transport`](tallyport_client::Transport) that carries requests to the API in the same process, in the name of whoever
//! [`Local::acting`] found to act:
//!
//! ```no_run
//! use tallyport_client::Client;
//! use tallyport_compose::{Local, LocalOptions};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let local = Local::open(LocalOptions::at("tallyport.db")).await?;
//! let client = Client::new(local.acting(None, Some("ada@example.com")).await?);
//! let people = client.people().list().await?;
//! local.close().await;
//! # Ok(())
//! # }
//! ```
//!
//! `Server` puts the same over a listener, for many people at once. [`Demo`] is all of it over a simulated Toggl in a temporary folder.

mod acting;
pub mod chores;
mod demo;
mod error;
mod key_file;
mod local;
pub mod place;
#[cfg(feature = "server")]
mod server;
mod sources;
mod transport;

pub use demo::Demo;
pub use error::Error;
pub use key_file::KeyFile;
pub use local::{Created, Local, LocalOptions};
#[cfg(feature = "server")]
pub use server::{Limits, REQUESTS, Server, ServerOptions};
pub use sources::TogglSources;
pub use tallyport_app::AccountToCreate;
pub use tallyport_http::{BadProxy, Proxies};
#[cfg(feature = "server")]
pub use tallyport_mail::{Security, SmtpConfig};
pub use tallyport_storage_sqlite::{Backup, Contents, Finding, Restored, State};

/// What putting together answers.
pub type Result<T, E = Error> = std::result::Result<T, E>;
