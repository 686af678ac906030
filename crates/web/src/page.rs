//! A page as it is answered.

use askama::Template;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{self, HeaderMap, HeaderValue};
use http::{StatusCode, Uri};
use tallyport_app::Error;
use tallyport_http::Refusal;

use crate::form::sentence;

/// What browsers do for our pages: they show them with our style sheet and send forms to us, and run nothing.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);

/// A page.
pub(crate) struct Page {
    status: StatusCode,
    body: askama::Result<String>,
    with_link: bool,
    retry_after: Option<u32>,
}

impl Page {
    /// A page that was rendered.
    pub(crate) fn new(template: &impl Template) -> Self {
        Self { status: StatusCode::OK, body: template.render(), with_link: false, retry_after: None }
    }

    /// The same with another status.
    pub(crate) fn status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    /// The same with the status of what is wrong with its form.
    pub(crate) fn wrong(self, (status, retry_after): (StatusCode, Option<u32>)) -> Self {
        Self { status, retry_after, ..self }
    }

    /// The same, at an address that is a secret: no other page is told of it.
    pub(crate) fn with_link(self) -> Self {
        Self { with_link: true, ..self }
    }
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let Ok(body) = self.body else { return Refusal::from(Error::Internal).into_response() };
        let kind = HeaderValue::from_static("text/html; charset=utf-8");
        let mut response =
            (self.status, [(header::CONTENT_TYPE, kind), (header::CONTENT_SECURITY_POLICY, POLICY)], body).into_response();
        if self.with_link {
            response.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        }
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

/// A page that says something and shows a way on.
#[derive(Template)]
#[template(path = "message.html")]
pub(crate) struct Message {
    pub(crate) heading: &'static str,
    pub(crate) text: String,
    /// The word of what went wrong, for who helps.
    pub(crate) code: String,
    /// An address of ours, and what leads there.
    pub(crate) way: Option<(&'static str, &'static str)>,
}

/// What is said of a link that was never one.
pub(crate) const NO_LINK: &str = "This link does not work";

/// The way to the start.
pub(crate) const TO_SIGN_IN: Option<(&str, &str)> = Some(("/sign-in", "Sign in"));

/// What a handler answers.
pub(crate) type Shown<T = Page> = Result<T, Broken>;

/// A page in place of the one that was asked for.
pub(crate) struct Broken(Box<Response>);

impl Broken {
    /// A page that says what is wrong, with a way on.
    pub(crate) fn new(heading: &'static str, error: Error, way: Option<(&'static str, &'static str)>) -> Self {
        Self::told(heading, None, &error.into(), way)
    }

    /// The same in words that the page knows better.
    pub(crate) fn saying(heading: &'static str, text: &str, error: Error, way: Option<(&'static str, &'static str)>) -> Self {
        Self::told(heading, Some(text), &error.into(), way)
    }

    fn told(heading: &'static str, text: Option<&str>, refusal: &Refusal, way: Option<(&'static str, &'static str)>) -> Self {
        let problem = refusal.problem();
        let text = text.map_or_else(|| format!("{} {}", sentence(&problem.title), problem.hint), str::to_owned);
        let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let page = Page::new(&Message { heading, text, code: problem.code.clone(), way }).status(status).with_link();
        let mut response = page.into_response();
        let told = refusal.clone().into_response();
        for name in [header::RETRY_AFTER, header::WWW_AUTHENTICATE] {
            response.headers_mut().extend(told.headers().get(&name).map(|value| (name, value.clone())));
        }
        Self(Box::new(response))
    }
}

impl From<Refusal> for Broken {
    fn from(refusal: Refusal) -> Self {
        Self::told("That did not work", None, &refusal, Some(("/", "Back to the start")))
    }
}

impl From<Error> for Broken {
    fn from(error: Error) -> Self {
        Refusal::from(error).into()
    }
}

impl IntoResponse for Broken {
    fn into_response(self) -> Response {
        *self.0
    }
}

/// Shows what went wrong as a page to who looks with a browser, wherever it was told: a path that leads nowhere, a server that
/// has too much to do. Whoever asks the API, or asks for something else than a page, is answered as ever.
pub async fn readable(request: Request, next: Next) -> Response {
    let looks = is_looked_at(&request);
    let told = next.run(request).await;
    let Some(refusal) = told.extensions().get::<Refusal>().filter(|_| looks) else { return told };
    let nowhere = matches!(refusal.problem().code.as_str(), "no_such_route" | "method_not_allowed");
    let mut page = if nowhere {
        no_such_page().status(told.status()).into_response()
    } else {
        Broken::from(refusal.clone()).into_response()
    };
    for (name, value) in told.headers() {
        if ![header::CONTENT_TYPE, header::CONTENT_LENGTH, header::CONTENT_SECURITY_POLICY].contains(name) {
            page.headers_mut().entry(name).or_insert_with(|| value.clone());
        }
    }
    page
}

fn is_looked_at(request: &Request) -> bool {
    let accepted = request.headers().get(header::ACCEPT).and_then(|accepted| accepted.to_str().ok()).unwrap_or_default();
    accepted.contains("text/html") && !request.uri().path().starts_with("/api/")
}

fn no_such_page() -> Page {
    let text = "Look at the address: something of it is missing or mistyped.".to_owned();
    Page::new(&Message { heading: "There is no such page", text, code: String::new(), way: Some(("/", "To the start")) })
}

/// Leads on to an address of ours.
pub(crate) fn lead_to(path: &str) -> Response {
    let to = HeaderValue::try_from(path).unwrap_or(HeaderValue::from_static("/"));
    let headers: HeaderMap = [(header::LOCATION, to)].into_iter().collect();
    (StatusCode::SEE_OTHER, headers).into_response()
}

/// A path of ours to go on at, whatever was asked for: an address that another site wrote leads to its own pages otherwise.
pub(crate) fn local(path: &str) -> &str {
    let begins = path.starts_with('/') && !path[1..].starts_with(['/', '\\']);
    let plain = path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\') && path.len() <= 2000;
    if begins && plain && path.parse::<Uri>().is_ok() { path } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test] // A4
    fn only_paths_of_ours_are_gone_on_at() {
        for path in ["/", "/email/tpe_x", "/people?role=member&q=%C3%A9", "/a//b"] {
            assert_eq!(local(path), path);
        }
        for path in [
            "",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "/a\\b",
            "/\t/evil.example",
            "/\r\nSet-Cookie: x",
            "/é",
            "evil",
            "\\\\evil",
            " /x",
            "/ x",
        ] {
            assert_eq!(local(path), "/", "{path:?}");
        }
        assert_eq!(local(&format!("/{}", "x".repeat(3000))), "/");
    }
}
