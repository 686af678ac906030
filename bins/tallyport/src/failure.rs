//! How a command ends where it does not end well.

use tallyport_api_types::{Code, Problem, RunError};
use tallyport_client::ClientError;

/// What keeps a command from its end.
#[derive(Debug)]
pub(crate) enum Stop {
    /// Something to tell, with an exit code.
    Failure(Box<Failure>),
    /// The same, at once: somebody pressed Ctrl-C again, and nothing that still works is waited for.
    Left(Box<Failure>),
    /// Nobody reads standard output any more, which is their right: the command ends quietly, and well.
    PipeClosed,
    /// All is told already; only the exit code is left.
    Told(u8),
}

/// An error as it is told: what is wrong, what to do, and what it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    /// The code's word; one that this version does not know is passed on as it is.
    pub(crate) code: String,
    /// One line.
    pub(crate) message: String,
    /// One line.
    pub(crate) hint: String,
    /// What a list says best.
    pub(crate) details: Vec<String>,
    /// What lies behind it, for `-v`.
    pub(crate) causes: Vec<String>,
}

impl Failure {
    /// A failure with the code's own hint.
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
        let (code, hint) = (code.as_str().to_owned(), Code::in_terminal(code.hint()));
        Self { code, message: message.into(), hint, details: Vec::new(), causes: Vec::new() }
    }

    /// The same with another hint.
    pub(crate) fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: hint.into(), ..self }
    }

    /// The same with a list of what it is about.
    pub(crate) fn details(self, details: Vec<String>) -> Self {
        Self { details, ..self }
    }

    /// The same with everything that lies behind `error`.
    pub(crate) fn because_of(self, error: &(dyn std::error::Error + 'static)) -> Self {
        let causes = std::iter::successors(Some(error), |error| error.source()).map(ToString::to_string).collect();
        Self { causes, ..self }
    }

    /// The exit code that follows from the code.
    pub(crate) fn exit_code(&self) -> u8 {
        Code::parse(&self.code).exit_code()
    }
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failure(Box::new(failure))
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        let Problem { code, title, hint, details, .. } = problem;
        let hint = Code::in_terminal(&hint);
        Self { code, message: title, hint, details, causes: Vec::new() }
    }
}

impl From<RunError> for Failure {
    fn from(error: RunError) -> Self {
        let RunError { code, message, hint } = error;
        let hint = Code::in_terminal(&hint);
        Self { code, message, hint, details: Vec::new(), causes: Vec::new() }
    }
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        match error {
            ClientError::Problem(problem) => (*problem).into(),
            other => {
                let failure = Self::new(other.code(), other.to_string());
                let causes = std::error::Error::source(&other);
                match causes {
                    Some(cause) => failure.because_of(cause),
                    None => failure,
                }
            }
        }
    }
}

impl From<ClientError> for Stop {
    fn from(error: ClientError) -> Self {
        Failure::from(error).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_of_another_version_exits_1_and_keeps_its_words() {
        let problem =
            Problem { code: "moon_phase".into(), hint: "wait".into(), ..Problem::new(Code::Unknown, "the moon is full") };
        let failure = Failure::from(problem);
        assert_eq!((failure.exit_code(), failure.code.as_str(), failure.hint.as_str()), (1, "moon_phase", "wait"));
    }
}
