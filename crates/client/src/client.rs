//! The client itself: a transport, and the groups of methods over it.

use std::sync::Arc;

use bytes::Bytes;
use http::{Method, header};
use serde::Serialize;

use crate::{
    Assignments, Call, ClientError, Integration, Invitations, Myself, PasswordReset, People, Reports, Runs, Sessions, Setup,
    Tags, Tasks, Time, Tokens, Transport,
};

/// Speaks to the API over a transport. Cheap to clone.
#[derive(Clone)]
pub struct Client {
    pub(crate) transport: Arc<dyn Transport>,
}

impl Client {
    /// A client over `transport`.
    #[must_use]
    pub fn new(transport: Arc<dyn Transport>) -> Self {
        Self { transport }
    }

    /// Setting up a server that has no account.
    #[must_use]
    pub fn setup(&self) -> Setup<'_> {
        Setup { client: self }
    }

    /// Signing in and out.
    #[must_use]
    pub fn session(&self) -> Sessions<'_> {
        Sessions { client: self }
    }

    /// Oneself.
    #[must_use]
    pub fn me(&self) -> Myself<'_> {
        Myself { client: self }
    }

    /// Timers and entries.
    #[must_use]
    pub fn time(&self) -> Time<'_> {
        Time { client: self }
    }

    /// The tags of the account.
    #[must_use]
    pub fn tags(&self) -> Tags<'_> {
        Tags { client: self }
    }

    /// What time adds up to.
    #[must_use]
    pub fn reports(&self) -> Reports<'_> {
        Reports { client: self }
    }

    /// One's own API tokens.
    #[must_use]
    pub fn tokens(&self) -> Tokens<'_> {
        Tokens { client: self }
    }

    /// Forgotten passwords.
    #[must_use]
    pub fn password_reset(&self) -> PasswordReset<'_> {
        PasswordReset { client: self }
    }

    /// Asking people to join.
    #[must_use]
    pub fn invitations(&self) -> Invitations<'_> {
        Invitations { client: self }
    }

    /// The people of the account.
    #[must_use]
    pub fn people(&self) -> People<'_> {
        People { client: self }
    }

    /// The task tree.
    #[must_use]
    pub fn tasks(&self) -> Tasks<'_> {
        Tasks { client: self }
    }

    /// Who has which task.
    #[must_use]
    pub fn assignments(&self) -> Assignments<'_> {
        Assignments { client: self }
    }

    /// The link to Toggl.
    #[must_use]
    pub fn integration(&self) -> Integration<'_> {
        Integration { client: self }
    }

    /// The sync runs.
    #[must_use]
    pub fn runs(&self) -> Runs<'_> {
        Runs { client: self }
    }

    /// A call without a body.
    pub(crate) fn call<T>(&self, method: Method, path: &str) -> Call<'_, T> {
        self.build(method, path, Ok(None))
    }

    /// A call with a JSON body.
    pub(crate) fn call_with<T>(&self, method: Method, path: &str, body: &impl Serialize) -> Call<'_, T> {
        let body = serde_json::to_vec(body).map(Some).map_err(|source| ClientError::Unsendable(source.into()));
        self.build(method, path, body)
    }

    fn build<T>(&self, method: Method, path: &str, body: Result<Option<Vec<u8>>, ClientError>) -> Call<'_, T> {
        let request = body.and_then(|body| {
            let request = http::Request::builder()
                .method(method)
                .uri(format!("/api/v1/{path}"))
                .header(header::ACCEPT, "application/json, application/problem+json, text/event-stream");
            let request = match body {
                Some(body) => request.header(header::CONTENT_TYPE, "application/json").body(Bytes::from(body)),
                None => request.body(Bytes::new()),
            };
            request.map_err(|source| ClientError::Unsendable(source.into()))
        });
        Call::new(self, request)
    }
}
