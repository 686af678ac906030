//! `tokens`.

use clap::{Args, Subcommand};
use tallyport_api_types::NewToken;

use crate::failure::Stop;
use crate::out::Out;
use crate::session::Session;
use crate::{find, render};

/// Your API tokens
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum Tokens {
    List(List),
    Create(Create),
    Revoke(Revoke),
}

/// Your tokens, the newest first, revoked ones included
#[derive(Debug, Args)]
pub(crate) struct List {}

/// Make a token and print it, this once
#[derive(Debug, Args)]
pub(crate) struct Create {
    /// What to call it
    name: String,
    /// What it may do of what you may: read, track, manage or admin
    #[arg(long)]
    scope: String,
    /// For how many days it works; without end where it is left out
    #[arg(long)]
    days: Option<u32>,
}

/// End a token at once
#[derive(Debug, Args)]
pub(crate) struct Revoke {
    /// Its number, or its name
    token: String,
}

impl Tokens {
    pub(crate) async fn run(self, session: &Session, out: &Out) -> Result<(), Stop> {
        let tokens = session.client().tokens();
        match self {
            Self::List(List {}) => {
                let draw = |tokens: &Vec<_>, page: &_| match tokens.as_slice() {
                    [] => "There are no tokens\n".to_owned(),
                    tokens => render::tokens::list(tokens, page),
                };
                out.show(tokens.list(), draw).await
            }
            Self::Create(Create { name, scope, days }) => {
                out.show(tokens.create(&NewToken { name, scope, days }), render::tokens::made).await
            }
            Self::Revoke(Revoke { token }) => {
                let id = find::token(session.client(), &token).await?;
                out.show(tokens.revoke(id), |token, page| render::tokens::list(std::slice::from_ref(token), page)).await
            }
        }
    }
}
