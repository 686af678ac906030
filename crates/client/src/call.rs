//! A request on its way to a typed answer, or to the JSON as it comes.

use std::future::IntoFuture;
use std::marker::PhantomData;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Limited};
use serde::de::DeserializeOwned;
use tallyport_api_types::Problem;

use crate::{Body, Client, ClientError};

/// The longest problem that is read: beside what the API itself may say, a proxy's page must not fill the memory.
const LONGEST_PROBLEM: usize = 4 << 20;

/// A request that answers a `T`. Nothing is sent before it is awaited, or read [raw](Call::raw).
#[must_use = "a call is sent when it is awaited"]
pub struct Call<'a, T> {
    client: &'a Client,
    request: Result<Request<Bytes>, ClientError>,
    answer: PhantomData<fn() -> T>,
}

/// An answer in both of its shapes.
#[derive(Debug, Clone)]
pub struct Answer<T> {
    /// What it says.
    pub value: T,
    /// The JSON that said it.
    pub body: Bytes,
}

impl<'a, T> Call<'a, T> {
    pub(crate) fn new(client: &'a Client, request: Result<Request<Bytes>, ClientError>) -> Self {
        Self { client, request, answer: PhantomData }
    }

    /// Sends the request and passes the body through as it comes.
    ///
    /// # Errors
    /// What the API refuses is an error before the first piece.
    pub async fn raw(self) -> Result<Body, ClientError> {
        let response = self.client.transport.send(self.request?).await?;
        if response.status().is_success() { Ok(response.into_body()) } else { Err(refusal(response).await) }
    }
}

impl<T: DeserializeOwned> Call<'_, T> {
    /// Sends the request and reads the answer, keeping the JSON beside it.
    ///
    /// # Errors
    /// [`ClientError::Unreadable`] where it says something else than a `T`.
    pub async fn answer(self) -> Result<Answer<T>, ClientError> {
        let response = self.client.transport.send(self.request?).await?;
        let status = response.status();
        if !status.is_success() {
            return Err(refusal(response).await);
        }
        let body = response.into_body().collect().await?.to_bytes();
        let json: &[u8] = if body.is_empty() { b"null" } else { &body };
        let value = serde_json::from_slice(json).map_err(|source| ClientError::unreadable(status, source))?;
        Ok(Answer { value, body })
    }
}

impl<'a, T: DeserializeOwned + 'a> IntoFuture for Call<'a, T> {
    type Output = Result<T, ClientError>;
    type IntoFuture = BoxFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { Ok(self.answer().await?.value) })
    }
}

async fn refusal(response: Response<Body>) -> ClientError {
    let status: StatusCode = response.status();
    let body = match Limited::new(response.into_body(), LONGEST_PROBLEM).collect().await {
        Ok(body) => body.to_bytes(),
        Err(source) => return ClientError::unreadable(status, source),
    };
    match serde_json::from_slice::<Problem>(&body) {
        Ok(problem) => ClientError::Problem(Box::new(problem)),
        Err(source) => ClientError::unreadable(status, source),
    }
}
