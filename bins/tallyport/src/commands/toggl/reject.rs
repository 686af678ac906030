//! `toggl reject`.

use clap::Args;

use super::confirm::held;
use crate::failure::Stop;
use crate::out::Out;
use crate::render;
use crate::session::Session;

/// Say no to a held sync: nothing is changed
#[derive(Debug, Args)]
pub(crate) struct Reject {
    /// The number of the run; the one that is held without it
    run: Option<i64>,
}

impl Reject {
    pub(crate) async fn run(self, session: &Session, out: &Out) -> Result<(), Stop> {
        let run = held(session, self.run).await?;
        out.show(session.client().runs().reject(run), |run, page| render::run::draw(run, None, page)).await
    }
}
