//! Days and times together as people type them, and the instants that they mean in a zone (E5, E9).

use std::fmt;

use super::calendar::Shown;
use super::{BadClockTime, BadDay, Calendar, ClockTime, Day, Instant, OutOfCalendar};
use crate::Zone;

/// A time of a day as somebody typed it, with the offset from UTC where they gave one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The day.
    pub day: Day,
    /// What the clock shows.
    pub time: ClockTime,
    /// The offset that was given, in seconds: with it the instant is certain.
    offset: Option<i32>,
}

/// The instant that a moment means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meant {
    /// The instant; the first one where there are two.
    pub at: Instant,
    /// The second one, where the clocks were set back and show that time twice. It is meant where its offset is given.
    pub again: Option<Instant>,
}

/// The text is no time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadMoment {
    /// The day cannot be read.
    #[error(transparent)]
    Day(#[from] BadDay),
    /// The time of day cannot be read.
    #[error(transparent)]
    Time(#[from] BadClockTime),
    /// The offset cannot be read.
    #[error("{0:?} is not an offset from UTC: write +01:00 or Z")]
    Offset(String),
    /// The clocks were set forward over it.
    #[error(transparent)]
    Skipped(#[from] Skipped),
    /// It is in no year that time is tracked in.
    #[error(transparent)]
    OutOfCalendar(#[from] OutOfCalendar),
}

/// A time that a day does not have, because the clocks were set forward over it, and its two neighbours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// What was typed.
    pub typed: (Day, ClockTime),
    /// The last minute before the gap.
    pub before: (Day, ClockTime),
    /// What the clock shows right after it.
    pub after: (Day, ClockTime),
    /// Where the clocks do so.
    pub zone: Zone,
}

impl fmt::Display for Skipped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (day, time) = self.typed;
        let neighbour = |(other, time): (Day, ClockTime)| if other == day { time.to_string() } else { format!("{other} {time}") };
        let (before, after) = (neighbour(self.before), neighbour(self.after));
        write!(f, "{day} has no {time} in {}, the clocks were set forward: write {before} or {after}", self.zone)
    }
}

impl std::error::Error for Skipped {}

impl Moment {
    /// A time of a day.
    #[must_use]
    pub fn new(day: Day, time: ClockTime) -> Self {
        Self { day, time, offset: None }
    }

    /// Reads a time of day as [`ClockTime::read`] does, a day before it as [`Day::read`] does, with a blank or a `T` between
    /// them, and an offset from UTC behind it: `9:30`, `yesterday 21.30`, `2026-10-25 2:30+01:00`, `2026-11-26T09:30:00Z`.
    ///
    /// Where no day is given it is `day`.
    ///
    /// # Errors
    /// Any other text.
    pub fn read(text: &str, day: Day, today: Day) -> Result<Self, BadMoment> {
        let text = text.trim();
        if text.len() > ClockTime::LONGEST {
            return Err(BadClockTime::Unreadable(text.chars().take(40).collect()).into());
        }
        let (day, rest) = match date_before(text) {
            Some((date, rest)) => (Day::read(date, today)?, rest),
            None => (day, text),
        };
        let (time, offset) = match rest.find(['+', '-', '\u{2212}', 'z', 'Z']) {
            Some(at) => (&rest[..at], Some(offset(&rest[at..])?)),
            None => (rest, None),
        };
        Ok(Self { day, time: ClockTime::read(time)?, offset })
    }

    /// The instant that it means in a zone. A time that comes twice means the first one, unless an offset was given.
    ///
    /// # Errors
    /// A time that the clocks were set forward over, with its two neighbours; one beyond the calendar.
    pub fn in_zone(self, zone: &Zone) -> Result<Meant, BadMoment> {
        let calendar = Calendar::of(zone);
        let wall = self.day.number() * 86_400 + i64::from(self.time.seconds());
        let at = |seconds| Instant::from_seconds(seconds);
        if let Some(offset) = self.offset {
            return Ok(Meant { at: at(wall - i64::from(offset))?, again: None });
        }
        match calendar.shows(wall) {
            Shown::Once(once) => Ok(Meant { at: at(once)?, again: None }),
            Shown::Twice { first, second } => Ok(Meant { at: at(first)?, again: Some(at(second)?) }),
            Shown::Never { at, before, after } => Err(Skipped {
                typed: (self.day, self.time),
                before: on_the_wall((at + before - 1).div_euclid(60) * 60),
                after: on_the_wall(at + after),
                zone: zone.clone(),
            }
            .into()),
        }
    }
}

fn on_the_wall(wall: i64) -> (Day, ClockTime) {
    let seconds = u32::try_from(wall.rem_euclid(86_400)).ok().and_then(ClockTime::from_seconds);
    (Day::from_number(wall.div_euclid(86_400)), seconds.unwrap_or(ClockTime::NINE))
}

/// The day that stands before a time, and what is behind it.
fn date_before(text: &str) -> Option<(&str, &str)> {
    let starts_as_day = |text: &str| text.contains('-') || text.starts_with(|c: char| c.is_alphabetic());
    let split = text.split_once(char::is_whitespace).or_else(|| text.split_once(['T', 't']).filter(|(day, _)| day.contains('-')));
    split.filter(|(day, _)| starts_as_day(day)).map(|(day, rest)| (day, rest.trim_start()))
}

