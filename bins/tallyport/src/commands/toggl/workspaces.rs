//! `toggl workspaces`.

use clap::Args;

use crate::failure::Stop;
use crate::out::Out;
use crate::render;
use crate::session::Session;

/// The workspaces to choose from, and which of them are mirrored
#[derive(Debug, Args)]
pub(crate) struct Workspaces {}

impl Workspaces {
    pub(crate) async fn run(self, session: &Session, out: &Out) -> Result<(), Stop> {
        let call = session.client().integration().workspaces();
        out.show(call, |workspaces, page| render::workspaces::list(workspaces, page)).await
    }
}
