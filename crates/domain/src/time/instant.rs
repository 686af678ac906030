//! Instants of people's time: whole seconds of UTC, within the calendar (E5).

use std::fmt;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};

use super::Length;

/// An instant to the second, from [`Instant::FIRST`] to [`Instant::LAST`].
///
/// Time is tracked in whole seconds, so that what stands in lists adds up to what stands below them. What a clock tells is cut
/// to the second once, here; nothing later rounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "DateTime<Utc>", into = "DateTime<Utc>")]
pub struct Instant(i64);

/// The instant is in no year that anybody tracks time in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("time is tracked from 1970 to 2199")]
pub struct OutOfCalendar;

impl Instant {
    /// The first one: a day after 1970 began in UTC, so that it is in that year in every zone.
    pub const FIRST: Self = Self(86_400);
    /// The last one: a day before 2199 ends in UTC, so that it is in that year in every zone.
    pub const LAST: Self = Self(7_258_032_000);

    /// The second that this instant is in.
    ///
    /// # Errors
    /// One beyond the calendar.
    pub fn of(at: DateTime<Utc>) -> Result<Self, OutOfCalendar> {
        Self::from_seconds(at.timestamp())
    }

    /// The second that a clock shows, or the end of the calendar that is nearest: a clock may be wrong, but it is never refused.
    #[must_use]
    pub fn shown(now: DateTime<Utc>) -> Self {
        Self(now.timestamp()).clamp(Self::FIRST, Self::LAST)
    }

    /// So many seconds after 1970 began.
    ///
    /// # Errors
    /// One beyond the calendar.
    pub fn from_seconds(seconds: i64) -> Result<Self, OutOfCalendar> {
        let at = Self(seconds);
        if (Self::FIRST..=Self::LAST).contains(&at) { Ok(at) } else { Err(OutOfCalendar) }
    }

    /// How many seconds after 1970 began.
    #[must_use]
    pub fn seconds(self) -> i64 {
        self.0
    }

    /// The same instant, as it is stored and sent.
    #[must_use]
    pub fn utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp(self.0, 0).unwrap_or_default()
    }

    /// So much later, but not beyond the calendar.
    #[must_use]
    pub fn after(self, length: Length) -> Self {
        Self(self.0.saturating_add(length.seconds())).min(Self::LAST)
    }

    /// So much earlier, but not beyond the calendar.
    #[must_use]
    pub fn before(self, length: Length) -> Self {
        Self(self.0.saturating_sub(length.seconds())).max(Self::FIRST)
    }

    /// How long ago the other one is; nothing where it is yet to come.
    #[must_use]
    pub fn since(self, other: Self) -> Length {
        Length::from_seconds(self.0 - other.0).unwrap_or(Length::ZERO)
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.utc().to_rfc3339_opts(SecondsFormat::Secs, true))
    }
}

impl TryFrom<DateTime<Utc>> for Instant {
    type Error = OutOfCalendar;
    fn try_from(at: DateTime<Utc>) -> Result<Self, OutOfCalendar> {
        Self::of(at)
    }
}

impl From<Instant> for DateTime<Utc> {
    fn from(at: Instant) -> Self {
        at.utc()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test] // E5
    fn an_instant_is_cut_to_its_second_once() {
        let at: DateTime<Utc> = "2026-11-26T14:02:03.999Z".parse().unwrap();
        assert_eq!(Instant::of(at).unwrap().to_string(), "2026-11-26T14:02:03Z");
        assert_eq!(Instant::shown(at).utc().to_string(), "2026-11-26 14:02:03 UTC");
    }

    #[test] // E4
    fn what_is_beyond_the_calendar_is_refused_but_no_clock_is() {
        for (text, inside) in [
            ("1970-01-01T23:59:59Z", false),
            ("1970-01-02T00:00:00Z", true),
            ("2199-12-31T00:00:00Z", true),
            ("2199-12-31T00:00:01Z", false),
            ("9999-01-01T00:00:00Z", false),
        ] {
            assert_eq!(Instant::of(text.parse().unwrap()).is_ok(), inside, "{text}");
        }
        assert_eq!(Instant::shown(DateTime::<Utc>::MIN_UTC), Instant::FIRST);
        assert_eq!(Instant::shown(DateTime::<Utc>::MAX_UTC), Instant::LAST);
    }

    #[test]
    fn steps_stay_within_the_calendar() {
        let hour = Length::from_seconds(3600).unwrap();
        assert_eq!(Instant::LAST.after(hour), Instant::LAST);
        assert_eq!(Instant::FIRST.before(hour), Instant::FIRST);
        assert_eq!(Instant::FIRST.after(hour).since(Instant::FIRST), hour);
        assert_eq!(Instant::FIRST.since(Instant::LAST), Length::ZERO);
    }
}
