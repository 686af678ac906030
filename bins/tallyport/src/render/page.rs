//! What a drawing has to know of the place it is drawn on.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Ink;

/// The place a drawing is made for: its width, whether it has colours, and what time it is there.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    /// Columns.
    pub(crate) width: usize,
    /// Whether colours are on.
    pub(crate) colours: bool,
    /// The present.
    pub(crate) now: Timestamp,
    /// In which zone times are told.
    pub(crate) zone: TimeZone,
}

impl Page {
    /// The text in an ink, where colours are on.
    pub(crate) fn ink(&self, ink: Ink, text: &str) -> String {
        ink.on(text, self.colours)
    }
}

#[cfg(test)]
impl Page {
    /// 80 columns without colour, on Tuesday 24 November 2026 at 14:00 in UTC.
    pub(crate) fn plain() -> Self {
        let now = "2026-11-24T14:00:00Z".parse().expect("this is a timestamp");
        Self { width: 80, colours: false, now, zone: TimeZone::UTC }
    }

    /// The same in colour.
    pub(crate) fn coloured() -> Self {
        Self { colours: true, ..Self::plain() }
    }
}
