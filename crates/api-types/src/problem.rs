//! Errors on the wire (RFC 9457).

use serde::{Deserialize, Serialize};

use crate::Code;

/// An error as `application/problem+json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// Names the kind of error: `urn:tallyport:problem:` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// The code's word; read it with [`Code::parse`].
    pub code: String,
    /// What went wrong, in one readable line.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What to do about it.
    pub hint: String,
    /// What it is about where a list says it best: tasks that would be archived, paths that a text matches.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<String>,
    /// The number of the request, where it was a fault of ours: the server's log tells more under it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
}

impl Problem {
    /// A problem with the code's own hint.
    #[must_use]
    pub fn new(code: Code, title: impl Into<String>) -> Self {
        Self {
            kind: format!("urn:tallyport:problem:{code}"),
            code: code.as_str().to_owned(),
            title: title.into(),
            status: code.status(),
            hint: code.hint().to_owned(),
            details: Vec::new(),
            request: None,
        }
    }

    /// The same with another hint.
    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: hint.into(), ..self }
    }

    /// The same with a list of what it is about.
    #[must_use]
    pub fn details(self, details: Vec<String>) -> Self {
        Self { details, ..self }
    }
}
