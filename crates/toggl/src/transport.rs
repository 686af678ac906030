//! The port to the network: one method, and no way to send anything but a GET (I18).

use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode};

/// Asks the API one thing. HTTP in use; a stand-in in the same process under simulation.
#[async_trait]
pub trait Transport: Send + Sync {
    /// Sends a GET request for `target` (path and query below the API's base) and waits for the whole answer.
    ///
    /// A redirect is an answer like any other: following one would carry the token elsewhere (I18).
    ///
    /// # Errors
    /// Whatever keeps the answer from arriving whole.
    async fn get(&self, target: &str, authorization: HeaderValue) -> Result<Answer, Broken>;
}

/// An answer, whatever its status.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body, unpacked.
    pub body: Bytes,
}

/// Why there is no answer. The texts name neither address nor credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Broken {
    /// There was no connection, or it ended before the answer did.
    Lost(String),
    /// The other side took too long.
    TimedOut(String),
    /// Something came that is no HTTP answer, or one without end.
    Nonsense(String),
}
