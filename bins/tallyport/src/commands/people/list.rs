//! `people list`.

use clap::Args;

use crate::failure::Stop;
use crate::out::Out;
use crate::render;
use crate::session::Session;

/// Everybody, the deactivated included
#[derive(Debug, Args)]
pub(crate) struct List {}

impl List {
    pub(crate) async fn run(self, session: &Session, out: &Out) -> Result<(), Stop> {
        out.show(session.client().people().list(), |people, page| render::people::list(people, page)).await
    }
}
