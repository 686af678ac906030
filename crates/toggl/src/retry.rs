//! How long to pause before something that failed is tried again.

use std::time::Duration;

use chrono::TimeDelta;
use tallyport_domain::Random;

/// How often a request is tried again after an overload, a reset or a body that was cut.
pub(crate) const TRIES: u32 = 3;
/// The same after a timeout, which took its time already.
pub(crate) const TRIES_AFTER_TIMEOUT: u32 = 1;
/// How often a request is sent again after 429, and the pauses before.
pub(crate) const RATE_PAUSES: [TimeDelta; 3] = [TimeDelta::seconds(60), TimeDelta::seconds(120), TimeDelta::seconds(300)];
/// How many windows of a quota one request waits for: who is refused in each is not meant to get through.
pub(crate) const WINDOWS: u32 = 5;

/// Pauses that grow threefold, each cut by chance to between half and all of it, so that clients do not return together.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Backoff {
    first: TimeDelta,
}

impl Backoff {
    /// With a first pause of `base`, or with what suits the place.
    pub(crate) fn new(base: Option<Duration>, loopback: bool) -> Self {
        let usual = if loopback { TimeDelta::milliseconds(100) } else { TimeDelta::seconds(2) };
        let first = base.map_or(usual, |base| TimeDelta::from_std(base).unwrap_or(TimeDelta::minutes(1)));
        Self { first: first.min(TimeDelta::minutes(1)) }
    }

    /// The pause before try `again`, from 1.
    pub(crate) fn pause(self, again: u32, random: &dyn Random) -> TimeDelta {
        let mut bytes = [0; 2];
        random.fill(&mut bytes);
        let whole = self.first * 3_i32.pow(again.saturating_sub(1).min(5));
        whole / 2 + whole / 2 * i32::from(u16::from_le_bytes(bytes)) / i32::from(u16::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Always(u8);
    impl Random for Always {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0);
        }
    }

    fn all(backoff: Backoff, random: u8) -> TimeDelta {
        (1..=TRIES).map(|again| backoff.pause(again, &Always(random))).sum()
    }

    #[test]
    fn all_pauses_together_are_short_on_this_machine_and_bounded_elsewhere() {
        assert!(all(Backoff::new(None, true), 255) < TimeDelta::seconds(2));
        assert_eq!(all(Backoff::new(None, false), 0), TimeDelta::seconds(13));
        assert_eq!(all(Backoff::new(None, false), 255), TimeDelta::seconds(26));
        let slow = Backoff::new(Some(Duration::from_secs(u64::MAX)), true);
        assert!(slow.pause(3, &Always(255)) <= TimeDelta::minutes(9));
    }
}
