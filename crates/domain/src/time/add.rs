//! Adding an entry (E2, E7).

use super::command::{Add, Change, State, Write};
use super::{Entry, Refusal, Span, Tracked, Way};

/// A new entry, which leaves the timer that runs alone: overlaps are allowed and pointed out (E4). What somebody types may be yet
/// to come, what a timer counted may not.
pub(super) fn decide(state: &State, add: &Add) -> Result<Change, Refusal> {
    let way = if add.counted { Way::Device } else { Way::Hand };
    let span = Span::new(add.start, add.end, way)?;
    if add.counted {
        state.not_ahead(add.end)?;
    }
    let (record, told) = state.record(&add.what, &add.zone, add.done)?;
    let entry = Tracked::Ended(Entry { record, span, stepped_back: false });
    Ok(Change { writes: vec![Write::Create(entry.clone())], result: entry, told })
}
