//! The engine's side of a reading: it stages pages, prolongs the lease and decides how long to wait (I11, I19).

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use tallyport_domain::{AccountId, Clock, Impatient, Part, Parts, Quota, ReadProgress, WaitFor};
use tallyport_storage::{Heartbeat, Lease, StoreError, SyncStore};
use tokio::sync::watch;

use crate::{Phase, Progress};

/// How long a lease holds without being prolonged (I11).
const LEASE: TimeDelta = TimeDelta::seconds(15);

/// For how long a lease is as good as new: prolonging it costs a write that waits for the disk.
const FRESH: TimeDelta = TimeDelta::seconds(3);

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
    fn take(&self, why: WaitFor, now: DateTime<Utc>, until: DateTime<Utc>) -> Result<(), Impatient> {
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

/// The lease of a run and the pages that it has not staged yet. Shared by the reading and by the heartbeat beside it.
pub(crate) struct Keeper {
    store: Arc<dyn SyncStore>,
    clock: Arc<dyn Clock>,
    account: AccountId,
    lease: Lease,
    /// When it was prolonged last.
    renewed: Mutex<DateTime<Utc>>,
    pending: Mutex<Vec<Part>>,
    /// Until when each list waits that does.
    pauses: Mutex<Vec<DateTime<Utc>>>,
    progress: watch::Sender<Progress>,
}

impl Keeper {
    pub(crate) fn new(
        store: Arc<dyn SyncStore>,
        clock: Arc<dyn Clock>,
        account: AccountId,
        (lease, since): (Lease, DateTime<Utc>),
        progress: watch::Sender<Progress>,
    ) -> Self {
        Self {
            store,
            clock,
            account,
            lease,
            renewed: Mutex::new(since),
            pending: Mutex::default(),
            pauses: Mutex::default(),
            progress,
        }
    }

    /// When the lease runs out if it is prolonged now.
    pub(crate) fn expiry(now: DateTime<Utc>) -> DateTime<Utc> {
        now + LEASE
    }

    /// Stages what was read since the last time; keeps it for the next time where that fails.
    pub(crate) async fn stage(&self) -> Result<(), StoreError> {
        let mut parts = std::mem::take(&mut *self.pending());
        if parts.is_empty() {
            return Ok(());
        }
        let staged = self.store.stage_parts(self.account, &self.lease, &parts).await;
        if staged.is_err() {
            let mut pending = self.pending();
            parts.append(&mut pending);
            *pending = parts;
        }
        staged
    }

    fn pending(&self) -> MutexGuard<'_, Vec<Part>> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Prolongs the lease and records how far the run is.
    pub(crate) async fn beat(&self) -> Result<(), StoreError> {
        let now = self.clock.now();
        let Progress { read, waiting_until, .. } = self.progress.borrow().clone();
        let beat = Heartbeat { now, expires: Self::expiry(now), requests: read.requests, waiting_until, quota: read.quota };
        self.store.heartbeat(self.account, &self.lease, &beat).await?;
        *self.renewed() = now;
        Ok(())
    }

    /// Requests sent so far, and what is left of the allowance.
    pub(crate) fn usage(&self) -> (u32, Option<Quota>) {
        let progress = self.progress.borrow();
        (progress.read.requests, progress.read.quota)
    }

    /// Tells whoever watches what the run is doing now.
    pub(crate) fn enter(&self, phase: Phase, waiting_until: Option<DateTime<Utc>>) {
        self.progress.send_modify(|progress| (progress.phase, progress.waiting_until) = (phase, waiting_until));
    }

    /// Prolongs the lease, and stages what was read.
    ///
    /// A database that somebody else keeps busy for a moment is no reason to end a run whose lease still holds: the next
    /// beat makes up for it.
    pub(crate) async fn tick(&self) -> Result<(), StoreError> {
        unless_busy(self.beat().await)?;
        unless_busy(self.stage().await)
    }

    fn renewed(&self) -> MutexGuard<'_, DateTime<Utc>> {
        self.renewed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes sure of a lease that holds for a while, before work that has no beat beside it.
    pub(crate) async fn renew(&self) -> Result<(), StoreError> {
        let renewed = *self.renewed();
        let is_fresh = (renewed..renewed + FRESH).contains(&self.clock.now());
        if is_fresh { Ok(()) } else { unless_busy(self.beat().await) }
    }

    /// Waits out a pause of the source, with everything staged before it (I19).
    async fn pause(&self, until: DateTime<Utc>) -> Result<(), StoreError> {
        self.paused(|pauses| pauses.push(until));
        self.tick().await?;
        self.clock.sleep_until(until).await;
        self.paused(|pauses| {
            if let Some(own) = pauses.iter().position(|other| *other == until) {
                pauses.swap_remove(own);
            }
        });
        unless_busy(self.beat().await)
    }

    /// Takes down who waits, and tells it: one list may go on while another still waits.
    fn paused(&self, change: impl FnOnce(&mut Vec<DateTime<Utc>>)) {
        let mut pauses = self.pauses.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut pauses);
        match pauses.iter().max() {
            Some(until) => self.enter(Phase::Waiting, Some(*until)),
            None => self.enter(Phase::Reading, None),
        }
    }
}

/// Whether a wait is just the pace of the source: neither counted nor told.
fn is_pace(why: WaitFor, wait: TimeDelta) -> bool {
    why != WaitFor::Quota && wait < SHOWN
}

/// What is left of a result when a busy database is taken for a beat that was missed.
fn unless_busy(done: Result<(), StoreError>) -> Result<(), StoreError> {
    if matches!(done, Err(StoreError::Busy(_))) { Ok(()) } else { done }
}

/// What a run's reading talks to.
pub(crate) struct RunParts<'a> {
    pub(crate) keeper: &'a Keeper,
    pub(crate) waits: Waits,
    /// Why the store refused in the middle of a wait; the reading only knows that it had to end.
    pub(crate) refused: Mutex<Option<StoreError>>,
}

#[async_trait]
impl Parts for RunParts<'_> {
    async fn keep(&self, part: Part) {
        self.keeper.pending().push(part);
    }

    fn progress(&self, read: ReadProgress) {
        self.keeper.progress.send_modify(|progress| progress.read = read);
    }

    async fn wait(&self, until: DateTime<Utc>, why: WaitFor) -> Result<(), Impatient> {
        let now = self.keeper.clock.now();
        self.waits.take(why, now, until)?;
        if is_pace(why, until - now) {
            self.keeper.clock.sleep_until(until).await;
            return Ok(());
        }
        self.keeper.pause(until).await.map_err(|error| {
            *self.refused.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
            Impatient
        })
    }
}

/// What a preview's reading talks to: it keeps nothing (I19).
pub(crate) struct PreviewParts<'a> {
    pub(crate) clock: &'a dyn Clock,
    pub(crate) waits: Waits,
    pub(crate) read: Mutex<ReadProgress>,
}

#[async_trait]
impl Parts for PreviewParts<'_> {
    async fn keep(&self, _part: Part) {}

    fn progress(&self, read: ReadProgress) {
        *self.read.lock().unwrap_or_else(PoisonError::into_inner) = read;
    }

    async fn wait(&self, until: DateTime<Utc>, why: WaitFor) -> Result<(), Impatient> {
        self.waits.take(why, self.clock.now(), until)?;
        self.clock.sleep_until(until).await;
        Ok(())
    }
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
