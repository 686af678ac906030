//! Where a transaction failed, and so what became of the mail.

use lettre::transport::smtp::Error;
use tallyport_domain::Posted;

/// How much of what a mail server says is kept.
const KEPT: usize = 300;

/// A step before the text of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// Connection, greeting, TLS.
    Reach,
    /// User and password.
    SignIn,
    /// Sender and recipient, and the word that the text comes now.
    Address,
}

/// What became of a mail whose transaction failed before its text began to leave.
///
/// A server that refuses for good what concerns this very mail would do so again; everything else may be mended.
pub(crate) fn before_text(step: Step, error: &Error) -> Posted {
    let said = said(error);
    match step {
        Step::Reach => Posted::NotSent(format!("the mail server cannot be used: {said}")),
        Step::SignIn if error.is_permanent() => {
            Posted::NotSent(format!("the mail server does not accept the user or the password: {said}"))
        }
        Step::SignIn => Posted::NotSent(format!("signing in at the mail server failed: {said}")),
        Step::Address if wants_sign_in(error) => Posted::NotSent(format!("the mail server wants a user and a password: {said}")),
        Step::Address if error.is_permanent() => Posted::Refused(format!("the mail server refused the mail: {said}")),
        Step::Address => Posted::NotSent(format!("the mail server did not take the mail: {said}")),
    }
}

/// What became of a mail whose text had begun to leave when its transaction failed: just an answer settles it.
pub(crate) fn after_text(error: &Error) -> Posted {
    let said = said(error);
    if error.is_permanent() {
        Posted::Refused(format!("the mail server refused the mail: {said}"))
    } else if error.is_transient() {
        Posted::NotSent(format!("the mail server did not take the mail: {said}"))
    } else {
        Posted::Unknown(format!("the connection to the mail server broke off after the text had begun to leave: {said}"))
    }
}

/// Codes by which servers ask for a sign-in that was not configured, or for a better one.
fn wants_sign_in(error: &Error) -> bool {
    error.status().is_some_and(|code| [530, 534, 535, 538].contains(&u16::from(code)))
}

/// What the server said, or what happened, on one line of bounded length.
fn said(error: &Error) -> String {
    let mut text = error.status().map_or_else(String::new, |code| format!("{code} "));
    let mut innermost: &dyn std::error::Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    text.push_str(&innermost.to_string());
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(KEPT).collect();
    line.trim().to_owned()
}
