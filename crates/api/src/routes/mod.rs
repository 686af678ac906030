//! The routes, each named by method and path in the first line of its handler.

mod assignments;
mod integration;
mod people;
mod runs;
mod tasks;

use axum::Router;
use axum::handler::Handler;
use axum::routing::{MethodFilter, on};
use http::Method;
use tallyport_app::App;

/// A route of the API, below `/api/v1`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// Its method.
    pub method: Method,
    /// Its path, with names in braces where ids go.
    pub path: &'static str,
}

/// The router, and beside it the list of what it routes, so that tests can know whether they cover all of it.
#[derive(Default)]
pub(crate) struct Routes {
    pub(crate) router: Router<App>,
    pub(crate) list: Vec<Route>,
}

impl Routes {
    fn on<H: Handler<T, App>, T: 'static>(mut self, method: Method, path: &'static str, handler: H) -> Self {
        let filter = MethodFilter::try_from(method.clone()).expect("the API uses no methods of its own");
        self.router = self.router.route(path, on(filter, handler));
        self.list.push(Route { method, path });
        self
    }

    fn get<H: Handler<T, App>, T: 'static>(self, path: &'static str, handler: H) -> Self {
        self.on(Method::GET, path, handler)
    }

    fn post<H: Handler<T, App>, T: 'static>(self, path: &'static str, handler: H) -> Self {
        self.on(Method::POST, path, handler)
    }

    fn put<H: Handler<T, App>, T: 'static>(self, path: &'static str, handler: H) -> Self {
        self.on(Method::PUT, path, handler)
    }

    fn patch<H: Handler<T, App>, T: 'static>(self, path: &'static str, handler: H) -> Self {
        self.on(Method::PATCH, path, handler)
    }

    fn delete<H: Handler<T, App>, T: 'static>(self, path: &'static str, handler: H) -> Self {
        self.on(Method::DELETE, path, handler)
    }
}

pub(crate) fn all() -> Routes {
    let routes = people::add_to(Routes::default());
    let routes = tasks::add_to(routes);
    let routes = assignments::add_to(routes);
    runs::add_to(integration::add_to(routes))
}
