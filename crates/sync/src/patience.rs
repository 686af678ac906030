//! How long to wait for a source (I19).

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use tallyport_domain::{Impatient, WaitFor};

/// A wait of this length and more is shown and recorded; a shorter one is the pace of the source and nobody's concern.
const SHOWN: TimeDelta = TimeDelta::seconds(10);

/// How long a run may wait for the source, in all, its pace aside (I19).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Patience {
    /// As long as it takes.
    Forever,
    /// At most so long; then the run ends and the next one goes on from what was read.
    AtMost(TimeDelta),
}

/// The time that one reading has left to wait.
#[derive(Debug)]
pub(crate) struct Waits {
    patience: Patience,
    waited: Mutex<Waited>,
}

/// The time that counted; what is waited for at the same time counts once.
#[derive(Debug, Default)]
struct Waited {
    sum: TimeDelta,
    /// When the last wait began, and the end of the longest.
    last: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

impl Waits {
    pub(crate) fn new(patience: Patience) -> Self {
        Self { patience, waited: Mutex::default() }
    }

    /// Takes a wait off what is left, or refuses it.
    ///
    /// Seconds of pace and of repeated requests are not worth giving up for: a run that did would start over, to meet the
    /// same again.
    pub(crate) fn take(&self, why: WaitFor, now: DateTime<Utc>, until: DateTime<Utc>) -> Result<(), Impatient> {
        if is_pace(why, until - now) {
            return Ok(());
        }
        let mut waited = self.waited.lock().unwrap_or_else(PoisonError::into_inner);
        // After the clock was set back nothing is known of what counts already.
        let counted = waited.last.filter(|(began, _)| *began <= now).map_or(now, |(_, end)| end.max(now));
        let sum = waited.sum + (until - counted).max(TimeDelta::zero());
        match self.patience {
            Patience::AtMost(most) if sum > most => Err(Impatient),
            _ => {
                *waited = Waited { sum, last: Some((now, counted.max(until))) };
                Ok(())
            }
        }
    }
}

/// Whether a wait is just the pace of the source: neither counted nor told.
pub(crate) fn is_pace(why: WaitFor, wait: TimeDelta) -> bool {
    why != WaitFor::Quota && wait < SHOWN
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test] // I19
    fn what_is_waited_for_at_the_same_time_counts_once() {
        let noon: DateTime<Utc> = "2026-11-26T12:00:00Z".parse().expect("an instant");
        let waits = Waits::new(Patience::AtMost(TimeDelta::seconds(60)));
        let take =
            |from, until| waits.take(WaitFor::Quota, noon + TimeDelta::seconds(from), noon + TimeDelta::seconds(until)).is_ok();
        assert!(take(0, 40) && take(1, 25) && take(2, 40) && take(25, 41), "41 seconds, whoever waits");
        assert!(!take(41, 61), "61 seconds");
        assert!(take(41, 60) && !take(60, 61), "just 60");
        assert!(!take(-1000, -999), "a clock that was set back gives no time away");
    }
}
