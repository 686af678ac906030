//! What a server is at: requests that are answered, and streams of events that stay open.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::response::Response;
use http::{HeaderValue, header};
use http_body::{Frame, SizeHint};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;

/// See the module.
#[derive(Default)]
pub(crate) struct Work {
    requests: TaskTracker,
    streams: TaskTracker,
    ending: CancellationToken,
}

impl Work {
    /// A request that came in, at work until this is dropped.
    pub(crate) fn begin(&self) -> TaskTrackerToken {
        self.requests.token()
    }

    /// Returns once no request is left; streams do not count.
    pub(crate) async fn quiet(&self) {
        self.requests.close();
        self.requests.wait().await;
    }

    /// Ends every stream, and those that are opened from now on.
    pub(crate) fn end_streams(&self) {
        self.ending.cancel();
    }

    /// How many requests are at work, and how many streams are open.
    pub(crate) fn counted(&self) -> (usize, usize) {
        (self.requests.len(), self.streams.len())
    }

    /// Has an answer count until its last byte is sent: as a request, or as a stream if that is what it is.
    pub(crate) fn follow(&self, response: Response, request: TaskTrackerToken) -> Response {
        let is_stream = is_stream(response.headers().get(header::CONTENT_TYPE));
        let held = if is_stream { self.streams.token() } else { request };
        let ending = is_stream.then(|| Box::pin(self.ending.clone().cancelled_owned()));
        response.map(|body| Body::new(Followed { body, ending, held: Some(held) }))
    }
}

fn is_stream(content_type: Option<&HeaderValue>) -> bool {
    content_type.is_some_and(|value| value.as_bytes().starts_with(b"text/event-stream"))
}

/// A body that counts while it is sent, and one of events that ends when it is told to.
struct Followed {
    body: Body,
    ending: Option<Pin<Box<WaitForCancellationFutureOwned>>>,
    /// Nothing once it has ended.
    held: Option<TaskTrackerToken>,
}

impl HttpBody for Followed {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if self.held.is_none() {
            return Poll::Ready(None);
        }
        let told = self.ending.as_mut().is_some_and(|ending| ending.as_mut().poll(context).is_ready());
        let frame = if told { Poll::Ready(None) } else { Pin::new(&mut self.body).poll_frame(context) };
        if let Poll::Ready(None) = frame {
            self.held = None;
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.held.is_none() || self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse as _;
    use futures_util::stream;
    use http_body_util::BodyExt as _;

    use super::*;

    fn events() -> Response {
        let one = stream::iter([Ok::<_, std::convert::Infallible>("data: 1\n\n")]);
        let body = Body::from_stream(futures_util::StreamExt::chain(one, stream::pending()));
        ([(header::CONTENT_TYPE, "text/event-stream; charset=utf-8")], body).into_response()
    }

    #[tokio::test]
    async fn a_stream_is_no_request_and_ends_when_told() {
        let work = Work::default();
        let mut body = work.follow(events(), work.begin()).into_body();
        assert_eq!(work.counted(), (0, 1));
        assert_eq!(body.frame().await.unwrap().unwrap().into_data().unwrap(), "data: 1\n\n");
        work.quiet().await;
        work.end_streams();
        assert!(body.frame().await.is_none());
        assert_eq!(work.counted(), (0, 0));
        let mut late = work.follow(events(), work.begin()).into_body();
        assert!(late.frame().await.is_none());
    }

    #[tokio::test]
    async fn an_answer_counts_until_it_is_sent_and_keeps_its_length() {
        let work = Work::default();
        let body = work.follow("whole".into_response(), work.begin()).into_body();
        assert_eq!((work.counted(), body.size_hint().exact()), ((1, 0), Some(5)));
        assert_eq!(body.collect().await.unwrap().to_bytes(), "whole");
        assert_eq!(work.counted(), (0, 0));
        drop(work.follow("left".into_response(), work.begin()));
        work.quiet().await;
    }
}
