//! Errors as problems (RFC 9457): the one place where they are mapped.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use tallyport_api_types::{Code, Problem};
use tallyport_app::Error;

/// What a handler answers instead.
#[derive(Debug)]
pub(crate) struct Refusal(Box<Problem>);

/// What a handler answers.
pub(crate) type Answer<T> = Result<T, Refusal>;

impl Refusal {
    pub(crate) fn new(code: Code, title: impl Into<String>) -> Self {
        Self(Box::new(Problem::new(code, title)))
    }

    /// A request that cannot be understood.
    pub(crate) fn invalid(title: impl Into<String>) -> Self {
        Self::new(Code::InvalidRequest, title)
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self(Box::new(Problem::new(error.code(), error.to_string()).hint(error.hint()).details(error.details())))
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(self.0)).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        response
    }
}
