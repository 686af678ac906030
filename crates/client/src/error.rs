//! What a call can end with instead of its answer.

use std::error::Error;

use tallyport_api_types::{Code, Problem};

use crate::TransportError;

/// A call that brought no answer of its kind.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClientError {
    /// The API refuses, and says why.
    #[error("{}", .0.title)]
    Problem(Box<Problem>),
    /// No answer came.
    #[error("no answer came")]
    Transport(#[from] TransportError),
    /// Something answered that does not speak this API, or not this version of it.
    #[error("the answer (status {status}) cannot be read")]
    Unreadable {
        /// The answer's HTTP status.
        status: u16,
        /// What was wrong with it, where it should have been readable.
        #[source]
        source: Option<Box<dyn Error + Send + Sync>>,
    },
    /// The request cannot be put into words, such as a path longer than a URL may be.
    #[error("the request cannot be sent")]
    Unsendable(#[source] Box<dyn Error + Send + Sync>),
}

impl ClientError {
    /// The name of this error in every interface.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Self::Problem(problem) => Code::parse(&problem.code),
            Self::Transport(_) => Code::OutcomeUnknown,
            Self::Unreadable { .. } => Code::Unknown,
            Self::Unsendable(_) => Code::InvalidRequest,
        }
    }

    /// The problem that the API answered, if it did.
    #[must_use]
    pub fn problem(&self) -> Option<&Problem> {
        match self {
            Self::Problem(problem) => Some(problem),
            _ => None,
        }
    }

    pub(crate) fn unreadable(status: http::StatusCode, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Unreadable { status: status.as_u16(), source: Some(source.into()) }
    }
}
