//! What pages need beside themselves, under names that change with it, so that browsers keep it for good.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use http::{Method, Uri, header};
use sha2::{Digest as _, Sha256};
use tallyport_http::no_such_route;

const TEXT: &str = concat!(include_str!("../assets/tokens.css"), include_str!("../assets/components.css"));

static NAME: LazyLock<String> = LazyLock::new(|| {
    let hash = Sha256::digest(TEXT).iter().take(8).fold(0, |hash: u64, byte| hash << 8 | u64::from(*byte));
    format!("tallyport-{hash:016x}.css")
});

/// Where the style sheet is.
pub(crate) fn sheet() -> String {
    format!("/assets/{}", *NAME)
}

/// `GET /assets/{file}`.
pub(crate) async fn file(Path(name): Path<String>, method: Method, uri: Uri) -> Response {
    if name != *NAME {
        return no_such_route(method, uri).await.into_response();
    }
    let headers =
        [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
    (headers, TEXT).into_response()
}
