//! What stands in a table.

use chrono::{DateTime, FixedOffset};
use tallyport_domain::time::{Day, Length};

/// What stands in one place of a table.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell {
    /// What somebody wrote.
    Text(String),
    /// A number.
    Number(i64),
    /// Tenths of a percent.
    Share(u32),
    /// Yes or no.
    Yes(bool),
    /// A day.
    Day(Day),
    /// An instant as a clock on the wall showed it.
    At(DateTime<FixedOffset>),
    /// How long something took.
    Length(Length),
}

impl Cell {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub(crate) fn nothing() -> Self {
        Self::Text(String::new())
    }
}

/// The names of a path in one line.
pub(crate) fn path(path: &[tallyport_domain::Name]) -> String {
    path.iter().map(tallyport_domain::Name::as_str).collect::<Vec<_>>().join(" / ")
}
