//! Following a run: progress while it works, Ctrl-C to end it, and what became of it.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tallyport_api_types::{Code, Progress, Run, StartRun};
use tallyport_client::{Answer, Client};

use crate::ask;
use crate::failure::{Failure, Stop};
use crate::out::Out;
use crate::render::{Page, run as drawing, text, time};
use crate::session::Session;

/// How often the sign of life turns.
const TICK: Duration = Duration::from_millis(120);

/// How long a sync may wait, and whether it has a yes already.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Patience {
    /// Minutes to wait at most when Toggl's allowance is spent; then what was read is kept, and the exit code is 7
    #[arg(long, value_name = "MINUTES", default_value_t = 5)]
    wait: u32,
}

impl Patience {
    /// How to sync, with the yes of `--yes` if it was given.
    pub(crate) fn order(&self, session: &Session) -> StartRun {
        StartRun { confirm: session.has_yes(), patience_seconds: Some(self.seconds()) }
    }

    /// The longest wait in seconds.
    pub(crate) fn seconds(&self) -> u32 {
        self.wait.saturating_mul(60)
    }
}

/// Follows a run that was started, and shows what became of it.
///
/// # Errors
/// What the run failed with, after the run itself was shown.
pub(crate) async fn finish(session: &Session, out: &Out, started: &Run, order: &StartRun) -> Result<(), Stop> {
    let ended = to_its_end(session, out, started, order).await?;
    let quota = if out.is_json() { None } else { session.client().integration().status().await?.quota };
    out.kept(&ended.body, |page| drawing::draw(&ended.value, quota.as_ref(), page))?;
    judge(session, &ended.value).await
}

/// Follows a run that was started; where it is held and somebody is there to ask, asks, and follows the one that carries it out.
///
/// # Errors
/// What keeps from following it; how it ends is no error here.
pub(crate) async fn to_its_end(session: &Session, out: &Out, started: &Run, order: &StartRun) -> Result<Answer<Run>, Stop> {
    let client = session.client();
    let mut ended = watch(client, out, started).await?;
    while ended.value.outcome == "held" && out.can_ask() {
        let held = held(client, &ended.value).await?;
        out.ask_about(&held);
        if !ask::yes("Sync anyway?")? {
            break;
        }
        let confirmed = client.runs().confirm(ended.value.id, order).await?;
        ended = watch(client, out, &confirmed).await?;
    }
    Ok(ended)
}

/// What a run that has ended means for the command.
///
/// # Errors
/// What it failed with.
pub(crate) async fn judge(session: &Session, run: &Run) -> Result<(), Stop> {
    match outcome(run) {
        None => Ok(()),
        Some(_) if run.outcome == "held" => Err(held(session.client(), run).await?.into()),
        Some(failure) => Err(failure.into()),
    }
}

/// What a run failed with, if it did.
fn outcome(run: &Run) -> Option<Failure> {
    if let Some(error) = run.error.clone().filter(|_| run.outcome != "succeeded") {
        return Some(error.into());
    }
    let (code, message) = match run.outcome.as_str() {
        "succeeded" | "rejected" => return None,
        "cancelled" => (Code::Cancelled, "the sync was cancelled"),
        "superseded" => (Code::RunUnderWay, "a newer run took its place"),
        "held" => (Code::ConfirmationNeeded, "the sync is held: it needs a yes"),
        _ => (Code::Unknown, "the sync did not succeed"),
    };
    Some(Failure::new(code, message))
}

/// Why a run is held, with the tasks that it would archive.
async fn held(client: &Client, run: &Run) -> Result<Failure, Stop> {
    let changes = client.runs().changes(run.id).await?;
    let archived = changes.iter().filter(|change| change.change == "archived");
    let paths = archived.map(|change| text::path(&change.item.path)).collect();
    let failure = outcome(run).unwrap_or_else(|| Failure::new(Code::ConfirmationNeeded, "the sync is held: it needs a yes"));
    let hint = format!(
        "Look at it with `tallyport toggl history {id}`; then `tallyport toggl confirm {id}` or `reject {id}`.",
        id = run.id
    );
    Ok(failure.hint(hint).details(paths))
}

/// Follows a run, showing progress; Ctrl-C cancels it and waits for its end, and a second one leaves at once.
async fn watch(client: &Client, out: &Out, started: &Run) -> Result<Answer<Run>, Stop> {
    let progress = Sight::new(out);
    let runs = client.runs();
    let following = runs.follow(started.id, |now| progress.show(now));
    tokio::pin!(following);
    let mut asked_to_end = false;
    loop {
        tokio::select! {
            ended = &mut following => {
                progress.close();
                return Ok(ended?);
            }
            Ok(()) = tokio::signal::ctrl_c() => {
                if asked_to_end {
                    progress.close();
                    return Err(Failure::new(Code::Cancelled, "left before the sync had ended").into());
                }
                asked_to_end = true;
                progress.say("Cancelling; Ctrl-C again leaves at once");
                // That it ended of itself meanwhile is as good.
                let _ = client.integration().cancel().await;
            }
        }
    }
}

