//! Errors as problems (RFC 9457): the one place where they are mapped.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use tallyport_api_types::{Code, Problem};
use tallyport_app::Error;

use crate::RequestId;

/// What a handler answers instead. It stays with the answer that it becomes, for whoever tells it in another form.
#[derive(Debug, Clone)]
pub struct Refusal {
    problem: Box<Problem>,
    retry_after: Option<u32>,
}

/// What a handler answers.
pub type Answer<T> = Result<T, Refusal>;

impl Refusal {
    /// A refusal with the code's own hint.
    pub fn new(code: Code, title: impl Into<String>) -> Self {
        Self { problem: Box::new(Problem::new(code, title)), retry_after: None }
    }

    /// A request that cannot be understood.
    pub fn invalid(title: impl Into<String>) -> Self {
        Self::new(Code::InvalidRequest, title)
    }

    /// The same with another hint.
    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { problem: Box::new(self.problem.hint(hint)), ..self }
    }

    /// The same, to be tried again after so many seconds.
    #[must_use]
    pub fn retry_after(self, seconds: u32) -> Self {
        Self { retry_after: Some(seconds), ..self }
    }

    /// What is told about it.
    #[must_use]
    pub fn problem(&self) -> &Problem {
        &self.problem
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        let problem = Problem::new(error.code(), error.to_string()).hint(error.hint()).details(error.details());
        Self { problem: Box::new(problem), retry_after: error.retry_after() }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(&self.problem)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"Tallyport\""));
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// The same answer; one that is a fault of ours with the number of its request, under which the log tells more.
pub(crate) fn named(mut response: Response, id: &RequestId) -> Response {
    let fault = response.extensions_mut().remove::<Refusal>();
    match fault {
        Some(fault) if fault.problem.code == Code::Internal.as_str() => {
            let problem = Box::new(Problem { request: Some(id.0.clone()), ..*fault.problem });
            Refusal { problem, ..fault }.into_response()
        }
        Some(other) => {
            response.extensions_mut().insert(other);
            response
        }
        None => response,
    }
}
