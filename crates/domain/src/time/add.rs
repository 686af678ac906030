//! Adding an entry (E2, E7).

use super::command::{Add, Change, State, When, Write};
use super::{Entry, Refusal, Span, Tracked, Way, slot};

/// A new entry, which leaves the timer that runs alone: overlaps are allowed and pointed out (E4). What somebody types may be yet
/// to come, what a timer counted may not.
pub(super) fn decide(state: &State, add: &Add) -> Result<Change, Refusal> {
    let span = match add.when {
        When::Typed(start, end) => Span::new(start, end, Way::Hand)?,
        When::Counted(start, end) => {
            state.not_ahead(end)?;
            Span::new(start, end, Way::Device)?
        }
        When::OnDay(day, length) => {
            let (start, end) = slot(&add.zone, day, length, &state.taken)?;
            Span::new(start, end, Way::Hand)?
        }
    };
    let (record, told) = state.record(&add.what, &add.zone, add.done)?;
    let entry = Tracked::Ended(Entry { record, span, stepped_back: false });
    Ok(Change { writes: vec![Write::Create(entry.clone())], result: entry, told })
}