/// Reads `Z`, `+1`, `+01`, `+0100` or `-03:30`, in seconds.
fn offset(text: &str) -> Result<i32, BadMoment> {
    let bad = || BadMoment::Offset(text.chars().take(40).collect());
    if text.eq_ignore_ascii_case("z") {
        return Ok(0);
    }
    let sign = if text.starts_with('+') { 1 } else { -1 };
    let digits = text.trim_start_matches(['+', '-', '\u{2212}']);
    if digits.chars().count() + 1 != text.chars().count() {
        return Err(bad());
    }
    let (hours, minutes) = match digits.split_once(':') {
        Some((hours, minutes)) if minutes.len() == 2 => (hours, minutes),
        None if digits.len() == 4 && digits.is_ascii() => digits.split_at(2),
        None => (digits, "0"),
        Some(_) => return Err(bad()),
    };
    let number = |text: &str| {
        let plain = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        if plain { text.parse::<i32>().ok() } else { None }
    };
    match (number(hours), number(minutes)) {
        (Some(hours @ 0..=15), Some(minutes @ 0..=59)) => Ok(sign * (hours * 3600 + minutes * 60)),
        _ => Err(bad()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    fn meant(text: &str, zone: &str) -> Result<Meant, BadMoment> {
        let today = day("2026-11-26");
        Moment::read(text, today, today)?.in_zone(&Zone::parse(zone).unwrap())
    }

    #[test] // E9
    fn a_time_is_of_the_day_that_stands_before_it_or_else_of_the_one_at_hand() {
        for (text, at) in [
            ("9:30", "2026-11-26T08:30:00Z"),
            ("yesterday 21.30", "2026-11-25T20:30:00Z"),
            ("2026-07-01 9", "2026-07-01T07:00:00Z"),
            ("2026-07-01T09:00", "2026-07-01T07:00:00Z"),
            ("2026-07-01  9:30 pm", "2026-07-01T19:30:00Z"),
            ("9:30 pm", "2026-11-26T20:30:00Z"),
            ("2026-07-01t09:00:15z", "2026-07-01T09:00:15Z"),
            ("2026-07-01T09:00:00-03:30", "2026-07-01T12:30:00Z"),
            ("9:30+1", "2026-11-26T08:30:00Z"),
            ("9:30 +0530", "2026-11-26T04:00:00Z"),
            ("9:30\u{2212}05", "2026-11-26T14:30:00Z"),
            ("24:00", "2026-11-26T23:00:00Z"),
        ] {
            let meant = meant(text, "Europe/Berlin").unwrap();
            assert_eq!((meant.at.to_string().as_str(), meant.again), (at, None), "{text:?}");
        }
    }

    #[test] // E5
    fn a_time_that_the_clocks_leave_out_is_refused_with_its_two_neighbours() {
        let BadMoment::Skipped(skipped) = meant("2026-03-29 2:30", "Europe/Berlin").unwrap_err() else { panic!("it is there") };
        assert_eq!(
            skipped.to_string(),
            "2026-03-29 has no 2:30 in Europe/Berlin, the clocks were set forward: write 1:59 or 3:00"
        );
        for text in ["2026-03-29 1:59", "2026-03-29 3:00"] {
            assert!(meant(text, "Europe/Berlin").is_ok(), "{text:?}");
        }
        for (text, zone, neighbours) in [
            ("2026-10-04 2:10", "Australia/Lord_Howe", "1:59 or 2:30"),
            ("2024-10-06 0:30", "America/Asuncion", "2024-10-05 23:59 or 1:00"),
            ("2011-12-30 12", "Pacific/Apia", "2011-12-29 23:59 or 2011-12-31 0:00"),
        ] {
            let refused = meant(text, zone).unwrap_err().to_string();
            assert!(refused.ends_with(&format!("write {neighbours}")), "{refused}");
        }
        // With an offset it is an instant like any other.
        assert_eq!(meant("2026-03-29 2:30+01:00", "Europe/Berlin").unwrap().at.to_string(), "2026-03-29T01:30:00Z");
    }

    #[test] // E5
    fn a_time_that_comes_twice_means_the_first_unless_an_offset_is_given() {
        let first = meant("2026-10-25 2:30", "Europe/Berlin").unwrap();
        assert_eq!(first.at.to_string(), "2026-10-25T00:30:00Z");
        assert_eq!(first.again.unwrap().to_string(), "2026-10-25T01:30:00Z");
        assert_eq!(meant("2026-10-25 2:30+02:00", "Europe/Berlin").unwrap().at, first.at);
        let second = meant("2026-10-25 2:30+01:00", "Europe/Berlin").unwrap();
        assert_eq!((second.at, second.again), (first.again.unwrap(), None));
    }

    #[test] // E9
    fn what_is_no_time_is_refused_in_one_line() {
        for text in [
            "",
            "yesterday",
            "yesterday noon",
            "2026-02-30 9:30",
            "32 9:30",
            "9:30+",
            "9:30+25",
            "9:30+1:5",
            "9:30 +-1",
            "9:30zz",
            "9:30+é",
            "TT",
        ] {
            let refused = meant(text, "Europe/Berlin").unwrap_err().to_string();
            assert!(refused.contains("write") && !refused.contains('\n') && refused.len() < 200, "{text:?}: {refused}");
        }
        assert!(matches!(meant("2199-12-31 23:00-12", "UTC"), Err(BadMoment::OutOfCalendar(_))));
        assert!(meant("9999-01-01 9:00", "UTC").is_err());
        assert!(meant(&"é".repeat(10_000), "UTC").unwrap_err().to_string().len() < 300);
    }
}
