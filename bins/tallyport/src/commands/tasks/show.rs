//! `tasks show`.

use clap::Args;
use tallyport_client::TaskState;

use crate::failure::Stop;
use crate::out::Out;
use crate::session::Session;
use crate::{find, render};

/// One task: where it is, where it comes from, and whether you can track time on it
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// Its id, or text that matches exactly one task you see, archived ones included
    #[arg(value_name = "TASK")]
    task: String,
}

impl Show {
    pub(crate) async fn run(self, session: &Session, out: &Out) -> Result<(), Stop> {
        let task = find::task(session.client(), &self.task, TaskState::All).await?;
        out.show(session.client().tasks().get(task), render::task::draw).await
    }
}
