//! `toggl members`.

use clap::Args;

use crate::failure::Stop;
use crate::out::Out;
use crate::render;
use crate::session::Session;

/// The people of the mirrored workspaces, as last seen, and who of them has no account here
#[derive(Debug, Args)]
pub(crate) struct Members {}

impl Members {
    pub(crate) async fn run(self, session: &Session, out: &Out) -> Result<(), Stop> {
        out.show(session.client().integration().members(), |members, page| render::members::list(members, page)).await
    }
}
