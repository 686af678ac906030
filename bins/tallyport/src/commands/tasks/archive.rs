//! `tasks archive`.

use clap::Args;
use tallyport_client::TaskState;

use crate::failure::Stop;
use crate::out::Out;
use crate::session::Session;
use crate::{find, render};

/// Archive a task of your own, with all below it; its time stays
#[derive(Debug, Args)]
pub(crate) struct Archive {
    /// Its id, its whole name or its whole path
    #[arg(value_name = "TASK")]
    task: String,
}

impl Archive {
    pub(crate) async fn run(self, session: &Session, out: &Out) -> Result<(), Stop> {
        let task = find::task_to_change(session.client(), &self.task, TaskState::Active).await?;
        out.show(session.client().tasks().archive(task), render::task::draw).await
    }
}
