//! What has had its day, and is deleted.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::Result;

/// What the runner that tidies up asks, over all accounts.
#[async_trait]
pub trait SweepStore: Send + Sync {
    /// Deletes in one step at most so much of what has had its day: answers to requests with keys, sessions that are over, links
    /// that are, and mail that nobody has to look at any more (`tallyport_domain::ANSWERS_KEPT` and its neighbours). Several
    /// processes may do so at once: each row is deleted by one of them.
    async fn sweep(&self, now: DateTime<Utc>, most: u32) -> Result<Swept>;
}

/// How much of each was deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Swept {
    /// Answers to requests with keys.
    pub answers: u32,
    /// Sessions.
    pub sessions: u32,
    /// Links.
    pub links: u32,
    /// Mails.
    pub mails: u32,
}

impl Swept {
    /// All of it.
    #[must_use]
    pub fn total(self) -> u32 {
        self.answers + self.sessions + self.links + self.mails
    }
}
