//! Syncs that run by themselves (I4, I14).

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use tallyport_domain::{AccountId, Every, PersonId, Run, RunId};

use crate::Result;

/// What the runner of schedules asks, over all accounts.
#[async_trait]
pub trait ScheduleStore: Send + Sync {
    /// Every linked integration with a schedule.
    async fn schedules(&self) -> Result<Vec<Scheduled>>;

    /// Queues one mail to each active administrator about the account's last scheduled run, if it is held, or failed as the
    /// scheduled one before it did, and nobody was told yet (I14). Answers how many mails were queued.
    async fn tell_of_schedule(&self, account: AccountId, now: DateTime<Utc>) -> Result<u32>;
}

/// An account's schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scheduled {
    /// Whose.
    pub account: AccountId,
    /// Who owns the integration, in whose name the token is opened.
    pub owner: PersonId,
    /// How often.
    pub every: Every,
    /// The last run, whatever started it; nothing before the first one.
    pub last: Option<Run>,
    /// When the schedule was set or the integration linked, whichever was later: what is due counts from there before the first run.
    pub since: DateTime<Utc>,
    /// The last scheduled run of which administrators were told.
    pub told: Option<RunId>,
}
