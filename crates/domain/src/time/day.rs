//! Days, weeks and months of the calendar, apart from any zone (E5).

use std::fmt;

use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

/// A day of the calendar, from [`Day::FIRST`] to [`Day::LAST`].
///
/// When it begins and how long it is depends on a [`Zone`](crate::Zone).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Day(NaiveDate);

/// The text is no day on which time is tracked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a day: write 2026-11-26, today or yesterday")]
pub struct BadDay(pub String);

const fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(date) => date,
        None => NaiveDate::MIN,
    }
}

const EPOCH: NaiveDate = date(1970, 1, 1);

impl Day {
    /// The first one.
    pub const FIRST: Self = Self(EPOCH);
    /// The last one.
    pub const LAST: Self = Self(date(2199, 12, 31));

    /// Reads a day as people type it: `2026-11-26`, `today`, `yesterday` or `tomorrow`.
    ///
    /// # Errors
    /// Any other text, a day that the calendar lacks, and one before 1970 or after 2199.
    pub fn read(text: &str, today: Self) -> Result<Self, BadDay> {
        match text.trim().to_lowercase().as_str() {
            "today" => Ok(today),
            "yesterday" => Ok(today.previous()),
            "tomorrow" => Ok(today.next()),
            text => Self::parse(text),
        }
    }

    /// Reads `2026-11-26`.
    ///
    /// # Errors
    /// Any other text, a day that the calendar lacks, and one before 1970 or after 2199.
    pub fn parse(text: &str) -> Result<Self, BadDay> {
        let bad = || BadDay(text.chars().take(40).collect());
        let digits = |text: &str, count: usize| {
            let whole = text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
            if whole { text.parse::<u32>().ok() } else { None }
        };
        let mut parts = text.split('-');
        let (Some(year), Some(month), Some(day), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
            return Err(bad());
        };
        let year = digits(year, 4).and_then(|year| i32::try_from(year).ok());
        let (Some(year), Some(month), Some(day)) = (year, digits(month, 2), digits(day, 2)) else { return Err(bad()) };
        NaiveDate::from_ymd_opt(year, month, day).map(Self).filter(|day| day.is_tracked()).ok_or_else(bad)
    }

    /// So many days after the first of January 1970, or the end of the calendar that is nearest.
    #[must_use]
    pub fn from_number(number: i64) -> Self {
        let days = number.clamp(0, Self::LAST.number()).unsigned_abs();
        Self(EPOCH.checked_add_days(Days::new(days)).unwrap_or(EPOCH))
    }

    /// How many days after the first of January 1970.
    #[must_use]
    pub fn number(self) -> i64 {
        self.0.signed_duration_since(EPOCH).num_days()
    }

    /// The day after; the last one has none and stays.
    #[must_use]
    pub fn next(self) -> Self {
        Self::from_number(self.number() + 1)
    }

    /// The day before; the first one has none and stays.
    #[must_use]
    pub fn previous(self) -> Self {
        Self::from_number(self.number() - 1)
    }

    /// This day with the one before and the one after.
    #[must_use]
    pub fn with_those_beside(self) -> DayRange {
        DayRange { from: self.previous(), to: self.next() }
    }

    /// Which day of the week it is.
    #[must_use]
    pub fn weekday(self) -> Weekday {
        self.0.weekday()
    }

    /// The week that it is in, for somebody whose weeks begin on that day (E5).
    #[must_use]
    pub fn week(self, first: Weekday) -> DayRange {
        let into = i64::from(self.0.weekday().days_since(first));
        DayRange { from: Self::from_number(self.number() - into), to: Self::from_number(self.number() - into + 6) }
    }

    /// The month that it is in.
    #[must_use]
    pub fn month(self) -> Month {
        Month { year: self.0.year(), month: self.0.month() }
    }

    /// The same day of the calendar, for writing it out.
    #[must_use]
    pub fn date(self) -> NaiveDate {
        self.0
    }

    fn is_tracked(self) -> bool {
        (Self::FIRST..=Self::LAST).contains(&self)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl TryFrom<String> for Day {
    type Error = BadDay;
    fn try_from(text: String) -> Result<Self, BadDay> {
        Self::parse(&text)
    }
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        day.to_string()
    }
}

/// Days that follow one another, both ends among them; never none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DayRange {
    from: Day,
    to: Day,
}

/// The last day is before the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{to} is before {from}")]
pub struct Backwards {
    /// What was to be the first day.
    pub from: Day,
    /// What was to be the last.
    pub to: Day,
}

