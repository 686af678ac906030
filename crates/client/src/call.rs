//! A request on its way to a typed answer, or to the JSON as it comes.

use std::future::IntoFuture;
use std::marker::PhantomData;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::{Stream, stream};
use http::{HeaderName, HeaderValue, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Limited};
use serde::de::DeserializeOwned;
use tallyport_api_types::Problem;

use crate::{Body, Client, ClientError, query};

/// The longest problem that is read: beside what the API itself may say, a proxy's page must not fill the memory.
const LONGEST_PROBLEM: usize = 4 << 20;

/// Names a request, so that the server does it once however often it comes (E7).
pub(crate) const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// An extension of requests that make something, and that the server does once however often they come with the same key: a
/// transport that sends requests again gives them one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Once;

/// An extension of requests whose answers take so much longer to begin than others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience(pub Duration);

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
    /// What it is known by while others may change it, for [`Call::if_still`].
    pub tag: Option<String>,
    /// Where a list goes on that was asked for [by the page](Call::page).
    pub next: Option<String>,
}

/// Says where the next page of a list begins.
const NEXT_CURSOR: HeaderName = HeaderName::from_static("next-cursor");

impl<'a, T> Call<'a, T> {
    pub(crate) fn new(client: &'a Client, request: Result<Request<Bytes>, ClientError>) -> Self {
        Self { client, request, answer: PhantomData }
    }

    /// Gives the request a key of one's own, at most 255 visible ASCII characters: sent again with the same key within thirty
    /// days, it is answered as before and done no second time (E7). Without one the transport makes a key where it needs it.
    pub fn keyed(self, key: &str) -> Self {
        self.with(IDEMPOTENCY_KEY, key)
    }

    /// Makes the change only where what is changed still has this [tag](Answer::tag); otherwise it ends with `changed_meanwhile`.
    pub fn if_still(self, tag: &str) -> Self {
        self.with(header::IF_MATCH, tag)
    }

    /// Marks a request that makes something.
    pub(crate) fn once(self) -> Self {
        self.marked(Once)
    }

    /// Marks a request whose answer takes longer than others.
    pub(crate) fn patient(self, longer: Duration) -> Self {
        self.marked(Patience(longer))
    }

    fn with(mut self, header: HeaderName, value: &str) -> Self {
        self.request = self.request.and_then(|mut request| {
            let value = HeaderValue::from_str(value).map_err(|source| ClientError::Unsendable(source.into()))?;
            request.headers_mut().insert(header, value);
            Ok(request)
        });
        self
    }

    fn marked(mut self, mark: impl Clone + Send + Sync + 'static) -> Self {
        if let Ok(request) = &mut self.request {
            request.extensions_mut().insert(mark);
        }
        self
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
        let (tag, next) = (told(&response, &header::ETAG), told(&response, &NEXT_CURSOR));
        let body = response.into_body().collect().await?.to_bytes();
        let json: &[u8] = if body.is_empty() { b"null" } else { &body };
        let value = serde_json::from_slice(json).map_err(|source| ClientError::unreadable(status, source))?;
        Ok(Answer { value, body, tag, next })
    }
}

impl<'a, T: DeserializeOwned + 'a> Call<'a, Vec<T>> {
    /// Asks for a page of the list, of so many rows at most: the first one, or the one after [`Answer::next`] of another. A list
    /// that is asked for without is whole.
    pub fn page(mut self, limit: u32, after: Option<&str>) -> Self {
        self.request = self.request.and_then(|mut request| {
            let query = [("limit", Some(limit.to_string())), ("cursor", after.map(str::to_owned))];
            let uri = query::path(&request.uri().to_string(), &query);
            *request.uri_mut() = uri.parse().map_err(|source: http::uri::InvalidUri| ClientError::Unsendable(source.into()))?;
            Ok(request)
        });
        self
    }

    /// The list page by page, so many rows each: what stays in it while others change it comes once.
    pub fn pages(self, limit: u32) -> impl Stream<Item = Result<Vec<T>, ClientError>> + Send + Unpin + 'a {
        let Self { client, request, .. } = self;
        let first = request.map(|request| (request, None));
        Box::pin(stream::unfold(Some(first), move |page| async move {
            let (request, after): (Request<Bytes>, Option<String>) = match page? {
                Ok(page) => page,
                Err(unsendable) => return Some((Err(unsendable), None)),
            };
            let call = Call::<Vec<T>>::new(client, Ok(request.clone())).page(limit, after.as_deref());
            match call.answer().await {
                Ok(answer) => Some((Ok(answer.value), answer.next.map(|next| Ok((request, Some(next)))))),
                Err(error) => Some((Err(error), None)),
            }
        }))
    }
}

impl<'a, T: DeserializeOwned + 'a> IntoFuture for Call<'a, T> {
    type Output = Result<T, ClientError>;
    type IntoFuture = BoxFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { Ok(self.answer().await?.value) })
    }
}

fn told(response: &Response<Body>, header: &HeaderName) -> Option<String> {
    response.headers().get(header)?.to_str().ok().map(str::to_owned)
}

async fn refusal(response: Response<Body>) -> ClientError {
    let status: StatusCode = response.status();
    if status.is_redirection() {
        return ClientError::Elsewhere { to: elsewhere(&response) };
    }
    let body = match Limited::new(response.into_body(), LONGEST_PROBLEM).collect().await {
        Ok(body) => body.to_bytes(),
        Err(source) => return ClientError::unreadable(status, source),
    };
    match serde_json::from_slice::<Problem>(&body) {
        Ok(problem) => ClientError::Problem(Box::new(problem)),
        Err(source) => ClientError::unreadable(status, source),
    }
}

/// Where a redirect leads, without its path, which may be anything.
fn elsewhere(response: &Response<Body>) -> Option<String> {
    let to = response.headers().get(header::LOCATION)?.to_str().ok()?.parse::<http::Uri>().ok()?;
    Some(format!("{}://{}", to.scheme_str()?, to.authority()?.as_str().rsplit('@').next()?))
}
