//! `tasks delete`.

use clap::Args;
use tallyport_client::TaskState;

use crate::failure::Stop;
use crate::out::Out;
use crate::session::Session;
use crate::{find, render};

/// Delete a task of your own for good; where time is on it, archive it instead
#[derive(Debug, Args)]
pub(crate) struct Delete {
    /// Its id, its whole name or its whole path; archived ones included
    #[arg(value_name = "TASK")]
    task: String,
}

impl Delete {
    pub(crate) async fn run(self, session: &Session, out: &Out) -> Result<(), Stop> {
        let tasks = session.client().tasks();
        let id = find::task_to_change(session.client(), &self.task, TaskState::All).await?;
        let task = tasks.get(id).answer().await?;
        tasks.delete(id).await?;
        out.kept(&task.body, |_| format!("Deleted {}\n", render::text::path(&task.value.path)))
    }
}
