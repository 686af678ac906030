//! Starting a timer (E1, E7).

use super::command::{Change, Start, State, Write};
use super::{Entry, Instant, Length, Record, Refusal, Span, Timer, Told, Tracked, Way};

/// A start that is made now stops the timer that runs; one that is told later takes its place in the order in which the timers
/// were started, wherever they were (E6, E7).
pub(super) fn decide(state: &State, start: &Start) -> Result<Change, Refusal> {
    let at = start.at.or(start.done).unwrap_or(state.now);
    state.not_ahead(at)?;
    let (record, told) = state.record(&start.what, &start.zone, start.done)?;
    match &state.running {
        _ if start.done.is_some() => Ok(told_later(state, record, at, told)),
        Some(running) if start.at.is_some() && at < running.start => Err(Refusal::RunsSince { since: running.start }),
        // By hand nothing has more than a day, so nothing begins earlier than that (E4).
        _ if state.now.since(at) > Length::DAY => Err(Refusal::TooLong),
        _ => Ok(switched(state, record, at, told)),
    }
}

/// The timer that runs ends at the instant at which the new one begins (E1).
///
/// Where the clock was set back since it was started it ends at its start and is flagged, and the new one begins when the clock
/// says: one wrong clock makes one wrong entry, and not all that follow it.
fn switched(state: &State, record: Record, at: Instant, told: Option<Told>) -> Change {
    let ended = state.running.clone().map(|running| running.ended(at, Way::Switched, state.mark()));
    with(ended, Tracked::Running(Timer { record, start: at }), told)
}

/// Where a later timer was started meanwhile, on another device, it was that one which ended this one: it comes to be as an entry.
/// And what went on until then had ended when this one was started. So starts that are told in any order lie one after the other.
fn told_later(state: &State, record: Record, at: Instant, told: Option<Told>) -> Change {
    let goes_on = |entry: &Entry| entry.span.way() == Way::Switched && (entry.span.start()..entry.span.end()).contains(&at);
    let before = state.around.before.clone().filter(goes_on).map(|entry| entry.ended(at, Way::Switched, state.mark()));
    let running = state.running.as_ref().map(|running| running.start);
    let next = running.into_iter().chain(state.around.after).filter(|next| *next > at).min();
    let change = match next {
        // What ended the one before may be deleted by now, so that none comes after this one.
        None => switched(state, record, at, told),
        Some(next) => {
            let entry = Entry { record, span: Span::counted(at, next, Way::Switched), stepped_back: false };
            with(None, Tracked::Ended(entry), told)
        }
    };
    let before = before.map(|entry| Write::Replace(Tracked::Ended(entry)));
    Change { writes: before.into_iter().chain(change.writes).collect(), ..change }
}

/// One ends, and another one is there.
fn with(ended: Option<Entry>, made: Tracked, told: Option<Told>) -> Change {
    let ended = ended.map(|entry| Write::Replace(Tracked::Ended(entry)));
    Change { writes: ended.into_iter().chain([Write::Create(made.clone())]).collect(), result: made, told }
}
