//! M19: every zone of the database, around what its clocks did and will do from 2015 to 2037, with entries of any times (E5, L9).

use std::collections::BTreeMap;
use std::io::Write as _;

use chrono::Weekday;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use tallyport_domain::Zone;
use tallyport_domain::time::{Calendar, ClockTime, Day, DayRange, Instant, Length, Moment, Tally, totals};

use super::numbers::Numbers;

/// How many cases are played where nothing else is said.
const CASES: u64 = 20_000;
const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

#[expect(clippy::disallowed_methods, reason = "how many cases are played is said from outside")]
fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// A zone, and each time that its clocks were set.
struct Clocks {
    zone: Zone,
    tz: TimeZone,
    set: Vec<i64>,
}

fn clocks() -> Vec<Clocks> {
    let [from, to] = ["2015-01-01T00:00:00Z", "2038-01-01T00:00:00Z"].map(|text| text.parse::<Timestamp>().unwrap());
    let zones = jiff::tz::db().available().map(|name| Zone::parse(name.as_str()).unwrap());
    let clocks = zones.map(|zone| {
        let tz = jiff::tz::db().get(zone.as_str()).unwrap();
        let set = tz.following(from).map(|set| set.timestamp()).take_while(|at| *at < to).map(Timestamp::as_second).collect();
        Clocks { zone, tz, set }
    });
    clocks.collect()
}

fn at(seconds: i64) -> Instant {
    Instant::from_seconds(seconds).unwrap()
}

/// When a day begins, as another library says.
fn begins(tz: &TimeZone, day: Day) -> i64 {
    let date: Date = day.to_string().parse().unwrap();
    date.to_zoned_datetime(tz.clone()).unwrap().timestamp().as_second()
}

/// The day of an instant, as another library says.
fn date(tz: &TimeZone, at: i64) -> Day {
    Day::parse(&tz.to_datetime(Timestamp::from_second(at).unwrap()).date().to_string()).unwrap()
}

fn sum(totals: &BTreeMap<Day, Length>) -> i64 {
    totals.values().copied().sum::<Length>().seconds()
}

/// Holds the days around an instant against what another library says of them, and counts their lengths in minutes.
fn days_are_right(clocks: &Clocks, around: i64, lengths: &mut BTreeMap<i64, usize>) {
    let calendar = Calendar::of(&clocks.zone);
    let middle = calendar.day_of(at(around));
    for number in middle.number() - 2..=middle.number() + 2 {
        let day = Day::from_number(number);
        let (start, length) = (calendar.start_of(day), calendar.length_of(day).seconds());
        assert_eq!(start, begins(&clocks.tz, day), "{} {day}", clocks.zone);
        assert_eq!(start + length, calendar.start_of(day.next()), "{} {day}", clocks.zone);
        if length > 0 {
            assert_eq!([start, start + length - 1].map(|second| calendar.day_of(at(second))), [day; 2], "{} {day}", clocks.zone);
            assert_eq!([start, start + length - 1].map(|second| date(&clocks.tz, second)), [day; 2], "{} {day}", clocks.zone);
        }
        *lengths.entry(length / 60).or_default() += 1;
    }
}

/// A time of day around an instant is an instant that shows it, or is refused, or comes twice.
fn times_are_right(clocks: &Clocks, around: i64, shown: &mut [usize; 3], numbers: &mut Numbers) {
    let calendar = Calendar::of(&clocks.zone);
    // By the offset from before or from after, so that times are among them that the clocks left out.
    let offset = clocks.tz.to_offset(Timestamp::from_second(around - numbers.within(0, 2)).unwrap()).seconds();
    let wall = around + i64::from(offset) + numbers.within(-120, 120) * 60;
    let (day, time) = (wall.div_euclid(DAY), wall.rem_euclid(DAY));
    let (day, time) = (Day::from_number(day), ClockTime::from_seconds(u32::try_from(time).unwrap()).unwrap());
    let shows = |at: Instant| {
        let local = clocks.tz.to_datetime(Timestamp::from_second(at.seconds()).unwrap());
        let seconds = i64::from(local.hour()) * HOUR + i64::from(local.minute()) * 60 + i64::from(local.second());
        (date(&clocks.tz, at.seconds()), seconds) == (day, i64::from(time.seconds()))
    };
    if let Ok(meant) = Moment::new(day, time).in_zone(&clocks.zone) {
        assert!(shows(meant.at), "{} {day} {time}: {}", clocks.zone, meant.at);
        assert!(meant.again.is_none_or(|again| again > meant.at && shows(again)), "{} {day} {time}", clocks.zone);
        shown[usize::from(meant.again.is_some())] += 1;
    } else {
        // No instant of that day and its neighbours shows it.
        let (start, end) = (calendar.start_of(day) - HOUR, calendar.start_of(day.next()) + HOUR);
        let first = start + (i64::from(time.seconds()) - start).rem_euclid(60);
        assert!((first..end).step_by(60).all(|second| !shows(at(second))), "{} {day} {time} is there", clocks.zone);
        shown[2] += 1;
    }
}

