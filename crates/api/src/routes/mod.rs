//! The routes, each named by method and path in the first line of its handler.

mod assignments;
mod events;
mod integration;
mod me;
mod password_reset;
mod people;
mod runs;
mod session;
mod setup;
mod tasks;
mod tokens;

use axum::handler::Handler;
use axum::routing::{MethodFilter, on};
use axum::{Extension, Router};
use http::Method;
use tallyport_app::App;
use tallyport_domain::Scope;
use tallyport_http::Needs;

/// A route of the API, below `/api/v1`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// Its method.
    pub method: Method,
    /// Its path, with names in braces where ids go.
    pub path: &'static str,
    /// The scope that a token needs for it (A4); nothing where nobody has to be signed in.
    pub scope: Option<Scope>,
}

/// The router, and beside it the list of what it routes, so that tests can know whether they cover all of it.
#[derive(Default)]
pub(crate) struct Routes {
    pub(crate) router: Router<App>,
    pub(crate) list: Vec<Route>,
}

impl Routes {
    fn on<H, T>(mut self, method: Method, path: &'static str, scope: Option<Scope>, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        let filter = MethodFilter::try_from(method.clone()).expect("the API uses no methods of its own");
        let answering = on(filter, handler);
        let answering = match scope {
            Some(scope) => answering.layer(Extension(Needs(scope))),
            None => answering,
        };
        self.router = self.router.route(path, answering);
        self.list.push(Route { method, path, scope });
        self
    }

    /// What a person may read; a token of any scope may.
    fn get<H: Handler<T, App>, T: 'static>(self, path: &'static str, handler: H) -> Self {
        self.on(Method::GET, path, Some(Scope::Read), handler)
    }

    /// What somebody may ask who is not signed in; a handler takes `Open`, which refuses what pages of other sites send.
    fn open<H: Handler<T, App>, T: 'static>(self, method: Method, path: &'static str, handler: H) -> Self {
        self.on(method, path, None, handler)
    }

    fn post<H: Handler<T, App>, T: 'static>(self, path: &'static str, scope: Scope, handler: H) -> Self {
        self.on(Method::POST, path, Some(scope), handler)
    }

    fn put<H: Handler<T, App>, T: 'static>(self, path: &'static str, scope: Scope, handler: H) -> Self {
        self.on(Method::PUT, path, Some(scope), handler)
    }

    fn patch<H: Handler<T, App>, T: 'static>(self, path: &'static str, scope: Scope, handler: H) -> Self {
        self.on(Method::PATCH, path, Some(scope), handler)
    }

    fn delete<H: Handler<T, App>, T: 'static>(self, path: &'static str, scope: Scope, handler: H) -> Self {
        self.on(Method::DELETE, path, Some(scope), handler)
    }
}

pub(crate) fn all() -> Routes {
    let routes = session::add_to(setup::add_to(Routes::default()));
    let routes = tokens::add_to(me::add_to(routes));
    let routes = people::add_to(password_reset::add_to(routes));
    let routes = assignments::add_to(tasks::add_to(routes));
    events::add_to(runs::add_to(integration::add_to(routes)))
}
