//! `assign` and `unassign`.

use clap::Args;
use tallyport_api_types::AssignmentsChange;
use tallyport_client::TaskState;

use crate::failure::Stop;
use crate::out::Out;
use crate::session::Session;
use crate::{find, render};

/// Whom, and to what.
#[derive(Debug, Args)]
struct Who {
    /// The task: its id, or text that matches exactly one task you see, such as "Website / Design"
    task: String,
    /// The addresses of people
    #[arg(required = true, value_name = "EMAIL")]
    emails: Vec<String>,
}

/// Assign people to a task and to everything below it
#[derive(Debug, Args)]
pub(crate) struct Assign {
    #[command(flatten)]
    who: Who,
}

/// Take people off a task
#[derive(Debug, Args)]
pub(crate) struct Unassign {
    #[command(flatten)]
    who: Who,
}

impl Assign {
    pub(crate) async fn run(self, session: &Session, out: &Out) -> Result<(), Stop> {
        let change = AssignmentsChange { assign: self.who.emails, ..AssignmentsChange::default() };
        change_assignments(session, out, &self.who.task, change).await
    }
}

impl Unassign {
    pub(crate) async fn run(self, session: &Session, out: &Out) -> Result<(), Stop> {
        let change = AssignmentsChange { unassign: self.who.emails, ..AssignmentsChange::default() };
        change_assignments(session, out, &self.who.task, change).await
    }
}

async fn change_assignments(session: &Session, out: &Out, task: &str, change: AssignmentsChange) -> Result<(), Stop> {
    let task = find::task(session.client(), task, TaskState::All).await?;
    out.show(session.client().assignments().change(task, &change), |assignments, page| {
        if assignments.is_empty() {
            return "Nobody is assigned to it directly\n".to_owned();
        }
        render::people::assignments(assignments, page)
    })
    .await
}
