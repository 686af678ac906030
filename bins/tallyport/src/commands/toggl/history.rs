//! `toggl history`.

use clap::Args;

use crate::failure::Stop;
use crate::out::Out;
use crate::render;
use crate::session::Session;

/// The runs so far, the latest first; or one of them with what it changed
#[derive(Debug, Args)]
pub(crate) struct History {
    /// The number of a run
    run: Option<i64>,
}

impl History {
    pub(crate) async fn run(self, session: &Session, out: &Out) -> Result<(), Stop> {
        let runs = session.client().runs();
        match self.run {
            Some(id) => out.show(runs.detail(id), render::run::detail).await,
            None => out.show(runs.list(), |runs, page| render::run::list(runs, page)).await,
        }
    }
}