#[test] // E5, L9; M19
fn in_every_zone_the_days_of_entries_add_up_to_the_entries() {
    let cases = number("TALLYPORT_TIME_CASES").unwrap_or(CASES);
    let all = clocks();
    let (mut lengths, mut shown, mut across) = (BTreeMap::new(), [0; 3], 0);
    for case in 0..cases {
        let mut numbers = Numbers(case);
        let mine = &all[usize::try_from(case).unwrap() % all.len()];
        let around = match mine.set.len() {
            0 => at(1_420_070_400 + numbers.within(0, 12_000_000) * 60).seconds(),
            many => mine.set[numbers.index(many)],
        };
        days_are_right(mine, around, &mut lengths);
        times_are_right(mine, around, &mut shown, &mut numbers);

        // Entries of this zone and of another one, from none to some days long.
        let other = &all[numbers.index(all.len())];
        let spans: Vec<(i64, i64, &Clocks)> = (0..numbers.within(1, 6))
            .map(|_| {
                let start = around + numbers.within(-3 * DAY, 3 * DAY);
                let length = match numbers.below(4) {
                    0 => numbers.within(0, 3),
                    1 => numbers.within(0, 4 * DAY),
                    _ => numbers.within(0, 10 * HOUR),
                };
                (start, start + length, if numbers.below(3) == 0 { other } else { mine })
            })
            .collect();
        let whole: i64 = spans.iter().map(|(start, end, _)| end - start).sum();
        let over = |from: i64, to: i64| {
            let days = DayRange::new(Day::from_number(from), Day::from_number(to)).unwrap();
            totals(spans.iter().map(|(start, end, clocks)| Tally { start: at(*start), end: at(*end), zone: &clocks.zone }), days)
        };
        let middle = around.div_euclid(DAY);
        let (from, to) = (middle - 10, middle + 10);
        let everything = over(from, to);
        assert_eq!(sum(&everything), whole, "case {case}");
        across += usize::from(everything.len() > spans.len());

        // Any days at all: what lies between the beginning of the first and the end of the last.
        let first = middle + numbers.within(-5, 5);
        let last = first + numbers.within(0, 6);
        let within: i64 = spans
            .iter()
            .map(|(start, end, clocks)| {
                let bounds = [first, last + 1].map(|number| begins(&clocks.tz, Day::from_number(number)));
                ((*end).min(bounds[1]) - (*start).max(bounds[0])).max(0)
            })
            .sum();
        assert_eq!(sum(&over(first, last)), within, "case {case}");

        // The weeks and months of the same days, and the days one by one.
        let week = Weekday::try_from(u8::try_from(numbers.below(7)).unwrap()).unwrap();
        let mut weeks: BTreeMap<Day, Length> = BTreeMap::new();
        let mut months: BTreeMap<_, Length> = BTreeMap::new();
        for (day, length) in &everything {
            for total in [weeks.entry(day.week(week).from()).or_default(), months.entry(day.month()).or_default()] {
                *total = *total + *length;
            }
            assert_eq!(over(day.number(), day.number()), BTreeMap::from([(*day, *length)]), "case {case}");
        }
        assert_eq!([sum(&weeks), months.into_values().sum::<Length>().seconds()], [whole; 2], "case {case}");
    }
    // Not by a macro, so that it is seen without --nocapture.
    let set: usize = all.iter().map(|clocks| clocks.set.len()).sum();
    let told =
        format!("{} zones, clocks set {set} times, days by minutes {lengths:?}, times once, twice, never {shown:?}", all.len());
    writeln!(std::io::stderr(), "M19: {cases} cases, {told}").unwrap();
    assert!(all.len() > 500 && set > 8000, "{} zones, clocks set {set} times", all.len());
    if cases >= CASES {
        for minutes in [23 * 60, 23 * 60 + 30, 24 * 60, 24 * 60 + 30, 25 * 60] {
            assert!(lengths.get(&minutes).is_some_and(|days| *days > 5), "hardly a day of {minutes} minutes: {lengths:?}");
        }
        assert!(across > 1000 && shown.iter().all(|times| *times > 100), "{across} across midnight, {shown:?}");
    }
}
