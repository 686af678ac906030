//! `report`.

use clap::Args;
use tallyport_client::{Client, TaskState, TimeMeant};

use crate::failure::Stop;
use crate::find;
use crate::out::Out;
use crate::render;
use crate::session::Session;

/// Show what time adds up to, by task and person, day, tag and more
#[derive(Debug, Args)]
pub(crate) struct Report {
    /// One or two of task, person, client, project, day, week, month, tag, billable
    #[arg(long, value_name = "WHAT[,WHAT]", default_value = "task")]
    by: String,
    #[command(flatten)]
    time: Time,
}

impl Report {
    pub(crate) async fn run(self, session: &Session, out: &Out) -> Result<(), Stop> {
        let client = session.client();
        let meant = self.time.meant(client, Some(self.by)).await?;
        out.show(client.reports().get(&meant), render::report::draw).await
    }
}

/// Which time is meant.
#[derive(Debug, Args)]
pub(crate) struct Time {
    /// The first day: 2026-11-26, today or yesterday; this week's days where none is given
    #[arg(long, value_name = "DAY")]
    from: Option<String>,
    /// The last day; today where it is left out
    #[arg(long, value_name = "DAY", requires = "from")]
    to: Option<String>,
    /// The week of a day; this one where none is given
    #[arg(long, value_name = "DAY", num_args = 0..=1, default_missing_value = "today", conflicts_with_all = ["from", "month"])]
    week: Option<String>,
    /// The month of a day; this one where none is given
    #[arg(long, value_name = "DAY", num_args = 0..=1, default_missing_value = "today", conflicts_with = "from")]
    month: Option<String>,
    /// Whose; may be given several times. By default everybody's for who manages, else your own
    #[arg(long = "person", value_name = "EMAIL|ID")]
    people: Vec<String>,
    /// On this task and all below it: an id, or text that fits one alone; may be given several times
    #[arg(long = "task", value_name = "TASK")]
    tasks: Vec<String>,
    /// On no task
    #[arg(long)]
    no_task: bool,
    /// With this tag; may be given several times, for those with any of them
    #[arg(long = "tag", value_name = "TAG")]
    tags: Vec<String>,
    /// What is billable alone
    #[arg(long, conflicts_with = "no_billable")]
    billable: bool,
    /// What is not billable alone
    #[arg(long)]
    no_billable: bool,
}

impl Time {
    /// The same with numbers in place of what things are called.
    pub(crate) async fn meant(self, client: &Client, by: Option<String>) -> Result<TimeMeant, Stop> {
        let Self { from, to, week, month, people, tasks, no_task, tags, billable, no_billable } = self;
        let (from, span) = match (week, month) {
            (Some(day), _) => (Some(day), Some("week".to_owned())),
            (None, Some(day)) => (Some(day), Some("month".to_owned())),
            (None, None) => (from, None),
        };
        let mut meant = TimeMeant { by, from, to, span, no_task, tags, ..TimeMeant::default() };
        meant.billable = (billable || no_billable).then_some(billable);
        for person in people {
            meant.people.push(find::person(client, &person).await?.id);
        }
        for task in tasks {
            meant.tasks.push(find::task(client, &task, TaskState::All).await?);
        }
        Ok(meant)
    }
}
