//! `tasks move`.

use clap::Args;
use tallyport_api_types::{ParentChange, TaskChange};
use tallyport_client::TaskState;

use crate::failure::Stop;
use crate::out::Out;
use crate::session::Session;
use crate::{find, render};

/// Hang a task of your own under another one, with all below it
#[derive(Debug, Args)]
pub(crate) struct Move {
    /// Its id, its whole name or its whole path
    #[arg(value_name = "TASK")]
    task: String,
    #[command(flatten)]
    to: To,
}

/// Where to.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct To {
    /// The task to hang it under
    #[arg(long, value_name = "TASK")]
    under: Option<String>,
    /// Make it a root
    #[arg(long)]
    root: bool,
}

impl Move {
    pub(crate) async fn run(self, session: &Session, out: &Out) -> Result<(), Stop> {
        let task = find::task_to_change(session.client(), &self.task, TaskState::All).await?;
        let under = match &self.to.under {
            Some(under) => Some(find::task_to_change(session.client(), under, TaskState::All).await?),
            None => None,
        };
        let change = TaskChange { name: None, parent: Some(ParentChange { id: under }) };
        out.show(session.client().tasks().change(task, &change), render::task::draw).await
    }
}
