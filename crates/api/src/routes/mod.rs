//! The routes, each named by method and path in the first line of its handler.

mod assignments;
mod events;
mod integration;
mod invitations;
mod me;
mod password_reset;
mod people;
mod reports;
mod runs;
mod session;
mod setup;
mod tags;
mod tasks;
mod time;
mod timesheet;
mod tokens;

use axum::handler::Handler;
use axum::routing::{MethodFilter, on};
use axum::{Extension, Router};
use http::Method;
use serde_json::json;
use tallyport_api_types::ExportFormat;
use tallyport_app::App;
use tallyport_domain::Scope;
use tallyport_http::Needs;
use utoipa::ToSchema;

use crate::openapi::{Operation, Signature};
use crate::page::NEXT;

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

/// Puts down an answer with a status.
type Answers = fn(&mut Operation<'_>, u16);

/// A route with what its document says of it.
pub(crate) struct Described {
    pub(crate) route: Route,
    /// `resource_verb`.
    pub(crate) id: &'static str,
    /// What it does, in a sentence.
    pub(crate) summary: &'static str,
    /// What its handler hears and answers.
    pub(crate) signature: fn(&mut Operation<'_>),
    /// The status of that answer, where it is not the usual one.
    pub(crate) status: Option<u16>,
    /// Answers that no type tells.
    pub(crate) answers: Vec<(u16, Answers)>,
    /// Headers that no type tells, what they look like, and what they are for.
    pub(crate) headers: Vec<(&'static str, &'static str, &'static str)>,
}

/// The router, and beside it the list of what it routes, so that tests can know whether they cover all of it.
///
/// A route is registered by its method, and then says what it does; what it hears and answers is told by its handler's types:
/// ```text
/// routes
///     .post("/tasks/{id}/archive", Scope::Manage, archive)
///     .says("tasks_archive", "Archives a native task with everything below it.")
/// ```
#[derive(Default)]
pub(crate) struct Routes {
    pub(crate) router: Router<App>,
    pub(crate) list: Vec<Described>,
    /// The word with which those begin that are routed, where not all of them are.
    only: Option<String>,
}

impl Routes {
    fn on<H, T>(mut self, method: Method, path: &'static str, scope: Option<Scope>, handler: H) -> Self
    where
        H: Handler<T, App> + Signature<T>,
        T: 'static,
    {
        if self.only.as_deref().is_none_or(|only| only == first_word(path)) {
            let filter = MethodFilter::try_from(method.clone()).expect("the API uses no methods of its own");
            let answering = on(filter, handler);
            let answering = match scope {
                Some(scope) => answering.layer(Extension(Needs(scope))),
                None => answering,
            };
            self.router = self.router.route(path, answering);
        }
        self.list.push(Described {
            route: Route { method, path, scope },
            id: "",
            summary: "",
            signature: <H as Signature<T>>::describe,
            status: None,
            answers: Vec::new(),
            headers: Vec::new(),
        });
        self
    }

    /// What a person may read; a token of any scope may.
    fn get<H: Handler<T, App> + Signature<T>, T: 'static>(self, path: &'static str, handler: H) -> Self {
        self.on(Method::GET, path, Some(Scope::Read), handler)
    }

    /// What somebody may ask who is not signed in; a handler takes `Open`, which refuses what pages of other sites send.
    fn open<H: Handler<T, App> + Signature<T>, T: 'static>(self, method: Method, path: &'static str, handler: H) -> Self {
        self.on(method, path, None, handler)
    }

    fn post<H: Handler<T, App> + Signature<T>, T: 'static>(self, path: &'static str, scope: Scope, handler: H) -> Self {
        self.on(Method::POST, path, Some(scope), handler)
    }

    fn put<H: Handler<T, App> + Signature<T>, T: 'static>(self, path: &'static str, scope: Scope, handler: H) -> Self {
        self.on(Method::PUT, path, Some(scope), handler)
    }

    fn patch<H: Handler<T, App> + Signature<T>, T: 'static>(self, path: &'static str, scope: Scope, handler: H) -> Self {
        self.on(Method::PATCH, path, Some(scope), handler)
    }

    fn delete<H: Handler<T, App> + Signature<T>, T: 'static>(self, path: &'static str, scope: Scope, handler: H) -> Self {
        self.on(Method::DELETE, path, Some(scope), handler)
    }

    /// What the route before does: the id of its operation, `resource_verb`, and a sentence.
    fn says(mut self, id: &'static str, summary: &'static str) -> Self {
        let described = self.last();
        (described.id, described.summary) = (id, summary);
        self
    }

    /// The status with which the route before answers what its type tells, unless that is 200 for something and 204 for nothing.
    fn status(mut self, status: u16) -> Self {
        self.last().status = Some(status);
        self
    }

    /// An answer of the route before that the type of its handler does not tell.
    fn answers<T: ToSchema>(mut self, status: u16) -> Self {
        self.last().answers.push((status, |operation, status| {
            let schema = operation.schemas().of::<T>();
            operation.answers(status, "application/json", Some(&schema));
        }));
        self
    }

    /// That the route before answers a list of these, in pages for who asks for pages.
    fn lists<T: ToSchema>(mut self) -> Self {
        self.last().answers.push((200, |operation, status| {
            let schema = operation.schemas().list_of::<T>();
            operation.answers(status, "application/json", Some(&schema));
            operation.answers_header(status, NEXT, "The cursor of the next page, where there is one.");
        }));
        self
    }

    /// That the route before may answer nothing.
    fn answers_nothing(mut self, status: u16) -> Self {
        self.last().answers.push((status, |operation, status| operation.answers(status, "", None)));
        self
    }

    /// That the route before answers a stream of events with such data, among others that carry none.
    fn streams<T: ToSchema>(mut self) -> Self {
        self.last().answers.push((200, |operation, status| {
            let data = operation.schemas().of::<T>();
            let data = json!({ "anyOf": [data, { "type": "object", "maxProperties": 0 }] });
            let data = json!({ "type": "string", "contentMediaType": "application/json", "contentSchema": data });
            let text = json!({ "type": "string" });
            let schema = json!({ "type": "object", "properties": { "event": text, "id": text, "data": data } });
            operation.answers(status, "text/event-stream", Some(&schema));
        }));
        self
    }

    /// That the route before answers a file, of the kind that is asked for.
    fn sends_files(mut self) -> Self {
        self.last().answers.push((200, |operation, status| {
            let kinds = ExportFormat::ALL.map(|format| (format.media_type(), json!({})));
            operation.answers_one_of(status, kinds);
            operation.answers_header(status, "Content-Disposition", "What to call the file.");
        }));
        self
    }

    /// A header that the route before hears and that the type of its handler does not tell: its name, what it looks like, and
    /// what it is for.
    fn hears(mut self, name: &'static str, pattern: &'static str, about: &'static str) -> Self {
        self.last().headers.push((name, pattern, about));
        self
    }

    fn last(&mut self) -> &mut Described {
        self.list.last_mut().expect("a route is registered before anything is said of it")
    }
}

/// All of them.
pub(crate) fn all() -> Routes {
    filled(Routes::default())
}

/// Those among which the one for this path is, if there is one: all that begin with the same word, which is never an id.
pub(crate) fn of(path: &str) -> Routes {
    filled(Routes { only: Some(first_word(path).to_owned()), ..Routes::default() })
}

fn first_word(path: &str) -> &str {
    path.trim_start_matches('/').split('/').next().unwrap_or_default()
}

fn filled(routes: Routes) -> Routes {
    let routes = session::add_to(setup::add_to(routes));
    let routes = tokens::add_to(me::add_to(routes));
    let routes = people::add_to(password_reset::add_to(routes));
    let routes = assignments::add_to(tasks::add_to(routes));
    let routes = invitations::add_to(integration::add_to(timesheet::add_to(tags::add_to(time::add_to(routes)))));
    events::add_to(runs::add_to(reports::add_to(routes)))
}
