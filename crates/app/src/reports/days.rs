//! Which days are meant (E5, E8).

use chrono::{DateTime, Utc, Weekday};
use tallyport_domain::Zone;
use tallyport_domain::time::{Calendar, Day, DayRange, Instant};

use super::TimeMeant;
use crate::{Error, Result};

/// Reads days as people type them, in the reader's zone.
pub(super) fn read(meant: &TimeMeant, week: Weekday, zone: &Zone, now: DateTime<Utc>) -> Result<DayRange> {
    let today = Calendar::of(zone).day_of(Instant::shown(now));
    let day = |text: &Option<String>| {
        let read = text.as_deref().map(|text| Day::read(text, today)).transpose();
        read.map_err(|bad| Error::When(bad.to_string()))
    };
    let (from, to) = (day(&meant.from)?, day(&meant.to)?);
    let range = |from, to| DayRange::new(from, to).map_err(|bad| Error::When(bad.to_string()));
    match (meant.span.as_deref(), from, to) {
        (None, None, None) => Ok(today.week(week)),
        (None, Some(from), to) => range(from, to.unwrap_or_else(|| today.max(from))),
        (None, None, Some(to)) => Ok(DayRange::of(to)),
        (Some(_), _, Some(_)) => Err(Error::Invalid("give either a span or a last day".to_owned())),
        (Some("day"), from, None) => Ok(DayRange::of(from.unwrap_or(today))),
        (Some("week"), from, None) => Ok(from.unwrap_or(today).week(week)),
        (Some("month"), from, None) => Ok(from.unwrap_or(today).month().days()),
        (Some(other), ..) => {
            let other: String = other.chars().take(40).collect();
            Err(Error::Invalid(format!("{other:?} is not a span: write day, week or month")))
        }
    }
}

/// The days that some are held against: the month before a month, else as many days before; none before the calendar begins.
pub(super) fn before(days: DayRange) -> Option<DayRange> {
    let last = days.from().previous();
    if last == days.from() {
        return None;
    }
    if days.from().month().days() == days {
        return Some(last.month().days());
    }
    let many = days.to().number() - days.from().number();
    DayRange::new(Day::from_number(last.number() - many), last).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(from: Option<&str>, to: Option<&str>, span: Option<&str>) -> String {
        let [from, to, span] = [from, to, span].map(|text| text.map(str::to_owned));
        let meant = TimeMeant { from, to, span, ..TimeMeant::default() };
        // It is Friday already in Berlin.
        let now = "2026-11-26T23:30:00Z".parse().unwrap();
        match read(&meant, Weekday::Sun, &Zone::parse("Europe/Berlin").unwrap(), now) {
            Ok(days) => format!("{} {}", days.from(), days.to()),
            Err(error) => error.to_string(),
        }
    }

    #[test] // E5, E8
    fn days_are_those_of_the_readers_zone_and_week() {
        assert_eq!(told(None, None, None), "2026-11-22 2026-11-28");
        assert_eq!(told(Some("today"), None, None), "2026-11-27 2026-11-27");
        assert_eq!(told(Some("2026-11-01"), None, None), "2026-11-01 2026-11-27");
        assert_eq!(told(Some("2026-12-01"), None, None), "2026-12-01 2026-12-01");
        assert_eq!(told(None, Some("2026-11-03"), None), "2026-11-03 2026-11-03");
        assert_eq!(told(Some("2026-11-04"), None, Some("week")), "2026-11-01 2026-11-07");
        assert_eq!(told(None, None, Some("month")), "2026-11-01 2026-11-30");
        assert_eq!(told(None, None, Some("day")), "2026-11-27 2026-11-27");
        assert_eq!(told(Some("2026-11-04"), Some("2026-11-03"), None), "2026-11-03 is before 2026-11-04");
        assert_eq!(told(None, Some("today"), Some("week")), "give either a span or a last day");
        assert_eq!(told(None, None, Some("year")), "\"year\" is not a span: write day, week or month");
        assert_eq!(told(Some("soon"), None, None), "\"soon\" is not a day: write 2026-11-26, today or yesterday");
    }

    #[test] // E8
    fn a_month_is_held_against_the_month_before_and_other_days_against_as_many() {
        let day = |text| Day::parse(text).unwrap();
        let before = |from, to| {
            before(DayRange::new(day(from), day(to)).unwrap()).map(|days| (days.from().to_string(), days.to().to_string()))
        };
        let days = |from: &str, to: &str| Some((from.to_owned(), to.to_owned()));
        assert_eq!(before("2026-03-01", "2026-03-31"), days("2026-02-01", "2026-02-28"));
        assert_eq!(before("2026-03-02", "2026-03-08"), days("2026-02-23", "2026-03-01"));
        assert_eq!(before("1970-01-02", "1970-01-09"), days("1970-01-01", "1970-01-01"));
        assert_eq!(before("1970-01-01", "1970-01-09"), None);
    }
}
