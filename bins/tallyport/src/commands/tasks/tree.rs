//! `tasks tree`.

use clap::Args;
use tallyport_client::{Client, TaskState};

use crate::failure::Stop;
use crate::out::Out;
use crate::render::{self, text};
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
        if empty.get() && self.archived {
            out.note("Nothing is archived");
        } else if empty.get() {
            out.note(&why_empty(session.client()).await?);
        }
        Ok(())
    }
}

/// Why somebody sees no task, and whom to ask (N1).
async fn why_empty(client: &Client) -> Result<String, Stop> {
    let me = client.people().me().await?;
    let synced = client.integration().status().await?.last_synced_at.is_some();
    Ok(match (me.role.as_str(), synced) {
        ("member", true) => format!(
            "You see no task yet: no Toggl workspace that is mirrored here knows {}, and nobody has assigned you a task. \
             Ask an administrator of the account to assign you, or to add that address in Toggl and sync.",
            text::harmless(&me.email)
        ),
        ("member", false) => "You see no task yet: none was imported from Toggl, and nobody has assigned you one. \
                              Ask an administrator of the account."
            .to_owned(),
        _ => "There is no task yet. `tallyport toggl enable` links Toggl, and `tallyport tasks add NAME` adds one of your own."
            .to_owned(),
    })
}
