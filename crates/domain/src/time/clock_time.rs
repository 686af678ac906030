//! Times of day as people type them (E9).

use std::fmt;

/// A time of day, in whole seconds, up to 24:00, which is the end of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClockTime(u32);

/// The text is no time of day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadClockTime {
    /// It cannot be read.
    #[error("{0:?} is not a time of day: write 9, 930, 9:30, 9:30pm or 21.30")]
    Unreadable(String),
    /// Its minutes or seconds are more than 59.
    #[error("minutes and seconds go to 59: write 9:45")]
    PastMinutes,
    /// Its hours are more than the day has.
    #[error("hours go to 23, and with am or pm from 1 to 12: write 21:30 or 9:30pm")]
    PastHours,
}

impl ClockTime {
    /// Nobody types more than this for a time, its day and its offset.
    pub(super) const LONGEST: usize = 60;

    /// Where a day's hours are looked for that were typed without a time (E2).
    pub const NINE: Self = Self(9 * 3600);

    /// A time of day out of the seconds since midnight as the clock shows them, of which there are 86,400 at most.
    #[must_use]
    pub fn from_seconds(seconds: u32) -> Option<Self> {
        (seconds <= 86_400).then_some(Self(seconds))
    }

    /// The seconds since midnight, as the clock shows them.
    #[must_use]
    pub fn seconds(self) -> u32 {
        self.0
    }

    /// Reads `9`, `930`, `9:30`, `9:30pm` or `21.30`, seconds after a second colon, and `24:00`.
    ///
    /// # Errors
    /// Any other text.
    pub fn read(text: &str) -> Result<Self, BadClockTime> {
        let unreadable = || BadClockTime::Unreadable(text.trim().chars().take(40).collect());
        if text.len() > Self::LONGEST {
            return Err(unreadable());
        }
        let folded = text.trim().to_ascii_lowercase();
        let (digits, half) = match folded.strip_suffix('m') {
            Some(rest) => {
                let pm = rest.ends_with('p');
                let digits = rest.strip_suffix(['a', 'p']).ok_or_else(unreadable)?;
                (digits.trim_end(), Some(pm))
            }
            None => (folded.as_str(), None),
        };
        let [hours, minutes, seconds] = parts(digits).ok_or_else(unreadable)?;
        if minutes > 59 || seconds > 59 {
            return Err(BadClockTime::PastMinutes);
        }
        let hours = match half {
            None => hours,
            Some(_) if !(1..=12).contains(&hours) => return Err(BadClockTime::PastHours),
            Some(pm) => hours % 12 + if pm { 12 } else { 0 },
        };
        Self::from_seconds(hours * 3600 + minutes * 60 + seconds).ok_or(BadClockTime::PastHours)
    }
}

/// Hours, minutes and seconds out of the digits that say them.
fn parts(text: &str) -> Option<[u32; 3]> {
    let number = |text: &str, lengths: std::ops::RangeInclusive<usize>| {
        let plain = lengths.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        if plain { text.parse::<u32>().ok() } else { None }
    };
    let separator = if text.contains(':') { ':' } else { '.' };
    let mut fields = text.split(separator);
    let (hours, minutes, seconds) = (fields.next()?, fields.next(), fields.next());
    if fields.next().is_some() || (seconds.is_some() && separator == '.') {
        return None;
    }
    if let Some(minutes) = minutes {
        let seconds = seconds.map_or(Some(0), |seconds| number(seconds, 2..=2))?;
        return Some([number(hours, 1..=2)?, number(minutes, 2..=2)?, seconds]);
    }
    let together = number(hours, 1..=4)?;
    Some(if hours.len() <= 2 { [together, 0, 0] } else { [together / 100, together % 100, 0] })
}

impl fmt::Display for ClockTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hours, minutes, seconds) = (self.0 / 3600, self.0 / 60 % 60, self.0 % 60);
        write!(f, "{hours}:{minutes:02}")?;
        if seconds == 0 { Ok(()) } else { write!(f, ":{seconds:02}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test] // E9: the table of clock times
    fn times_of_day_are_read_as_people_type_them() {
        for (text, read) in [("9", "9:00"), ("930", "9:30"), ("9:30", "9:30"), ("9:30pm", "21:30"), ("21.30", "21:30")] {
            assert_eq!(ClockTime::read(text).unwrap().to_string(), read, "{text:?}");
        }
    }

    #[test] // E9
    fn what_is_written_much_like_the_table_is_read_too() {
        for (text, read) in [
            ("0", "0:00"),
            ("09", "9:00"),
            ("0930", "9:30"),
            ("2130", "21:30"),
            ("9.05", "9:05"),
            (" 9:30 PM ", "21:30"),
            ("9pm", "21:00"),
            ("930am", "9:30"),
            ("12am", "0:00"),
            ("12:30 am", "0:30"),
            ("12pm", "12:00"),
            ("9:30:15", "9:30:15"),
            ("23:59", "23:59"),
            ("24:00", "24:00"),
        ] {
            let time = ClockTime::read(text).unwrap();
            assert_eq!(time.to_string(), read, "{text:?}");
            assert_eq!(ClockTime::read(&time.to_string()).unwrap(), time);
        }
    }

    #[test] // E9
    fn what_is_no_time_of_day_is_refused_with_an_example() {
        for text in [
            "",
            "nine",
            "9:5",
            "9:",
            ":30",
            "9:30:1",
            "9.30.15",
            "99999",
            "-9",
            "9h",
            "9 30",
            "am",
            "m",
            "９:30",
            "9:30pmm",
            "1:30:00:00",
        ] {
            let refused = ClockTime::read(text).unwrap_err();
            assert_eq!(refused, BadClockTime::Unreadable(text.to_owned()));
            assert!(refused.to_string().contains("9:30pm"), "{refused}");
        }
        for text in ["9:60", "960", "9:30:60"] {
            assert_eq!(ClockTime::read(text), Err(BadClockTime::PastMinutes), "{text:?}");
        }
        for text in ["25", "2500", "24:01", "24:00:01", "13pm", "0:30am", "0am"] {
            assert_eq!(ClockTime::read(text), Err(BadClockTime::PastHours), "{text:?}");
        }
        assert!(ClockTime::read(&"9".repeat(1000)).unwrap_err().to_string().len() < 200);
    }
}
