//! Times and durations in words: relative where that says more, and the clock or the day beside it.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::Page;

/// Reads an instant of the API; nothing where another version writes it in another way.
pub(crate) fn parse(instant: &str) -> Option<Timestamp> {
    instant.parse().ok()
}

/// "just now", "4 min ago", "3 h ago", "5 days ago".
pub(crate) fn ago(page: &Page, instant: &str) -> String {
    let Some(then) = parse(instant) else { return instant.to_owned() };
    let seconds = page.now.as_second() - then.as_second();
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
    match () {
        () if minutes < 1 => "just now".to_owned(),
        () if hours < 1 => format!("{minutes} min ago"),
        () if days < 1 => format!("{hours} h ago"),
        () if days == 1 => "1 day ago".to_owned(),
        () => format!("{days} days ago"),
    }
}

/// "15:00", with the day before it where it is not today.
pub(crate) fn clock(page: &Page, instant: &str) -> String {
    let Some(then) = parse(instant) else { return instant.to_owned() };
    let then = local(then, &page.zone);
    let time = format!("{}:{:02}", then.hour(), then.minute());
    if then.date() == local(page.now, &page.zone).date() { time } else { format!("{} {time}", day_of(page, &then)) }
}

/// "3 May", with the year where it is not this one.
pub(crate) fn day(page: &Page, instant: &str) -> String {
    parse(instant).map_or_else(|| instant.to_owned(), |then| day_of(page, &local(then, &page.zone)))
}

/// "Thu 26 Nov", of a day such as `2026-11-26`, with the year where it is not this one.
pub(crate) fn weekday(page: &Page, date: &str) -> String {
    let Ok(date) = date.parse::<jiff::civil::Date>() else { return date.to_owned() };
    let day = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
        .get(usize::from(date.weekday().to_monday_zero_offset().unsigned_abs()))
        .copied()
        .unwrap_or_default();
    format!("{day} {}", day_of(page, &date.to_datetime(jiff::civil::Time::midnight())))
}

fn day_of(page: &Page, then: &DateTime) -> String {
    let month = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        .get(usize::from(then.month().unsigned_abs()).wrapping_sub(1))
        .copied()
        .unwrap_or_default();
    let this_year = then.year() == local(page.now, &page.zone).year();
    if this_year { format!("{} {month}", then.day()) } else { format!("{} {month} {}", then.day(), then.year()) }
}

fn local(instant: Timestamp, zone: &TimeZone) -> DateTime {
    zone.to_datetime(instant)
}

/// "40 ms", "1.4 s", "12 s", "2 min 5 s", "1 h 30 min".
pub(crate) fn duration(milliseconds: i64) -> String {
    let milliseconds = milliseconds.max(0);
    let seconds = milliseconds / 1000;
    match seconds {
        0 => format!("{milliseconds} ms"),
        1..10 => format!("{}.{} s", seconds, milliseconds % 1000 / 100),
        10..60 => format!("{seconds} s"),
        60..3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_by_how_long_ago_and_by_the_clock() {
        let page = Page::plain();
        let told = |instant| (ago(&page, instant), clock(&page, instant), day(&page, instant));
        let told = |instant| {
            let (ago, clock, day) = told(instant);
            format!("{ago}, {clock}, {day}")
        };
        assert_eq!(told("2026-11-24T13:59:30Z"), "just now, 13:59, 24 Nov");
        assert_eq!(told("2026-11-24T14:00:30Z"), "just now, 14:00, 24 Nov");
        assert_eq!(told("2026-11-24T13:56:00Z"), "4 min ago, 13:56, 24 Nov");
        assert_eq!(told("2026-11-24T09:05:00Z"), "4 h ago, 9:05, 24 Nov");
        assert_eq!(told("2026-11-23T13:00:00Z"), "1 day ago, 23 Nov 13:00, 23 Nov");
        assert_eq!(told("2025-05-03T00:00:00Z"), "570 days ago, 3 May 2025 0:00, 3 May 2025");
        assert_eq!(told("some day"), "some day, some day, some day");
    }

    #[test]
    fn times_are_told_in_the_zone_of_the_one_who_looks() {
        let page = Page { zone: TimeZone::get("Asia/Tokyo").unwrap(), ..Page::plain() };
        assert_eq!(clock(&page, "2026-11-24T14:30:00Z"), "23:30");
        assert_eq!(clock(&page, "2026-11-24T15:30:00Z"), "25 Nov 0:30");
    }

    #[test]
    fn durations_are_as_fine_as_they_are_short() {
        let told = [0, 430, 1_430, 9_990, 12_000, 125_000, 5_400_000, -5].map(duration);
        assert_eq!(told, ["0 ms", "430 ms", "1.4 s", "9.9 s", "12 s", "2 min 5 s", "1 h 30 min", "0 ms"]);
    }
}
