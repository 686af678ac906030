//! Where a duration goes that was typed for a day without a time (E2).

use super::{Calendar, ClockTime, Day, Instant, Length, Moment, OutOfCalendar, Stretch, gaps};
use crate::Zone;

/// From when to when time goes that somebody typed for a day: the first free slot from 09:00 that the day has, else right after
/// the last entry.
///
/// Where even that would begin on another day, or nothing was tracked yet, it ends with the day, so that the hours are where they
/// were typed; the overlap is pointed out (E4). What is longer than its day begins with it.
///
/// # Errors
/// The day is at the very end of the calendar.
pub fn slot(zone: &Zone, day: Day, length: Length, taken: &[Stretch]) -> Result<(Instant, Instant), OutOfCalendar> {
    let calendar = Calendar::of(zone);
    let begins = Instant::from_seconds(calendar.start_of(day))?;
    let ends = begins.after(calendar.length_of(day));
    // A day without a nine o'clock begins early enough.
    let nine = Moment::new(day, ClockTime::NINE).in_zone(zone).map_or(begins, |meant| meant.at);
    let free = gaps(taken, nine, ends).into_iter().find(|(from, until)| until.since(*from) >= length).map(|(from, _)| from);
    let last = || taken.iter().map(|stretch| stretch.end).filter(|end| (begins..ends).contains(end)).max();
    let start = free.or_else(last).unwrap_or_else(|| ends.before(length).max(begins));
    Ok((start, start.after(length)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::EntryId;

    fn found(day: &str, hours: (i64, i64), taken: &[(&str, &str)]) -> String {
        let zone = Zone::parse("Europe/Berlin").unwrap();
        let day = Day::parse(day).unwrap();
        let at = |text: &str| Moment::read(text, day, day).unwrap().in_zone(&zone).unwrap().at;
        let taken: Vec<Stretch> =
            taken.iter().map(|(start, end)| Stretch { start: at(start), end: at(end), entry: EntryId(1) }).collect();
        let length = Length::from_seconds(hours.0 * 3600 + hours.1 * 60).unwrap();
        let (start, end) = slot(&zone, day, length, &taken).unwrap();
        assert_eq!(end.since(start), length);
        let calendar = Calendar::of(&zone);
        let said = |at: Instant| {
            let wall = u32::try_from(calendar.wall(at.seconds()).rem_euclid(86_400)).unwrap();
            format!("{} {}", calendar.day_of(at).date().format("%d"), ClockTime::from_seconds(wall).unwrap())
        };
        format!("{} – {}", said(start), said(end))
    }

    #[test] // E2
    fn a_duration_takes_the_first_free_slot_from_nine() {
        let day = "2026-11-26";
        assert_eq!(found(day, (2, 0), &[]), "26 9:00 – 26 11:00");
        assert_eq!(found(day, (2, 0), &[("8:00", "9:30")]), "26 9:30 – 26 11:30");
        assert_eq!(found(day, (2, 0), &[("9:00", "10:00"), ("11:00", "12:00")]), "26 12:00 – 26 14:00");
        assert_eq!(found(day, (1, 0), &[("9:00", "10:00"), ("11:00", "12:00")]), "26 10:00 – 26 11:00");
        assert_eq!(found(day, (15, 0), &[]), "26 9:00 – 27 0:00");
    }

    #[test] // E2
    fn where_none_is_free_it_follows_the_last_entry() {
        let day = "2026-11-26";
        assert_eq!(found(day, (6, 0), &[("9:00", "20:00")]), "26 20:00 – 27 2:00");
        assert_eq!(found(day, (16, 0), &[("7:00", "8:00")]), "26 8:00 – 27 0:00");
    }

    #[test] // E2
    fn hours_stay_on_the_day_that_they_were_typed_for() {
        let day = "2026-11-26";
        assert_eq!(found(day, (20, 0), &[]), "26 4:00 – 27 0:00");
        assert_eq!(found(day, (2, 0), &[("8:00", "tomorrow 2:00")]), "26 22:00 – 27 0:00");
        assert_eq!(found(day, (2, 0), &[("9:00", "24:00")]), "26 22:00 – 27 0:00");
        assert_eq!(found(day, (24, 0), &[]), "26 0:00 – 27 0:00");
    }

    #[test] // E2, E5
    fn a_short_day_has_less_room_and_a_long_one_more() {
        assert_eq!(found("2026-03-29", (24, 0), &[]), "29 0:00 – 30 1:00");
        assert_eq!(found("2026-10-25", (24, 0), &[]), "25 1:00 – 26 0:00");
        assert_eq!(found("2026-10-25", (15, 0), &[]), "25 9:00 – 26 0:00");
    }
}
