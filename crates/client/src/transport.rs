//! The port through which requests leave.

use std::error::Error;

use async_trait::async_trait;
use bytes::Bytes;
use http_body_util::combinators::UnsyncBoxBody;
use tallyport_api_types::Code;

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
    /// Nobody answers, and nothing was changed.
    #[error("the server cannot be reached: {0}")]
    Unreachable(#[source] Box<dyn Error + Send + Sync>),
    /// The answer to a request that changes nothing ended in its middle.
    #[error("the answer broke off: {0}")]
    BrokenOff(#[source] Box<dyn Error + Send + Sync>),
    /// The request may have changed something, and no whole answer says whether it did.
    #[error("whether it was done is not known, for the answer did not come: {0}")]
    OutcomeUnknown(#[source] Box<dyn Error + Send + Sync>),
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

    /// Nobody knows what became of the request, because of `source`.
    pub fn outcome_unknown(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::OutcomeUnknown(source.into())
    }

    /// The name of this error in every interface.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Self::Unreachable(_) | Self::BrokenOff(_) => Code::ServerUnreachable,
            Self::OutcomeUnknown(_) => Code::OutcomeUnknown,
        }
    }
}
