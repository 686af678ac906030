//! How long something took: whole seconds, and how they are written for people (E9).

use std::iter::Sum;
use std::ops::Add;

use serde::{Deserialize, Serialize};

/// A duration in whole seconds, never negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct Length(i64);

/// The number of seconds is below zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a duration cannot be negative")]
pub struct Negative;

impl Length {
    /// No time at all.
    pub const ZERO: Self = Self(0);
    /// 24 hours: the most that one entry made by hand can have (E4), whatever the day has.
    pub const DAY: Self = Self(86_400);

    /// So many hours.
    pub(super) const fn hours(hours: u32) -> Self {
        Self(hours as i64 * 3600)
    }

    /// So many minutes.
    pub(super) const fn minutes(minutes: u32) -> Self {
        Self(minutes as i64 * 60)
    }

    /// So many seconds; nothing below zero.
    #[must_use]
    pub fn from_seconds(seconds: i64) -> Option<Self> {
        (seconds >= 0).then_some(Self(seconds))
    }

    /// How many seconds it has.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0
    }

    /// Whether it is no time at all.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// What is left when the other is taken away; nothing where that is more.
    #[must_use]
    pub fn less(self, other: Self) -> Option<Self> {
        Self::from_seconds(self.0 - other.0)
    }

    /// Hours and minutes, `1:30`, with the seconds where there are some, `1:30:15`: what is read again is the same (E9).
    #[must_use]
    pub fn short(self) -> String {
        let (hours, minutes, seconds) = self.parts();
        if seconds == 0 { format!("{hours}:{minutes:02}") } else { self.full() }
    }

    /// Hours, minutes and seconds, `1:30:00`, as reports have them.
    #[must_use]
    pub fn full(self) -> String {
        let (hours, minutes, seconds) = self.parts();
        format!("{hours}:{minutes:02}:{seconds:02}")
    }

    /// In words, `1 h 30 min`, as a reading is shown before it is saved (E9).
    #[must_use]
    pub fn prose(self) -> String {
        let (hours, minutes, seconds) = self.parts();
        let parts = [(hours, "h"), (minutes, "min"), (seconds, "s")];
        let said: Vec<String> =
            parts.iter().filter(|(count, _)| *count > 0).map(|(count, unit)| format!("{count} {unit}")).collect();
        if said.is_empty() { "0 min".to_owned() } else { said.join(" ") }
    }

    fn parts(self) -> (i64, i64, i64) {
        (self.0 / 3600, self.0 / 60 % 60, self.0 % 60)
    }
}

impl Add for Length {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sum for Length {
    fn sum<I: Iterator<Item = Self>>(lengths: I) -> Self {
        lengths.fold(Self::ZERO, Add::add)
    }
}

impl TryFrom<i64> for Length {
    type Error = Negative;
    fn try_from(seconds: i64) -> Result<Self, Negative> {
        Self::from_seconds(seconds).ok_or(Negative)
    }
}

impl From<Length> for i64 {
    fn from(length: Length) -> Self {
        length.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test] // E9
    fn durations_are_written_without_losing_a_second() {
        for (seconds, short, full, prose) in [
            (0, "0:00", "0:00:00", "0 min"),
            (45, "0:00:45", "0:00:45", "45 s"),
            (540, "0:09", "0:09:00", "9 min"),
            (5400, "1:30", "1:30:00", "1 h 30 min"),
            (5047, "1:24:07", "1:24:07", "1 h 24 min 7 s"),
            (7200, "2:00", "2:00:00", "2 h"),
            (3605, "1:00:05", "1:00:05", "1 h 5 s"),
            (2_205_930, "612:45:30", "612:45:30", "612 h 45 min 30 s"),
        ] {
            let length = Length::from_seconds(seconds).unwrap();
            assert_eq!((length.short(), length.full(), length.prose()), (short.to_owned(), full.to_owned(), prose.to_owned()));
        }
    }

    #[test]
    fn a_duration_is_never_negative() {
        assert_eq!(Length::from_seconds(-1), None);
        let [one, two] = [1, 2].map(|seconds| Length::from_seconds(seconds).unwrap());
        assert_eq!((two.less(one), one.less(two)), (Some(one), None));
        assert_eq!([one, two, two].into_iter().sum::<Length>().seconds(), 5);
        assert_eq!(Length(i64::MAX) + one, Length(i64::MAX));
    }
}
