//! `toggl status`.

use clap::Args;

use crate::failure::Stop;
use crate::out::Out;
use crate::render;
use crate::session::Session;

/// How the link stands, when it was last in step, and what is left of Toggl's allowance
#[derive(Debug, Args)]
pub(crate) struct Status {}

impl Status {
    pub(crate) async fn run(self, session: &Session, out: &Out) -> Result<(), Stop> {
        out.show(session.client().integration().status(), render::status::draw).await
    }
}
