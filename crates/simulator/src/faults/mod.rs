//! Faults on demand: which request is struck, when, and how.

mod bodies;
mod standing;
mod strike;

use serde::{Deserialize, Serialize};

use crate::world::Change;

pub(crate) use standing::Faults;

/// Which of the requests that match are struck.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// Only this one, counted from 1.
    Nth(u64),
    /// The first so many.
    First(u64),
    /// This one, counted from 1, and all later ones.
    From(u64),
    /// Every so many: 3 strikes the third, sixth, …
    EveryNth(u64),
    /// All of them.
    Always,
}

impl When {
    fn strikes(self, call: u64) -> bool {
        match self {
            Self::Nth(nth) => call == nth,
            Self::First(many) => call <= many,
            Self::From(first) => call >= first,
            Self::EveryNth(every) => every != 0 && call.is_multiple_of(every),
            Self::Always => true,
        }
    }
}

/// What happens to a request that is struck.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum How {
    /// This status, body and headers instead of an answer.
    Status {
        /// The status code.
        status: u16,
        /// The body as it is.
        #[serde(default)]
        body: String,
        /// Headers, `Content-Type` among them if there shall be one.
        #[serde(default)]
        headers: Vec<(String, String)>,
    },
    /// 400 with a page of HTML, as an overloaded proxy gives.
    HtmlBadRequest,
    /// 200 with this body instead of the right one.
    Body(String),
    /// 200 with nothing in it.
    EmptyBody,
    /// 200 with `null`.
    Null,
    /// 200 with `{}`.
    EmptyObject,
    /// 204.
    NoContent,
    /// The right body under 206.
    PartialContent,
    /// A redirect.
    Redirect {
        /// The status code, such as 302 or 307.
        status: u16,
        /// Where to.
        to: String,
    },
    /// The first half of the right body, as though it were all.
    TruncatedJson,
    /// The right rows, with text where numbers belong and numbers where text belongs.
    WrongTypes,
    /// The right rows, the first of them twice.
    DuplicateIds,
    /// The right rows, the last of them said to lie in another workspace.
    ForeignRows {
        /// The other workspace's id.
        workspace: i64,
    },
    /// The first page, whatever page was asked for.
    SamePage,
    /// A full page of new rows, whatever page was asked for.
    EndlessPages,
    /// The right rows, `U+0000` in the first name.
    NulInName,
    /// The right rows, half a surrogate pair in the first name.
    LoneSurrogate,
    /// The right rows, a byte in the first name that is no UTF-8.
    InvalidUtf8,
    /// Valid JSON of arrays in arrays.
    DeepJson {
        /// How many.
        depth: usize,
    },
    /// A valid page of rows that is very large.
    HugePage {
        /// How large.
        mebibytes: usize,
    },
    /// A small compressed body that is very large once decompressed.
    GzipBomb {
        /// How large.
        mebibytes: usize,
    },
    /// A body that claims to be compressed and is not.
    BrokenGzip,
    /// The connection is reset before a byte of the answer.
    ResetBeforeHead,
    /// The connection is reset in the middle of the body.
    ResetInBody,
    /// The connection is closed before the declared end of the body.
    ShortBody,
    /// Nothing comes, for ever.
    StallBeforeHead,
    /// The head comes and no body, for ever.
    StallInBody,
    /// One byte at a time.
    Slow {
        /// Before each byte.
        milliseconds: u64,
    },
    /// The first line is no status line.
    MalformedStatusLine,
    /// One more header that is very long.
    HugeHeader {
        /// How long.
        bytes: usize,
    },
    /// The world changes just before an otherwise right answer.
    Change(Vec<Change>),
}

/// An order to strike certain requests.
///
/// ```
/// use tallyport_simulator::{Fault, How};
///
/// let fault = Fault::on("/projects?*page=2*", How::status(503)).first(2);
/// assert_eq!(fault.on, "/projects?*page=2*");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// Is looked for in `GET /path?query`; `*` stands for any characters, and `$` at the end for the end.
    pub on: String,
    /// Which of the matching requests, all by default.
    #[serde(default = "always")]
    pub when: When,
    /// What happens.
    pub how: How,
}

fn always() -> When {
    When::Always
}

impl How {
    /// A status with an empty body.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self::Status { status, body: String::new(), headers: Vec::new() }
    }

    /// The name of its kind, as it is spelled in an order.
    pub(crate) fn name(&self) -> String {
        match serde_json::to_value(self) {
            Ok(serde_json::Value::String(name)) => name,
            Ok(serde_json::Value::Object(kinds)) => kinds.keys().next().cloned().unwrap_or_default(),
            _ => String::new(),
        }
    }
}

impl Fault {
    /// Strikes every request that matches.
    pub fn on(pattern: impl Into<String>, how: How) -> Self {
        Self { on: pattern.into(), when: When::Always, how }
    }

    /// Strikes only the `nth` matching request, counted from 1.
    #[must_use]
    pub fn nth(self, nth: u64) -> Self {
        Self { when: When::Nth(nth), ..self }
    }

    /// Strikes only the first so many.
    #[must_use]
    pub fn first(self, many: u64) -> Self {
        Self { when: When::First(many), ..self }
    }

    /// Strikes the `first` matching request, counted from 1, and all later ones.
    #[must_use]
    pub fn from(self, first: u64) -> Self {
        Self { when: When::From(first), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::When;

    #[test]
    fn counting_starts_at_one() {
        let struck = |when: When| (1..=6).filter(|call| when.strikes(*call)).collect::<Vec<u64>>();
        assert_eq!(struck(When::Nth(2)), [2]);
        assert_eq!(struck(When::First(2)), [1, 2]);
        assert_eq!(struck(When::From(5)), [5, 6]);
        assert_eq!(struck(When::EveryNth(3)), [3, 6]);
        assert!(struck(When::EveryNth(0)).is_empty());
    }
}
