//! The port through which requests leave.

use std::error::Error;

use async_trait::async_trait;
use bytes::Bytes;
use http_body_util::combinators::UnsyncBoxBody;

/// A body that arrives piece by piece.
///
/// A transport makes one of any body with `map_err(TransportError::broken_off)` and `boxed_unsync()` of `http_body_util::BodyExt`.
pub type Body = UnsyncBoxBody<Bytes, TransportError>;

/// Takes a request to the API and brings its answer back.
///
/// Requests carry an absolute path (`/api/v1/…`) and no authority; where the API is, and who asks, is the transport's matter.
/// Errors of the API are answers like others: only an answer that never came, or broke off, is a [`TransportError`].
#[async_trait]
pub trait Transport: Send + Sync {
    /// Sends one request.
    ///
    /// # Errors
    /// [`TransportError::Unreachable`] where nobody answers.
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Body>, TransportError>;
}

/// No answer, or not all of one.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TransportError {
    /// Nobody answers.
    #[error("the API cannot be reached")]
    Unreachable(#[source] Box<dyn Error + Send + Sync>),
    /// The answer ended in its middle.
    #[error("the answer broke off")]
    BrokenOff(#[source] Box<dyn Error + Send + Sync>),
}

impl TransportError {
    /// Nobody answers, because of `source`.
    pub fn unreachable(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Unreachable(source.into())
    }

    /// The answer ended in its middle, because of `source`.
    pub fn broken_off(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::BrokenOff(source.into())
    }
}
