//! `tasks`: the tree, and changes of tasks made here.

mod add;
mod archive;
mod delete;
mod relocate;
mod rename;
mod restore;
mod search;
mod show;
mod tree;
mod why;

use clap::Subcommand;

use crate::failure::Stop;
use crate::out::Out;
use crate::session::Session;

/// The task tree
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum Tasks {
    Tree(tree::Tree),
    Search(search::Search),
    Show(show::Show),
    Why(why::Why),
    Add(add::Add),
    Rename(rename::Rename),
    Move(relocate::Move),
    Archive(archive::Archive),
    Restore(restore::Restore),
    Delete(delete::Delete),
}

impl Tasks {
    pub(crate) async fn run(self, session: &Session, out: &Out) -> Result<(), Stop> {
        match self {
            Self::Tree(command) => command.run(session, out).await,
            Self::Search(command) => command.run(session, out).await,
            Self::Show(command) => command.run(session, out).await,
            Self::Why(command) => command.run(session, out).await,
            Self::Add(command) => command.run(session, out).await,
            Self::Rename(command) => command.run(session, out).await,
            Self::Move(command) => command.run(session, out).await,
            Self::Archive(command) => command.run(session, out).await,
            Self::Restore(command) => command.run(session, out).await,
            Self::Delete(command) => command.run(session, out).await,
        }
    }
}
