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
    /// No answer came, or not all of one.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// Something at the server's address sends everybody elsewhere, where the client does not follow: the token stays here.
    #[error("the server sends its callers elsewhere{}", .to.as_ref().map(|to| format!(": {to}")).unwrap_or_default())]
    Elsewhere {
        /// The address, where it is a whole one.
        to: Option<String>,
    },
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
            Self::Transport(error) => error.code(),
            Self::Elsewhere { .. } => Code::ServerUnreachable,
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
