//! Answers to requests that may come twice (E7).

use std::sync::Arc;

use axum::Json;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use http::header::{self, HeaderName, HeaderValue};
use serde::Serialize;
use tallyport_app::{Done, Once};
use tallyport_http::RequestKey;

/// Says that an answer was given before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// That the change counts once, where the request says so: `body` tells it from others, `shown` is what is answered.
///
/// A body with a password in it is passed without it: a quick hash of it is kept, which could be guessed at. Of a token there is
/// nothing to guess.
pub(crate) fn asked<T, W>(key: &RequestKey, body: &impl Serialize, shown: fn(&T) -> W) -> Option<Once<T>>
where
    T: ?Sized + 'static,
    W: Serialize + 'static,
{
    let (key, request) = key.of(body)?;
    // What we answer has texts for keys, so it can be written.
    let answer = move |made: &T| serde_json::to_vec(&shown(made)).unwrap_or_default();
    Some(Once { key, request, answer: Arc::new(answer) })
}

/// The answer to what makes something and counts once, whether it was made now or before.
pub(crate) fn created<T, W: Serialize>(done: Done<T>, shown: impl FnOnce(T) -> W) -> Response {
    answered(StatusCode::CREATED, done, shown)
}

/// The same to one that goes on while it is answered.
pub(crate) fn accepted<T, W: Serialize>(done: Done<T>, shown: impl FnOnce(T) -> W) -> Response {
    answered(StatusCode::ACCEPTED, done, shown)
}

/// The same with this status.
pub(crate) fn answered<T, W: Serialize>(status: StatusCode, done: Done<T>, shown: impl FnOnce(T) -> W) -> Response {
    match done {
        Done::Now(made) => (status, Json(shown(made))).into_response(),
        Done::Before(answer) => {
            let json = (header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
            (status, [json, (REPLAYED, HeaderValue::from_static("true"))], answer).into_response()
        }
    }
}
