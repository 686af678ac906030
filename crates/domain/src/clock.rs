//! Time and chance, which come in from outside so that tests can hold them still.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

/// Tells the time and waits.
#[async_trait]
pub trait Clock: Send + Sync {
    /// The instant it is now.
    fn now(&self) -> DateTime<Utc>;

    /// Returns at `instant` or soon after; at once when it has passed. Safe to drop while waiting.
    async fn sleep_until(&self, instant: DateTime<Utc>);
}

/// A source of unpredictable bytes.
pub trait Random: Send + Sync {
    /// Fills `bytes` with bytes that nobody can guess.
    fn fill(&self, bytes: &mut [u8]);
}
