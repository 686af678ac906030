//! The commands: a file each, in folders by group.
//!
//! To add one: a file with its clap struct and `run(self, &Session, &Out)`, a line in the enum of its group, a case in `tests/it`.

mod access;
mod account;
mod assign;
pub(crate) mod backup;
mod completions;
mod demo;
pub(crate) mod doctor;
mod entries;
mod export;
mod invitations;
mod login;
mod logout;
mod me;
mod people;
mod report;
mod start;
mod tags;
mod tasks;
mod toggl;
mod tokens;
mod whoami;

pub(crate) use access::Access;
pub(crate) use account::Account;
pub(crate) use assign::{Assign, Unassign};
pub(crate) use backup::Backup;
pub(crate) use completions::Completions;
pub(crate) use demo::Demo;
pub(crate) use doctor::Doctor;
pub(crate) use entries::{Add, Delete, Edit, Entries, Undo};
pub(crate) use export::Export;
pub(crate) use invitations::Invitations;
pub(crate) use login::Login;
pub(crate) use logout::Logout;
pub(crate) use me::Me;
pub(crate) use people::People;
pub(crate) use report::Report;
pub(crate) use start::{Continue, Start, Status, Stop};
pub(crate) use tags::Tags;
pub(crate) use tasks::Tasks;
pub(crate) use toggl::Toggl;
pub(crate) use tokens::Tokens;
pub(crate) use whoami::Whoami;

use crate::cli::{Cli, Command};
use crate::failure::Stop as Ended;
use crate::out::Out;
use crate::session::Session;

/// Does what a command line says.
///
/// # Errors
/// What keeps it from being done.
pub(crate) async fn run(cli: Cli, out: &Out) -> Result<(), Ended> {
    let Cli { globals, command } = cli;
    match command {
        Command::Demo(command) => command.run(&globals, out).await,
        Command::Account(command) => command.run(&globals, out).await,
        Command::Backup(command) => command.run(&globals, out).await,
        Command::Doctor(command) => command.run(&globals, out).await,
        Command::Completions(command) => command.run(out),
        Command::Login(command) => command.run(&globals, out).await,
        Command::Logout(command) => command.run(&globals, out).await,
        command => {
            // A sync works while it waits for Toggl; everything else is a question or two.
            let in_place = !matches!(command, Command::Toggl(_));
            let session = Session::open(&globals, in_place, out).await?;
            let done = within(&session, command, out).await.map_err(|stop| session.explained(stop));
            if !matches!(done, Err(Ended::Left(_))) {
                session.close().await;
            }
            done
        }
    }
}

/// The commands that speak to the API.
async fn within(session: &Session, command: Command, out: &Out) -> Result<(), Ended> {
    match command {
        Command::Toggl(command) => command.run(session, out).await,
        Command::Tasks(command) => command.run(session, out).await,
        Command::People(command) => command.run(session, out).await,
        Command::Assign(command) => command.run(session, out).await,
        Command::Unassign(command) => command.run(session, out).await,
        Command::Access(command) => command.run(session, out).await,
        Command::Whoami(command) => command.run(session, out).await,
        Command::Me(command) => command.run(session, out).await,
        Command::Tokens(command) => command.run(session, out).await,
        Command::Invitations(command) => command.run(session, out).await,
        Command::Start(command) => command.run(session, out).await,
        Command::Continue(command) => command.run(session, out).await,
        Command::Stop(command) => command.run(session, out).await,
        Command::Status(command) => command.run(session, out).await,
        Command::Add(command) => command.run(session, out).await,
        Command::Entries(command) => command.run(session, out).await,
        Command::Edit(command) => command.run(session, out).await,
        Command::Delete(command) => command.run(session, out).await,
        Command::Undo(command) => command.run(session, out).await,
        Command::Tags(command) => command.run(session, out).await,
        Command::Report(command) => command.run(session, out).await,
        Command::Export(command) => command.run(session, out).await,
        Command::Demo(_)
        | Command::Account(_)
        | Command::Backup(_)
        | Command::Doctor(_)
        | Command::Completions(_)
        | Command::Login(_)
        | Command::Logout(_) => Ok(()),
    }
}
