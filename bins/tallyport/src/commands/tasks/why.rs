//! `tasks why`.

use clap::Args;
use tallyport_client::TaskState;

use crate::failure::Stop;
use crate::out::Out;
use crate::session::Session;
use crate::{find, render};

/// Why a task is as it is: the rule, the run, and what it was before
#[derive(Debug, Args)]
pub(crate) struct Why {
    /// Its id, or text that matches exactly one task you see, archived ones included
    #[arg(value_name = "TASK")]
    task: String,
}

impl Why {
    pub(crate) async fn run(self, session: &Session, out: &Out) -> Result<(), Stop> {
        let task = find::task(session.client(), &self.task, TaskState::All).await?;
        out.show(session.client().tasks().why(task), render::why::draw).await
    }
}
