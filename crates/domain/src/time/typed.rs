//! Durations as people type them (E9).

use super::Length;
use super::amount::{Amount, Wrong, amount};

/// Where a duration is typed: it decides what a bare number means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    /// A timer or a form: minutes.
    Form,
    /// A cell of the week: hours up to 24, minutes above.
    Cell,
    /// A terminal, where nobody sees the reading before it is saved: asked back.
    Terminal,
}

/// What somebody typed for a duration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Typed {
    /// `0` or nothing: clears what is there.
    Clear,
    /// `1:30`: takes the place of what is there.
    Set(Length),
    /// `+15`: that much more than what is there.
    More(Length),
    /// `-0:10`: that much less.
    Less(Length),
    /// `=8`: as much as fills the day to this total.
    Fill(Length),
}

/// The text is no duration, or none that can be here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadLength {
    /// It cannot be read.
    #[error("{0:?} is not a duration: write 1:30, 1h30m, 90m or 1.5")]
    Unreadable(String),
    /// Minutes or seconds behind a larger unit are more than 59.
    #[error("{0:?} has more than 59 minutes or seconds: write 1:45, 105m or 1.75")]
    PastMinutes(String),
    /// A bare number where nobody sees how it is read.
    #[error("{0}h or {0}m? write which")]
    Bare(u64),
    /// More than 24 hours (E4).
    #[error("{0} is more than a day: write 2:00, 2h or 1.5")]
    TooLong(String),
    /// It can be a duration elsewhere.
    #[error("{0}")]
    NotHere(&'static str),
    /// Less than nothing would be left.
    #[error("less than nothing would be left: write 0:10, or 0 to clear")]
    Negative,
}

/// Nobody types more than this for a duration.
const LONGEST: usize = 40;
/// A bare number up to this one is hours where both are meant.
const HOURS_UP_TO: u64 = 24;

impl Typed {
    /// Reads a duration: `1:30`, `01:30:15`, `1h30m`, `1h 30min`, `1h30`, `2h`, `90m`, `90min`, `1.5h`, `45s`, `1.5`, `1,5`, a
    /// bare `90`; `+15` and `-0:10` change what is there, `=8` fills the day, `0` or nothing clears.
    ///
    /// A bare number behind a sign is minutes wherever it is typed, behind `=` hours up to 24 and minutes above.
    ///
    /// # Errors
    /// Any other text, and more than 24 hours.
    pub fn read(text: &str, field: Field) -> Result<Self, BadLength> {
        let text = text.trim();
        // On one line, and no longer than it has to be.
        let said = || text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(LONGEST).collect::<String>();
        if text.is_empty() {
            return Ok(Self::Clear);
        }
        if text.len() > LONGEST {
            return Err(BadLength::Unreadable(said()));
        }
        let (make, rest, bare): (fn(Length) -> Self, &str, Bare) = match text.chars().next() {
            Some('+') => (Self::More, &text[1..], Bare::Minutes),
            Some('-') => (Self::Less, &text[1..], Bare::Minutes),
            Some(minus @ '\u{2212}') => (Self::Less, &text[minus.len_utf8()..], Bare::Minutes),
            Some('=') => (Self::Fill, &text[1..], Bare::Either),
            _ => (Self::Set, text, field.bare()),
        };
        let seconds = match amount(rest.trim_start()).map_err(|wrong| wrong.about(said()))? {
            Amount::Seconds(seconds) => seconds,
            Amount::Bare(0) => 0,
            Amount::Bare(number) => match bare {
                Bare::Either if number <= HOURS_UP_TO => number * 3600,
                Bare::Asked if number <= HOURS_UP_TO * 60 => return Err(BadLength::Bare(number)),
                Bare::Either | Bare::Minutes | Bare::Asked => number.saturating_mul(60),
            },
        };
        let length = i64::try_from(seconds).ok().and_then(Length::from_seconds).filter(|length| *length <= Length::DAY);
        match make(length.ok_or_else(|| BadLength::TooLong(said()))?) {
            Self::Set(Length::ZERO) => Ok(Self::Clear),
            typed => Ok(typed),
        }
    }

