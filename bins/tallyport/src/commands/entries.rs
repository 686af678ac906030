//! `add`, `entries`, `edit`, `delete`, `undo`.

use clap::Args;
use tallyport_api_types::{EntriesChoice, Entry, EntryChange, NewEntry, TaskChoice};
use tallyport_client::SheetOf;

use crate::failure::Stop;
use crate::find;
use crate::out::Out;
use crate::render;
use crate::session::Session;

/// Add time that was not counted by a timer
#[derive(Debug, Args)]
pub(crate) struct Add {
    /// The task: an id, or text that fits one alone
    task: String,
    /// From when, such as 9:00 or "yesterday 21:30"
    #[arg(long, value_name = "TIME", required_unless_present = "duration", requires = "end")]
    start: Option<String>,
    /// To when
    #[arg(long, value_name = "TIME", requires = "start")]
    end: Option<String>,
    /// On which day, with --duration: it goes where there is room from 9:00 on
    #[arg(long, value_name = "DAY", requires = "duration", conflicts_with = "start")]
    date: Option<String>,
    /// How long it is, such as 1:30 or 45m, in place of times; today where no day is given
    #[arg(long, value_name = "DURATION", conflicts_with_all = ["start", "end"])]
    duration: Option<String>,
    /// Whose time it is; your own by default
    #[arg(long, value_name = "EMAIL|ID")]
    person: Option<String>,
    /// What there is to say about it
    #[arg(short = 'm', long)]
    note: Option<String>,
    /// A tag; may be given several times
    #[arg(long = "tag", value_name = "TAG")]
    tags: Vec<String>,
}

impl Add {
    pub(crate) async fn run(self, session: &Session, out: &Out) -> Result<(), Stop> {
        let Self { task, start, end, date, duration, person, note, tags } = self;
        let date = duration.as_ref().map(|_| date.unwrap_or_else(|| "today".to_owned()));
        let client = session.client();
        let person_id = match person {
            Some(person) => Some(find::person(client, &person).await?.id),
            None => None,
        };
        let entry = NewEntry {
            person_id,
            task_id: Some(find::trackable(client, &task).await?),
            note: note.unwrap_or_default(),
            tags,
            start,
            end,
            date,
            duration,
            ..NewEntry::default()
        };
        out.show(client.time().add(&entry), render::entry::added).await
    }
}

/// List timers and entries by day; today's where no day is given
#[derive(Debug, Args)]
pub(crate) struct Entries {
    /// The first day: 2026-11-26, today or yesterday
    #[arg(long, value_name = "DAY")]
    from: Option<String>,
    /// The last day
    #[arg(long, value_name = "DAY")]
    to: Option<String>,
    /// Whose; your own by default
    #[arg(long, value_name = "EMAIL|ID")]
    person: Option<String>,
}

impl Entries {
    pub(crate) async fn run(self, session: &Session, out: &Out) -> Result<(), Stop> {
        let client = session.client();
        let person = match self.person {
            Some(person) => Some(find::person(client, &person).await?.id),
            None => None,
        };
        let Self { from, to, .. } = self;
        let entries = client.time().entries(from.as_deref(), to.as_deref(), person);
        if out.is_json() {
            return out.show(entries, |_: &Vec<Entry>, _| String::new()).await;
        }
        let wanted = SheetOf { span: Some("day".to_owned()), person, ..SheetOf::default() };
        let wanted = if from.is_some() || to.is_some() { SheetOf { from, to, span: None, ..wanted } } else { wanted };
        let sheet = client.time().sheet(&wanted).await?;
        out.record(&entries.await?, |entries, page| render::entry::days(entries, &sheet, page))
    }
}

/// Change a timer or an entry: just what is given
#[derive(Debug, Args)]
pub(crate) struct Edit {
    /// Its number
    id: i64,
    /// Another task: an id, or text that fits one alone
    #[arg(long, conflicts_with = "no_task")]
    task: Option<String>,
    /// No task any more
    #[arg(long)]
    no_task: bool,
    /// When it begins
    #[arg(long, value_name = "TIME")]
    start: Option<String>,
    /// When it ends
    #[arg(long, value_name = "TIME")]
    end: Option<String>,
    /// How long it is, such as 1:30 or 45m, in place of one of its ends
    #[arg(long, value_name = "DURATION", conflicts_with_all = ["start", "end"])]
    duration: Option<String>,
    /// What there is to say about it
    #[arg(short = 'm', long)]
    note: Option<String>,
    /// A tag, in place of those that it has; may be given several times
    #[arg(long = "tag", value_name = "TAG")]
    tags: Vec<String>,
    /// Make it billable
    #[arg(long, conflicts_with = "no_billable")]
    billable: bool,
    /// Make it not billable
    #[arg(long)]
    no_billable: bool,
}

impl Edit {
    pub(crate) async fn run(self, session: &Session, out: &Out) -> Result<(), Stop> {
        let client = session.client();
        let task = match (&self.task, self.no_task) {
            (Some(task), _) => Some(TaskChoice { id: Some(find::trackable(client, task).await?) }),
            (None, true) => Some(TaskChoice { id: None }),
            (None, false) => None,
        };
        let change = EntryChange {
            task,
            note: self.note,
            tags: if self.tags.is_empty() { None } else { Some(self.tags) },
            billable: if self.billable || self.no_billable { Some(self.billable) } else { None },
            start: self.start,
            end: self.end,
            duration: self.duration,
        };
        out.show(client.time().change(self.id, &change), render::entry::added).await
    }
}

/// Delete timers and entries
#[derive(Debug, Args)]
pub(crate) struct Delete {
    /// Their numbers
    #[arg(required = true, value_name = "ID")]
    ids: Vec<i64>,
}

impl Delete {
    pub(crate) async fn run(self, session: &Session, out: &Out) -> Result<(), Stop> {
        out.show(session.client().time().delete_all(&EntriesChoice { entries: self.ids }), render::entry::deleted).await
    }
}

/// Take back what you deleted or changed in one step
#[derive(Debug, Args)]
pub(crate) struct Undo {
    /// The number of the step, as it was said then
    step: i64,
}

impl Undo {
    pub(crate) async fn run(self, session: &Session, out: &Out) -> Result<(), Stop> {
        out.show(session.client().time().undo(self.step), render::entry::undone).await
    }
}
