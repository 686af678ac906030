//! `tasks rename`.

use clap::Args;
use tallyport_api_types::TaskChange;
use tallyport_client::TaskState;

use crate::failure::Stop;
use crate::out::Out;
use crate::session::Session;
use crate::{find, render};

/// Give a task of your own another name
#[derive(Debug, Args)]
pub(crate) struct Rename {
    /// Its id, its whole name or its whole path
    #[arg(value_name = "TASK")]
    task: String,
    /// The new name
    name: String,
}

impl Rename {
    pub(crate) async fn run(self, session: &Session, out: &Out) -> Result<(), Stop> {
        let task = find::task_to_change(session.client(), &self.task, TaskState::All).await?;
        let change = TaskChange { name: Some(self.name), parent: None };
        out.show(session.client().tasks().change(task, &change), render::task::draw).await
    }
}