    /// What becomes of `there`, on a day that has `total` with it; nothing where it is cleared.
    ///
    /// # Errors
    /// Less than nothing would be left, or more than 24 hours.
    pub fn applied(self, there: Length, total: Length) -> Result<Option<Length>, BadLength> {
        let length = match self {
            Self::Clear => Length::ZERO,
            Self::Set(length) => length,
            Self::More(length) => there + length,
            Self::Less(length) => there.less(length).ok_or(BadLength::Negative)?,
            Self::Fill(day) => (there + day).less(total).ok_or(BadLength::Negative)?,
        };
        if length > Length::DAY {
            return Err(BadLength::TooLong(length.short()));
        }
        Ok((!length.is_zero()).then_some(length))
    }
}

impl Field {
    fn bare(self) -> Bare {
        match self {
            Self::Form => Bare::Minutes,
            Self::Cell => Bare::Either,
            Self::Terminal => Bare::Asked,
        }
    }
}

/// What a bare number means.
#[derive(Clone, Copy)]
enum Bare {
    Minutes,
    Either,
    Asked,
}

impl Wrong {
    fn about(self, text: String) -> BadLength {
        match self {
            Self::Unreadable => BadLength::Unreadable(text),
            Self::PastMinutes => BadLength::PastMinutes(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELDS: [Field; 3] = [Field::Form, Field::Cell, Field::Terminal];

    fn seconds(count: i64) -> Length {
        Length::from_seconds(count).unwrap()
    }

    #[test] // E9: the table of durations, which is read alike wherever it is typed
    fn durations_are_read_as_people_type_them() {
        for (text, read) in [
            ("1:30", Typed::Set(seconds(5400))),
            ("01:30:15", Typed::Set(seconds(5415))),
            ("1h30m", Typed::Set(seconds(5400))),
            ("1h 30min", Typed::Set(seconds(5400))),
            ("1h30", Typed::Set(seconds(5400))),
            ("2h", Typed::Set(seconds(7200))),
            ("90m", Typed::Set(seconds(5400))),
            ("90min", Typed::Set(seconds(5400))),
            ("1.5h", Typed::Set(seconds(5400))),
            ("45s", Typed::Set(seconds(45))),
            ("1.5", Typed::Set(seconds(5400))),
            ("1,5", Typed::Set(seconds(5400))),
            ("+15", Typed::More(seconds(900))),
            ("-0:10", Typed::Less(seconds(600))),
            ("=8", Typed::Fill(seconds(28_800))),
            ("0", Typed::Clear),
            ("", Typed::Clear),
        ] {
            for field in FIELDS {
                assert_eq!(Typed::read(text, field), Ok(read), "{text:?} in {field:?}");
            }
        }
    }

    #[test] // E9: the table of bare numbers
    fn a_bare_number_is_minutes_in_forms_hours_in_cells_and_asked_back_in_a_terminal() {
        let set = |count| Ok(Typed::Set(seconds(count)));
        for (text, form, cell) in [
            ("90", set(5400), set(5400)),
            ("24", set(1440), set(86_400)),
            ("25", set(1500), set(1500)),
            ("2", set(120), set(7200)),
        ] {
            assert_eq!(Typed::read(text, Field::Form), form, "{text:?}");
            assert_eq!(Typed::read(text, Field::Cell), cell, "{text:?}");
            let asked = Typed::read(text, Field::Terminal).unwrap_err().to_string();
            assert!(asked.starts_with(&format!("{text}h or {text}m?")), "{asked}");
        }
    }

    #[test] // E9
    fn what_is_written_much_like_the_table_is_read_too() {
        for (text, read) in [
            (" 1 h 30 min ", 5400),
            ("1H30M", 5400),
            ("1,5 h", 5400),
            ("1h30m15s", 5415),
            ("2m 30s", 150),
            ("90 min", 5400),
            ("0:05", 300),
            ("24:00", 86_400),
            ("0.0001", 0),
            ("0.33", 1188),
            ("1.3333", 4800),
            ("1.33333333333333333333", 4800),
        ] {
            let typed = if read == 0 { Typed::Clear } else { Typed::Set(seconds(read)) };
            assert_eq!(Typed::read(text, Field::Terminal), Ok(typed), "{text:?}");
        }
        assert_eq!(Typed::read("\u{2212} 0:10", Field::Form), Ok(Typed::Less(seconds(600))));
        assert_eq!(Typed::read("= 7:30", Field::Cell), Ok(Typed::Fill(seconds(27_000))));
        assert_eq!(Typed::read("=45", Field::Form), Ok(Typed::Fill(seconds(2700))));
    }

    #[test] // E9
    fn what_is_no_duration_is_refused_with_an_example() {
        for text in [
            "soon",
            "1:5",
            "1:",
            ":30",
            "1:30:15:00",
            "1h30x",
            "h",
            "1.h",
            ".5",
            "1.",
            "1.5m",
            "1.5.5",
            "30m1h",
            "1h1h",
            "1m30",
            "+",
            "=",
            "--5",
            "+-5",
            "1 30",
            "१:३०",
            "1h 30 45",
            "1,5,5",
            "1.x",
            "1.ééééé",
        ] {
            let refused = Typed::read(text, Field::Form).unwrap_err();
            assert_eq!(refused, BadLength::Unreadable(text.to_owned()));
            assert!(refused.to_string().contains("write 1:30"), "{refused}");
        }
        for text in ["1:60", "1:30:60", "1h60m", "1h75", "1m90s"] {
            assert_eq!(Typed::read(text, Field::Form), Err(BadLength::PastMinutes(text.to_owned())));
        }
        for text in
            ["26:00", "24:00:01", "25h", "1441", "24.01", "+25h", "=1441", "99999999999999999999", "99999999999999999999h"]
        {
            let refused = Typed::read(text, Field::Form).unwrap_err();
            assert_eq!(refused, BadLength::TooLong(text.to_owned()), "{text:?}");
            assert!(refused.to_string().contains("more than a day: write 2:00, 2h or 1.5"), "{refused}");
        }
        assert_eq!(Typed::read("1441", Field::Terminal), Err(BadLength::TooLong("1441".to_owned())));
        assert_eq!(
            Typed::read("99999999999999999999 x", Field::Cell),
            Err(BadLength::Unreadable("99999999999999999999 x".to_owned()))
        );
        assert_eq!(Typed::read("25h\n\n1m", Field::Cell), Err(BadLength::TooLong("25h 1m".to_owned())));
        assert!(Typed::read(&"9".repeat(100_000), Field::Cell).unwrap_err().to_string().len() < 200);
    }

    #[test] // E9
    fn a_change_is_of_what_is_there_and_a_fill_is_of_the_day() {
        let [hour, five, eight] = [3600, 5 * 3600, 8 * 3600].map(seconds);
        let applied = |text| Typed::read(text, Field::Cell).unwrap().applied(hour, five);
        assert_eq!(applied("+15"), Ok(Some(seconds(4500))));
        assert_eq!(applied("-0:10"), Ok(Some(seconds(3000))));
        assert_eq!(applied("2"), Ok(Some(seconds(7200))));
        assert_eq!(applied("=8"), Ok(Some(seconds(4 * 3600))));
        assert_eq!(Typed::Fill(eight).applied(Length::ZERO, five), Ok(Some(seconds(3 * 3600))));
        for text in ["0", "", "-60", "=4"] {
            assert_eq!(applied(text), Ok(None), "{text:?}");
        }
        for text in ["-61", "=3:59"] {
            assert_eq!(applied(text), Err(BadLength::Negative), "{text:?}");
        }
        assert_eq!(applied("+23:01"), Err(BadLength::TooLong("24:01".to_owned())));
    }

    #[test] // E9
    fn what_is_written_is_read_again() {
        for count in (1..=86_400).step_by(37) {
            let length = seconds(count);
            for text in [length.short(), length.full(), length.prose()] {
                assert_eq!(Typed::read(&text, Field::Terminal), Ok(Typed::Set(length)), "{text:?}");
            }
        }
    }
}
