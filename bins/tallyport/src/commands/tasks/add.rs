//! `tasks add`.

use clap::Args;
use tallyport_api_types::NewTask;
use tallyport_client::TaskState;

use crate::failure::Stop;
use crate::out::Out;
use crate::session::Session;
use crate::{find, render};

/// Add a task of your own
#[derive(Debug, Args)]
pub(crate) struct Add {
    /// What it is called
    name: String,
    /// What it hangs under; a root without it
    #[arg(long, value_name = "TASK")]
    under: Option<String>,
}

impl Add {
    pub(crate) async fn run(self, session: &Session, out: &Out) -> Result<(), Stop> {
        let parent_id = match &self.under {
            Some(under) => Some(find::task(session.client(), under, TaskState::All).await?),
            None => None,
        };
        out.show(session.client().tasks().add(&NewTask { name: self.name, parent_id }), render::task::draw).await
    }
}
