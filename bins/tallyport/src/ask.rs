//! Questions, which only a person at a terminal is asked.

use inquire::{Confirm, InquireError, Password, PasswordDisplayMode, Select};
use secrecy::SecretString;
use tallyport_api_types::Code;

use crate::failure::{Failure, Stop};

/// Asks for a yes; Enter alone is a no.
pub(crate) fn yes(question: &str) -> Result<bool, Stop> {
    match Confirm::new(question).with_default(false).prompt() {
        Ok(answer) => Ok(answer),
        Err(InquireError::OperationCanceled) => Ok(false),
        Err(error) => Err(unanswered(&error)),
    }
}

/// Asks for something that is not shown as it is typed.
pub(crate) fn secret(question: &str) -> Result<SecretString, Stop> {
    let asked = Password::new(question).without_confirmation().with_display_mode(PasswordDisplayMode::Masked);
    asked.prompt().map(SecretString::from).map_err(|error| unanswered(&error))
}

/// Asks for one of several.
pub(crate) fn one_of(question: &str, options: Vec<&'static str>) -> Result<&'static str, Stop> {
    Select::new(question, options).prompt().map_err(|error| unanswered(&error))
}

fn unanswered(error: &InquireError) -> Stop {
    let failure = Failure::new(Code::Cancelled, "the question was left unanswered").hint("Nothing was changed.");
    failure.because_of(error).into()
}
