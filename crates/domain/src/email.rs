//! Email addresses, which identify people within an account (A6) and match them to members of Toggl (P4).

use std::fmt;

use serde::{Deserialize, Serialize};

/// A person's address.
///
/// Shown as it was typed; equal when the trimmed, lower-cased spellings are (A6).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email {
    typed: String,
    key: String,
}

/// The text is not an email address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an email address")]
pub struct BadEmail(pub String);

impl Email {
    /// Addresses longer than this many bytes are refused: SMTP carries none.
    pub const LONGEST: usize = 254;

    /// Reads an address; the only way to get an `Email`.
    ///
    /// # Errors
    /// Whatever has no part before and after its one `@`, holds blanks or control characters, or is too long.
    pub fn parse(input: &str) -> Result<Self, BadEmail> {
        let typed = input.trim();
        let bad = || BadEmail(typed.chars().take(80).collect());
        if typed.len() > Self::LONGEST || typed.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(bad());
        }
        match typed.split_once('@') {
            Some((local, host)) if !local.is_empty() && !host.is_empty() && !host.contains('@') => {
                Ok(Self { typed: typed.to_owned(), key: typed.to_lowercase() })
            }
            _ => Err(bad()),
        }
    }

    /// The address as it was typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.typed
    }

    /// The folded spelling that the store indexes and the matching compares.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }
}

impl PartialEq for Email {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}
impl Eq for Email {}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.typed)
    }
}

impl TryFrom<String> for Email {
    type Error = BadEmail;
    fn try_from(text: String) -> Result<Self, BadEmail> {
        Self::parse(&text)
    }
}

impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.typed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test] // A6
    fn spellings_that_differ_in_case_and_blanks_are_one_address() {
        let one = Email::parse("  Ada@Example.TEST ").unwrap();
        assert_eq!(one, Email::parse("ada@example.test").unwrap());
        assert_ne!(one, Email::parse("bea@example.test").unwrap());
        let typed = "Ada@Example.TEST";
        assert_eq!((one.as_str(), one.to_string(), String::from(one.clone())), (typed, typed.to_owned(), typed.to_owned()));
        assert_eq!(Email::parse("ÄDA@x.test").unwrap().key(), "äda@x.test");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in ["", "ada", "@x", "ada@", "a@b@c", "a b@c", "a\n@c", "a@\u{0}c"] {
            assert!(Email::parse(text).is_err(), "{text:?}");
        }
        let of_length = |length: usize| Email::parse(&format!("{}@x.test", "a".repeat(length - "@x.test".len())));
        assert!(of_length(Email::LONGEST).is_ok());
        assert!(of_length(Email::LONGEST + 1).is_err());
    }
}
