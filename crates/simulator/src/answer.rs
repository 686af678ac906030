//! What the simulator answers: status, headers, body, and how the bytes are handed over.

use bytes::{BufMut, Bytes, BytesMut};
use serde::Serialize;

/// A body, whole or too large to be held whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// All of its bytes.
    Whole(Bytes),
    /// A beginning, a piece that is repeated, and an end.
    Repeated {
        /// What comes first.
        head: Bytes,
        /// What comes again and again.
        piece: Bytes,
        /// How often.
        times: usize,
        /// What comes last.
        tail: Bytes,
    },
}

impl Body {
    /// How many bytes it has.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Whole(bytes) => bytes.len(),
            Self::Repeated { head, piece, times, tail } => head.len() + piece.len() * times + tail.len(),
        }
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Its bytes piece by piece.
    pub fn pieces(&self) -> impl Iterator<Item = Bytes> + '_ {
        let (head, piece, times, tail) = match self {
            Self::Whole(bytes) => (bytes.clone(), Bytes::new(), 0, Bytes::new()),
            Self::Repeated { head, piece, times, tail } => (head.clone(), piece.clone(), *times, tail.clone()),
        };
        std::iter::once(head).chain(std::iter::repeat_n(piece, times)).chain(std::iter::once(tail))
    }

    /// All of its bytes, gathered.
    #[must_use]
    pub fn to_bytes(&self) -> Bytes {
        match self {
            Self::Whole(bytes) => bytes.clone(),
            Self::Repeated { .. } => {
                let mut gathered = BytesMut::with_capacity(self.len());
                self.pieces().for_each(|piece| gathered.put(piece));
                gathered.freeze()
            }
        }
    }
}

/// How an answer goes over the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// As it should.
    Whole,
    /// The connection is reset before a byte of the answer.
    ResetBeforeHead,
    /// The connection is reset in the middle of the body.
    ResetInBody,
    /// The body ends early and the connection is closed in good order.
    ShortBody,
    /// Nothing comes, and the connection stays open.
    StallBeforeHead,
    /// The head comes and the body does not, while the connection stays open.
    StallInBody,
    /// One byte at a time, with so many milliseconds before each.
    Slow(u64),
    /// The first line is no status line.
    MalformedStatusLine,
    /// One more header, with a value of so many bytes.
    HugeHeader(usize),
}

/// An answer to one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The headers, in order; the server adds `Content-Length` unless a fault has set it.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Body,
    /// How it is handed over. Who calls the core in process must act it out.
    pub delivery: Delivery,
}

impl Answer {
    pub(crate) fn new(status: u16, body: impl Into<Bytes>) -> Self {
        Self { status, headers: Vec::new(), body: Body::Whole(body.into()), delivery: Delivery::Whole }
    }

    pub(crate) fn json(status: u16, value: &impl Serialize) -> Self {
        Self::new(status, encode(value)).with("Content-Type", JSON)
    }

    pub(crate) fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// The first value of a header, its name in any case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The answer as a response of the `http` crate, whatever its delivery.
    ///
    /// # Errors
    /// A fault ordered a status or a header that HTTP does not allow.
    pub fn to_response(&self) -> Result<http::Response<Bytes>, http::Error> {
        let start = http::Response::builder().status(self.status);
        let builder = self.headers.iter().fold(start, |builder, (name, value)| builder.header(name, value));
        builder.body(self.body.to_bytes())
    }
}

/// The content type of every good answer.
pub(crate) const JSON: &str = "application/json; charset=utf-8";

/// Writes JSON the way the API does, which escapes `&`, `<` and `>` inside strings.
pub(crate) fn encode(value: &impl Serialize) -> Vec<u8> {
    let plain = serde_json::to_vec(value).expect("rows have string keys and finite numbers");
    if !plain.iter().any(|byte| matches!(byte, b'&' | b'<' | b'>')) {
        return plain;
    }
    let mut escaped = Vec::with_capacity(plain.len() + 64);
    for byte in plain {
        match byte {
            b'&' => escaped.extend_from_slice(b"\\u0026"),
            b'<' => escaped.extend_from_slice(b"\\u003c"),
            b'>' => escaped.extend_from_slice(b"\\u003e"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// A good answer of an endpoint, before the headers that all answers share.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) body: Vec<u8>,
    pub(crate) headers: Vec<(String, String)>,
}

impl Reply {
    pub(crate) fn json(value: &impl Serialize) -> Self {
        Self { body: encode(value), headers: Vec::new() }
    }
}

/// An endpoint's refusal.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) text: String,
    /// A refusal for want of a better plan, which says nothing of quota.
    pub(crate) for_plan: bool,
}

impl Refusal {
    pub(crate) fn new(status: u16, text: impl Into<String>) -> Self {
        Self { status, text: text.into(), for_plan: false }
    }

    pub(crate) fn bad_request(text: impl Into<String>) -> Self {
        Self::new(400, text)
    }

    pub(crate) fn forbidden() -> Self {
        Self::new(403, "User does not have access to this resource")
    }

    pub(crate) fn not_found() -> Self {
        Self::new(404, "Resource can not be found")
    }

    pub(crate) fn plan() -> Self {
        let text = "This feature is not available on the workspace's current plan";
        Self { status: 402, text: text.to_owned(), for_plan: true }
    }
}
