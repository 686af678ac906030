//! `tasks tree`.

use clap::Args;
use tallyport_client::TaskState;

use crate::failure::Stop;
use crate::out::Out;
use crate::render;
use crate::session::Session;

/// The whole tree, or with --archived the list of archived tasks with their reasons
#[derive(Debug, Args)]
pub(crate) struct Tree {
    /// Only archived tasks, each with why and since when
    #[arg(long)]
    archived: bool,
}

impl Tree {
    pub(crate) async fn run(self, session: &Session, out: &Out) -> Result<(), Stop> {
        let state = if self.archived { TaskState::Archived } else { TaskState::Active };
        let empty = std::cell::Cell::new(false);
        out.show(session.client().tasks().list(state), |tasks, page| {
            empty.set(tasks.is_empty());
            if self.archived { render::task::archive(tasks, page) } else { render::tree::draw(tasks, page) }
        })
        .await?;
        if empty.get() {
            out.note(if self.archived { "Nothing is archived" } else { EMPTY });
        }
        Ok(())
    }
}

const EMPTY: &str = "You see no task yet. An administrator links Toggl (`tallyport toggl enable`), \
                     adds tasks (`tallyport tasks add`) or assigns you to some (`tallyport assign`).";
