//! `tasks search`.

use clap::Args;
use tallyport_client::TaskState;

use crate::failure::Stop;
use crate::out::Out;
use crate::render;
use crate::session::Session;

/// How many are shown; who needs all of them has the tree.
const SHOWN: u32 = 100;

/// Find tasks by the words of their paths
#[derive(Debug, Args)]
pub(crate) struct Search {
    /// Words that are all in the path
    text: String,
}

impl Search {
    pub(crate) async fn run(self, session: &Session, out: &Out) -> Result<(), Stop> {
        let found = std::cell::Cell::new(None);
        // Who reads JSON cannot be told that there is more.
        let limit = if out.is_json() { u32::MAX } else { SHOWN };
        out.show(session.client().tasks().search(&self.text, TaskState::Active).page(limit, None), |tasks, page| {
            found.set(u32::try_from(tasks.len()).ok());
            render::task::list(tasks, page)
        })
        .await?;
        match found.get() {
            Some(0) => out.note("No active task has all these words in its path"),
            Some(SHOWN) => out.note(&format!("The first {SHOWN}; more words find fewer")),
            _ => {}
        }
        Ok(())
    }
}