impl DayRange {
    /// From one day to another.
    ///
    /// # Errors
    /// The last is before the first: it is refused, never swapped.
    pub fn new(from: Day, to: Day) -> Result<Self, Backwards> {
        if from <= to { Ok(Self { from, to }) } else { Err(Backwards { from, to }) }
    }

    /// One day.
    #[must_use]
    pub fn of(day: Day) -> Self {
        Self { from: day, to: day }
    }

    /// The first day.
    #[must_use]
    pub fn from(self) -> Day {
        self.from
    }

    /// The last day.
    #[must_use]
    pub fn to(self) -> Day {
        self.to
    }

    /// Whether that day is among them.
    #[must_use]
    pub fn holds(self, day: Day) -> bool {
        (self.from..=self.to).contains(&day)
    }

    /// One after the other.
    pub fn days(self) -> impl Iterator<Item = Day> {
        (self.from.number()..=self.to.number()).map(Day::from_number)
    }
}

/// A month of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    year: i32,
    month: u32,
}

impl Month {
    /// Its days.
    #[must_use]
    pub fn days(self) -> DayRange {
        let from = Day(date(self.year, self.month, 1));
        let last = from.0.num_days_in_month();
        DayRange { from, to: Day(date(self.year, self.month, u32::from(last))) }
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:02}", self.year, self.month)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test] // E9
    fn days_are_read_as_people_type_them() {
        let today = day("2026-11-26");
        for (text, read) in [
            ("2026-11-26", "2026-11-26"),
            (" Today ", "2026-11-26"),
            ("yesterday", "2026-11-25"),
            ("TOMORROW", "2026-11-27"),
            ("2024-02-29", "2024-02-29"),
        ] {
            assert_eq!(Day::read(text, today).unwrap(), day(read), "{text:?}");
        }
        for text in [
            "",
            "26.11.2026",
            "2026-2-1",
            "2026-02-30",
            "1969-12-31",
            "2200-01-01",
            "9999-01-01",
            "+2026-1-1",
            "-5",
            "２０２６-01-01",
        ] {
            assert!(Day::read(text, today).is_err(), "{text:?}");
        }
    }

    #[test]
    fn days_are_numbered_from_1970() {
        for text in ["1970-01-01", "2026-11-26", "2199-12-31"] {
            assert_eq!(Day::from_number(day(text).number()), day(text));
        }
        assert_eq!((Day::FIRST.number(), Day::FIRST.previous(), Day::LAST.next()), (0, Day::FIRST, Day::LAST));
        assert_eq!([Day::from_number(i64::MIN), Day::from_number(i64::MAX)], [Day::FIRST, Day::LAST]);
    }

    #[test] // E5
    fn a_week_begins_on_the_day_that_the_person_says() {
        let thursday = day("2026-11-26");
        let week = |first| {
            let week = thursday.week(first);
            assert!(week.holds(thursday) && week.days().count() == 7 && week.from().weekday() == first);
            (week.from().to_string(), week.to().to_string())
        };
        assert_eq!(week(Weekday::Mon), ("2026-11-23".to_owned(), "2026-11-29".to_owned()));
        assert_eq!(week(Weekday::Sun), ("2026-11-22".to_owned(), "2026-11-28".to_owned()));
        assert_eq!(week(Weekday::Thu), ("2026-11-26".to_owned(), "2026-12-02".to_owned()));
        assert_eq!(week(Weekday::Fri), ("2026-11-20".to_owned(), "2026-11-26".to_owned()));
    }

    #[test] // E8
    fn a_month_has_its_days() {
        for (text, month, days) in [("2026-11-26", "2026-11", 30), ("2024-02-01", "2024-02", 29), ("2100-02-28", "2100-02", 28)] {
            let found = day(text).month();
            assert_eq!((found.to_string().as_str(), found.days().days().count()), (month, days));
            assert!(found.days().days().all(|day| day.month() == found));
        }
    }

    #[test] // E8
    fn a_range_is_refused_and_never_swapped() {
        let (from, to) = (day("2026-11-26"), day("2026-11-25"));
        assert_eq!(DayRange::new(from, to), Err(Backwards { from, to }));
        assert_eq!(DayRange::new(from, from).unwrap(), DayRange::of(from));
        assert_eq!(DayRange::of(from).days().collect::<Vec<_>>(), [from]);
    }
}
