//! The environment variables that no setting reads.

/// The keys that seal tokens.
pub(crate) const SECRET_KEY: &str = "TALLYPORT_SECRET_KEY";
/// The password at the mail server.
pub(crate) const SMTP_PASSWORD: &str = "TALLYPORT_SMTP_PASSWORD";

/// The value of a variable; an empty one is none.
#[expect(clippy::disallowed_methods, reason = "the one place where this binary reads its environment")]
pub(crate) fn read(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
