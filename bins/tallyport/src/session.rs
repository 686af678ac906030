//! What a command works with: the account's API, over a local database or on a server.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use tallyport_api_types::Code;
use tallyport_client::{Address, Body, Client, ClientError, Http, Transport, TransportError};
use tallyport_compose::{Local, LocalOptions};

use crate::cli::Globals;
use crate::database::given;
use crate::failure::{Failure, Stop};
use crate::out::Out;
use crate::place::{self, Place, Server};
use crate::render::text;
use crate::{ask, env};

/// An open account, and how questions are answered.
pub(crate) struct Session {
    /// The database, where it is one of this machine.
    local: Option<Local>,
    /// The server, where it is one.
    server: Option<Address>,
    client: Client,
    yes: bool,
}

impl Session {
    /// Opens the account that the options name, in the name of whom they name; a database of this machine in place where that is
    /// wanted.
    ///
    /// # Errors
    /// A server that is not to be asked, a database or an account that cannot be opened, and nobody who could act.
    pub(crate) async fn open(globals: &Globals, in_place: bool, out: &Out) -> Result<Self, Stop> {
        let options = match place::of(globals)? {
            Place::Server(server) => return Self::at(server, globals.yes, out).await,
            Place::Database(options) => LocalOptions { in_place, ..options },
        };
        if !options.database.exists() {
            let failure = Failure::new(Code::DatabaseUnusable, format!("there is no database {}", options.database.display()));
            let hint = "Create it with its first account: `tallyport account create --name NAME --admin-email EMAIL`.";
            return Err(failure.hint(hint).into());
        }
        Self::over(options, given(globals.account.as_deref()), given(globals.user.as_deref()), globals.yes, out).await
    }

    /// Opens an account of this database.
    ///
    /// # Errors
    /// As [`Session::open`].
    pub(crate) async fn over(
        options: LocalOptions,
        account: Option<&str>,
        user: Option<&str>,
        yes: bool,
        out: &Out,
    ) -> Result<Self, Stop> {
        out.detail(&format!("database {}", text::harmless(&options.database.display().to_string())));
        let local = match env::read(env::PUBLIC_URL) {
            Some(url) => Local::beside_server(options, &url).await,
            None => Local::open(options).await,
        };
        let local = local.map_err(|error| refused(&error))?;
        let transport = local.acting(account, user).await.map_err(|error| refused(&error))?;
        let client = telling(transport, out);
        tell_actor(&client, out).await?;
        Ok(Self { local: Some(local), server: None, client, yes })
    }

    /// Speaks to a server, which is asked nothing yet.
    ///
    /// # Errors
    /// A token that cannot be one.
    pub(crate) async fn at(server: Server, yes: bool, out: &Out) -> Result<Self, Stop> {
        let Server { address, token } = server;
        out.detail(&format!("server {address}"));
        let http = Http::new(address.clone()).user_agent(concat!("tallyport/", env!("CARGO_PKG_VERSION")));
        let http = http.token(&token).map_err(|error| Failure::new(Code::InvalidSecret, error.to_string()))?;
        let session = Self { local: None, server: Some(address), client: telling(Arc::new(http), out), yes };
        tell_actor(&session.client, out).await.map_err(|stop| session.explained(stop))?;
        Ok(session)
    }

    /// What kept a command from its end, with what to do about it here.
    pub(crate) fn explained(&self, stop: Stop) -> Stop {
        match (stop, &self.server) {
            (Stop::Failure(failure), Some(server)) if failure.code == Code::SignInRequired.as_str() => {
                let failure =
                    Failure::new(Code::SignInRequired, format!("{server} does not take the token, or takes it no more"));
                failure.hint(format!("Sign in anew with `tallyport login {server}`, or set another TALLYPORT_TOKEN.")).into()
            }
            (stop, _) => stop,
        }
    }

    /// The API.
    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// Whether `--yes` answers what would be asked.
    pub(crate) fn has_yes(&self) -> bool {
        self.yes
    }

    /// Closes the database, once nothing works on it any more.
    pub(crate) async fn close(self) {
        if let Some(local) = self.local {
            local.close().await;
        }
    }

    /// Makes a call that may need a yes: with the one of `--yes`, or the one of somebody who saw what it would do.
    ///
    /// # Errors
    /// `confirmation_needed` with the list of what it would do, where there is no yes.
    pub(crate) async fn with_yes<T>(
        &self,
        out: &Out,
        question: &str,
        call: impl AsyncFn(bool) -> Result<T, ClientError>,
    ) -> Result<T, Stop> {
        let refused = match call(self.yes).await {
            Ok(value) => return Ok(value),
            Err(error) => error,
        };
        let needs_yes = refused.code() == Code::ConfirmationNeeded && !self.yes;
        if !needs_yes || !out.can_ask() {
            return Err(refused.into());
        }
        let failure = Failure::from(refused);
        out.ask_about(&failure);
        if ask::yes(question)? { Ok(call(true).await?) } else { Err(failure.details(Vec::new()).into()) }
    }
}

/// What keeps a database from being opened, or somebody from acting.
pub(crate) fn refused(error: &tallyport_compose::Error) -> Stop {
    let failure = Failure::from(error.problem());
    match std::error::Error::source(error) {
        Some(cause) => failure.because_of(cause).into(),
        None => failure.into(),
    }
}

async fn tell_actor(client: &Client, out: &Out) -> Result<(), Stop> {
    if out.is_verbose() {
        let person = client.people().me().await?;
        out.detail(&format!("acting as {}", text::harmless(&person.email)));
    }
    Ok(())
}

/// A client over a transport that tells each request, where `-v` wants it.
pub(crate) fn telling(transport: Arc<dyn Transport>, out: &Out) -> Client {
    Client::new(if out.is_verbose() { Arc::new(Told { transport, out: out.clone() }) } else { transport })
}

/// A transport that tells each request to who asked for `-v`.
struct Told {
    transport: Arc<dyn Transport>,
    out: Out,
}

#[async_trait]
impl Transport for Told {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Body>, TransportError> {
        let asked = format!("{} {}", request.method(), request.uri());
        let answer = self.transport.send(request).await;
        let status = answer.as_ref().map_or_else(ToString::to_string, |answer| answer.status().as_u16().to_string());
        self.out.detail(&format!("{asked} -> {status}"));
        answer
    }
}
