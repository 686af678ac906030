//! Days as a zone has them: when each begins, how long it is, and how time falls on them (E5).

use chrono::{DateTime, FixedOffset, Offset as _, Utc};
use jiff::Timestamp;
use jiff::civil;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};

use super::{Day, Instant, Length};
use crate::Zone;

/// A zone opened for reckoning with it.
///
/// Days follow one another without gap or overlap, whatever the clocks do: a day begins at the first instant at which the clock on
/// the wall shows it or a later one. So what falls on the days of a span adds up to the span, to the second.
#[derive(Debug, Clone)]
pub struct Calendar(TimeZone);

/// What a clock on the wall shows, counted in seconds as if it hung in UTC.
type Wall = i64;

const DAY: i64 = Length::DAY.seconds();

impl Calendar {
    /// Opens a zone. One that the database no longer has counts as UTC, since time that was tracked stays readable.
    #[must_use]
    pub fn of(zone: &Zone) -> Self {
        Self(jiff::tz::db().get(zone.as_str()).unwrap_or(TimeZone::UTC))
    }

    /// The day that an instant falls on.
    #[must_use]
    pub fn day_of(&self, at: Instant) -> Day {
        let mut number = self.wall(at.seconds()).div_euclid(DAY);
        // A clock that was set back over midnight shows the day before once more.
        while self.start(number + 1) <= at.seconds() {
            number += 1;
        }
        Day::from_number(number)
    }

    /// An instant as a clock on the wall shows it, with how far that is from UTC.
    #[must_use]
    pub fn local(&self, at: Instant) -> DateTime<FixedOffset> {
        let offset = i32::try_from(self.offset(at.seconds())).ok().and_then(FixedOffset::east_opt);
        at.utc().with_timezone(&offset.unwrap_or(Utc.fix()))
    }

    /// The first instant of a day, in seconds after 1970 began. One that the clocks left out has none and begins with the next.
    #[must_use]
    pub fn start_of(&self, day: Day) -> i64 {
        self.start(day.number())
    }

    /// How long a day is: 23, 24 or 25 hours mostly, 24.5 on Lord Howe Island, none where the clocks left it out.
    #[must_use]
    pub fn length_of(&self, day: Day) -> Length {
        Length::from_seconds(self.start(day.number() + 1) - self.start_of(day)).unwrap_or(Length::ZERO)
    }

    /// How the time from one instant to another falls on days, in their order: an entry across midnight counts on both (E5). Of no
    /// time at all nothing falls on the day that it is on.
    #[must_use]
    pub fn split(&self, from: Instant, to: Instant) -> Vec<(Day, Length)> {
        let (mut at, end) = (from.seconds(), to.seconds());
        let mut number = self.day_of(from).number();
        let mut parts = Vec::new();
        while at < end {
            let until = self.start(number + 1).min(end);
            // A day that the clocks left out has no part of anything.
            if until > at {
                parts.push((Day::from_number(number), Length::from_seconds(until - at).unwrap_or(Length::ZERO)));
            }
            (at, number) = (until, number + 1);
        }
        if parts.is_empty() {
            parts.push((Day::from_number(number), Length::ZERO));
        }
        parts
    }

    /// The seconds between UTC and the clock on the wall.
    fn offset(&self, at: i64) -> i64 {
        i64::from(self.0.to_offset(timestamp(at)).seconds())
    }

    /// What the clock on the wall shows at an instant.
    pub(super) fn wall(&self, at: i64) -> Wall {
        at + self.offset(at)
    }

    /// When the clock on the wall shows that.
    pub(super) fn shows(&self, wall: Wall) -> Shown {
        let since = |offset: Offset| wall - i64::from(offset.seconds());
        match self.0.to_ambiguous_timestamp(civil(wall)).offset() {
            AmbiguousOffset::Unambiguous { offset } => Shown::Once(since(offset)),
            AmbiguousOffset::Fold { before, after } => Shown::Twice { first: since(before), second: since(after) },
            AmbiguousOffset::Gap { before, after } => {
                // Read with the offset from after the gap it is before it, and the gap is the next thing that comes.
                let gap = self.0.following(timestamp(since(after))).next();
                let at = gap.map_or(since(before), |gap| gap.timestamp().as_second());
                Shown::Never { at, before: i64::from(before.seconds()), after: i64::from(after.seconds()) }
            }
        }
    }

    /// The first instant at which the clock on the wall shows the day of this number or a later one.
    fn start(&self, number: i64) -> i64 {
        match self.shows(number * DAY) {
            Shown::Once(at) | Shown::Twice { first: at, .. } | Shown::Never { at, .. } => at,
        }
    }
}

/// When a clock on the wall shows a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// As it mostly does.
    Once(i64),
    /// It was set back.
    Twice {
        /// Before it was set back.
        first: i64,
        /// After.
        second: i64,
    },
    /// It was set forward over it.
    Never {
        /// When it was.
        at: i64,
        /// The offset until then.
        before: i64,
        /// The offset from then on.
        after: i64,
    },
}

/// The calendar of people's time is well within the one of jiff.
fn timestamp(at: i64) -> Timestamp {
    Timestamp::from_second(at).unwrap_or_default()
}

