//! What people say of days, times and lengths, read by the clock on their wall (E5, E9).

use tallyport_domain::Zone;
use tallyport_domain::time::{BadLength, Calendar, Day, DayRange, Field, Instant, Length, Moment, Refusal, Tracked, Typed, When};
use tallyport_storage::EntryRow;

use crate::time::WhenToAdd;
use crate::{Error, Result};

/// The most days that one list covers.
const MOST_DAYS: usize = 366;

/// The clock on a wall.
pub(crate) struct Wall {
    pub(crate) zone: Zone,
    pub(crate) calendar: Calendar,
    pub(crate) now: Instant,
}

impl Wall {
    pub(crate) fn today(&self) -> Day {
        self.calendar.day_of(self.now)
    }

    pub(crate) fn day(&self, text: &str) -> Result<Day> {
        Day::read(text, self.today()).map_err(no_time)
    }

    /// From one day to another; until today where only the first is given, and today where neither is.
    pub(crate) fn days(&self, from: Option<&str>, to: Option<&str>) -> Result<DayRange> {
        let today = self.today();
        let day = |text: Option<&str>| text.map(|text| self.day(text)).transpose();
        match (day(from)?, day(to)?) {
            (Some(from), Some(to)) => range(from, to),
            (Some(from), None) => range(from, today.max(from)),
            (None, Some(to)) => Ok(DayRange::of(to)),
            (None, None) => Ok(DayRange::of(today)),
        }
    }

    pub(crate) fn when(&self, when: &WhenToAdd) -> Result<When> {
        match when {
            WhenToAdd::FromTo { start, end, counted } => {
                let start = self.instant(start, None)?;
                let end = self.instant(end, Some(self.calendar.day_of(start)))?;
                Ok(if *counted { When::Counted(start, end) } else { When::Typed(start, end) })
            }
            WhenToAdd::OnDay { date, duration } => match typed(duration)? {
                Typed::Set(length) => Ok(When::OnDay(self.day(date)?, length)),
                _ => Err(not_here("a new entry takes a duration such as 1:30")),
            },
        }
    }

    pub(crate) fn optional(&self, text: Option<&str>, day: Option<Day>) -> Result<Option<Instant>> {
        text.map(|text| self.instant(text, day)).transpose()
    }

    /// An instant; a time without a day is one of `day`, or of today.
    pub(crate) fn instant(&self, text: &str, day: Option<Day>) -> Result<Instant> {
        let today = self.today();
        let moment = Moment::read(text, day.unwrap_or(today), today).map_err(no_time)?;
        Ok(moment.in_zone(&self.zone).map_err(no_time)?.at)
    }
}

/// Days that follow one another, not more than can be answered at once.
fn range(from: Day, to: Day) -> Result<DayRange> {
    let days = DayRange::new(from, to).map_err(no_time)?;
    if days.days().nth(MOST_DAYS).is_some() {
        return Err(Error::When(format!("ask for at most {MOST_DAYS} days at once")));
    }
    Ok(days)
}

/// A duration as it is typed in a terminal, which may change the one that is there.
pub(crate) fn length(text: &str, found: &EntryRow, now: Instant) -> Result<Length> {
    let there = match &found.tracked {
        Tracked::Ended(entry) => entry.span.length(),
        Tracked::Running(timer) => timer.length(now),
    };
    let typed = typed(text)?;
    if matches!(typed, Typed::Fill(_)) {
        return Err(not_here("\"=\" fills a day, and this is one entry: give a duration such as 1:30"));
    }
    let length = typed.applied(there, Length::ZERO).map_err(Refusal::from).map_err(Error::Time)?;
    length.ok_or_else(|| not_here("an entry has a second at least: delete it instead"))
}

fn typed(text: &str) -> Result<Typed> {
    Typed::read(text, Field::Terminal).map_err(Refusal::from).map_err(Error::Time)
}

fn not_here(why: &'static str) -> Error {
    Error::Time(BadLength::NotHere(why).into())
}

#[expect(clippy::needless_pass_by_value, reason = "as an error is handed over")]
fn no_time(wrong: impl ToString) -> Error {
    Error::When(wrong.to_string())
}
