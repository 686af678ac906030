//! `toggl`: the link to Toggl.

mod adopt_assignments;
mod cancel;
mod choice;
mod confirm;
mod enable;
mod history;
mod members;
mod preview;
mod re_enable;
mod reject;
mod select;
mod settings;
mod status;
mod sync;
mod unlink;
mod workspaces;

use clap::Subcommand;

use crate::failure::Stop;
use crate::out::Out;
use crate::session::Session;

/// The link to Toggl
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum Toggl {
    Enable(enable::Enable),
    Workspaces(workspaces::Workspaces),
    Select(select::Select),
    Preview(preview::Preview),
    Sync(sync::Sync),
    Status(status::Status),
    History(history::History),
    Members(members::Members),
    Settings(settings::Settings),
    Cancel(cancel::Cancel),
    Confirm(confirm::Confirm),
    Reject(reject::Reject),
    Unlink(unlink::Unlink),
    ReEnable(re_enable::ReEnable),
    AdoptAssignments(adopt_assignments::AdoptAssignments),
}

impl Toggl {
    pub(crate) async fn run(self, session: &Session, out: &Out) -> Result<(), Stop> {
        match self {
            Self::Enable(command) => command.run(session, out).await,
            Self::Workspaces(command) => command.run(session, out).await,
            Self::Select(command) => command.run(session, out).await,
            Self::Preview(command) => command.run(session, out).await,
            Self::Sync(command) => command.run(session, out).await,
            Self::Status(command) => command.run(session, out).await,
            Self::History(command) => command.run(session, out).await,
            Self::Members(command) => command.run(session, out).await,
            Self::Settings(command) => command.run(session, out).await,
            Self::Cancel(command) => command.run(session, out).await,
            Self::Confirm(command) => command.run(session, out).await,
            Self::Reject(command) => command.run(session, out).await,
            Self::Unlink(command) => command.run(session, out).await,
            Self::ReEnable(command) => command.run(session, out).await,
            Self::AdoptAssignments(command) => command.run(session, out).await,
        }
    }
}
