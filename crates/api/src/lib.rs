//! Tallyport's REST API as a tower service.
//!
//! [`router`] puts every route over an [`App`]; it listens to nothing by itself. Handlers extract, convert, make one call and
//! convert the answer: roles are checked in `tallyport-app`, which also words the errors.
//!
//! Who acts is said by an extension of the request, [`ActingAs`](tallyport_http::ActingAs), which only the same process can set: nothing that comes over a
//! network turns into one by itself.
//!
//! # How to add a route
//! Put the handler into the file of its resource under `routes`, its types into `tallyport-api-types`, and a row for each role
//! into the table of `tests/it/roles.rs`, which fails for a route that it does not know. Where it is registered, say what it
//! does: the document follows from that and from the handler's signature, and a test fails for a route that says nothing.

mod convert;
#[cfg(feature = "docs")]
mod docs;
mod export;
mod list;
mod once;
mod openapi;
mod page;
mod routes;

use axum::Router;
use tallyport_app::App;
use tallyport_http::{guard, method_not_allowed, no_such_route};

#[cfg(feature = "docs")]
pub use docs::docs;
pub use routes::Route;
use routes::Routes;

/// The API over an application, with every path from its root.
pub fn router(app: App) -> Router {
    over(app, routes::all())
}

/// As much of [`router`] as answers a request for this path, for who asks once: to put all of it together takes longer than a
/// request.
pub fn router_for(app: App, path: &str) -> Router {
    over(app, routes::of(path.strip_prefix(BASE).unwrap_or(path)))
}

/// What the paths of all routes begin with.
const BASE: &str = "/api/v1";

fn over(app: App, routes: Routes) -> Router {
    let router = routes.router.method_not_allowed_fallback(method_not_allowed);
    let router = Router::new().nest(BASE, router).fallback(no_such_route);
    router.layer(axum::middleware::from_fn_with_state(app.clone(), guard)).with_state(app)
}

/// Every route of the API, below `/api/v1`.
#[must_use]
pub fn routes() -> Vec<Route> {
    routes::all().list.into_iter().map(|described| described.route).collect()
}

/// The document of the API (OpenAPI 3.1).
#[must_use]
pub fn openapi() -> serde_json::Value {
    openapi::document()
}
