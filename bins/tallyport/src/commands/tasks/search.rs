//! `tasks search`.

use clap::Args;
use tallyport_client::TaskState;

use crate::failure::Stop;
use crate::out::Out;
use crate::render;
use crate::session::Session;

/// Find tasks by the words of their paths
#[derive(Debug, Args)]
pub(crate) struct Search {
    /// Words that are all in the path
    text: String,
}

impl Search {
    pub(crate) async fn run(self, session: &Session, out: &Out) -> Result<(), Stop> {
        let none = std::cell::Cell::new(false);
        out.show(session.client().tasks().search(&self.text, TaskState::Active, None), |tasks, page| {
            none.set(tasks.is_empty());
            render::task::list(tasks, page)
        })
        .await?;
        if none.get() {
            out.note("No active task has all these words in its path");
        }
        Ok(())
    }
}
