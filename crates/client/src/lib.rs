//! A typed client of Tallyport's REST API.
//!
//! A [`Client`] speaks over any [`Transport`]: over HTTP to a server, or to a router in the same process. Its methods stand in
//! groups, one for each resource, and each makes a [`Call`], which is sent when it is awaited:
//!
//! ```
//! # use std::sync::Arc;
//! # use tallyport_client::{Client, ClientError, Transport};
//! # async fn example(transport: Arc<dyn Transport>) -> Result<(), ClientError> {
//! let client = Client::new(transport);
//! let people = client.people().list().await?;
//! let body = client.people().list().raw().await?; // the JSON as it comes, piece by piece
//! let first = client.people().list().page(100, None).answer().await?; // and the next page after `first.next`
//! # Ok(())
//! # }
//! ```
//!
//! With the feature `http` there is a transport to a server, `Http`, which takes an `Address` and an API token. It says what it
//! does where connections fail: nothing is done twice, and what may have been done or not is [`TransportError::OutcomeUnknown`].
//!
//! It knows nothing of where the API is, who asks, or how an answer is shown. To add a method, put it into the file of its
//! resource and name the route in its first line.

mod assignments;
mod call;
mod client;
mod error;
mod events;
mod integration;
mod invitations;
mod me;
#[cfg(feature = "http")]
mod over_http;
mod password_reset;
mod people;
mod query;
mod reports;
mod runs;
mod session;
mod setup;
mod sse;
mod tags;
mod tasks;
mod time;
mod tokens;
mod transport;

pub use assignments::Assignments;
pub use call::{Answer, Call, Once, Patience};
pub use client::Client;
pub use error::ClientError;
pub use events::{Events, Live};
pub use integration::Integration;
pub use invitations::Invitations;
pub use me::Myself;
#[cfg(feature = "http")]
pub use over_http::{Address, BadAddress, BadToken, Http, Limits, Machine, ThisMachine};
pub use password_reset::PasswordReset;
pub use people::People;
pub use reports::{File, Reports, TimeMeant};
pub use runs::Runs;
pub use session::Sessions;
pub use setup::Setup;
pub use tags::Tags;
pub use tallyport_api_types::{ExportFormat, ExportWhat, TaskState};
pub use tasks::Tasks;
pub use time::{SheetOf, Time};
pub use tokens::Tokens;
pub use transport::{Body, Transport, TransportError};
