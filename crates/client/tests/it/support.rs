//! A transport that answers from a list and remembers what it was asked.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::stream;
use http_body::Frame;
use http_body_util::{BodyExt, StreamBody};
use tallyport_client::{Body, Client, Transport, TransportError};

/// One prepared answer: a status, where the list goes on, and pieces of a body of which the last may be a break.
pub(crate) struct Prepared {
    pub(crate) status: u16,
    pub(crate) next: Option<&'static str>,
    pub(crate) pieces: Vec<Result<&'static str, &'static str>>,
}

#[derive(Default)]
pub(crate) struct Script {
    answers: Mutex<VecDeque<Prepared>>,
    asked: Mutex<Vec<String>>,
}

impl Script {
    pub(crate) fn client(answers: impl IntoIterator<Item = Prepared>) -> (Client, Arc<Self>) {
        let script = Arc::new(Self { answers: Mutex::new(answers.into_iter().collect()), ..Self::default() });
        (Client::new(script.clone()), script)
    }

    /// What was asked, as `METHOD path body`.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

pub(crate) fn says(status: u16, body: &'static str) -> Prepared {
    Prepared { status, next: None, pieces: vec![Ok(body)] }
}

#[async_trait]
impl Transport for Script {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Body>, TransportError> {
        let body = String::from_utf8_lossy(request.body());
        self.asked.lock().unwrap().push(format!("{} {} {body}", request.method(), request.uri()).trim_end().to_owned());
        let prepared = self.answers.lock().unwrap().pop_front().ok_or_else(|| TransportError::unreachable("nobody is there"))?;
        let frames = prepared.pieces.into_iter().map(|piece| match piece {
            Ok(text) => Ok(Frame::data(Bytes::from_static(text.as_bytes()))),
            Err(why) => Err(TransportError::broken_off(why)),
        });
        let body = StreamBody::new(stream::iter(frames)).boxed_unsync();
        let answer = http::Response::builder().status(prepared.status);
        let answer = prepared.next.into_iter().fold(answer, |answer, next| answer.header("next-cursor", next));
        Ok(answer.body(body).unwrap())
    }
}
