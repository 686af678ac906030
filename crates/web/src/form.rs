//! What is wrong with a form, shown in it.

use axum::Form;
use axum::extract::{FromRequest, Request};
use http::StatusCode;
use serde::de::DeserializeOwned;
use tallyport_app::{App, BadPassword, Error};
use tallyport_http::Refusal;

use crate::page::Broken;

/// The hint beside a password to choose.
pub(crate) const PASSWORD: &str = "8 characters or more. A sentence is fine.";

/// The hint beside the account, where there are several.
pub(crate) const ACCOUNT: &str = "This server holds several: give the name or the number of yours.";

/// What is wrong with what was typed.
pub(crate) struct Problem {
    /// What is wrong, in a sentence.
    pub(crate) text: String,
    /// What to do about it.
    pub(crate) hint: String,
    /// The name of the field it is about.
    pub(crate) field: Option<&'static str>,
    /// The status of the page, and after how many seconds it may be tried again, where that is it.
    pub(crate) status: (StatusCode, Option<u32>),
}

impl Problem {
    /// What an error says about a form, if it is one that whoever filled it in can mend there.
    ///
    /// # Errors
    /// The page that is shown in place of the form.
    pub(crate) fn of(error: Error) -> Result<Self, Broken> {
        let field = match &error {
            Error::SetUpCodeWrong | Error::Secret(_) => Some("code"),
            Error::AccountNeeded | Error::AccountExists(_) => Some("account"),
            Error::Name(_) => Some("name"),
            Error::Email(_) => Some("email"),
            Error::Zone(_) => Some("timezone"),
            Error::Password(_) => Some("password"),
            Error::SignInRefused | Error::TooManyTries { .. } | Error::Busy => None,
            _ => return Err(error.into()),
        };
        let (text, hint) = match &error {
            Error::SignInRefused => {
                ("That did not match.".to_owned(), "Check the email and the password, or ask for a link below.".to_owned())
            }
            Error::AccountNeeded => ("Say which account you mean.".to_owned(), "This server holds several.".to_owned()),
            Error::TooManyTries { seconds } => {
                ("That was tried too often.".to_owned(), format!("You can try again in {seconds} s."))
            }
            Error::SetUpCodeWrong => {
                ("This is not the code of this server.".to_owned(), "Copy the one that it printed at its last start.".to_owned())
            }
            Error::Password(BadPassword::TooShort) => ("The password is too short.".to_owned(), PASSWORD.to_owned()),
            _ => (sentence(&error.to_string()), error.hint()),
        };
        let status = match &error {
            Error::TooManyTries { .. } => StatusCode::TOO_MANY_REQUESTS,
            Error::Busy => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        Ok(Self { text, hint, field, status: (status, error.retry_after()) })
    }

    /// The same with another hint.
    pub(crate) fn hint(self, hint: &str) -> Self {
        Self { hint: hint.to_owned(), ..self }
    }

    /// The same about another field.
    pub(crate) fn at(self, field: &'static str) -> Self {
        Self { field: Some(field), ..self }
    }
}

/// What is wrong with a field.
pub(crate) fn wrong_at<'a>(problem: Option<&'a Problem>, field: &str) -> Option<&'a str> {
    problem.filter(|wrong| wrong.field == Some(field)).map(|wrong| wrong.text.as_str())
}

/// Whether a field is the one to look at: the wrong one, or where none is known to be, the password, which has to be typed again.
pub(crate) fn has_focus(problem: Option<&Problem>, field: &str) -> bool {
    problem.is_some_and(|wrong| wrong.field.unwrap_or("password") == field)
}

/// The words of an error as a sentence.
pub(crate) fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| format!("{}{}.", first.to_uppercase(), letters.as_str()))
}

/// The fields of a form.
pub(crate) struct Fields<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<App> for Fields<T> {
    type Rejection = Broken;

    async fn from_request(request: Request, app: &App) -> Result<Self, Broken> {
        let read = Form::<T>::from_request(request, app).await;
        // What was typed may be a secret, so nothing of it is told.
        read.map(|Form(fields)| Self(fields)).map_err(|_| Refusal::invalid("the form cannot be read").into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_an_error_make_a_sentence() {
        assert_eq!(sentence("this link does not work any more"), "This link does not work any more.");
        assert_eq!(sentence("ä"), "Ä.");
        assert_eq!(sentence(""), "");
    }
}
