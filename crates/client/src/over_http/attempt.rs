//! One sending of a request: its answer, or how far it came.

use std::error::Error;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::stream;
use http::{HeaderMap, StatusCode, header};
use http_body_util::{BodyExt, Full, StreamBody};
use reqwest::Response;
use tokio::time::timeout;

use super::retry;
use crate::{Body, TransportError};

/// The longest answer that is taken whole before it counts, so that one that breaks off may be asked for again.
const SHORT: usize = 64 << 10;

/// An answer that came, in full or as far as its head.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Arriving,
}

/// A body.
pub(super) enum Arriving {
    /// All of it.
    Whole(Bytes),
    /// What came of it, and where the rest comes from.
    Coming(Bytes, Response),
}

/// How a request went wrong.
#[derive(Debug)]
pub(super) enum Broken {
    /// Nothing of it was sent.
    Unsent(String),
    /// The same, after so long that asking again would take too long.
    Unconnected(String),
    /// It was sent, in part at least, and no whole answer came.
    Lost(String),
    /// The same, after as long.
    Late(String),
}

/// Sends a request, whose answer may take so long to begin and then pause for `between`.
pub(super) async fn attempt(sending: reqwest::RequestBuilder, begin: Duration, between: Duration) -> Result<Answer, Broken> {
    let late = || Broken::Late("no answer came in time".to_owned());
    let mut response = timeout(begin, sending.send()).await.map_err(|_| late())?.map_err(|error| broken(&error))?;
    let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
    let is_short = response.content_length().is_some_and(|length| length <= SHORT as u64);
    if !is_short && !retry::may_be_passing(status) {
        return Ok(Answer { status, headers, body: Arriving::Coming(Bytes::new(), response) });
    }
    let mut read = BytesMut::new();
    let body = loop {
        if read.len() > SHORT {
            break Arriving::Coming(read.freeze(), response);
        }
        match timeout(between, response.chunk()).await {
            Err(_) => return Err(late()),
            Ok(Err(error)) => return Err(broken(&error)),
            Ok(Ok(Some(piece))) => read.extend_from_slice(&piece),
            Ok(Ok(None)) => break Arriving::Whole(read.freeze()),
        }
    };
    Ok(Answer { status, headers, body })
}

impl Answer {
    /// What is there of the body.
    pub(super) fn beginning(&self) -> &[u8] {
        let (Arriving::Whole(bytes) | Arriving::Coming(bytes, _)) = &self.body;
        bytes
    }

    /// The answer as the client takes it. What breaks off later says whether that leaves something unknown.
    pub(super) fn into_response(self, between: Duration, broken_off: fn(String) -> TransportError) -> http::Response<Body> {
        let body = match self.body {
            Arriving::Whole(bytes) => Full::new(bytes).map_err(|never| match never {}).boxed_unsync(),
            Arriving::Coming(begun, response) => coming(begun, response, between, broken_off),
        };
        let mut answer = http::Response::new(body);
        *answer.status_mut() = self.status;
        *answer.headers_mut() = self.headers;
        // Of what is unpacked on the way these would be wrong.
        answer.headers_mut().remove(header::CONTENT_LENGTH);
        answer
    }
}

fn coming(begun: Bytes, response: Response, between: Duration, broken_off: fn(String) -> TransportError) -> Body {
    let rest = stream::unfold(Some(response), move |response| async move {
        let mut response = response?;
        match timeout(between, response.chunk()).await {
            Ok(Ok(Some(piece))) => Some((Ok(http_body::Frame::data(piece)), Some(response))),
            Ok(Ok(None)) => None,
            Ok(Err(error)) => Some((Err(broken_off(innermost(&error))), None)),
            Err(_) => Some((Err(broken_off("nothing more came in time".to_owned())), None)),
        }
    });
    let begun = stream::iter((!begun.is_empty()).then(|| Ok(http_body::Frame::data(begun))));
    StreamBody::new(futures_util::StreamExt::chain(begun, rest)).boxed_unsync()
}

fn broken(error: &reqwest::Error) -> Broken {
    let what = innermost(error);
    match (error.is_connect(), error.is_timeout()) {
        (true, true) => Broken::Unconnected("no connection came about in time".to_owned()),
        (true, false) => Broken::Unsent(what),
        (false, true) => Broken::Late(what),
        (false, false) => Broken::Lost(what),
    }
}

/// The outer errors name the address, the innermost one says what happened.
fn innermost(error: &reqwest::Error) -> String {
    let chain = std::iter::successors(Some(error as &dyn Error), |error| (*error).source());
    chain.last().map_or_else(String::new, ToString::to_string)
}
