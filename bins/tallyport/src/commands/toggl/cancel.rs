//! `toggl cancel`.

use clap::Args;

use crate::failure::Stop;
use crate::out::Out;
use crate::render;
use crate::session::Session;

/// End the sync that is under way, with nothing changed
#[derive(Debug, Args)]
pub(crate) struct Cancel {}

impl Cancel {
    pub(crate) async fn run(self, session: &Session, out: &Out) -> Result<(), Stop> {
        let ended = session.client().integration().cancel().await?;
        out.record(&ended, |ended, page| match ended {
            Some(run) => render::run::draw(run, None, page),
            None => "No sync is under way\n".to_owned(),
        })
    }
}
