//! `tasks restore`.

use clap::Args;
use tallyport_client::TaskState;

use crate::failure::Stop;
use crate::out::Out;
use crate::session::Session;
use crate::{find, render};

/// Bring a task of your own back, with all below it and what it hangs under
#[derive(Debug, Args)]
pub(crate) struct Restore {
    /// Its id, its whole name or its whole path
    #[arg(value_name = "TASK")]
    task: String,
}

impl Restore {
    pub(crate) async fn run(self, session: &Session, out: &Out) -> Result<(), Stop> {
        let task = find::task_to_change(session.client(), &self.task, TaskState::Archived).await?;
        out.show(session.client().tasks().restore(task), render::task::draw).await
    }
}
