//! What holds for every request: nothing is cached, no panic gets out, and what is no route says so.

use std::panic::AssertUnwindSafe;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use futures_util::FutureExt as _;
use http::header::{self, HeaderName};
use http::{HeaderValue, Method, Uri};
use tallyport_api_types::Code;
use tallyport_app::App;

use crate::problem::{self, Refusal};

/// What tells a request from the others: an extension of it, a header of its answer, and a word in the problem that a fault of
/// ours is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(pub String);

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What browsers are told with each answer, unless it says otherwise itself: to keep nothing, to guess nothing, to tell others
/// nothing, and to run nothing.
const HEADERS: [(HeaderName, &str); 5] = [
    (header::CACHE_CONTROL, "no-store"),
    (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    (header::REFERRER_POLICY, "same-origin"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

/// A year, in which browsers do not ask without TLS.
const TLS_ONLY: &str = "max-age=31536000";

/// Runs a request, and turns a panic into an answer that tells nothing of it.
pub async fn guard(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let given = request.extensions().get::<RequestId>().cloned();
    let id = given.unwrap_or_else(|| RequestId(app.request_id()));
    request.extensions_mut().insert(id.clone());
    let answered = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    let response =
        answered.unwrap_or_else(|_| Refusal::new(Code::Internal, "something went wrong that should not have").into_response());
    let mut response = problem::named(response, &id);
    for (name, value) in HEADERS {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    if app.site().is_secure() {
        response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(TLS_ONLY));
    }
    if let Ok(id) = HeaderValue::try_from(&id.0) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

/// What a path gets that is no route's.
pub async fn no_such_route(method: Method, uri: Uri) -> Refusal {
    let path: String = uri.path().chars().take(200).collect();
    Refusal::new(Code::NoSuchRoute, format!("there is no {method} {path}"))
}

/// What a route gets that is asked with another method.
pub async fn method_not_allowed(method: Method, uri: Uri) -> Refusal {
    let path: String = uri.path().chars().take(200).collect();
    Refusal::new(Code::MethodNotAllowed, format!("{path} does not take {method}"))
}
