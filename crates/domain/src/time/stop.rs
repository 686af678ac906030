//! Stopping a timer (E7).

use super::command::{Change, State, Stop, Write};
use super::{Refusal, Tracked};

/// Ends the timer that is named. One that is stopped already stays as it is, whoever stopped it: that is no error, and no change.
///
/// Without an instant both ends are of the server's clock, so an end before the start is that of a clock that was set back: the
/// timer ends at its start and is flagged. An instant that is given and precedes the start is refused.
pub(super) fn decide(state: &State, stop: &Stop) -> Result<Change, Refusal> {
    let timer = match state.named(stop.entry)? {
        Tracked::Running(timer) => timer,
        ended @ Tracked::Ended(_) => return Ok(Change::none(ended.clone())),
    };
    if let Some(at) = stop.at {
        state.not_ahead(at)?;
        if at < timer.start {
            return Err(Refusal::EndBeforeStart);
        }
    }
    let entry = Tracked::Ended(timer.clone().stopped(stop.at.unwrap_or(state.now), state.mark()));
    Ok(Change { writes: vec![Write::Replace(entry.clone())], result: entry, told: None })
}
