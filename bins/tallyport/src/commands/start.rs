//! `start`, `continue`, `stop`, `status`.

use clap::Args;
use tallyport_api_types::{Code, NewTimer};

use crate::failure::{Failure, Stop as Ended};
use crate::find;
use crate::out::Out;
use crate::render;
use crate::session::Session;

/// Start a timer; one that runs ends
#[derive(Debug, Args)]
pub(crate) struct Start {
    /// The task: an id, or text that fits one alone; without it there is no task
    task: Option<String>,
    /// What there is to say about it
    #[arg(short = 'm', long)]
    note: Option<String>,
    /// A tag; may be given several times
    #[arg(long = "tag", value_name = "TAG")]
    tags: Vec<String>,
    /// When it started, such as 9:05, where that is not now
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
}

impl Start {
    pub(crate) async fn run(self, session: &Session, out: &Out) -> Result<(), Ended> {
        let Self { task, note, tags, at } = self;
        let client = session.client();
        let task_id = match task {
            Some(task) => Some(find::trackable(client, &task).await?),
            None => None,
        };
        let timer = NewTimer { task_id, note: note.unwrap_or_default(), tags, at, ..NewTimer::default() };
        out.show(client.time().start(&timer), render::entry::started).await
    }
}

/// Start a timer on what the last one was on
#[derive(Debug, Args)]
pub(crate) struct Continue {}

impl Continue {
    pub(crate) async fn run(self, session: &Session, out: &Out) -> Result<(), Ended> {
        let client = session.client();
        let Some(last) = client.time().last().await?.entry else {
            let failure = Failure::new(Code::NotFound, "there is nothing to continue");
            return Err(failure.hint("`tallyport start TASK` starts a timer.").into());
        };
        let timer = NewTimer {
            task_id: last.task.map(|task| task.id),
            note: last.note,
            tags: last.tags,
            billable: Some(last.billable),
            ..NewTimer::default()
        };
        out.show(client.time().start(&timer), render::entry::started).await
    }
}

/// Stop the timer that runs
#[derive(Debug, Args)]
pub(crate) struct Stop {}

impl Stop {
    pub(crate) async fn run(self, session: &Session, out: &Out) -> Result<(), Ended> {
        let running = session.client().time().running().await?;
        match &running.timer {
            Some(timer) => out.show(session.client().time().stop(timer.id), render::entry::stopped).await,
            None => out.record(&running, render::entry::running),
        }
    }
}

/// Show the timer that runs
#[derive(Debug, Args)]
pub(crate) struct Status {
    /// A few words that fit into a prompt, and nothing where no timer runs
    #[arg(long)]
    short: bool,
}

impl Status {
    pub(crate) async fn run(self, session: &Session, out: &Out) -> Result<(), Ended> {
        let draw = if self.short { render::entry::in_short } else { render::entry::running };
        out.show(session.client().time().running(), draw).await
    }
}
