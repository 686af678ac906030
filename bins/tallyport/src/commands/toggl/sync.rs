//! `toggl sync`.

use clap::Args;

use crate::failure::Stop;
use crate::follow::{self, Patience};
use crate::out::Out;
use crate::session::Session;

/// Bring the tree in step with Toggl now; Ctrl-C ends it with nothing changed
#[derive(Debug, Args)]
pub(crate) struct Sync {
    #[command(flatten)]
    patience: Patience,
}

impl Sync {
    pub(crate) async fn run(self, session: &Session, out: &Out) -> Result<(), Stop> {
        let order = self.patience.order(session);
        let started = session.client().runs().start(&order).await?;
        follow::finish(session, out, &started, &order).await
    }
}
