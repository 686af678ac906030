//! `people`: who is in the account.

mod add;
mod deactivate;
mod email;
mod invite;
mod list;
mod reactivate;
mod reset_password;
mod role;
mod table;

use clap::Subcommand;

use crate::failure::Stop;
use crate::out::Out;
use crate::session::Session;

/// The people of the account
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum People {
    List(list::List),
    Add(add::Add),
    Invite(invite::Invite),
    Role(role::Role),
    Email(email::Email),
    Deactivate(deactivate::Deactivate),
    Reactivate(reactivate::Reactivate),
    ResetPassword(reset_password::ResetPassword),
}

impl People {
    pub(crate) async fn run(self, session: &Session, out: &Out) -> Result<(), Stop> {
        match self {
            Self::List(command) => command.run(session, out).await,
            Self::Add(command) => command.run(session, out).await,
            Self::Invite(command) => command.run(session, out).await,
            Self::Role(command) => command.run(session, out).await,
            Self::Email(command) => command.run(session, out).await,
            Self::Deactivate(command) => command.run(session, out).await,
            Self::Reactivate(command) => command.run(session, out).await,
            Self::ResetPassword(command) => command.run(session, out).await,
        }
    }
}
