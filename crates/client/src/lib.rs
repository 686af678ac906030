//! A typed client of Tallyport's REST API.

mod transport;

pub use transport::{Body, Transport, TransportError};
