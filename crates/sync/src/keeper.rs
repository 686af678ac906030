//! What a run keeps up while its source is read: its lease, and the pages that are staged for a later one (I11, I19).

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use tallyport_domain::{AccountId, Clock, Part, Quota, ReadProgress};
use tallyport_storage::{Heartbeat, Lease, StoreError, SyncStore};
use tokio::sync::watch;

use crate::{Phase, Progress};

/// How long a lease holds without being prolonged (I11).
const LEASE: TimeDelta = TimeDelta::seconds(15);

/// For how long a lease is as good as new: prolonging it costs a write that waits for the disk.
const FRESH: TimeDelta = TimeDelta::seconds(3);

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

    /// Takes how far the reading is.
    pub(crate) fn told(&self, read: ReadProgress) {
        self.progress.send_modify(|progress| progress.read = read);
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

    /// Prolongs the lease and records how far the run is.
    async fn beat(&self) -> Result<(), StoreError> {
        let now = self.clock.now();
        let Progress { read, waiting_until, .. } = self.progress.borrow().clone();
        let beat = Heartbeat { now, expires: Self::expiry(now), requests: read.requests, waiting_until, quota: read.quota };
        self.store.heartbeat(self.account, &self.lease, &beat).await?;
        *self.renewed() = now;
        Ok(())
    }

    /// Makes sure of a lease that holds for a while, before work that has no beat beside it.
    pub(crate) async fn renew(&self) -> Result<(), StoreError> {
        let renewed = *self.renewed();
        let is_fresh = (renewed..renewed + FRESH).contains(&self.clock.now());
        if is_fresh { Ok(()) } else { unless_busy(self.beat().await) }
    }

    fn renewed(&self) -> MutexGuard<'_, DateTime<Utc>> {
        self.renewed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a page that was read, to be staged with the next beat.
    pub(crate) fn take(&self, part: Part) {
        self.pending().push(part);
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

    /// Prolongs the lease, and stages what was read.
    ///
    /// A database that somebody else keeps busy for a moment is no reason to end a run whose lease still holds: the next
    /// beat makes up for it.
    pub(crate) async fn tick(&self) -> Result<(), StoreError> {
        unless_busy(self.beat().await)?;
        unless_busy(self.stage().await)
    }

    /// Waits out a pause of the source, with everything staged before it (I19).
    pub(crate) async fn pause(&self, until: DateTime<Utc>) -> Result<(), StoreError> {
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

/// What is left of a result when a busy database is taken for a beat that was missed.
fn unless_busy(done: Result<(), StoreError>) -> Result<(), StoreError> {
    if matches!(done, Err(StoreError::Busy(_))) { Ok(()) } else { done }
}
