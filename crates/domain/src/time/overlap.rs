//! What is counted twice and what is not counted at all: pointed out, never changed (E4).

use super::{Instant, Length};
use crate::EntryId;

/// From when to when somebody's time goes; for a timer that runs, until now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stretch {
    /// From when.
    pub start: Instant,
    /// To when.
    pub end: Instant,
    /// The timer or entry.
    pub entry: EntryId,
}

/// Time of one person that is counted twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overlap {
    /// The entry that began first.
    pub first: EntryId,
    /// The one that began while it went on.
    pub second: EntryId,
    /// From when both go.
    pub from: Instant,
    /// Until when both go.
    pub until: Instant,
}

impl Overlap {
    /// How much is counted twice.
    #[must_use]
    pub fn length(self) -> Length {
        self.until.since(self.from)
    }
}

/// The overlaps of one person's time, in the order in which they begin.
///
/// Each entry is held against the one that goes on longest of those that began before it, so that a thousand entries at one time
/// are a thousand notices and not half a million.
#[must_use]
pub fn overlaps(stretches: &[Stretch]) -> Vec<Overlap> {
    let mut longest: Option<Stretch> = None;
    let mut found = Vec::new();
    for next in in_order(stretches) {
        if let Some(first) = longest.filter(|first| first.end > next.start) {
            let until = first.end.min(next.end);
            found.push(Overlap { first: first.entry, second: next.entry, from: next.start, until });
        }
        longest = longest.filter(|first| first.end >= next.end).or(Some(next));
    }
    found
}

/// What lies between the entries of one person within two instants and is counted nowhere, in its order.
#[must_use]
pub fn gaps(stretches: &[Stretch], from: Instant, until: Instant) -> Vec<(Instant, Instant)> {
    let mut covered = from;
    let mut found = Vec::new();
    for next in in_order(stretches) {
        let start = next.start.min(until);
        if start > covered {
            found.push((covered, start));
        }
        covered = covered.max(next.end);
    }
    if covered < until {
        found.push((covered, until));
    }
    found
}

/// As they begin. What has no time is nowhere.
fn in_order(stretches: &[Stretch]) -> Vec<Stretch> {
    let mut sorted: Vec<Stretch> = stretches.iter().copied().filter(|stretch| stretch.end > stretch.start).collect();
    sorted.sort_unstable();
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> Instant {
        Instant::from_seconds(1_800_000_000 + minutes * 60).unwrap()
    }

    fn stretches(some: &[(i64, i64)]) -> Vec<Stretch> {
        let stretch =
            |(entry, (start, end)): (i64, &(i64, i64))| Stretch { start: at(*start), end: at(*end), entry: EntryId(entry) };
        (1..).zip(some).map(stretch).collect()
    }

    fn found(some: &[(i64, i64)]) -> Vec<(i64, i64, i64)> {
        let minutes = |overlap: Overlap| (overlap.first.0, overlap.second.0, overlap.length().seconds() / 60);
        overlaps(&stretches(some)).into_iter().map(minutes).collect()
    }

    #[test] // E4
    fn overlaps_are_pointed_out() {
        assert_eq!(found(&[(623, 638), (600, 635)]), [(2, 1, 12)]);
        assert_eq!(found(&[(0, 10), (10, 20), (30, 40)]), []);
        // One within the other, and the same twice.
        assert_eq!(found(&[(0, 60), (10, 20), (30, 40)]), [(1, 2, 10), (1, 3, 10)]);
        assert_eq!(found(&[(0, 60), (0, 60)]), [(1, 2, 60)]);
        // The one that goes on longest is named.
        assert_eq!(found(&[(0, 30), (10, 60), (20, 70)]), [(1, 2, 20), (2, 3, 40)]);
        // No time at all overlaps nothing.
        assert_eq!(found(&[(0, 60), (30, 30)]), []);
        assert_eq!(found(&[]), []);
    }

    #[test] // E4
    fn many_entries_at_one_time_are_as_many_notices() {
        let many: Vec<(i64, i64)> = (0..5000).map(|minute| (minute, 10_000)).collect();
        assert_eq!(found(&many).len(), 4999);
    }

    #[test] // E4
    fn gaps_are_what_no_entry_covers() {
        let gaps = |some: &[(i64, i64)], from, until| {
            let minutes = |at: Instant| (at.seconds() - 1_800_000_000) / 60;
            super::gaps(&stretches(some), at(from), at(until))
                .into_iter()
                .map(|(a, b)| (minutes(a), minutes(b)))
                .collect::<Vec<_>>()
        };
        assert_eq!(gaps(&[(20, 30), (0, 10)], 0, 30), [(10, 20)]);
        assert_eq!(gaps(&[(0, 60), (10, 20)], 0, 90), [(60, 90)]);
        assert_eq!(gaps(&[(-10, 5), (50, 70)], 0, 60), [(5, 50)]);
        assert_eq!(gaps(&[(-20, -10), (70, 80)], 0, 60), [(0, 60)]);
        assert_eq!(gaps(&[(0, 60)], 0, 60), []);
        assert_eq!(gaps(&[(30, 30)], 0, 60), [(0, 60)]);
    }
}
