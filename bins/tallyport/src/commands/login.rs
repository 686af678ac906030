//! `login`.

use std::sync::Arc;

use clap::Args;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use tallyport_api_types::{AccountRef, Code, Me, NewToken, Person, SignIn};
use tallyport_client::{Address, Client, Http};

use crate::cli::Globals;
use crate::failure::{Failure, Stop};
use crate::login::Login as Kept;
use crate::out::Out;
use crate::session::telling;
use crate::{ask, database, env, place, render, secrets};

/// Sign in to a server; later commands work there unless --database says otherwise
#[derive(Debug, Args)]
pub(crate) struct Login {
    /// The address of the server, with https unless it is this machine
    url: String,
    /// Sign in with this address and a password, which makes an API token
    #[arg(long, conflicts_with = "token_stdin")]
    email: Option<String>,
    /// Read the password from standard input
    #[arg(long, requires = "email")]
    password_stdin: bool,
    /// Read an API token from standard input
    #[arg(long)]
    token_stdin: bool,
    /// What the token that is made may do: read, track, manage or admin
    #[arg(long, default_value = "admin", requires = "email")]
    scope: String,
}

/// What `login` prints.
#[derive(Serialize)]
struct SignedIn<'a> {
    server: &'a str,
    account: AccountRef,
    person: Person,
}

impl Login {
    pub(crate) async fn run(self, globals: &Globals, out: &Out) -> Result<(), Stop> {
        place::without_local_options_but_account(globals)?;
        if globals.typed.database || globals.typed.server {
            let failure = Failure::new(Code::InvalidRequest, "login takes the server's address alone");
            return Err(failure.hint("Leave out --database and --server.").into());
        }
        let server = place::address(&self.url)?;
        out.detail(&format!("server {server}"));
        let before = Kept::kept().ok().flatten();
        let (token, made) = self.token(&server, globals, out).await?;
        let me = client(server.clone(), Some(&token), out)?.me().get().await;
        let me = me.map_err(|error| match error.code() {
            Code::SignInRequired => Failure::new(Code::InvalidSecret, format!("{server} does not take this token"))
                .hint("Copy it whole; `tallyport tokens create` makes one, and so does `login` with --email."),
            _ => error.into(),
        })?;
        let kept = Kept { server, token, made };
        let path = kept.keep()?;
        out.detail(&format!("the token is kept in {}", render::text::harmless(&path.display().to_string())));
        if let Some(before) = before.filter(|before| before.made && before.token.expose_secret() != kept.token.expose_secret()) {
            // The token that is replaced is of no more use; where its server is gone, so be it.
            let _ = before.revoke(out).await;
        }
        if let Some(variable) = in_the_way(globals, &kept.server) {
            out.note(&format!("{variable} is set, and commands go where it says until it is unset."));
        }
        let Me { person, account, .. } = me;
        out.record(&SignedIn { server: kept.server.as_str(), account, person }, |signed, _| {
            let person = render::people::addressed(&signed.person.name, &signed.person.email);
            format!("Signed in at {} as {person}\n", signed.server)
        })
    }

    /// The token, and whether it is made just now.
    async fn token(&self, server: &Address, globals: &Globals, out: &Out) -> Result<(SecretString, bool), Stop> {
        if let Some(email) = &self.email {
            return Ok((self.made(email, server, globals, out).await?, true));
        }
        let token = match self.token_stdin {
            true => secrets::token(out)?,
            false if out.can_ask() => ask::secret("API token, made on the server (or use --email):")?,
            false => {
                let failure = Failure::new(Code::InvalidRequest, "neither a token nor an address to sign in with was given");
                return Err(failure.hint("Give --token-stdin, or --email EMAIL with --password-stdin.").into());
            }
        };
        let token = SecretString::from(token.expose_secret().trim());
        if token.expose_secret().is_empty() {
            return Err(Failure::new(Code::InvalidSecret, "the token that was given is empty").into());
        }
        Ok((token, false))
    }

    async fn made(&self, email: &str, server: &Address, globals: &Globals, out: &Out) -> Result<SecretString, Stop> {
        if !self.password_stdin && !out.can_ask() {
            let failure = Failure::new(Code::InvalidRequest, "no password was given");
            return Err(failure.hint("Give it on standard input, with --password-stdin.").into());
        }
        let password = secrets::password(out)?;
        let how = SignIn {
            email: email.to_owned(),
            password: password.expose_secret().to_owned(),
            account: database::given(globals.account.as_deref()).map(str::to_owned),
            token: Some(NewToken { name: name(), scope: self.scope.clone(), days: None }),
        };
        let signed = client(server.clone(), None, out)?.session().sign_in(&how).await?;
        let token = signed.token.map(SecretString::from);
        Ok(token.ok_or_else(|| Failure::new(Code::Unknown, "the server signed in without a token"))?)
    }
}

impl Kept {
    /// Ends the token.
    ///
    /// # Errors
    /// What keeps the server from it; that it ended already is none.
    pub(crate) async fn revoke(&self, out: &Out) -> Result<(), Stop> {
        let client = client(self.server.clone(), Some(&self.token), out)?;
        match client.session().sign_out().await {
            Err(error) if error.code() != Code::SignInRequired => Err(error.into()),
            _ => Ok(()),
        }
    }
}

fn client(server: Address, token: Option<&SecretString>, out: &Out) -> Result<Client, Stop> {
    let http = Http::new(server).user_agent(concat!("tallyport/", env!("CARGO_PKG_VERSION")));
    let http = match token {
        Some(token) => http.token(token).map_err(|error| Failure::new(Code::InvalidSecret, error.to_string()))?,
        None => http,
    };
    Ok(telling(Arc::new(http), out))
}

/// The variable that sends commands elsewhere, if one does.
fn in_the_way(globals: &Globals, server: &Address) -> Option<&'static str> {
    if database::given(globals.database.as_deref()).is_some() {
        return Some(env::DATABASE);
    }
    let elsewhere =
        database::given(globals.server.as_deref()).is_some_and(|url| place::address(url).ok().as_ref() != Some(server));
    elsewhere.then_some(env::SERVER)
}

/// What the token is called in the list of tokens.
fn name() -> String {
    match machine() {
        Some(machine) => format!("Terminal on {machine}"),
        None => "Terminal".to_owned(),
    }
}

#[cfg(unix)]
fn machine() -> Option<String> {
    let about = rustix::system::uname();
    let name = about.nodename().to_str().ok()?;
    (!name.is_empty() && !name.contains(char::is_control)).then(|| name.to_owned())
}

#[cfg(not(unix))]
fn machine() -> Option<String> {
    env::read("COMPUTERNAME")
}
