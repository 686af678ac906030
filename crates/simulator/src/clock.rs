//! The simulator's clock: a value that is put in, read by everything, and moved by tests.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};

/// Microseconds since the Unix epoch at which a [`Clock::fixed`] stands: 26 November 2026, 14:06 UTC.
const START: i64 = 1_795_701_960_000_000;

/// The instant at which a fixed clock starts.
#[must_use]
pub fn start() -> DateTime<Utc> {
    DateTime::from_timestamp_micros(START).unwrap_or(DateTime::UNIX_EPOCH)
}

#[derive(Clone)]
enum Source {
    Fixed(DateTime<Utc>),
    Real,
    Following(Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>),
}

/// Where the simulator's time comes from, and how far it was moved by hand.
///
/// Clones share the movement: advancing one advances all.
#[derive(Clone)]
pub struct Clock {
    source: Source,
    moved: Arc<AtomicI64>,
}

impl Clock {
    /// Stands still at [`start`] until it is advanced.
    #[must_use]
    pub fn fixed() -> Self {
        Self::fixed_at(start())
    }

    /// Stands still at `instant` until it is advanced.
    #[must_use]
    pub fn fixed_at(instant: DateTime<Utc>) -> Self {
        Self::of(Source::Fixed(instant))
    }

    /// Runs with the machine's clock.
    #[must_use]
    pub fn real() -> Self {
        Self::of(Source::Real)
    }

    /// Asks `now` each time, so that a simulated world can share one clock with what it talks to.
    #[must_use]
    pub fn following(now: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Self {
        Self::of(Source::Following(Arc::new(now)))
    }

    fn of(source: Source) -> Self {
        Self { source, moved: Arc::new(AtomicI64::new(0)) }
    }

    fn unmoved(&self) -> DateTime<Utc> {
        match &self.source {
            Source::Fixed(instant) => *instant,
            Source::Real => {
                #[expect(clippy::disallowed_methods, reason = "the one place where the stand-in may follow real time")]
                let now = std::time::SystemTime::now();
                now.into()
            }
            Source::Following(now) => now(),
        }
    }

    /// The present instant, to the microsecond.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.unmoved() + TimeDelta::microseconds(self.moved.load(Ordering::SeqCst))
    }

    /// Moves the clock on (or back, when negative).
    pub fn advance(&self, by: TimeDelta) {
        self.moved.fetch_add(by.num_microseconds().unwrap_or(i64::MAX), Ordering::SeqCst);
    }

    /// Moves the clock to `instant`; a running one goes on from there.
    pub fn set(&self, instant: DateTime<Utc>) {
        let moved = (instant - self.unmoved()).num_microseconds().unwrap_or(0);
        self.moved.store(moved, Ordering::SeqCst);
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::fixed()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Clock").field(&self.now()).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicI64, Ordering};

    use chrono::{DateTime, TimeDelta};

    use super::{Clock, start};

    #[test]
    fn a_fixed_clock_moves_only_by_hand_and_clones_move_along() {
        let clock = Clock::fixed();
        let other = clock.clone();
        assert_eq!(clock.now(), start());
        clock.advance(TimeDelta::seconds(5));
        assert_eq!(other.now(), start() + TimeDelta::seconds(5));
        other.set(start());
        assert_eq!(clock.now(), start());
    }

    #[test]
    fn a_following_clock_goes_on_from_where_it_was_set() {
        let seconds = Arc::new(AtomicI64::new(100));
        let source = Arc::clone(&seconds);
        let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap();
        let clock = Clock::following(move || at(source.load(Ordering::SeqCst)));
        assert_eq!(clock.now(), at(100));
        clock.set(at(1_000));
        seconds.store(130, Ordering::SeqCst);
        assert_eq!(clock.now(), at(1_030));
    }

    #[test]
    fn a_real_clock_does_not_run_backwards() {
        let clock = Clock::real();
        let before = clock.now();
        assert!(clock.now() >= before);
        assert!(before > DateTime::UNIX_EPOCH);
    }
}
