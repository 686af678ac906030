//! `toggl confirm`.

use clap::Args;
use tallyport_api_types::{Code, Run};

use crate::failure::{Failure, Stop};
use crate::follow::{self, Patience};
use crate::out::Out;
use crate::session::Session;

/// Say yes to a held sync: it is read again and carried out if it archives nothing beyond what was shown
#[derive(Debug, Args)]
pub(crate) struct Confirm {
    /// The number of the run; the one that is held without it
    run: Option<i64>,
    #[command(flatten)]
    patience: Patience,
}

impl Confirm {
    pub(crate) async fn run(self, session: &Session, out: &Out) -> Result<(), Stop> {
        let run = held(session, self.run).await?;
        let order = self.patience.order(session);
        let started = session.client().runs().confirm(run, &order).await?;
        follow::finish(session, out, &started, &order).await
    }
}

/// The run that is named, or the latest one that is held.
///
/// # Errors
/// `run_not_held` where none is.
pub(super) async fn held(session: &Session, named: Option<i64>) -> Result<i64, Stop> {
    if let Some(run) = named {
        return Ok(run);
    }
    let runs: Vec<Run> = session.client().runs().list().await?;
    let held = runs.iter().find(|run| run.outcome == "held").map(|run| run.id);
    held.ok_or_else(|| Failure::new(Code::RunNotHeld, "no sync is held").into())
}
