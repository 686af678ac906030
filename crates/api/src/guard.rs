//! What holds for every request: nothing is cached, no panic gets out, and what is no route says so.

use std::panic::AssertUnwindSafe;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use futures_util::FutureExt as _;
use http::{HeaderValue, Method, Uri, header};
use tallyport_api_types::Code;

use crate::problem::Refusal;

/// Runs a request, and turns a panic into an answer that tells nothing of it.
pub(crate) async fn guard(request: Request, next: Next) -> Response {
    let answered = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    let mut response =
        answered.unwrap_or_else(|_| Refusal::new(Code::Internal, "something went wrong that should not have").into_response());
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

pub(crate) async fn no_such_route(method: Method, uri: Uri) -> Refusal {
    let path: String = uri.path().chars().take(200).collect();
    Refusal::new(Code::NoSuchRoute, format!("there is no {method} {path}"))
}

pub(crate) async fn method_not_allowed(method: Method, uri: Uri) -> Refusal {
    let path: String = uri.path().chars().take(200).collect();
    Refusal::new(Code::MethodNotAllowed, format!("{path} does not take {method}"))
}
