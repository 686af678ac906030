//! Following a run: progress while it works, Ctrl-C to end it, and what became of it.

use tallyport_api_types::{Code, Run, StartRun};
use tallyport_client::{Answer, Client};

use crate::ask;
use crate::failure::{Failure, Stop};
use crate::out::Out;
use crate::progress::Sight;
use crate::render::{run as drawing, text};
use crate::session::Session;

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

/// A run that has ended.
pub(crate) struct Ended {
    answer: Answer<Run>,
    /// Whether somebody saw what it would do, and said no.
    seen: bool,
}

/// Follows a run that was started, and shows what became of it.
///
/// # Errors
/// What the run failed with, after the run itself was shown.
pub(crate) async fn finish(session: &Session, out: &Out, started: &Run, order: &StartRun) -> Result<(), Stop> {
    let ended = to_its_end(session, out, started, order).await?;
    let quota = if out.is_json() { None } else { session.client().integration().status().await?.quota };
    out.kept(&ended.answer.body, |page| drawing::draw(&ended.answer.value, quota.as_ref(), page))?;
    judge(session, &ended).await
}

/// Follows a run that was started; where it is held and somebody is there to ask, asks, and follows the one that carries it out.
///
/// # Errors
/// What keeps from following it; how it ends is no error here.
pub(crate) async fn to_its_end(session: &Session, out: &Out, started: &Run, order: &StartRun) -> Result<Ended, Stop> {
    let client = session.client();
    let mut ended = watch(client, out, started).await?;
    while ended.value.outcome == "held" && out.can_ask() {
        let held = held(client, &ended.value).await?;
        out.ask_about(&held);
        if !ask::yes("Sync anyway?")? {
            return Ok(Ended { answer: ended, seen: true });
        }
        let confirmed = client.runs().confirm(ended.value.id, order).await?;
        ended = watch(client, out, &confirmed).await?;
    }
    Ok(Ended { answer: ended, seen: false })
}

/// What a run that has ended means for the command.
///
/// # Errors
/// What it failed with.
pub(crate) async fn judge(session: &Session, ended: &Ended) -> Result<(), Stop> {
    let run = &ended.answer.value;
    match outcome(run) {
        None => Ok(()),
        Some(failure) if ended.seen => Err(failure.into()),
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
    let mut archived: Vec<_> = changes.iter().filter(|change| change.change == "archived").collect();
    // What goes by itself says more than what goes along.
    archived.sort_by_key(|change| change.item.reason.as_deref() == Some("parent_archived"));
    let paths = archived.iter().map(|change| text::path(&change.item.path)).collect();
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
                progress.cancelling();
                // That it ended of itself meanwhile is as good.
                let _ = client.integration().cancel().await;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::run::samples;

    #[test] // I12
    fn every_outcome_but_success_and_a_no_ends_with_a_code() {
        let exits = ["succeeded", "rejected", "failed", "cancelled", "held", "superseded", "running"];
        let exits = exits.map(|word| outcome(&samples::run(word)).map_or(0, |failure| failure.exit_code()));
        assert_eq!(exits, [0, 0, 1, 1, 5, 5, 1]);
    }
}
