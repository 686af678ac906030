//! Totals: how much time falls on which day (E5, L9).

use std::collections::BTreeMap;

use super::{Calendar, Day, DayRange, Instant, Length};
use crate::Zone;

/// Time that was tracked, in the zone that it was tracked in.
#[derive(Debug, Clone, Copy)]
pub struct Tally<'a> {
    /// From when.
    pub start: Instant,
    /// To when; for a timer that runs, now.
    pub end: Instant,
    /// Where.
    pub zone: &'a Zone,
}

/// What falls on each of these days; those without any time are left out. Each entry counts on the days of its own zone (E5), so
/// the days of everything add up to everything.
#[must_use]
pub fn totals<'a>(tallies: impl IntoIterator<Item = Tally<'a>>, days: DayRange) -> BTreeMap<Day, Length> {
    let mut totals: BTreeMap<Day, Length> = BTreeMap::new();
    for tally in tallies {
        let split = Calendar::of(tally.zone).split(tally.start, tally.end);
        for (day, length) in split.into_iter().filter(|(day, length)| days.holds(*day) && !length.is_zero()) {
            let total = totals.entry(day).or_default();
            *total = *total + length;
        }
    }
    totals
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test] // E5
    fn an_entry_counts_on_the_days_of_the_zone_that_it_was_made_in() {
        let at = |text: &str| Instant::of(text.parse().unwrap()).unwrap();
        let [berlin, tokyo] = ["Europe/Berlin", "Asia/Tokyo"].map(|zone| Zone::parse(zone).unwrap());
        // Late on the 25th in Berlin, early on the 26th in Tokyo.
        let (start, end) = (at("2026-11-25T21:00:00Z"), at("2026-11-25T23:30:00Z"));
        let tallies = [&berlin, &tokyo].map(|zone| Tally { start, end, zone });
        let day = |text| Day::parse(text).unwrap();
        let totals = |from, to| {
            let totals = super::totals(tallies, DayRange::new(day(from), day(to)).unwrap());
            totals.into_iter().map(|(day, length)| (day.to_string(), length.short())).collect::<Vec<_>>()
        };
        let both = [("2026-11-25", "2:00"), ("2026-11-26", "3:00")].map(|(day, length)| (day.to_owned(), length.to_owned()));
        assert_eq!(totals("2026-11-01", "2026-11-30"), both);
        assert_eq!(totals("2026-11-25", "2026-11-25"), both[..1]);
        assert_eq!(totals("2026-11-27", "2026-11-30"), []);
    }
}
