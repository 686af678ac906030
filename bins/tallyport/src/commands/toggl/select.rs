//! `toggl select`.

use clap::Args;
use tallyport_api_types::{Code, SelectionChange};

use super::choice::Choice;
use crate::failure::{Failure, Stop};
use crate::follow::{self, Patience};
use crate::out::Out;
use crate::session::Session;

/// Choose the workspaces to mirror, and sync
#[derive(Debug, Args)]
pub(crate) struct Select {
    #[command(flatten)]
    choice: Choice,
    #[command(flatten)]
    patience: Patience,
}

impl Select {
    pub(crate) async fn run(self, session: &Session, out: &Out) -> Result<(), Stop> {
        if !self.choice.is_given() {
            let failure = Failure::new(Code::InvalidRequest, "it is not said which workspaces to mirror");
            return Err(failure
                .hint("Give --all, --none, ids, --add ID or --remove ID; `tallyport toggl workspaces` lists them.")
                .into());
        }
        let chosen = self.choice.read(session).await?;
        let order = self.patience.order(session);
        let change = SelectionChange { all: chosen.is_all(), workspaces: chosen.ids(), confirm: false, run: order.clone() };
        let select = async |confirm| session.client().integration().select(&SelectionChange { confirm, ..change.clone() }).await;
        let started = session.with_yes(out, "Save this selection?", select).await?;
        follow::finish(session, out, &started, &order).await
    }
}
