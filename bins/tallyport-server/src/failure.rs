//! How the server ends where it does not end well.

use tallyport_api_types::Code;

/// An error as it is told: what is wrong on one line, and what to do on the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    /// One line.
    pub(crate) message: String,
    /// One line.
    pub(crate) hint: String,
    /// The exit code.
    pub(crate) exit_code: u8,
}

impl Failure {
    /// Settings that cannot be.
    pub(crate) fn settings(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { message: message.into(), hint: hint.into(), exit_code: Code::InvalidRequest.exit_code() }
    }

    /// A fault of the machine.
    pub(crate) fn machine(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { message: message.into(), hint: hint.into(), exit_code: Code::Internal.exit_code() }
    }
}

impl From<tallyport_compose::Error> for Failure {
    fn from(error: tallyport_compose::Error) -> Self {
        let (problem, exit_code) = (error.problem(), error.code().exit_code());
        Self { message: problem.title, hint: problem.hint, exit_code }
    }
}