fn civil(wall: Wall) -> civil::DateTime {
    Offset::UTC.to_datetime(timestamp(wall))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendar(zone: &str) -> Calendar {
        Calendar::of(&Zone::parse(zone).unwrap())
    }

    fn at(text: &str) -> Instant {
        Instant::of(text.parse().unwrap()).unwrap()
    }

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    fn split(zone: &str, from: &str, to: &str) -> Vec<(String, String)> {
        calendar(zone).split(at(from), at(to)).into_iter().map(|(day, length)| (day.to_string(), length.full())).collect()
    }

    #[test] // E5
    fn days_have_23_24_and_a_half_and_25_hours() {
        for (zone, text, length) in [
            ("Europe/Berlin", "2026-03-29", "23:00"),
            ("Europe/Berlin", "2026-03-30", "24:00"),
            ("Europe/Berlin", "2026-10-25", "25:00"),
            ("Australia/Lord_Howe", "2026-04-05", "24:30"),
            ("Australia/Lord_Howe", "2026-10-04", "23:30"),
            // The clocks are set forward at midnight: the day begins at one.
            ("America/Asuncion", "2024-10-06", "23:00"),
            // The clocks are set back at midnight: the day before has 23:00 twice.
            ("America/Asuncion", "2024-03-23", "25:00"),
            // Left out for the date line.
            ("Pacific/Apia", "2011-12-30", "0:00"),
            ("UTC", "2026-03-29", "24:00"),
        ] {
            assert_eq!(calendar(zone).length_of(day(text)).short(), length, "{zone} {text}");
        }
    }

    #[test] // E5
    fn an_entry_across_midnight_counts_on_both_days() {
        assert_eq!(
            split("Europe/Berlin", "2026-11-25T22:30:00Z", "2026-11-26T01:00:15Z"),
            [("2026-11-25", "0:30:00"), ("2026-11-26", "2:00:15")].map(|(day, length)| (day.to_owned(), length.to_owned()))
        );
        // Ending at midnight, nothing falls on the day that begins.
        assert_eq!(split("Europe/Berlin", "2026-11-25T22:30:00Z", "2026-11-25T23:00:00Z").len(), 1);
        // Beginning at midnight, nothing falls on the day that ended.
        assert_eq!(split("Europe/Berlin", "2026-11-25T23:00:00Z", "2026-11-25T23:00:01Z")[0].0, "2026-11-26");
    }

    #[test] // E5
    fn an_entry_over_days_that_are_short_long_or_left_out_loses_nothing() {
        let spring = split("Europe/Berlin", "2026-03-28T22:00:00Z", "2026-03-29T22:30:00Z");
        let spring: Vec<&str> = spring.iter().map(|(_, length)| length.as_str()).collect();
        assert_eq!(spring, ["1:00:00", "23:00:00", "0:30:00"]);
        let apia = split("Pacific/Apia", "2011-12-30T09:00:00Z", "2011-12-30T11:00:00Z");
        assert_eq!(apia, [("2011-12-29", "1:00:00"), ("2011-12-31", "1:00:00")].map(|(day, l)| (day.to_owned(), l.to_owned())));
    }

    #[test] // E5
    fn no_time_at_all_is_still_on_a_day() {
        let none = split("Europe/Berlin", "2026-11-25T23:30:00Z", "2026-11-25T23:30:00Z");
        assert_eq!(none, [("2026-11-26".to_owned(), "0:00:00".to_owned())]);
    }

    #[test] // E5
    fn the_same_instant_is_another_day_in_another_zone() {
        let instant = at("2026-11-25T23:30:00Z");
        assert_eq!(calendar("Europe/Berlin").day_of(instant), day("2026-11-26"));
        assert_eq!(calendar("UTC").day_of(instant), day("2026-11-25"));
        assert_eq!(calendar("Pacific/Kiritimati").day_of(instant), day("2026-11-26"));
        assert_eq!(calendar("Etc/GMT+12").day_of(Instant::FIRST), day("1970-01-01"));
        assert_eq!(calendar("Pacific/Kiritimati").day_of(Instant::LAST), day("2199-12-31"));
    }

    #[test] // E5
    fn an_instant_is_told_as_the_clock_on_the_wall_shows_it() {
        let told = |zone: &str| calendar(zone).local(at("2026-11-25T23:30:15Z")).to_rfc3339();
        assert_eq!(told("Europe/Berlin"), "2026-11-26T00:30:15+01:00");
        assert_eq!(told("America/St_Johns"), "2026-11-25T20:00:15-03:30");
    }

    #[test] // E5
    fn a_clock_set_back_over_midnight_begins_no_day_twice() {
        // At 00:01 of the 2nd of November 2008 the clocks of St. John's went back to 23:01.
        let calendar = calendar("America/St_Johns");
        let begins = at("2008-11-02T02:30:00Z");
        assert_eq!(calendar.start_of(day("2008-11-02")), begins.seconds());
        for (text, on) in
            [("02:29:59", "2008-11-01"), ("02:30:30", "2008-11-02"), ("02:31:30", "2008-11-02"), ("03:31:00", "2008-11-02")]
        {
            assert_eq!(calendar.day_of(at(&format!("2008-11-02T{text}Z"))), day(on), "{text}");
        }
    }
}
