//! The document of the API and a page that shows it, with nothing from another host.

use std::borrow::Cow;
use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use http::{HeaderValue, Method, Uri, header};
use tallyport_http::no_such_route;
use utoipa_swagger_ui::Config;

/// Where the document is.
const DOCUMENT: &str = "/api/openapi.json";

/// What the page may do. Its script sets styles of single elements, which only `unsafe-inline` lets it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
    connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Put together when it is asked for the first time.
static TEXT: LazyLock<String> = LazyLock::new(|| crate::openapi().to_string());

static PAGE: LazyLock<Arc<Config<'static>>> = LazyLock::new(|| {
    let page = Config::from(DOCUMENT).validator_url("none").display_operation_id(true).doc_expansion("none");
    Arc::new(page.default_models_expand_depth(-1))
});

/// `/api/openapi.json`, and `/api/docs` to read it: to be merged into what a server serves.
pub fn docs<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route(DOCUMENT, get(document))
        .route("/api/docs", get(async || Redirect::permanent("/api/docs/")))
        .route("/api/docs/", get(async |method, uri| file("index.html", method, uri).await))
        .route("/api/docs/{file}", get(async |Path(name): Path<String>, method, uri| file(&name, method, uri).await))
}

async fn document() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], TEXT.as_str()).into_response()
}

/// A file of the page; the script that starts it is the one that is written for this document.
async fn file(name: &str, method: Method, uri: Uri) -> Response {
    let Ok(Some(file)) = utoipa_swagger_ui::serve(name, PAGE.clone()) else {
        return no_such_route(method, uri).await.into_response();
    };
    let policy = [(header::CONTENT_TYPE, file.content_type.as_str()), (header::CONTENT_SECURITY_POLICY, POLICY)];
    let mut response = match file.bytes {
        Cow::Borrowed(bytes) => (policy, bytes).into_response(),
        Cow::Owned(bytes) => (policy, bytes).into_response(),
    };
    if file.gzpipped {
        response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}
