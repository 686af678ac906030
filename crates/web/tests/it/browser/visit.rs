//! What a browser is to open, to type and to see, as `tests/browser/look.js` reads it.

use axum::Router;
use serde::Serialize;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::bench::{Bench, Browser};

/// One page in one state, and what it leads to where something is typed.
#[derive(Debug, Serialize)]
pub(crate) struct Visit {
    #[serde(skip)]
    pub(crate) page: &'static str,
    name: String,
    base: String,
    path: String,
    cookie: Option<String>,
    first: Seen,
    typed: Vec<(&'static str, String)>,
    pub(crate) then: Option<Seen>,
}

/// What is to be seen.
#[derive(Debug, Serialize)]
pub(crate) struct Seen {
    status: u16,
    path: Option<String>,
    says: &'static str,
    focus: Option<&'static str>,
}

impl Visit {
    /// The same with text typed into fields, and what is seen after it was sent: status, address and words.
    pub(crate) fn typed(mut self, typed: &[(&'static str, &str)], (status, path, says): (u16, &str, &'static str)) -> Self {
        self.typed = typed.iter().map(|(field, text)| (*field, (*text).to_owned())).collect();
        self.then = Some(Seen { status, path: Some(path.to_owned()), says, focus: None });
        self
    }

    /// The same, with the focus in a field once it was sent.
    pub(crate) fn focus(mut self, field: &'static str) -> Self {
        self.then.as_mut().unwrap().focus = Some(field);
        self
    }
}

/// A server on a port of its own, as long as it is here.
pub(crate) struct Place {
    pub(crate) bench: Bench,
    base: String,
    serving: JoinHandle<()>,
}

impl Place {
    /// One that waits to be set up.
    pub(crate) async fn fresh() -> Self {
        Self::of(false, |router| router).await
    }

    /// One with an account.
    pub(crate) async fn new() -> Self {
        let place = Self::fresh().await;
        place.bench.create("Nordlicht Studio").await;
        place
    }

    /// The same, and mail leaves it.
    pub(crate) async fn with_mail() -> Self {
        let place = Self::of(true, |router| router).await;
        place.bench.create("Nordlicht Studio").await;
        place
    }

    pub(crate) async fn of(mails: bool, dress: impl FnOnce(Router) -> Router) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let bench = Bench::at(&base, mails);
        let router = dress(bench.router.clone());
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { bench, base, serving }
    }

    /// Opens a path of a page, and sees these words with this status.
    pub(crate) fn visit(&self, page: &'static str, path: &str, (status, says): (u16, &'static str)) -> Visit {
        let first = Seen { status, path: None, says, focus: None };
        let (name, base, path) = (format!("{page} {says}"), self.base.clone(), path.to_owned());
        Visit { page, name, base, path, cookie: None, first, typed: Vec::new(), then: None }
    }

    /// The same for who is signed in.
    pub(crate) fn visit_as(&self, who: &Browser, page: &'static str, path: &str, seen: (u16, &'static str)) -> Visit {
        Visit { cookie: who.cookie.clone(), ..self.visit(page, path, seen) }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.serving.abort();
    }
}
