//! Stopping a timer (E7).

use super::command::{Change, State, Stop, Write};
use super::{Entry, Instant, Refusal, Tracked, Way};

/// Ends the timer that is named. One that is stopped already stays as it is, whoever stopped it: that is no error, and no change.
/// One that another start ended had ended before that where somebody stopped it earlier, on a device that tells it now.
///
/// Without an instant both ends are of the server's clock, so an end before the start is that of a clock that was set back: the
/// timer ends at its start and is flagged. An instant that is given and precedes the start is refused.
pub(super) fn decide(state: &State, stop: &Stop) -> Result<Change, Refusal> {
    let timer = match state.named(stop.entry)? {
        Tracked::Running(timer) => timer,
        Tracked::Ended(entry) => return Ok(stopped_before(state, entry, stop.at)),
    };
    if let Some(at) = stop.at {
        state.not_ahead(at)?;
        if at < timer.start {
            return Err(Refusal::EndBeforeStart);
        }
    }
    let entry = Tracked::Ended(timer.clone().ended(stop.at.unwrap_or(state.now), Way::Stopped, state.mark()));
    Ok(Change { writes: vec![Write::Replace(entry.clone())], result: entry, told: None })
}

fn stopped_before(state: &State, entry: &Entry, at: Option<Instant>) -> Change {
    let earlier = at.filter(|at| entry.span.way() == Way::Switched && (entry.span.start()..entry.span.end()).contains(at));
    let Some(at) = earlier else { return Change::none(Tracked::Ended(entry.clone())) };
    let entry = Tracked::Ended(entry.clone().ended(at, Way::Stopped, state.mark()));
    Change { writes: vec![Write::Replace(entry.clone())], result: entry, told: None }
}
