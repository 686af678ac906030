//! The system's clock and chance, for whoever has none of their own.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use tallyport_domain::{Clock, Random};

/// The clock of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

#[async_trait]
impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is where the system's clock comes in")]
    fn now(&self) -> DateTime<Utc> {
        std::time::SystemTime::now().into()
    }

    #[expect(clippy::disallowed_methods, reason = "this is where the system's clock comes in")]
    async fn sleep_until(&self, instant: DateTime<Utc>) {
        // A timer counts on while the wall clock is set or the machine sleeps, so look again at least once a minute; and a
        // clock that is set back makes nobody wait longer than they set out to.
        let mut longest = (instant - self.now()).to_std().unwrap_or_default();
        while let Ok(left) = (instant - self.now()).to_std()
            && !left.is_zero()
            && !longest.is_zero()
        {
            let step = left.min(longest).min(std::time::Duration::from_mins(1));
            tokio::time::sleep(step).await;
            longest -= step;
        }
    }
}

/// The chance of the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    #[expect(clippy::disallowed_methods, reason = "this is where the system's chance comes in")]
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the operating system has a source of random bytes");
    }
}