/// What is seen of a run at work: a line that changes on a terminal, and a word on each wait elsewhere.
struct Sight<'a> {
    bar: ProgressBar,
    out: &'a Out,
    page: Page,
    waiting: std::cell::RefCell<Option<String>>,
}

impl<'a> Sight<'a> {
    fn new(out: &'a Out) -> Self {
        let target = if out.is_watched() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg}") {
            bar.set_style(style);
        }
        if out.is_watched() {
            bar.enable_steady_tick(TICK);
        }
        Self { bar, out, page: out.margin(), waiting: std::cell::RefCell::default() }
    }

    fn show(&self, progress: &Progress) {
        self.bar.set_message(told(progress, &self.page));
        if self.bar.is_hidden() && progress.waiting_until != *self.waiting.borrow() {
            if progress.waiting_until.is_some() {
                self.out.note(&told(progress, &self.page));
            }
            self.waiting.borrow_mut().clone_from(&progress.waiting_until);
        }
    }

    fn say(&self, message: &'static str) {
        if self.bar.is_hidden() { self.out.note(message) } else { self.bar.println(message) }
    }

    fn close(&self) {
        self.bar.finish_and_clear();
    }
}

/// "Reading Labs, projects · workspace 1 of 3 · 4 pages · 210 items · 5 of 7 requests · 23 left".
fn told(progress: &Progress, page: &Page) -> String {
    let doing = match (progress.phase.as_str(), &progress.workspace, &progress.list) {
        ("waiting", ..) => {
            let until = progress.waiting_until.as_deref().map(|until| format!(" until {}", time::clock(page, until)));
            format!("Waiting for Toggl's allowance{}", until.unwrap_or_default())
        }
        ("applying", ..) => "Applying".to_owned(),
        ("ended", ..) => "Done".to_owned(),
        (_, Some(workspace), Some(list)) => format!("Reading {}, {}", text::name(workspace), text::harmless(list)),
        (_, Some(workspace), None) => format!("Reading {}", text::name(workspace)),
        _ => "Reading".to_owned(),
    };
    let requests = if progress.requests_expected > progress.requests {
        format!("{} of {} requests", progress.requests, progress.requests_expected)
    } else {
        text::count(progress.requests, "request", "requests")
    };
    let facts = [
        Some(doing),
        (progress.workspaces > 0).then(|| format!("{} of {} workspaces", progress.workspaces_done, progress.workspaces)),
        (progress.pages > 0).then(|| text::count(progress.pages, "page", "pages")),
        (progress.items > 0).then(|| text::count(progress.items, "item", "items")),
        Some(requests),
        progress.requests_left.map(|left| format!("{} left", left.max(0))),
    ];
    facts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::run::samples;

    #[test] // I19
    fn progress_says_what_is_read_what_it_costs_and_until_when_it_waits() {
        let reading = Progress {
            phase: "reading".into(),
            workspaces_done: 1,
            workspaces: 3,
            workspace: Some("Labs\u{7}".into()),
            list: Some("projects".into()),
            pages: 4,
            items: 210,
            requests: 5,
            requests_expected: 7,
            requests_left: Some(23),
            waiting_until: None,
        };
        let page = Page::plain();
        assert_eq!(
            told(&reading, &page),
            "Reading Labs\\u{7}, projects · 1 of 3 workspaces · 4 pages · 210 items · 5 of 7 requests · 23 left"
        );
        let waiting = Progress {
            phase: "waiting".into(),
            waiting_until: Some("2026-11-24T15:00:00Z".into()),
            requests: 5,
            requests_expected: 7,
            ..Progress::default()
        };
        assert_eq!(told(&waiting, &page), "Waiting for Toggl's allowance until 15:00 · 5 of 7 requests");
        assert_eq!(told(&Progress { requests: 1, ..Progress::default() }, &page), "Reading · 1 request");
    }

    #[test] // I12
    fn every_outcome_but_success_and_a_no_ends_with_a_code() {
        let exits = ["succeeded", "rejected", "failed", "cancelled", "held", "superseded", "running"];
        let exits = exits.map(|word| outcome(&samples::run(word)).map_or(0, |failure| failure.exit_code()));
        assert_eq!(exits, [0, 0, 1, 1, 5, 5, 1]);
    }
}
