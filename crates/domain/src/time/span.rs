//! From when to when an entry goes (E2, E4).

use serde::{Deserialize, Serialize};

use super::{Instant, Length, Refusal};

/// How the ends of an entry came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// A timer was started, and somebody stopped it.
    Stopped,
    /// A timer was started, and the start of another one ended it (E1). Where a device tells later what it did between the two, it
    /// had ended earlier (E7).
    Switched,
    /// A timer was started and stopped on a device that had no connection, and told as a whole.
    Device,
    /// Somebody typed them.
    Hand,
}

impl Way {
    /// Every way.
    pub const ALL: [Self; 4] = [Self::Stopped, Self::Switched, Self::Device, Self::Hand];

    /// The word for this way in every interface.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stopped => "stopped",
            Self::Switched => "switched",
            Self::Device => "device",
            Self::Hand => "hand",
        }
    }

    /// Reads the word of [`Way::as_str`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.as_str() == text)
    }

    /// Whether it began with the start of a timer here, which has its place in the order of starts (E7).
    #[must_use]
    pub fn was_started(self) -> bool {
        matches!(self, Self::Stopped | Self::Switched)
    }
}

/// From when to when: a timer's end is never before its start, and what somebody typed has a second at least and 24 hours at
/// most (E4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Span {
    start: Instant,
    end: Instant,
    way: Way,
}

impl Span {
    /// A timer that runs longer is pointed out (E4).
    pub const OVERLONG: Length = Length::hours(12);

    /// From one instant to another.
    ///
    /// # Errors
    /// An end before the start, which is refused and never swapped; by hand also no time at all, and more than 24 hours.
    pub fn new(start: Instant, end: Instant, way: Way) -> Result<Self, Refusal> {
        let by_hand = way == Way::Hand;
        if end < start || (by_hand && end == start) {
            Err(Refusal::EndBeforeStart)
        } else if by_hand && end.since(start) > Length::DAY {
            Err(Refusal::TooLong)
        } else {
            Ok(Self { start, end, way })
        }
    }

    /// What a timer counted that was stopped by a clock which may have been set back since: it is never negative.
    #[must_use]
    pub(super) fn counted(start: Instant, end: Instant, way: Way) -> Self {
        Self { start, end: end.max(start), way }
    }

    /// When it begins.
    #[must_use]
    pub fn start(self) -> Instant {
        self.start
    }

    /// When it ends.
    #[must_use]
    pub fn end(self) -> Instant {
        self.end
    }

    /// How the two came about.
    #[must_use]
    pub fn way(self) -> Way {
        self.way
    }

    /// How long it is.
    #[must_use]
    pub fn length(self) -> Length {
        self.end.since(self.start)
    }

    /// Whether a timer was left running, which is pointed out and never cut (E4).
    #[must_use]
    pub fn is_overlong(self) -> bool {
        self.way != Way::Hand && self.length() > Self::OVERLONG
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Instant {
        Instant::from_seconds(1_800_000_000 + seconds).unwrap()
    }

    #[test] // E4
    fn by_hand_an_entry_has_a_second_at_least_and_a_day_at_most() {
        let typed = |end| Span::new(at(0), at(end), Way::Hand);
        assert_eq!(typed(-1), Err(Refusal::EndBeforeStart));
        assert_eq!(typed(0), Err(Refusal::EndBeforeStart));
        assert_eq!(typed(1).unwrap().length().seconds(), 1);
        assert_eq!(typed(86_400).unwrap().length(), Length::DAY);
        assert_eq!(typed(86_401), Err(Refusal::TooLong));
        assert_eq!(typed(25 * 3600), Err(Refusal::TooLong));
    }

    #[test]
    fn ways_are_read_by_the_word_they_have() {
        for way in Way::ALL {
            assert_eq!(Way::parse(way.as_str()), Some(way));
        }
        assert_eq!(Way::parse("timer"), None);
    }

    #[test] // E4
    fn a_timer_left_running_is_pointed_out_and_never_cut() {
        let counted = |end| Span::new(at(0), at(end), Way::Stopped).unwrap();
        assert!(counted(0).length().is_zero());
        assert!(!counted(12 * 3600).is_overlong());
        assert!(counted(12 * 3600 + 1).is_overlong());
        assert_eq!(counted(3 * 86_400).length().seconds(), 3 * 86_400);
        assert_eq!(Span::new(at(0), at(-1), Way::Stopped), Err(Refusal::EndBeforeStart));
        assert!(!Span::new(at(0), at(13 * 3600), Way::Hand).unwrap().is_overlong());
    }
}
