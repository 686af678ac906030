//! Syncs that run by themselves, and what administrators are told of them (I4, I14).
//!
//! Nothing here waits: whoever serves asks for a turn every few seconds, by a timer that no clock can hold up, and what is due is
//! decided by the clock and by what is on record. So any number of processes can take turns over one store: the lease decides
//! which of them runs (I11), and the store tells of a run once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use tallyport_api_types::Code;
use tallyport_domain::{AccountId, Run, RunId};
use tallyport_storage::Scheduled;

use crate::{Error, Integration, Result};

/// Syncs that run by themselves: no request reaches this, and nobody acts.
#[derive(Clone)]
pub struct Schedules {
    integration: Integration,
    remembered: Arc<Mutex<HashMap<AccountId, Remembered>>>,
}

/// What a turn brought for an account. What stays as it was is told once.
#[derive(Debug)]
pub enum ScheduleNews {
    /// A run was started.
    Started(RunId),
    /// It is due and cannot be started: its owner is gone, its token rejected, its key missing (I17).
    NotStarted(Error),
    /// So many mails about the last scheduled run were queued (I14).
    Told(u32),
    /// The store did not do what it was asked; the next turn asks again.
    Failed(Error),
}

/// What spares the store the same question at each turn. Nothing that has to be right rests on it.
#[derive(Default)]
struct Remembered {
    /// The last run that was looked at for something to tell.
    looked_at: Option<RunId>,
    /// Why nothing could be started last.
    refused: Option<Code>,
}

impl Schedules {
    pub(crate) fn new(integration: Integration) -> Self {
        Self { integration, remembered: Arc::default() }
    }

    /// Starts every sync that is due, and sees to it that administrators are told of what needs them.
    ///
    /// However many slots were missed, and whatever the clock did meanwhile, one run makes up for them.
    ///
    /// # Errors
    /// Where the schedules cannot be read. What goes wrong for one account is among the news and holds up no other.
    pub async fn turn(&self) -> Result<Vec<(AccountId, ScheduleNews)>> {
        let scheduled = self.integration.0.store.schedules().await?;
        let mut news = Vec::new();
        for one in &scheduled {
            let now = self.integration.0.clock.now();
            news.extend(self.tell(one, now).await.map(|told| (one.account, told)));
            if is_due(one, now) {
                news.extend(self.start(one.account).await.map(|told| (one.account, told)));
            }
        }
        self.remembered(|all| all.retain(|account, _| scheduled.iter().any(|one| one.account == *account)));
        Ok(news)
    }

    async fn start(&self, account: AccountId) -> Option<ScheduleNews> {
        let refused = match self.integration.start_due(account).await {
            Ok(run) => {
                self.of(account, |remembered| remembered.refused = None);
                return Some(ScheduleNews::Started(run.id));
            }
            // Somebody else was faster, or a person syncs just now: that one counts.
            Err(Error::RunUnderWay(_)) => return None,
            Err(refused) => refused,
        };
        let code = Some(refused.code());
        let known = self.of(account, |remembered| std::mem::replace(&mut remembered.refused, code) == code);
        (!known).then_some(ScheduleNews::NotStarted(refused))
    }

    /// Has the store look once at each run that ended, after a start also at the one that a dead process left.
    async fn tell(&self, one: &Scheduled, now: DateTime<Utc>) -> Option<ScheduleNews> {
        let last = one.last.as_ref().filter(|run| !run.outcome.is_under_way())?;
        if self.of(one.account, |remembered| remembered.looked_at == Some(last.id)) {
            return None;
        }
        match self.integration.0.store.tell_of_schedule(one.account, now).await {
            Ok(mails) => {
                self.of(one.account, |remembered| remembered.looked_at = Some(last.id));
                (mails > 0).then_some(ScheduleNews::Told(mails))
            }
            Err(error) => Some(ScheduleNews::Failed(error.into())),
        }
    }

    fn of<T>(&self, account: AccountId, with: impl FnOnce(&mut Remembered) -> T) -> T {
        self.remembered(|all| with(all.entry(account).or_default()))
    }

    fn remembered<T>(&self, with: impl FnOnce(&mut HashMap<AccountId, Remembered>) -> T) -> T {
        with(&mut self.remembered.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Whether an account's sync is due (I4). A run of any kind counts, so what failed or is held is not repeated before its time; but
/// for one that a stop of its server cut off, which is made up for.
fn is_due(scheduled: &Scheduled, now: DateTime<Utc>) -> bool {
    if scheduled.last.as_ref().is_some_and(Run::was_cut_off) {
        return true;
    }
    let from = scheduled.last.as_ref().map_or(scheduled.since, |run| run.started_at);
    scheduled.every.due_after(from, now) <= now
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use tallyport_domain::{Every, PersonId};

    use super::*;

    #[test] // I4
    fn before_the_first_run_a_schedule_counts_from_when_it_was_set() {
        let since: DateTime<Utc> = "2026-11-24T12:00:00Z".parse().unwrap();
        let every = Every::parse("6h").unwrap();
        let scheduled = Scheduled { account: AccountId(1), owner: PersonId(1), every, last: None, since, told: None };
        assert!(!is_due(&scheduled, since + TimeDelta::hours(6) - TimeDelta::seconds(1)));
        assert!(is_due(&scheduled, since + TimeDelta::hours(6)));
        assert!(is_due(&scheduled, since - TimeDelta::days(400)), "a clock that was wrong when it was set");
    }
}
