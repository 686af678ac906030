//! Following a run: progress while it works, Ctrl-C to end it, and what became of it.

use std::collections::HashSet;

use tallyport_api_types::{Code, Run, RunChange, StartRun};
use tallyport_client::{Answer, Client, ClientError};

use crate::ask;
use crate::failure::{Failure, Stop};
use crate::out::Out;
use crate::progress::Sight;
use crate::render::{reasons, run as drawing, text};
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

/// Whether a run is still at work.
pub(crate) fn is_under_way(run: &Run) -> bool {
    matches!(run.outcome.as_str(), "running" | "waiting")
}

/// Why a run is held, with the tasks that it would archive, then what it would overwrite of kept ones (I12, I16).
async fn held(client: &Client, run: &Run) -> Result<Failure, Stop> {
    let changes = client.runs().changes(run.id).await?;
    let failure = outcome(run).unwrap_or_else(|| Failure::new(Code::ConfirmationNeeded, "the sync is held: it needs a yes"));
    Ok(failure.hint(reasons::held(run.id)).details(shown(&changes)))
}

/// The changes that a yes is about.
fn shown(changes: &[RunChange]) -> Vec<String> {
    let adopted: HashSet<i64> = changes.iter().filter(|it| it.change == "adopted").filter_map(|it| it.item.id).collect();
    let is_kept = |it: &&RunChange| it.item.id.is_some_and(|id| adopted.contains(&id));
    let (kept, imported): (Vec<&RunChange>, Vec<&RunChange>) = changes.iter().partition(is_kept);
    let mut archived: Vec<_> = imported.into_iter().filter(|it| it.change == "archived").collect();
    // What goes by itself says more than what goes along.
    archived.sort_by_key(|it| it.item.reason.as_deref() == Some("parent_archived"));
    let paths = archived.into_iter().map(|it| text::path(&it.item.path));
    paths.chain(kept.into_iter().filter_map(overwritten)).collect()
}

/// What a change overwrites of a kept task, if it does.
fn overwritten(RunChange { change, item }: &RunChange) -> Option<String> {
    let path = text::path(&item.path);
    match change.as_str() {
        "renamed" => {
            let old = text::name(item.old_name.as_deref().unwrap_or_default());
            Some(format!("Renamed: {old} -> {} ({path})", text::name(&item.name)))
        }
        "moved" => Some(format!("Moved: {} -> {path}", text::path(item.old_path.as_deref().unwrap_or_default()))),
        "archived" => Some(format!("Archived: {path}")),
        "restored" => Some(format!("Restored: {path}")),
        "reason_changed" => {
            let reason = item.reason.as_deref().map(reasons::archived).unwrap_or_default();
            Some(format!("Archived as in Toggl ({reason}): {path}"))
        }
        _ => None,
    }
}

/// Follows a run, showing progress; Ctrl-C cancels it and waits for its end, and a second one leaves at once.
async fn watch(client: &Client, out: &Out, started: &Run) -> Result<Answer<Run>, Stop> {
    let progress = Sight::new(out);
    let runs = client.runs();
    let following = runs.follow(started.id, |now| progress.show(now));
    tokio::pin!(following);
    tokio::select! {
        ended = &mut following => {
            progress.close();
            return ended.map_err(lost);
        }
        Ok(()) = tokio::signal::ctrl_c() => {}
    }
    let cancelled = async {
        // One that is not listened for yet would be lost, so nobody is told of it before the other branch was asked.
        progress.cancelling();
        // That it ended of itself meanwhile is as good.
        let _ = client.integration().cancel().await;
        following.await
    };
    let ended = tokio::select! {
        biased;
        Ok(()) = tokio::signal::ctrl_c() => None,
        ended = cancelled => Some(ended),
    };
    progress.close();
    match ended {
        Some(ended) => ended.map_err(lost),
        None => Err(Stop::Left(Box::new(Failure::new(Code::Cancelled, "left before the sync had ended")))),
    }
}

/// What kept from following a run to its end: where its server is out of reach, the run may go on without us.
fn lost(error: ClientError) -> Stop {
    let failure = Failure::from(error);
    if failure.code == Code::ServerUnreachable.as_str() {
        return failure.hint("The sync may go on: `tallyport toggl status` shows it once the server answers.").into();
    }
    failure.into()
}

#[cfg(test)]
mod tests {
    use tallyport_api_types::Item;

    use super::*;
    use crate::render::run::samples;

    #[test] // I12
    fn every_outcome_but_success_and_a_no_ends_with_a_code() {
        let exits = ["succeeded", "rejected", "failed", "cancelled", "held", "superseded", "running"];
        let exits = exits.map(|word| outcome(&samples::run(word)).map_or(0, |failure| failure.exit_code()));
        assert_eq!(exits, [0, 0, 1, 1, 5, 5, 1]);
    }

    #[test] // I12, I16
    fn a_yes_shows_what_is_archived_and_what_is_overwritten_of_kept_tasks() {
        let names = |path: &str| path.split('/').map(str::to_owned).collect::<Vec<_>>();
        let change = |change: &str, id, path: &str| RunChange {
            change: change.to_owned(),
            item: Item {
                id: Some(id),
                name: names(path).pop().unwrap_or_default(),
                path: names(path),
                old_name: Some("Mine".to_owned()),
                old_path: Some(names("Here/Menu")),
                reason: Some("done_in_toggl".to_owned()),
                ..Item::default()
            },
        };
        let changes = [
            change("renamed", 1, "Toggl/Logo"),
            change("adopted", 1, "Toggl/Logo"),
            change("moved", 2, "Toggl/Menu"),
            change("archived", 2, "Toggl/Menu"),
            change("adopted", 2, "Toggl/Menu"),
            change("restored", 3, "Toggl/Texts"),
            change("adopted", 3, "Toggl/Texts"),
            change("reason_changed", 4, "Toggl/Sketch"),
            change("adopted", 4, "Toggl/Sketch"),
            change("renamed", 5, "Toggl/Of Toggl"),
            change("archived", 6, "Toggl/Gone"),
        ];
        let told = shown(&changes);
        let expected = [
            "Toggl / Gone",
            "Renamed: Mine -> Logo (Toggl / Logo)",
            "Moved: Here / Menu -> Toggl / Menu",
            "Archived: Toggl / Menu",
            "Restored: Toggl / Texts",
            "Archived as in Toggl (done in Toggl): Toggl / Sketch",
        ];
        assert_eq!(told, expected);
    }
}
